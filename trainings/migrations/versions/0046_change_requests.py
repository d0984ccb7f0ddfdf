"""changes that wait for an organiser, and until when people can ask for them"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_request",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("registration_id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("wanted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_change_request_registration_id"
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_change_request_course_id"),
        sa.PrimaryKeyConstraint("id", name="pk_change_request"),
        sa.UniqueConstraint("registration_id", name="uq_change_request_registration_id"),
    )
    op.create_index("ix_change_request_course_id", "change_request", ["course_id"])
    op.add_column("course", sa.Column("changes_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("course", "changes_days")
    op.drop_table("change_request")
