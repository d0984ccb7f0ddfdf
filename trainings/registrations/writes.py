"""The only writers of a registration's state; each step is a row of its history and the trail."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.people.models import Person
from trainings.registrations import acting_queries
from trainings.registrations.models import Move, Registration
from trainings.registrations.rules import HOLDS_SEAT, Act, State, check_move

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is read as something else
RESEATED = "reseat"  # steps that are no act: a change of seat block, a reminder
REMINDED = "remind"


def new_number() -> str:
    """A number that no registration has yet (R-7F3K9Q)."""
    while True:
        number = "R-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
        if not acting_queries.number_taken(number):
            return number


def begin(
    session: Session,
    course_id: str,
    person: Person,
    act: Act,
    state: State,
    *,
    country: str,
    function: str,
    by: str | None,
    priority: int | None = None,
    complete: bool = False,
    needs: str = "",
    language: str = "",
    seat: tuple[str, int] | None = None,
    offered_until: datetime | None = None,
    at: datetime | None = None,
    number: str = "",
) -> Registration:
    """Begin a registration: nominated, applied or invited. Raises a refusal out of the table.

    ``seat`` (block, seat number) comes with a state that holds one.
    """
    check_move(act, None, state)
    now = at or clock.now()
    registration = Registration(
        id=new_key(), number=number or new_number(), course_id=course_id, person_id=person.id,
        person=person, state=state, state_at=now, country=country, function=function,
        priority=priority, applied=act is Act.APPLY, complete=complete, created_at=now,
        selected_at=now if state in (State.OFFERED, State.RESERVE) else None,
        block_id=seat[0] if seat else None, seat_no=seat[1] if seat else None,
        offered_until=offered_until, certificate_language=language,
    )  # fmt: skip
    keep_needs(registration, needs)
    session.add(registration)
    session.flush()
    _step(session, registration, str(act), None, by=by, reason=None, at=now)
    return registration


def move(
    session: Session,
    registration: Registration,
    act: Act,
    to: State,
    *,
    by: str | None,
    reason: str = "",
    seat: tuple[str, int] | None = None,
    offered_until: datetime | None = None,
) -> None:
    """Move one registration by an act to a state. Raises a refusal out of the table.

    A seat is taken with a state that holds one, and given back with any other.
    """
    before = registration.state
    check_move(act, before, to)
    now = clock.now()
    registration.state, registration.state_at = to, now
    if to in HOLDS_SEAT:
        if seat is not None:
            registration.block_id, registration.seat_no = seat
    else:
        registration.block_id = registration.seat_no = None
    if act is Act.SELECT:
        registration.selected_at = now
    if to is not State.RESERVE:
        registration.reserve_place = None
    if to is State.OFFERED:
        registration.offered_until = offered_until
    elif to is not State.CONFIRMED:
        registration.offered_until = None
    if to is State.ENDORSED:
        registration.selected_at = None
    session.flush()
    _step(session, registration, str(act), before, by=by, reason=reason, at=now)


def move_many(
    session: Session,
    moves: Mapping[str, State],
    registrations: Iterable[Registration],
    act: Act,
    *,
    by: str | None,
    reason: str = "",
) -> None:
    """Move many registrations by one act, each to the state named for its id."""
    for registration in registrations:
        move(session, registration, act, moves[registration.id], by=by, reason=reason)


def reseat(
    session: Session, registration: Registration, seat: tuple[str, int], *, by: str | None
) -> None:
    """Give a seated person another block's seat: in the history, and nobody is told."""
    registration.block_id, registration.seat_no = seat
    session.flush()
    state = registration.state
    _step(session, registration, RESEATED, state, by=by, reason="", at=clock.now())


def note_reminder(
    session: Session, registration: Registration, number: int, *, since: datetime
) -> bool:
    """Note in the history that a reminder goes out; says whether it had not gone out already."""
    act = f"{REMINDED}{number}"
    last = acting_queries.last_step(registration.id, act)
    if last is not None and last.at >= since:
        return False
    _step(session, registration, act, registration.state, by=None, reason=None, at=clock.now())
    return True


def _step(
    session: Session,
    registration: Registration,
    act: str,
    before: State | None,
    *,
    by: str | None,
    reason: str | None,
    at: datetime,
) -> None:
    session.add(
        Move(
            registration_id=registration.id, course_id=registration.course_id, at=at, by=by,
            act=act, before=before, after=registration.state, block_id=registration.block_id,
            reason=sealed.seal(reason, f"move|reason|{registration.id}") if reason else None,
        )
    )  # fmt: skip
    record(
        session, f"registration.{act}", "registration", registration.id, by=by,
        course_id=registration.course_id, number=registration.number,
        before=str(before) if before else None, after=str(registration.state),
        block=registration.block_id,
    )  # fmt: skip


def keep_needs(registration: Registration, needs: str) -> None:
    """Seal what the person needs; empty is kept as nothing."""
    place = f"registration|needs|{registration.id}"
    registration.needs = sealed.seal(needs, place) if needs else None


def keep_printed_name(registration: Registration, name: str, language: str) -> None:
    """Seal the name to be printed, confirmed now, and in which language the certificate is."""
    place = f"registration|printed_name|{registration.id}"
    registration.printed_name = sealed.seal(name, place)
    registration.certificate_language = language
    registration.name_confirmed_at = clock.now()
