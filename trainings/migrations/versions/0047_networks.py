"""waves of working contacts, who was asked, and the answers until a wave closes"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_wave",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sends_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_contact_wave_course_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_wave"),
        sa.UniqueConstraint("course_id", "kind", name="uq_contact_wave_course_id_kind"),
    )
    op.create_table(
        "contact_ask",
        sa.Column("wave_id", sa.String(length=22), nullable=False),
        sa.Column("registration_id", sa.String(length=22), nullable=False),
        sa.Column("token_index", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["contact_wave.id"], name="fk_contact_ask_wave_id"),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_contact_ask_registration_id"
        ),
        sa.PrimaryKeyConstraint("wave_id", "registration_id", name="pk_contact_ask"),
        sa.UniqueConstraint("token_index", name="uq_contact_ask_token_index"),
    )
    op.create_index("ix_contact_ask_registration_id", "contact_ask", ["registration_id"])
    op.create_table(
        "contact_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=22), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["contact_wave.id"], name="fk_contact_answer_wave_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_answer"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_contact_answer_wave_id", "contact_answer", ["wave_id"])


def downgrade() -> None:
    op.drop_table("contact_answer")
    op.drop_table("contact_ask")
    op.drop_table("contact_wave")
