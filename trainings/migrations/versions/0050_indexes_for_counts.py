"""indexes that say who lacks an answer, and who is in a state"""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_REQUIRED = ["course_id", "asked_of", "going_on", "required", "id"]


def upgrade() -> None:
    op.create_index("ix_question_required", "question", _REQUIRED)
    op.create_index("ix_registration_state", "registration", ["course_id", "state", "id"])


def downgrade() -> None:
    op.drop_index("ix_registration_state", "registration")
    op.drop_index("ix_question_required", "question")
