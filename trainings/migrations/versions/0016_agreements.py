"""agencies on a course and signatories: when their own organisers agreed"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLES = ("course_agency", "signatory")


def upgrade() -> None:
    """Add the moments; what stands on a course now counts as agreed since the course was made."""
    for table in _TABLES:
        op.add_column(table, sa.Column("agreed_at", sa.DateTime(), nullable=True))
        op.execute(
            f"UPDATE {table} SET agreed_at = "  # noqa: S608
            f"(SELECT created_at FROM course WHERE course.id = {table}.course_id)"
        )


def downgrade() -> None:
    """Take the moments away; who has not agreed leaves, and would be shown otherwise."""
    for table in reversed(_TABLES):
        op.execute(f"DELETE FROM {table} WHERE agreed_at IS NULL")  # noqa: S608
        op.drop_column(table, "agreed_at")
