"""How Alembic reaches the database of the running installation."""

from alembic import context
from flask import current_app

from trainings.core.db import Choice, UTCDateTime, db


def plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as what they are in the database."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, Choice):
        return f"sa.String(length={item.length})"
    return False


def run() -> None:
    """Bring the database to the wanted migration, each migration whole or not at all."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=plain_type,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                # else a table with changed rows could not be altered: its triggers wait (0020)
                connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            context.run_migrations()


run()
