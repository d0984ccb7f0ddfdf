"""emails: their links stand apart from the text, which can then be shown"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox_mail", sa.Column("links", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox_mail", "links")
