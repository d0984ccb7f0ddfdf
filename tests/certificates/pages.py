"""Five people of one course, and where their certificates stand on a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, select

from trainings.core.db import Model, db
from trainings.core.permissions import Viewer
from trainings.register.models import Certificate

HERE = "/courses/BUE26/certificates"
NAMES = (
    ("Zoe", "Zapata"),
    ("Ada", "Ñandú"),
    ("Luz", "Álvarez"),
    ("Ana", "Nuñez"),
    ("Eva", "Oliva"),
)
IN_ORDER = ["Álvarez", "Ñandú", "Nuñez", "Oliva", "Zapata"]


def everything() -> list[Certificate]:
    db.session.close()
    return list(db.session.scalars(select(Certificate).execution_options(scope="operation")).all())


def of_holder(viewer: Viewer) -> Certificate:
    return next(row for row in everything() if row.person_id == viewer.person_id)


def in_order(shown: str) -> list[str]:
    return sorted(IN_ORDER, key=shown.index)


@contextmanager
def reading_of(table: type[Model]) -> Iterator[list[object]]:
    """The rows of a table that are read meanwhile, as whole rows."""
    read: list[object] = []

    def note(row: object, _context: object) -> None:
        read.append(row)

    db.session.remove()
    event.listen(table, "load", note)
    try:
        yield read
    finally:
        event.remove(table, "load", note)
