"""the latest courses, of a programme or of all, are read in their order"""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_course_latest",
        "course",
        ["starts_on", "code", "template", "state", "lead_agency_id", "programme_id", "id"],
    )


def downgrade() -> None:
    op.drop_index("ix_course_latest", "course")
