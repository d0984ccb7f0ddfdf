"""the blind index of a mail's address, where nobody known is behind it"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox_mail", sa.Column("address_index", sa.String(length=32), nullable=True))
    op.create_index("ix_outbox_mail_address_index", "outbox_mail", ["address_index"])


def downgrade() -> None:
    op.drop_index("ix_outbox_mail_address_index", "outbox_mail")
    op.drop_column("outbox_mail", "address_index")
