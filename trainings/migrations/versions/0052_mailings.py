"""emails to very many people of a course, written some at a time"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", sa.String(22), primary_key=True),
        sa.Column("course_id", sa.String(22), sa.ForeignKey("course.id"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("meant", sa.JSON()),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("said", sa.LargeBinary()),
    )
    op.create_index("ix_mailing_course_id", "mailing", ["course_id"])
    op.create_table(
        "mailing_addressee",
        sa.Column("mailing_id", sa.String(22), sa.ForeignKey("mailing.id"), nullable=False),
        sa.Column(
            "registration_id", sa.String(22), sa.ForeignKey("registration.id"), nullable=False
        ),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mailing_id", "registration_id", name="pk_mailing_addressee"),
    )
    op.create_index(
        "ix_mailing_addressee_registration_id", "mailing_addressee", ["registration_id"]
    )


def downgrade() -> None:
    op.drop_table("mailing_addressee")
    op.drop_table("mailing")
