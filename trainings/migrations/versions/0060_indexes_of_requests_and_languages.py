"""indexes lead to the changes that wait in a course, in their order, and to people's languages

PostgreSQL read all people, with what is sealed in them, to count the languages of a course's.
"""

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_change_request_waiting", "change_request", ["course_id", "at", "id", "registration_id"]
    )
    op.drop_index("ix_change_request_course_id", "change_request")
    op.create_index("ix_person_language", "person", ["id", "language"])


def downgrade() -> None:
    op.drop_index("ix_person_language", "person")
    op.create_index("ix_change_request_course_id", "change_request", ["course_id"])
    op.drop_index("ix_change_request_waiting", "change_request")
