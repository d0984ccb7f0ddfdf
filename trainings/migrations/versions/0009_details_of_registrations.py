"""phone, document, birth date, unit and sex as they were given for each registration

What is known of a person came with their first registration, or from themselves when they
completed one. So it goes to their first registration and to the completed ones, and to no other;
and it stays with the person only where they completed one. Going back gives each person what
their latest registration holds, where they have nothing of their own.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from trainings.core import sealed

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SEALED = ("phone", "document", "born", "unit")
KEPT = (*SEALED, "sex")
_TABLES = {
    name: sa.table(name, sa.column("id"), *map(sa.column, more), *(sa.column(one) for one in KEPT))
    for name, more in {
        "person": (),
        "registration": ("person_id", "complete", "created_at"),
    }.items()
}
PERSON, REGISTRATION = _TABLES["person"], _TABLES["registration"]


def upgrade() -> None:
    for column in SEALED:
        op.add_column("registration", sa.Column(column, sa.LargeBinary(), nullable=True))
    op.add_column("registration", sa.Column("sex", sa.String(length=1), nullable=True))
    connection = op.get_bind()
    people = _rows(connection, PERSON)
    own: set[str] = set()
    seen: set[str] = set()
    for row in _rows(connection, REGISTRATION):
        first = row["person_id"] not in seen
        seen.add(row["person_id"])
        if row["complete"]:
            own.add(row["person_id"])
        if first or row["complete"]:
            _write(
                connection,
                REGISTRATION,
                row["id"],
                _moved(people[row["person_id"]], "person", "registration", row["id"]),
            )
    for person_id in seen - own:
        _write(connection, PERSON, person_id, dict.fromkeys(KEPT))


def downgrade() -> None:
    connection = op.get_bind()
    people = _rows(connection, PERSON)
    latest = {row["person_id"]: row for row in _rows(connection, REGISTRATION) if _any(row)}
    for person_id, row in latest.items():
        if not _any(people[person_id]):
            _write(connection, PERSON, person_id, _moved(row, "registration", "person", person_id))
    for column in KEPT:
        op.drop_column("registration", column)


def _rows(connection: sa.Connection, table: sa.TableClause) -> Any:
    """All rows in order of time; those of persons by id."""
    statement = sa.select(table).execution_options(scope="job")
    if table is PERSON:
        return {row["id"]: row for row in connection.execute(statement).mappings()}
    order = (REGISTRATION.c.created_at, REGISTRATION.c.id)
    return connection.execute(statement.order_by(*order)).mappings().all()


def _any(row: Any) -> bool:
    return any(row[column] is not None for column in KEPT)


def _moved(row: Any, source: str, target: str, key: str) -> dict[str, Any]:
    """What a row holds, sealed for another place."""
    values = {"sex": row["sex"]}
    for column in SEALED:
        value = row[column]
        if value is not None:
            text = sealed.open_bytes(bytes(value), f"{source}|{column}|{row['id']}")
            value = sealed.seal_bytes(text, f"{target}|{column}|{key}")
        values[column] = value
    return values


def _write(
    connection: sa.Connection, table: sa.TableClause, key: str, values: dict[str, Any]
) -> None:
    connection.execute(sa.update(table).where(table.c.id == key).values(**values))
