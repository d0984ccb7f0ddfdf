"""whether the reason of a step was told to the person"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # None for the steps of before: nobody kept it
    op.add_column("move", sa.Column("reason_told", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("move", "reason_told")
