"""What tests of visitors' pages share: the kept pages, the stamp, and the triggers taken away."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text as sql

from tests import factories, teaching
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.courses.rules import Visibility
from trainings.web.visitor_pages import KeptPage, Version, VisitorPages, version

COURSE = "/courses/BUE27"
PAGES = ("/", "/courses", "/courses/BUE27", "/privacy")


def pages(app: Flask) -> VisitorPages:
    """The memory of an app, empty from now on: its tests share an app."""
    found: VisitorPages = app.extensions["visitor_pages"]
    found.memory.clear()
    return found


def course(app: Flask) -> str:
    """A public course with a module, whose second agency has not answered; nothing is kept."""
    pages(app)
    made = factories.course(visibility=Visibility.PUBLIC, waiting=("UNODC",))
    teaching.teach(made, teaching.module())
    return made


def kept(app: Flask) -> list[KeptPage]:
    """The pages in the memory of an app."""
    found: list[KeptPage] = app.extensions["visitor_pages"].memory.pages()
    return found


def lead() -> Viewer:
    """Somebody who may change the course."""
    return factories.account(Role.ORGANISER, agency="IOM")


def text(client: FlaskClient, path: str = COURSE, **headers: str) -> str:
    """The page at an address."""
    return client.get(path, headers=headers).get_data(as_text=True)


def now() -> Version:
    """Of when a page is that is made now."""
    found = version(db.engine)
    assert found is not None
    return found


def watched() -> set[tuple[str, str]]:
    """The tables and changes that have a trigger which changes the stamp."""
    if db.engine.dialect.name == "sqlite":
        statement = "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        statement = (
            "SELECT c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
        )
    with db.engine.connect() as connection:
        rows = connection.execute(sql(statement)).all()
    return {
        (table, change)
        for table, definition in rows
        if "shown_stamp" in definition
        for change in ("INSERT", "UPDATE", "DELETE")
        if change in definition.partition(" ON ")[0]
    }


def watch_no_more() -> None:
    """Drop all triggers: what changes from now on leaves the stamp as it is."""
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sql("DROP FUNCTION change_shown_stamp() CASCADE"))
            return
        found = connection.execute(sql("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for (name,) in found.all():
            connection.execute(sql(f"DROP TRIGGER {name}"))
