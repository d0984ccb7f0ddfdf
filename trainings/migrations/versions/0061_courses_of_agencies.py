"""an index leads to the courses that an agency agreed to organise: all agencies' were gone through"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_AGREED = sa.text("agreed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_course_agency_agreed",
        "course_agency",
        ["agency_id", "course_id"],
        sqlite_where=_AGREED,
        postgresql_where=_AGREED,
    )


def downgrade() -> None:
    op.drop_index("ix_course_agency_agreed", "course_agency")
