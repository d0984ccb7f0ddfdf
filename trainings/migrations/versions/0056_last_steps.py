"""an index leads to the last steps of a course: PostgreSQL went backwards through those of all"""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_move_course", "move", ["course_id", "number"])
    op.drop_index("ix_move_course_id", "move")


def downgrade() -> None:
    op.create_index("ix_move_course_id", "move", ["course_id"])
    op.drop_index("ix_move_course", "move")
