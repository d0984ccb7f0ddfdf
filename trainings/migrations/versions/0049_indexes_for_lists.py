"""indexes from which lists are put in order and counted without their rows"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_ERASED = sa.text("erased_at IS NOT NULL")
_LIST = ["course_id", "state", "country", "function", "block_id", "name_confirmed_at", "complete"]
_MORE = [
    "reserve_place",
    "selected_at",
    "state_at",
    "priority",
    "number",
    "id",
    "person_id",
    "sex",
    "offered_until",
    "created_at",
]
_SERIAL = ["kind", "serial", "file_name", "person_id", "registration_id"]
_DAYS = ["template", "starts_on", "code", "lead_agency_id", "id"]


def upgrade() -> None:
    op.drop_index("ix_registration_list", "registration")
    op.create_index("ix_registration_list", "registration", [*_LIST, *_MORE])
    op.drop_index("ix_registration_person_id", "registration")
    op.create_index(
        "ix_registration_of_person", "registration", ["person_id", "state", "course_id"]
    )
    op.drop_index("ix_certificate_course", "certificate")
    op.create_index("ix_certificate_course", "certificate", ["course_id", "status", *_SERIAL])
    op.drop_index("ix_candidate_review_account_id", "candidate_review")
    op.create_index(
        "ix_candidate_review_read", "candidate_review", ["registration_id", "account_id", "score"]
    )
    op.create_index(
        "ix_candidate_review_given",
        "candidate_review",
        ["account_id", "course_id", "registration_id", "score"],
    )
    op.drop_index("ix_course_state", "course")
    op.create_index("ix_course_state", "course", ["state", *_DAYS])
    op.create_index("ix_course_ends", "course", ["ends_on", "starts_on", "state", "template"])
    op.create_index(
        "ix_person_erased", "person", ["erased_at"], sqlite_where=_ERASED, postgresql_where=_ERASED
    )


def downgrade() -> None:
    op.drop_index("ix_person_erased", "person")
    op.drop_index("ix_course_ends", "course")
    op.drop_index("ix_course_state", "course")
    op.create_index("ix_course_state", "course", ["state"])
    op.drop_index("ix_candidate_review_given", "candidate_review")
    op.drop_index("ix_candidate_review_read", "candidate_review")
    op.create_index("ix_candidate_review_account_id", "candidate_review", ["account_id"])
    op.drop_index("ix_certificate_course", "certificate")
    op.create_index("ix_certificate_course", "certificate", ["course_id", "status"])
    op.drop_index("ix_registration_of_person", "registration")
    op.create_index("ix_registration_person_id", "registration", ["person_id"])
    op.drop_index("ix_registration_list", "registration")
    op.create_index("ix_registration_list", "registration", _LIST)
