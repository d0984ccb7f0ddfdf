"""The only code that changes a registration's state; each step goes to history and trail.

See docs/decisions/2026-11-27-acts-on-many.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from trainings.audit.writes import Entry, record_entries
from trainings.core import clock, sealed
from trainings.core.db import insert_rows, new_key
from trainings.people.models import Person
from trainings.people.sealed_rules import DETAILS
from trainings.registrations import locked_queries
from trainings.registrations.candidate_rules import Candidate, Given
from trainings.registrations.models import HistoryStep, Registration
from trainings.registrations.rules import HOLDS_SEAT, Act, State, check_move

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no characters that are mistaken for others
RESEATED = "reseat"  # steps that are not acts: a change of seat block, reminders, names
REMINDED = "remind"
NAMED, NAME_REMINDED = "name", "remind_name"  # the name for the certificate
_QUEUEING = (State.OFFERED, State.RESERVE)


def new_numbers(count: int) -> list[str]:
    """Several numbers that no registration has yet (R-7F3K9Q)."""
    found: set[str] = set()
    while len(found) < count:
        more = {
            "R-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
            for _ in range(count - len(found))
        }
        found |= more - locked_queries.numbers_taken(more)
    return list(found)


class Beginning(Struct, frozen=True):
    """A registration to begin: whose, by which act, in which state, and what it begins with.

    ``given`` holds the details given about the person for this registration; ``seat`` (block, seat
    number) comes with a state that holds one. ``by``: the account that does it.
    """

    person: Person
    act: Act
    state: State
    country: str
    function: str
    by: str | None
    priority: int | None = None
    complete: bool = False
    given: Given | None = None
    language: str = ""
    seat: tuple[str, int] | None = None
    offered_until: datetime | None = None


def begin(session: Session, course_id: str, beginning: Beginning) -> Registration:
    """Begin a registration: nominated, applied or invited. Raises a refusal from the table."""
    (made,) = begin_many(session, course_id, [beginning])
    return made


def begin_many(
    session: Session, course_id: str, beginnings: Sequence[Beginning]
) -> list[Registration]:
    """Begin several registrations, in the order given.

    Rows, history and trail take a few statements, whatever the number of people.
    """
    numbers = new_numbers(len(beginnings))
    made = [_begun(course_id, *pair) for pair in zip(beginnings, numbers, strict=True)]
    session.add_all(made)
    session.flush()
    steps = [
        _Step(one, str(how.act), None, _standing(one), how.by)
        for one, how in zip(made, beginnings, strict=True)
    ]
    _keep_steps(session, steps)
    return made


def _begun(course_id: str, how: Beginning, number: str) -> Registration:
    check_move(how.act, None, how.state)
    now = clock.now()
    registration = Registration(
        id=new_key(),
        number=number,
        course_id=course_id,
        person_id=how.person.id,
        person=how.person,
        state=how.state,
        state_at=now,
        country=how.country,
        function=how.function,
        priority=how.priority,
        applied=how.act is Act.APPLY,
        complete=how.complete,
        created_at=now,
        # who is placed at once waits in the order in which the course's lock was held
        selected_at=clock.exact() if how.state in _QUEUEING else None,
        block_id=how.seat[0] if how.seat else None,
        seat_no=how.seat[1] if how.seat else None,
        offered_until=how.offered_until,
        certificate_language=how.language,
    )
    if how.given is not None:
        keep_given(registration, how.given)
    return registration


def nominate_many(
    session: Session,
    course_id: str,
    nominated: Sequence[tuple[Person, Candidate]],
    state: State,
    *,
    by: str | None,
) -> list[Registration]:
    """Begin the registrations of several people who are nominated at once, in their order."""
    return begin_many(
        session,
        course_id,
        [
            Beginning(
                person,
                Act.NOMINATE,
                state,
                given.country,
                given.function,
                by,
                priority=given.priority,
                given=given,
                language=person.language,
            )
            for person, given in nominated
        ],
    )


class Moving(Struct, frozen=True):
    """One move to be made: who, by which act, to which state; its seat and deadline."""

    registration: Registration
    act: Act
    to: State
    seat: tuple[str, int] | None = None
    offered_until: datetime | None = None


class Reseating(Struct, frozen=True):
    """A seated person moves to another block's seat: in the history, and nobody is told."""

    registration: Registration
    seat: tuple[str, int]
    by: str | None = None  # who takes the seat that this frees


def move(
    session: Session,
    registration: Registration,
    act: Act,
    to: State,
    *,
    by: str | None,
    reason: str = "",
    told: bool = False,
    seat: tuple[str, int] | None = None,
    offered_until: datetime | None = None,
) -> None:
    """Move one registration by an act to a state. Raises a refusal from the table.

    A state that holds a seat takes one; any other state gives it back. ``told``: the person is
    emailed the reason.
    """
    moving = Moving(registration, act, to, seat, offered_until)
    move_many(session, [moving], by=by, reason=reason, told=told)


def move_many(
    session: Session,
    moves: Iterable[Moving | Reseating],
    *,
    by: str | None,
    reason: str = "",
    told: bool = False,
) -> None:
    """Make many moves in the given order, for one reason; each is a step of its own.

    Rows, history and trail take one statement each, whatever the number of moves. A seat that one
    move gives back can be taken by a later one.
    """
    session.flush()
    now, steps = clock.now(), []
    for one in moves:
        act = RESEATED if isinstance(one, Reseating) else str(one.act)
        before = one.registration.state
        values = _reseated(one) if isinstance(one, Reseating) else _moved(one, now)
        for name, value in values.items():
            set_committed_value(one.registration, name, value)  # written below, not by a flush
        cause = one.by if isinstance(one, Reseating) and one.by else by
        steps.append(_Step(one.registration, act, before, values, cause))
    if steps:
        session.execute(
            update(Registration), [{"id": one.registration.id, **one.values} for one in steps]
        )
        _keep_steps(session, steps, reason=reason, told=told)


