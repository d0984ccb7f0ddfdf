"""what the shown evaluations of a course come to"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_summary",
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_evaluation_summary_course_id_course")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_evaluation_summary")),
    )
    op.drop_index("ix_evaluation_answer_course_id", "evaluation_answer")
    op.create_index(
        "ix_evaluation_answer_course", "evaluation_answer", ["course_id", "shown", "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_evaluation_answer_course", "evaluation_answer")
    op.create_index("ix_evaluation_answer_course_id", "evaluation_answer", ["course_id"])
    op.drop_table("evaluation_summary")
