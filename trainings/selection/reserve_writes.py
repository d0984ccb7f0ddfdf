"""Changes the order of a reserve list by hand: a few rows, however long the list.

See docs/decisions/2026-11-29-any-size.md.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from trainings.registrations.filter_queries import reserve_key_of
from trainings.registrations.listing_rules import Step
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

_SCOPE = {"scope": "operation"}


class _Place(NamedTuple):
    """Somebody on the list, and their place in the order."""

    id: str
    place: int


def move(session: Session, course_id: str, registration_id: str, step: Step) -> bool:
    """Move somebody of a locked course on its reserve list; returns whether they could move.

    The order is what ``listing_rules.moved`` makes of the one before. The first move gives everyone
    a place; from then on one or two rows change.
    """
    here = Registration.reserve_place
    mine = _place_of(session, course_id, registration_id)
    if step is Step.DOWN:
        other = _nearest(session, course_id, here > mine, here.asc())
    else:
        order = here.desc() if step is Step.UP else here.asc()
        other = _nearest(session, course_id, here < mine, order)
    if other is None:
        return False
    if step is Step.FIRST:
        _put(session, {registration_id: other.place - 1})
    else:
        _put(session, {registration_id: other.place, other.id: mine})
    return True


def _waiting(course_id: str) -> tuple[ColumnElement[bool], ...]:
    return Registration.course_id == course_id, Registration.state == State.RESERVE


def _nearest(
    session: Session, course_id: str, beyond: ColumnElement[bool], order: ColumnElement[int | None]
) -> _Place | None:
    row = session.execute(
        select(Registration.id, Registration.reserve_place)
        .where(*_waiting(course_id), beyond)
        .order_by(order)
        .limit(1)
        .execution_options(**_SCOPE)
    ).first()
    return None if row is None else _Place(row[0], row[1] or 0)


def _put(session: Session, places: dict[str, int]) -> None:
    session.execute(
        update(Registration)
        .where(Registration.id.in_(list(places)))
        .values(reserve_place=case(places, value=Registration.id))
        .execution_options(synchronize_session=False)
    )


def _place_of(session: Session, course_id: str, registration_id: str) -> int:
    """Somebody's place in the order; whoever has none, or one with others, is given one first."""
    place, own = Registration.reserve_place, Registration.id == registration_id
    counting = (
        select(
            func.count(),
            func.count(place),
            func.count(place.distinct()),
            func.max(place),
            func.max(case((own, place))),
        )
        .where(*_waiting(course_id))
        .execution_options(scope="count")
    )
    everyone, placed, places, last, mine = session.execute(counting).one()
    if places == everyone:
        return int(mine)
    _give_places(session, course_id, None if places < placed else last or 0)
    found = select(place).where(own).execution_options(**_SCOPE)
    return session.execute(found).scalar_one() or 0


def _give_places(session: Session, course_id: str, last: int | None) -> None:
    """Number those without a place from the last one on, or everyone anew, in one statement.

    Either way the order is the one before.
    """
    without = () if last is None else (Registration.reserve_place.is_(None),)
    number = func.row_number().over(order_by=reserve_key_of(Registration))
    numbered = (
        select(Registration.id, (number + (last or 0)).label("place"))
        .where(*_waiting(course_id), *without)
        .subquery()
    )
    session.execute(
        update(Registration)
        .where(Registration.id == numbered.c.id)
        .values(reserve_place=numbered.c.place)
        .execution_options(synchronize_session=False, **_SCOPE)
    )
