"""evaluations: who gave one, and apart from it what was said"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_given",
        sa.Column("registration_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_evaluation_given_registration_id"),
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_evaluation_given")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evaluation_answer",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_evaluation_answer_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_evaluation_answer_course_id"), "evaluation_answer", ["course_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_evaluation_answer_course_id"), "evaluation_answer")
    op.drop_table("evaluation_answer")
    op.drop_table("evaluation_given")
