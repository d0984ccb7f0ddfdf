"""Tables and places: how many there can be, how a place is written, and refusals."""

from __future__ import annotations

import re
from typing import NamedTuple

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

USUAL_PLACES = 8  # at a table, by default
MOST_TABLES, MOST_PLACES = 100, 60


class Place(NamedTuple):
    """A place at a table, both counted from one."""

    table: int
    number: int


def place_at(table: int | None, number: int | None) -> Place | None:
    """A place as a row may hold it; None if it holds none."""
    return None if table is None or number is None else Place(table, number)


class Layout(Struct, frozen=True):
    """The number of tables in the room, and of places at each."""

    tables: int
    places: int

    @property
    def room(self) -> int:
        """How many people can be seated."""
        return self.tables * self.places

    def has(self, place: Place) -> bool:
        """Whether this place exists."""
        return 1 <= place.table <= self.tables and 1 <= place.number <= self.places


class NoSuchRoom(Refusal):
    """The number of tables is below one, or above what a room holds."""

    sentence = _l("Choose 1 to %(tables)s tables with 1 to %(places)s places each.")
    field = "tables"


class TooFewPlaces(Refusal):
    """The room has fewer places than there are confirmed people."""

    sentence = _l(
        "That gives %(room)s places (%(tables)s × %(places)s), but %(people)s people have "
        "confirmed. Set up more tables, or more places at each."
    )
    field = "tables"


class NobodyToSeat(Refusal):
    """Nobody has confirmed a seat in the course yet."""

    sentence = _l("Nobody has confirmed a seat yet, so there is nobody to give a place to.")


class NoTables(Refusal):
    """The course has no tables."""

    sentence = _l("This course has no tables yet. First set how many there are.")


class RoomFull(Refusal):
    """There are more people without a place than free places."""

    sentence = _l(
        "Too few places are free: %(free)s, for %(people)s without a place. Set up more tables, "
        "or more places at each."
    )


class NoSuchPlace(Refusal):
    """The room does not have this place, or no longer."""

    sentence = _l("There is no such place in the room. Choose another one.")


class PlaceTaken(Refusal):
    """Somebody else sits at this place by now, or nobody any more."""

    sentence = _l(
        "Table %(table)s, place %(place)s was given to someone else while you were choosing, so "
        "nothing was changed. Check who sits there now and choose again."
    )


class Choice(NamedTuple):
    """The place chosen for somebody (or none), and who sat there when it was chosen."""

    place: Place | None
    number: str = ""  # of the registration that sat there; empty: the place was free


_WRITTEN = re.compile(
    r"(?P<table>[1-9]\d{0,2})-(?P<place>[1-9]\d{0,2})(?:-(?P<number>R-\w{1,10}))?", re.ASCII
)
_NONE = "none"


def written(choice: Choice) -> str:
    """A choice as a form sends it: ``3-2``, ``3-2-R-7F3K9Q`` where it is taken, ``none``."""
    if choice.place is None:
        return _NONE
    return "-".join(
        filter(None, (str(choice.place.table), str(choice.place.number), choice.number))
    )


def read(text: str) -> Choice | None:
    """Reads a choice from a form; None if it is not one."""
    if text == _NONE:
        return Choice(None)
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    return Choice(Place(int(found["table"]), int(found["place"])), found["number"] or "")


def usual_layout(people: int) -> Layout:
    """The layout for this many people at tables of the usual size."""
    return Layout(min(max(-(-people // USUAL_PLACES), 1), MOST_TABLES), USUAL_PLACES)


def check_layout(layout: Layout, people: int) -> None:
    """Check a layout; raises ``NoSuchRoom``, ``NobodyToSeat``, ``TooFewPlaces``."""
    if not (1 <= layout.tables <= MOST_TABLES and 1 <= layout.places <= MOST_PLACES):
        raise NoSuchRoom(tables=MOST_TABLES, places=MOST_PLACES)
    if not people:
        raise NobodyToSeat
    if layout.room < people:
        raise TooFewPlaces(
            tables=layout.tables, places=layout.places, room=layout.room, people=people
        )
