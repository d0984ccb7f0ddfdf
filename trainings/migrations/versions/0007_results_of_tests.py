"""results of tests: who passed which"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "test_result",
        sa.Column("session_id", sa.String(length=22), nullable=False),
        sa.Column("registration_id", sa.String(length=22), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_test_result_registration_id"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["agenda_session.id"], name="fk_test_result_session_id"
        ),
        sa.PrimaryKeyConstraint("session_id", "registration_id", name="pk_test_result"),
    )
    op.create_index("ix_test_result_registration_id", "test_result", ["registration_id"])


def downgrade() -> None:
    op.drop_index("ix_test_result_registration_id", "test_result")
    op.drop_table("test_result")
