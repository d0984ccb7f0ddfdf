"""Tables and places: how many there can be, how a place is written, what is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

USUAL_PLACES = 8  # at a table, where nobody said otherwise
MOST_TABLES, MOST_PLACES = 100, 60


class Place(NamedTuple):
    """A place at a table, both counted from one."""

    table: int
    number: int


def place_at(table: int | None, number: int | None) -> Place | None:
    """A place as a row may hold it, or not."""
    return None if table is None or number is None else Place(table, number)


@dataclass(frozen=True)
class Layout:
    """How many tables stand in the room, and how many places each of them has."""

    tables: int
    places: int

    @property
    def room(self) -> int:
        """How many people can sit."""
        return self.tables * self.places

    def has(self, place: Place) -> bool:
        """Whether there is such a place."""
        return 1 <= place.table <= self.tables and 1 <= place.number <= self.places


class NoSuchRoom(Refusal):
    """Fewer tables than one, or more than a room holds."""

    sentence = _l("There can be 1 to %(tables)s tables with 1 to %(places)s places each.")
    field = "tables"


class TooFewPlaces(Refusal):
    """Fewer places in the room than people who confirmed."""

    sentence = _l(
        "That gives %(room)s places (%(tables)s × %(places)s), but %(people)s people have "
        "confirmed. Set up more tables, or more places at each."
    )
    field = "tables"


class NobodyToSeat(Refusal):
    """Tables for a course that nobody has confirmed yet."""

    sentence = _l("Nobody has confirmed a seat yet, so there is nobody to give a place.")


class NoTables(Refusal):
    """An act at the tables of a course that has none."""

    sentence = _l("This course has no tables yet. Say first how many there are.")


class RoomFull(Refusal):
    """More people without a place than places that are free."""

    sentence = _l(
        "Too few places are free: %(free)s, for %(people)s who have none. Set up more tables, or "
        "more places at each."
    )


class NoSuchPlace(Refusal):
    """A place that the room does not have, or no longer."""

    sentence = _l("The room has no such place. Choose another one.")


class PlaceTaken(Refusal):
    """A place where meanwhile somebody else sits, or nobody any more."""

    sentence = _l(
        "Table %(table)s, place %(place)s was given anew while you were choosing, so nothing was "
        "changed. Look who sits there now, and choose again."
    )


class Choice(NamedTuple):
    """What was chosen for somebody: a place (or none), and who sat there when one looked."""

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
    return "-".join(filter(None, (str(choice.place.table), str(choice.place.number),
                                  choice.number)))  # fmt: skip


def read(text: str) -> Choice | None:
    """What a form sent, as a choice; None where it is none."""
    if text == _NONE:
        return Choice(None)
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    return Choice(Place(int(found["table"]), int(found["place"])), found["number"] or "")


def usual_layout(people: int) -> Layout:
    """The room for so many people at tables of the usual size."""
    return Layout(min(max(-(-people // USUAL_PLACES), 1), MOST_TABLES), USUAL_PLACES)


def check_layout(layout: Layout, people: int) -> None:
    """Raises ``NoSuchRoom``, ``NobodyToSeat``, ``TooFewPlaces``."""
    if not (1 <= layout.tables <= MOST_TABLES and 1 <= layout.places <= MOST_PLACES):
        raise NoSuchRoom(tables=MOST_TABLES, places=MOST_PLACES)
    if not people:
        raise NobodyToSeat
    if layout.room < people:
        raise TooFewPlaces(tables=layout.tables, places=layout.places, room=layout.room,
                           people=people)  # fmt: skip
