"""timetables proposed for a course, until they are accepted or discarded"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "timetable_proposal",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=True),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("frame", sa.JSON(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("placed", sa.JSON(), nullable=False),
        sa.Column("by_clock", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name="fk_timetable_proposal_course_id"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_timetable_proposal_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_timetable_proposal"),
        sa.UniqueConstraint("course_id", name="uq_timetable_proposal_course_id"),
    )
    op.create_index("ix_timetable_proposal_account_id", "timetable_proposal", ["account_id"])


def downgrade() -> None:
    op.drop_table("timetable_proposal")
