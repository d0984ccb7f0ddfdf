"""modules and programmes: the agency that owns them, and what they were copied from"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLES = ("module", "programme")


def upgrade() -> None:
    """Add the columns; the owner is the agency of whoever made it, where the trail tells one.

    With their references as part of the column: SQLite would else write each table anew, and
    others refer to them.
    """
    for table in _TABLES:
        for column, target in (("agency_id", "agency (id)"), ("copied_from_id", f"{table} (id)")):
            op.execute(
                f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(22) "
                f"CONSTRAINT fk_{table}_{column} REFERENCES {target}"
            )
        _give_to_their_makers(table)


def _give_to_their_makers(table: str) -> None:
    """Who organises for one agency alone made it for that agency; of others nobody knows."""
    connection = op.get_bind()
    makers = connection.execute(
        sa.text(
            "SELECT e.object_id AS made, MIN(g.agency_id) AS agency FROM audit_entry e "
            'JOIN account_grant g ON g.account_id = e."by" '
            "WHERE e.act = :act AND g.role = 'organiser' AND g.agency_id IS NOT NULL "
            "GROUP BY e.object_id HAVING COUNT(DISTINCT g.agency_id) = 1"
        ),
        {"act": f"{table}.add"},
    ).all()
    for made, agency in makers:
        connection.execute(
            sa.text(f"UPDATE {table} SET agency_id = :agency WHERE id = :made"),  # noqa: S608
            {"agency": agency, "made": made},
        )


def downgrade() -> None:
    for table in reversed(_TABLES):
        for column in ("copied_from_id", "agency_id"):
            op.drop_column(table, column)
