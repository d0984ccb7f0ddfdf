"""accounts, sessions, roles and links get the codes without which they count nothing

Those that are there are taken for ours: whoever doubts it looks at them before.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from trainings.core import sealed

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

SAYS = (
    ("account", "code", ("id", "person_id", "mail_index", "staff")),
    ("account", "password_code", ("id", "password_hash")),
    ("web_session", "code", ("id", "token_hash", "account_id")),
    (
        "account_grant",
        "code",
        ("id", "account_id", "role", "agency_id", "course_id", "country", "functions", "ended_at"),
    ),
    ("one_time_link", "code", ("id", "token_hash", "purpose", "account_id", "leads_to", "data")),
)
_KINDS = {
    "staff": sa.Boolean(),
    "functions": sa.JSON(),
    "data": sa.JSON(),
    "ended_at": sa.DateTime(),
}


def upgrade() -> None:
    for table, column, names in SAYS:
        op.add_column(table, sa.Column(column, sa.String(64), nullable=False, server_default=""))
        _fill(table, column, names)


def _fill(table: str, column: str, names: tuple[str, ...]) -> None:
    connection = op.get_bind()
    rows = sa.table(
        table, *(sa.column(name, _KINDS.get(name, sa.String())) for name in (*names, column))
    )
    codes = [
        {"key": row.id, "made": _code(table, row)}
        for row in connection.execute(sa.select(*(rows.c[name] for name in names))).all()
    ]
    if codes:
        where = rows.c.id == sa.bindparam("key")
        made = sa.update(rows).where(where).values({column: sa.bindparam("made")})
        connection.execute(made, codes)


def _code(table: str, row: Any) -> str:
    return sealed.row_mac(table, *(isinstance(one, datetime) or one for one in row))


def downgrade() -> None:
    for table, column, _names in reversed(SAYS):
        op.drop_column(table, column)
