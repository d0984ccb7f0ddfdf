"""What is looked up for many pages, kept by each worker until what visitors are shown changes.

Triggers of the database give it another stamp in every transaction that changes courses, agencies,
modules, programmes or functions, whoever makes it and by whatever statement. What was found is kept
with the stamp from *before* it was looked for. See docs/decisions/2026-11-28-visitor-pages.md.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import CheckConstraint, ScalarSelect, String, select
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Model, db, read_for_page

Found = TypeVar("Found")

MOST = 1000  # things that a worker keeps of each kind


class ShownStamp(Model):
    """A random word, in the only row, that changes with all that visitors are shown."""

    __tablename__ = "shown_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(String(36))


ASKED = str(select(ShownStamp.value))  # as text: put together once, not for each request
BESIDE: ScalarSelect[str] = select(ShownStamp.value).scalar_subquery()  # beside what is read


class KeptWhileShown(Generic[Found]):
    """Plain values that were looked up, ids and numbers; the last used of them are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[str, Found]] = OrderedDict()
        self._turn = Lock()

    def of(self, wanted: Hashable, look: Callable[[], Found]) -> Found:
        """What ``look`` finds; ``wanted``: all that it depends on beside what visitors are shown.

        In a transaction it is always looked up.
        """
        stamp = _stamp_of_page()
        if stamp is None:
            return look()
        with self._turn:
            kept = self._kept.get(wanted)
            if kept is not None and kept[0] == stamp:
                self._kept.move_to_end(wanted)
                return kept[1]
        found = look()
        with self._turn:
            self._kept[wanted] = (stamp, found)
            self._kept.move_to_end(wanted)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found


def noted(stamp: str | None) -> None:
    """Note the stamp that was read beside something else, for all parts of the page."""
    read = read_for_page(ShownStamp.__tablename__)
    if read is not None:
        read.setdefault("stamp", stamp)


def _stamp_of_page() -> str | None:
    """The stamp as this page found it first; None in a transaction, or where there is none."""
    read = read_for_page(ShownStamp.__tablename__)
    if read is None:
        return None
    if "stamp" not in read:
        read["stamp"] = db.session.connection().exec_driver_sql(ASKED).scalar()
    found: str | None = read["stamp"]
    return found