def _moved(one: Moving, now: datetime) -> dict[str, Any]:
    """The values of a moved registration: every column that a move may change."""
    registration, to = one.registration, one.to
    check_move(one.act, registration.state, to)
    values = _standing(registration) | {"state": to, "state_at": now}
    if to not in HOLDS_SEAT:
        values |= {"block_id": None, "seat_no": None}
    elif one.seat is not None:
        values |= {"block_id": one.seat[0], "seat_no": one.seat[1]}
    if one.act is Act.SELECT:
        values["selected_at"] = now
    if to is not State.RESERVE:
        values["reserve_place"] = None
    if to is State.OFFERED:
        values["offered_until"] = one.offered_until
    elif to is not State.CONFIRMED:
        values["offered_until"] = None
    if to is State.ENDORSED:
        values["selected_at"] = None
    return values


def _reseated(one: Reseating) -> dict[str, Any]:
    return _standing(one.registration) | {"block_id": one.seat[0], "seat_no": one.seat[1]}


_MOVED = (
    "state",
    "state_at",
    "block_id",
    "seat_no",
    "selected_at",
    "reserve_place",
    "offered_until",
)


def _standing(registration: Registration) -> dict[str, Any]:
    return {name: getattr(registration, name) for name in _MOVED}


def note_reminder(
    session: Session, registration: Registration, number: int, *, since: datetime
) -> bool:
    """Record in the history that a reminder is sent; False if it had been sent already."""
    act = f"{REMINDED}{number}"
    last = locked_queries.last_step(registration.id, act)
    if last is not None and last.at >= since:
        return False
    _keep_steps(session, [_standing_still(registration, act, by=None)])
    return True


def note_name_reminder(
    session: Session, registrations: Sequence[Registration], *, by: str | None, since: datetime
) -> list[Registration]:
    """Record that people are reminded of the name; returns those not reminded since then."""
    last = locked_queries.last_steps([one.id for one in registrations], NAME_REMINDED)
    due = [one for one in registrations if (step := last.get(one.id)) is None or step.at < since]
    if due:
        _keep_steps(session, [_standing_still(one, NAME_REMINDED, by=by) for one in due])
    return due


def note_name(session: Session, registration: Registration, *, by: str | None, reason: str) -> None:
    """Record that an organiser confirmed somebody's name, with the reason."""
    _keep_steps(session, [_standing_still(registration, NAMED, by=by)], reason=reason)


class _Step(NamedTuple):
    """A completed step: what was done, the registration before and after, by whom."""

    registration: Registration
    act: str
    before: State | None
    values: dict[str, Any]
    by: str | None


def _standing_still(registration: Registration, act: str, *, by: str | None) -> _Step:
    """A step that changes nothing of the registration."""
    return _Step(registration, act, registration.state, _standing(registration), by)


def _keep_steps(
    session: Session, steps: Sequence[_Step], *, reason: str | None = None, told: bool = False
) -> None:
    """Write steps of one course's registrations to the history and the trail.

    Those of many go by their ids: the order in which they were chosen may be that of names.
    """
    if not steps:
        return
    now, steps = clock.now(), sorted(steps, key=lambda one: one.registration.id)
    rows = [
        {
            "registration_id": one.registration.id,
            "course_id": one.registration.course_id,
            "at": now,
            "by": one.by,
            "act": one.act,
            "before": one.before,
            "after": one.values["state"],
            "block_id": one.values["block_id"],
            "reason": _sealed_reason(one.registration, reason),
            "reason_told": bool(reason and told),
        }
        for one in steps
    ]
    insert_rows(session, HistoryStep, rows)
    entries = (
        Entry(
            f"registration.{one.act}",
            one.registration.id,
            {
                "number": one.registration.number,
                "before": str(one.before) if one.before else None,
                "after": str(one.values["state"]),
                "block": one.values["block_id"],
            },
            one.by,
        )
        for one in steps
    )
    course_id = steps[0].registration.course_id
    record_entries(session, "registration", entries, by=None, course_id=course_id)


def _sealed_reason(registration: Registration, reason: str | None) -> bytes | None:
    return sealed.seal(reason, f"move|reason|{registration.id}") if reason else None


def keep_given(registration: Registration, given: Given) -> None:
    """Seal the details given for this registration, whatever was given elsewhere."""
    for column in DETAILS:
        value = getattr(given, column)
        place = f"registration|{column}|{registration.id}"
        setattr(registration, column, sealed.seal(value, place) if value else None)
    registration.sex = given.sex
    keep_needs(registration, given.needs)


def keep_needs(registration: Registration, needs: str) -> None:
    """Seal what the person needs; empty text is stored as nothing."""
    place = f"registration|needs|{registration.id}"
    registration.needs = sealed.seal(needs, place) if needs else None


def keep_printed_name(registration: Registration, name: str, language: str) -> None:
    """Seal the name to be printed, confirmed now, and the language of the certificate."""
    place = f"registration|printed_name|{registration.id}"
    registration.printed_name = sealed.seal(name, place)
    registration.certificate_language = language
    registration.name_confirmed_at = clock.now()
