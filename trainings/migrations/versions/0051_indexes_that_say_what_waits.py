"""indexes that hold what is missing or waits alone, and that answer without their rows"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_DAYS = ["state", "template", "starts_on", "code", "lead_agency_id", "id"]
_ENDS = ["ends_on", "starts_on", "state", "template"]
_UNNAMED = sa.text("name_confirmed_at IS NULL")
_NOT_AGREED = sa.text("agreed_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_registration_person", "registration")
    op.create_index("ix_registration_person", "registration", ["course_id", "person_id", "state"])
    op.create_index(
        "ix_registration_unnamed",
        "registration",
        ["course_id", "state", "name_confirmed_at"],
        sqlite_where=_UNNAMED,
        postgresql_where=_UNNAMED,
    )
    op.create_index(
        "ix_registration_incomplete",
        "registration",
        ["course_id", "state", "complete"],
        sqlite_where=sa.text("complete IS 0"),
        postgresql_where=sa.text("complete IS false"),
    )
    op.drop_index("ix_course_state", "course")
    op.create_index("ix_course_state", "course", [*_DAYS, "visibility"])
    op.drop_index("ix_course_ends", "course")
    op.create_index("ix_course_ends", "course", [*_ENDS, "lead_agency_id", "id"])
    for table in ("course_agency", "signatory"):
        op.create_index(
            f"ix_{table}_asked",
            table,
            ["agency_id", "course_id"],
            sqlite_where=_NOT_AGREED,
            postgresql_where=_NOT_AGREED,
        )


def downgrade() -> None:
    for table in ("signatory", "course_agency"):
        op.drop_index(f"ix_{table}_asked", table)
    op.drop_index("ix_course_ends", "course")
    op.create_index("ix_course_ends", "course", _ENDS)
    op.drop_index("ix_course_state", "course")
    op.create_index("ix_course_state", "course", _DAYS)
    op.drop_index("ix_registration_incomplete", "registration")
    op.drop_index("ix_registration_unnamed", "registration")
    op.drop_index("ix_registration_person", "registration")
    op.create_index("ix_registration_person", "registration", ["course_id", "person_id"])
