"""Organisers' acts on tables: set them, seat people, seat everybody again, move one person."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.tables import queries, writes
from trainings.tables.mixing_rules import seat_all, seat_rest
from trainings.tables.queries import Participant
from trainings.tables.rules import (
    Choice,
    Layout,
    NobodyToSeat,
    NoSuchPlace,
    NoTables,
    Place,
    PlaceTaken,
    check_layout,
)

# Seating belongs to the days of a course, like the agenda: the course's organisers of all agencies
# decide it.
EDIT = Permission.AGENDA_EDIT


class _Room(NamedTuple):
    """The data a decision is based on, with the course's row locked."""

    layout: Layout | None
    people: list[Participant]

    @property
    def seated(self) -> dict[str, Place]:
        return {one.registration_id: one.place for one in self.people if one.place is not None}


def _room(session: Session, course_id: str, by: Viewer) -> _Room:
    """The tables and people of a course, locked; places of those who left are freed first."""
    courses.course_locked(by, EDIT, course_id)
    writes.free(session, queries.stale(course_id))
    return _Room(queries.layout(course_id), queries.participants(course_id, scope="operation"))


def _seat(session: Session, course_id: str, layout: Layout, room: _Room) -> dict[str, Place]:
    known = queries.known_in(course_id)
    given = seat_rest([one.guest for one in room.people], room.seated, layout, known)
    writes.give(session, course_id, given)
    return given


def set_tables(course_id: str, layout: Layout, by: Viewer) -> int:
    """Set the number of tables and places; returns how many people lost their place.

    The first time, everybody is seated. Later, people keep their place if it still exists. Raises
    ``NoSuchRoom``, ``NobodyToSeat``, ``TooFewPlaces``, ``NotFound``.
    """
    with transaction() as session:
        room = _room(session, course_id, by)
        check_layout(layout, len(room.people))
        lost = [key for key, place in room.seated.items() if not layout.has(place)]
        writes.free(session, lost)
        writes.keep_layout(session, course_id, layout)
        given = {} if room.layout else _seat(session, course_id, layout, room)
        record(
            session,
            "tables.set",
            "course",
            course_id,
            by=by.account_id,
            course_id=course_id,
            tables=layout.tables,
            places=layout.places,
            seated=len(given),
            lost=len(lost),
        )
        return len(lost)


def seat_those_without(course_id: str, by: Viewer) -> int:
    """Seat those without a place where they mix best; returns how many. Others keep theirs.

    Raises ``NoTables``, ``RoomFull``, ``NotFound``.
    """
    with transaction() as session:
        room = _room(session, course_id, by)
        if room.layout is None:
            raise NoTables
        given = _seat(session, course_id, room.layout, room)
        if given:
            record(
                session,
                "tables.seat",
                "course",
                course_id,
                by=by.account_id,
                course_id=course_id,
                number=len(given),
            )
        return len(given)


def seat_anew(course_id: str, by: Viewer) -> int:
    """Give everybody a new place, also those who have one; returns how many.

    Raises ``NoTables``, ``NobodyToSeat``, ``RoomFull``, ``NotFound``.
    """
    with transaction() as session:
        room = _room(session, course_id, by)
        if room.layout is None:
            raise NoTables
        if not room.people:
            raise NobodyToSeat
        known = queries.known_in(course_id)
        given = seat_all([one.guest for one in room.people], room.layout, known)
        writes.free_all(session, course_id)
        writes.give(session, course_id, given)
        record(
            session,
            "tables.anew",
            "course",
            course_id,
            by=by.account_id,
            course_id=course_id,
            number=len(given),
        )
        return len(given)


def remove_tables(course_id: str, by: Viewer) -> None:
    """Remove all tables, and with them everybody's place. Raises ``NoTables``, ``NotFound``."""
    with transaction() as session:
        room = _room(session, course_id, by)
        if room.layout is None:
            raise NoTables
        writes.free_all(session, course_id)
        writes.drop_layout(session, course_id)
        record(
            session,
            "tables.remove",
            "course",
            course_id,
            by=by.account_id,
            course_id=course_id,
            seated=len(room.seated),
        )


class Moved(NamedTuple):
    """How to undo a move: who is moved back, and where."""

    number: str
    choice: Choice


def move(course_id: str, number: str, choice: Choice, by: Viewer) -> Moved | None:
    """Move one person to a place, or free their place; returns how to undo it, if moved.

    Anyone sitting there takes the place that becomes free, or has none. Raises ``NoTables``,
    ``NoSuchPlace``; ``PlaceTaken`` if the person seen there no longer sits there; ``NotFound``.
    """
    with transaction() as session:
        room = _room(session, course_id, by)
        if room.layout is None:
            raise NoTables
        who = next((one for one in room.people if one.number == number), None)
        if who is None:
            raise NotFound
        if who.place == choice.place:
            return None
        other = _who_sits(room, choice)
        moved = {who.registration_id: choice.place}
        if other is not None:
            moved[other.registration_id] = who.place
        writes.free(session, moved)
        writes.give(session, course_id, {key: spot for key, spot in moved.items() if spot})
        record(
            session,
            "tables.move",
            "registration",
            who.registration_id,
            by=by.account_id,
            course_id=course_id,
            number=who.number,
            before=who.place,
            after=choice.place,
            other=other.number if other else None,
        )
        if other is not None and who.place is None:
            return Moved(other.number, Choice(choice.place, who.number))
        return Moved(who.number, Choice(who.place, other.number if other else ""))


def _who_sits(room: _Room, choice: Choice) -> Participant | None:
    """The person at the chosen place, checked to be the one the organiser saw there."""
    if choice.place is None:
        return None
    if room.layout is None or not room.layout.has(choice.place):
        raise NoSuchPlace
    there = next((one for one in room.people if one.place == choice.place), None)
    if choice.number != (there.number if there else ""):
        raise PlaceTaken(table=choice.place.table, place=choice.place.number)
    return there
