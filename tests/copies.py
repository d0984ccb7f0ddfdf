"""Copies of the prepared PostgreSQL database, for one test or, put back each time, for many."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, MetaData, Table, create_engine, text
from sqlalchemy.engine import make_url

# What tells whether the tables are as they were made.
_SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
    SELECT concat_ws(' ', c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull) AS part
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid, tgname, tgenabled)
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', 'constraint', conrelid, conname)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'function', proname, md5(prosrc))
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) parts
"""

_OTHERS = text(
    "SELECT pid, state = 'idle' FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_OUT = text("SELECT pg_terminate_backend(pid) FROM unnest(CAST(:pids AS int[])) AS pid")

# As a function, they are planned once.
_EMPTIED = """
CREATE FUNCTION pg_temp.emptied() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {} END $$
"""


class Copy:
    """A copy of the prepared PostgreSQL database, under a name."""

    def __init__(self, template: str, name: str) -> None:
        self.name = name
        self.url = make_url(template).set(database=name).render_as_string(hide_password=False)
        self._admin = create_engine(
            make_url(template).set(database="postgres"), isolation_level="AUTOCOMMIT"
        )
        self._inside = create_engine(self.url, pool_size=1)
        self._rows: dict[Table, list[dict[str, Any]]] = {}  # of what is copied: they stay

    def create(self) -> None:
        """Make it, in the place of what stood there."""
        self._inside.dispose()
        with self._admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {self.name} TEMPLATE prepared"))
        self._shape = ""

    def put_back(self, ours: Collection[int] = ()) -> set[int]:
        """As it was made, which takes a tenth of the time: its rows as they were.

        Where a test changed the tables themselves, it is made anew. Whoever is connected is sent
        away; of ``ours``, given by their process, those stay who do nothing: they know the tables.
        """
        with self._inside.begin() as connection:  # kept open for the same reason
            others = {pid: bool(idle) for pid, idle in connection.execute(_OTHERS)}
            stay = {pid for pid, idle in others.items() if idle and pid in ours}
            if out := sorted(others.keys() - stay):
                connection.execute(_OUT, {"pids": out})
            shape = str(connection.scalar(text(_SHAPE)))
            if not self._shape:
                self._shape, self._rows = shape, self._rows or _all_rows(connection)
                gone = " ".join(f'DELETE FROM "{table.name}";' for table in self._rows)
                connection.execute(text(_EMPTIED.format(gone)))
            elif shape == self._shape:
                # triggers and foreign keys sleep meanwhile, so that the order does not matter
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text("SELECT pg_temp.emptied()"))
                for table, rows in self._rows.items():
                    if rows:
                        connection.execute(table.insert(), rows)
        if shape != self._shape:
            self.create()
            return self.put_back()  # which notes what it begins with
        return stay

    def leave(self) -> None:
        """Let go of the server, which may have ended by then."""
        self._inside.dispose()
        self._admin.dispose()

    def drop(self) -> None:
        """Remove it, whoever is still connected."""
        self._inside.dispose()
        with self._admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))
        self._admin.dispose()


def _all_rows(connection: Connection) -> dict[Table, list[dict[str, Any]]]:
    """Every row of the prepared database, by table."""
    known = MetaData()
    known.reflect(connection)
    return {
        table: [dict(row) for row in connection.execute(table.select()).mappings()]
        for table in known.sorted_tables
    }
