"""indexes that answer counts and look-ups among many people by themselves"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_BOUNCED = sa.text("mail_bounced_at IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_registration_list", "registration")
    op.create_index(
        "ix_registration_list",
        "registration",
        ["course_id", "state", "country", "function", "block_id", "name_confirmed_at", "complete"],
    )
    op.create_index("ix_registration_person", "registration", ["course_id", "person_id"])
    op.drop_index("ix_outbox_mail_course_id", "outbox_mail")
    op.create_index("ix_outbox_mail_course", "outbox_mail", ["course_id", "state"])
    op.create_index("ix_outbox_mail_listed", "outbox_mail", ["course_id", "created_at"])
    op.create_index("ix_attendance_mark_counts", "attendance_mark", ["session_id", "mark"])
    op.create_index(
        "ix_person_bounced",
        "person",
        ["mail_bounced_at"],
        sqlite_where=_BOUNCED,
        postgresql_where=_BOUNCED,
    )


def downgrade() -> None:
    op.drop_index("ix_person_bounced", "person")
    op.drop_index("ix_attendance_mark_counts", "attendance_mark")
    op.drop_index("ix_outbox_mail_listed", "outbox_mail")
    op.drop_index("ix_outbox_mail_course", "outbox_mail")
    op.create_index("ix_outbox_mail_course_id", "outbox_mail", ["course_id"])
    op.drop_index("ix_registration_person", "registration")
    op.drop_index("ix_registration_list", "registration")
    op.create_index(
        "ix_registration_list", "registration", ["course_id", "state", "country", "function"]
    )
