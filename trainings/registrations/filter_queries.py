"""The filters of a list of a course's registrations, and the order of a reserve list, in SQL."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Subquery, cast, exists, func, select

from trainings.audit.kept_queries import KeptNumbers
from trainings.core import clock, sealed
from trainings.core.db import db
from trainings.core.hooks import Hook
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.registrations import queries
from trainings.registrations.headcount_queries import Alike, headcount
from trainings.registrations.listing_rules import RESERVE_ORDER, UNDECIDED, Filters, Problem
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.rules import UNENDORSED, State

LONGEST_SEARCH = 100
# Whether the person of a registration of a course has not answered all that it requires.
lacks_answers: Hook[[str], ColumnElement[bool]] = Hook("registrations.lacks_answers")


def conditions(
    viewer: Viewer, permission: Permission, course: Course, filters: Filters
) -> list[ColumnElement[bool]]:
    """The conditions that restrict a list to the viewer's scope and the chosen filters."""
    found = [queries.within_course(viewer, permission, course.id)]
    if filters.state is not None:
        found.append(Registration.state == filters.state)
    if filters.country:
        found.append(Registration.country == filters.country)
    if filters.function:
        found.append(Registration.function == filters.function)
    if filters.undecided:
        found.append(Registration.state.in_(sorted(UNDECIDED)))
    if filters.problem is not None:
        found += troubled(filters.problem)
    if filters.block is not None:
        found.append(_seated(course, *filters.block))
    if filters.only is not None:
        found.append(Registration.id.in_(sorted(filters.only)))
    if filters.lacking:
        found.append(lacks_answers(course.id))
    if filters.number is not None:
        found.append(Registration.number.startswith(filters.number, autoescape=True))
    return found


def alike(
    viewer: Viewer, permission: Permission, course: Course, filters: Filters
) -> list[Alike] | None:
    """Those whom the filters leave, in numbers, where the headcount says them; else None."""
    counted = Filters(state=filters.state, country=filters.country, function=filters.function)
    if filters != counted or not queries.reaches_all(viewer, permission, course):
        return None
    return [
        one
        for one in headcount(course.id).people
        if filters.state in (None, one.state)
        and (not filters.country or one.country == filters.country)
        and (not filters.function or one.function == filters.function)
    ]


def sealed_words(viewer: Viewer, text: str) -> str | None:
    """What was searched for, sealed for use in the viewer's addresses: it may be a name."""
    text = text.strip()[:LONGEST_SEARCH]
    if not text:
        return None
    return base64.urlsafe_b64encode(sealed.seal(text, _sealing_place(viewer))).decode()


def words_in(viewer: Viewer, kept: str) -> str:
    """What was searched for, from the viewer's own address; empty from anybody else's."""
    try:
        return sealed.unseal(base64.urlsafe_b64decode(kept), _sealing_place(viewer))
    except (sealed.SealBroken, binascii.Error, ValueError):
        return ""


def _sealing_place(viewer: Viewer) -> str:
    return f"search|text|{viewer.account_id}"


def troubled(problem: Problem) -> list[ColumnElement[bool]]:
    """Who has a problem: the same for the list and for the number that leads to it.

    Their state comes first: where this orders a list, what follows is not asked of the others.
    """
    if problem is Problem.BOUNCED:
        live = {State.OFFERED, State.CONFIRMED, *UNDECIDED, State.RESERVE}
        bounced = select(Person.id).where(Person.mail_bounced_at.is_not(None))
        # said by the others: SQLite then looks for each person once, and not in every state
        others = Registration.state.not_in(sorted(set(State) - live))
        return [others, Registration.person_id.in_(bounced)]
    if problem is Problem.INCOMPLETE:
        seated = (State.OFFERED, State.CONFIRMED)
        return [Registration.complete.is_(False), Registration.state.in_(seated)]
    if problem is Problem.UNENDORSED:
        return [Registration.state.in_(sorted(UNENDORSED))]
    if problem is Problem.UNNAMED:
        there = (State.CONFIRMED, State.ATTENDED)
        return [Registration.state.in_(there), Registration.name_confirmed_at.is_(None)]
    soon = clock.now() + timedelta(days=2)
    return [Registration.state == State.OFFERED, Registration.offered_until <= soon]


def how_many(course_id: str, problem: Problem) -> int:
    """How many people of a course, loaded within the viewer's scope, have a problem."""
    statement = (
        select(func.count())
        .select_from(Registration)
        .where(Registration.course_id == course_id, *troubled(problem))
    )
    return db.session.scalar(statement.execution_options(scope="count")) or 0


def in_trouble(problem: Problem) -> Subquery:
    """How many people have a problem, by ``course_id``: looked up once for all courses.

    Courses without any are left out.
    """
    number = func.count().label("number")
    found = select(Registration.course_id, number).where(*troubled(problem))
    return found.group_by(Registration.course_id).subquery()


def _seated(course: Course, country: str | None, function: str | None) -> ColumnElement[bool]:
    """Whether somebody holds a seat in a row of the seats' table, in the column of a function."""
    conditions = [SeatBlock.course_id == course.id, SeatBlock.country.is_not_distinct_from(country)]
    if function is not None:  # a seat open to any function counts with its holder's
        conditions.append(func.coalesce(SeatBlock.function, Registration.function) == function)
    block = exists().where(SeatBlock.id == Registration.block_id, *conditions)
    return block.correlate(Registration)


def reserve_key_of(one: Any) -> tuple[Any, ...]:
    """The order of the reserve list in SQL; an id is compared byte by byte, as Python does."""
    return tuple(
        cast(one.id, LargeBinary)
        if key.names == ("id",)
        else func.coalesce(
            *(getattr(one, name) for name in key.names),
            *(() if key.otherwise is None else (key.otherwise,)),
        )
        for key in RESERVE_ORDER
    )


def places(course_id: str) -> Mapping[str, int]:
    """The place of everybody on the reserve list of a course, among those of their group.

    The same as ``reserve_rules.places``; counted once after each act, as people are.
    """
    return PLACES.of([course_id])[course_id]


def _placed(course_ids: Collection[str]) -> dict[str, dict[str, int]]:
    place = func.row_number().over(
        partition_by=(Registration.course_id, Registration.country, Registration.function),
        order_by=reserve_key_of(Registration),
    )
    rows = db.session.execute(
        select(Registration.course_id, Registration.id, place)
        .where(Registration.course_id.in_(course_ids), Registration.state == State.RESERVE)
        .execution_options(scope="count")
    )
    found: dict[str, dict[str, int]] = {course_id: {} for course_id in course_ids}
    for course_id, key, number in rows:
        found[course_id][key] = number
    return found


PLACES = KeptNumbers("reserve_places", _placed, 20_000, lambda places: 1 + len(places))
