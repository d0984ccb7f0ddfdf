"""courses: who sees their exact days"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "course",
        sa.Column("days_shown_to", sa.String(length=20), nullable=False, server_default="involved"),
    )


def downgrade() -> None:
    op.drop_column("course", "days_shown_to")
