"""languages of a session, and into which it is interpreted"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("agenda_session", "waiting_session"):
        for name in ("languages", "interpreted"):
            op.add_column(table, sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for table in ("agenda_session", "waiting_session"):
        for name in ("languages", "interpreted"):
            op.drop_column(table, name)
