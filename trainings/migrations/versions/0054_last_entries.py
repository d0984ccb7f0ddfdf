"""the last entry about a course is found at once"""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entry_course", "audit_entry", ["course_id", "number"])
    op.drop_index("ix_audit_entry_course_id", "audit_entry")


def downgrade() -> None:
    op.create_index("ix_audit_entry_course_id", "audit_entry", ["course_id"])
    op.drop_index("ix_audit_entry_course", "audit_entry")
