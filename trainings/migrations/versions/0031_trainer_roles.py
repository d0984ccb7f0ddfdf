"""lead, co-trainer or observer in each session"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "assignment", sa.Column("role", sa.String(length=10), nullable=False, server_default="lead")
    )
    op.add_column(
        "waiting_session", sa.Column("roles", sa.JSON(), nullable=False, server_default="{}")
    )


def downgrade() -> None:
    op.drop_column("waiting_session", "roles")
    op.drop_column("assignment", "role")
