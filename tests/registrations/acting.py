"""A course with its people and the ways they act, for the tests of registrations."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests import factories
from trainings.accounts.models import Account
from trainings.accounts.writes import add_account
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState, Placing, Visibility
from trainings.people.models import Person
from trainings.people.writes import add_person
from trainings.registrations.candidate_rules import NOTICE, Application, Candidate, Details
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.rules import HOLDS_SEAT, LIVE, Act, State
from trainings.registrations.writes import Beginning, begin
from trainings.seats import reserve_rules, waiting_queries
from trainings.seats import writes as seat_writes
from trainings.seats.placing_rules import Group


def organiser(agency: str = "IOM") -> Viewer:
    return factories.account(Role.ORGANISER, agency=agency)


def focal_point(country: str = "BO", functions: tuple[str, ...] = ()) -> Viewer:
    return factories.account(Role.FOCAL_POINT, country=country, functions=list(functions))


def candidate(**values: Any) -> Candidate:
    unique = secrets.token_hex(4)
    fields: dict[str, Any] = {
        "given_name": "Juana",
        "family_name": f"Prueba {unique}",
        "country": "BO",
        "mail": f"{unique}@unit.example",
        "function": "judge",
        "unit": "Court",
        "language": "es",
        **values,
    }
    return Candidate(**fields)


def application(**values: Any) -> Application:
    fields: dict[str, Any] = {
        "given_name": "Rosa",
        "family_name": "Ejemplo",
        "country": "BO",
        "function": "judge",
        "unit": "Court",
        "language": "es",
        "consents": (NOTICE,),
        **values,
    }
    return Application(**fields)


def details(**values: Any) -> Details:
    fields: dict[str, Any] = {
        "given_name": "Rosa",
        "family_name": "Ejemplo",
        "unit": "Court",
        "language": "es",
        "consents": (NOTICE,),
        **values,
    }
    return Details(**fields)


def at_once(code: str = "NOW27", **values: Any) -> str:
    """A public course that places who applies at once; gives its id."""
    return factories.course(code, placing=Placing.AT_ONCE, visibility=Visibility.PUBLIC, **values)


def share_out(course_id: str, seats: Mapping[tuple[str | None, str | None], int]) -> None:
    """Give a course these blocks; the rest of its capacity is open."""
    with transaction() as session:
        course = session.get_one(Course, course_id)
        rest = course.capacity - sum(seats.values())
        for (country, function), count in {**seats, (None, None): rest}.items():
            session.add(
                SeatBlock(
                    id=new_key(),
                    course_id=course_id,
                    country=country,
                    function=function,
                    seats=count,
                )
            )


def standing(
    course_id: str, state: State, *, country: str = "BO", function: str = "judge", **more: Any
) -> tuple[str, Viewer]:
    """A registration in a state, seated where the state holds a seat; its number and person."""
    person = factories.account(staff=False, name=("Rosa", f"Ejemplo {secrets.token_hex(3)}"))
    add_registration(course_id, person.person_id or "", state, country, function, **more)
    number = db.session.scalar(
        select(Registration.number)
        .where(Registration.person_id == person.person_id)
        .execution_options(scope="operation")
    )
    db.session.close()
    assert number is not None
    return number, person


def crowd(
    course_id: str,
    state: State,
    count: int,
    *,
    groups: Sequence[tuple[str, str]] = (("BO", "judge"),),
) -> list[str]:
    """Many people in a state, taking turns among groups; gives their numbers, in order.

    Those who hold seats sit in the widest block. Every second one already has an account, every
    third one reads another language.
    """
    numbers: list[str] = []
    keys = sorted(new_key() for _ in range(count))  # these decide where all else is the same
    with transaction() as session:
        block = session.scalar(
            select(SeatBlock.id).where(
                SeatBlock.course_id == course_id, SeatBlock.country.is_(None)
            )
        )
        for place in range(count):
            country, function = groups[place % len(groups)]
            mail = f"{secrets.token_hex(6)}@crowd.example"
            person = add_person(
                session,
                given_name="Rosa",
                family_name=f"Ejemplo {place}",
                mail=mail,
                country=country,
                function=function,
                language=("es", "es", "pt_BR")[place % 3],
            )
            session.flush()
            if place % 2:
                add_account(session, person.id, mail)
            seat = {"block_id": block, "seat_no": place + 1} if state in HOLDS_SEAT else {}
            made = factories.registration(session, course_id, person, state, id=keys[place], **seat)
            numbers.append(made.number)
    return numbers


def add_registration(
    course_id: str, person_id: str, state: State, country: str, function: str, **more: Any
) -> None:
    with transaction() as session:
        course = session.get_one(Course, course_id)
        who = session.get_one(Person, person_id)
        who.country, who.function = country, function
        seat = None
        if state in (State.OFFERED, State.CONFIRMED, State.ATTENDED):
            before = clock.end_of(course.starts_on - timedelta(days=1), course.zone)
            with clock.at(min(clock.now(), before)):  # once a course began, nobody takes a seat
                seat = seat_writes.take_seat(session, course, Group(country, function), by=None)
            assert seat is not None
        start = State.ENDORSED if state in LIVE else State.NOMINATED
        beginning = Beginning(who, Act.NOMINATE, start, country, function, by=None)
        made = begin(session, course_id, beginning)
        made.state = state
        if seat is not None:
            made.block_id, made.seat_no = seat
            made.selected_at = clock.now()
        if state is State.RESERVE:
            made.selected_at = clock.now()
        if state is State.OFFERED:
            made.offered_until = clock.now() + timedelta(days=7)
        for name, value in more.items():
            setattr(made, name, value)


def registration(number: str) -> Registration:
    """The registration as it is in the database now."""
    db.session.close()
    return db.session.scalars(
        select(Registration)
        .where(Registration.number == number)
        .execution_options(scope="operation")
    ).one()


def state(number: str) -> State:
    return registration(number).state


def reserve(course_id: str) -> list[str]:
    """The numbers on the reserve list of a course, in its order by the plain rule."""
    db.session.close()
    waiting = reserve_rules.in_order(waiting_queries.waiting(course_id))
    rows = db.session.execute(
        select(Registration.id, Registration.number)
        .where(Registration.id.in_([one.id for one in waiting]))
        .execution_options(scope="operation")
    ).all()
    numbers = {key: number for key, number in rows}  # noqa: C416
    return [numbers[one.id] for one in waiting]


def seats_taken(course_id: str) -> int:
    db.session.close()
    return len(
        db.session.scalars(
            select(Registration.id)
            .where(Registration.course_id == course_id, Registration.block_id.is_not(None))
            .execution_options(scope="operation")
        ).all()
    )


def end(course_id: str, to: CourseState) -> None:
    with transaction() as session:
        session.get_one(Course, course_id).state = to


def person_of(number: str) -> Viewer:
    """Whose registration it is, as they would be signed in."""
    found = registration(number)
    account = db.session.scalar(select(Account).where(Account.person_id == found.person_id))
    assert account is not None
    viewer = Viewer(account_id=account.id, person_id=found.person_id)
    db.session.close()
    return viewer
