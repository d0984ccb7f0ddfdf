"""links to calendars get the codes without which they count nothing, as the doors of 0058"""

import sqlalchemy as sa
from alembic import op

from trainings.core import sealed

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_LINK = sa.table("calendar_link", *map(sa.column, ("account_id", "token_index", "code")))


def upgrade() -> None:
    column = sa.Column("code", sa.String(64), nullable=False, server_default="")
    op.add_column("calendar_link", column)
    connection = op.get_bind()
    links = connection.execute(sa.select(_LINK.c.account_id, _LINK.c.token_index)).all()
    for account_id, token_index in links:
        code = sealed.row_mac("calendar_link", account_id, token_index)
        here = _LINK.c.account_id == account_id
        connection.execute(sa.update(_LINK).where(here).values(code=code))


def downgrade() -> None:
    op.drop_column("calendar_link", "code")
