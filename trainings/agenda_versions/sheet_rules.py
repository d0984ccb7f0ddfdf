"""The sheets that are printed of an agenda: for the wall, for each door, for each trainer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from msgspec.structs import replace

from trainings.agenda.grid_rules import Shown, by_day
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l


class Sheet(StrEnum):
    """What of an agenda is printed on a sheet of its own."""

    WALL = "wall"
    DOORS = "doors"
    TRAINERS = "trainers"

    @property
    def label(self) -> LazyText:
        """The sheet's usual name."""
        return SHEET_LABELS[self]


SHEET_LABELS: Mapping[Sheet, LazyText] = {
    Sheet.WALL: _l("Wall sheet (A3)"),
    Sheet.DOORS: _l("Door sheets, one per room"),
    Sheet.TRAINERS: _l("Sheets of the trainers, one each"),
}


class NothingToPrint(Refusal):
    """A sheet was asked for that no session of the agenda is on."""

    sentence = _l("There is nothing to print: no session of the agenda belongs on this sheet.")


Days = Mapping[date, Sequence[Shown]]


def sheets_of(sheet: Sheet, sessions: Sequence[Shown], only: str = "") -> dict[str, Days]:
    """The days of each sheet, by room or by trainer; ``only``: of this one trainer."""
    found: dict[str, list[Shown]] = {}
    for one in sessions:
        for title in (one.room,) if sheet is Sheet.DOORS else one.trainers:
            if title and only in ("", title):
                found.setdefault(title, []).append(_beside(one, title))
    return {title: by_day(found[title], ()) for title in sorted(found)}


def _beside(one: Shown, title: str) -> Shown:
    """A session without what the title of its sheet says already."""
    room = "" if one.room == title else one.room
    return replace(one, room=room, trainers=tuple(who for who in one.trainers if who != title))
