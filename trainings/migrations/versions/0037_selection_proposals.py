"""selections proposed for a course, the minima they keep, and what was decided by them"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "selection_minima",
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_selection_minima_course_id"),
        sa.PrimaryKeyConstraint("course_id", name="pk_selection_minima"),
    )
    op.create_table(
        "selection_proposal",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=True),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name="fk_selection_proposal_course_id"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_selection_proposal_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_selection_proposal"),
        sa.UniqueConstraint("course_id", name="uq_selection_proposal_course_id"),
    )
    op.create_index("ix_selection_proposal_account_id", "selection_proposal", ["account_id"])
    op.create_table(
        "selection_decision",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name="fk_selection_decision_course_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_selection_decision"),
    )
    op.create_index("ix_selection_decision_course_id", "selection_decision", ["course_id"])


def downgrade() -> None:
    op.drop_table("selection_decision")
    op.drop_table("selection_proposal")
    op.drop_table("selection_minima")
