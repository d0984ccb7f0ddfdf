"""Looks up changes that wait, and opens them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from trainings.change_requests import rules
from trainings.change_requests.models import ChangeRequest
from trainings.change_requests.rules import APPROVED, SELECTED
from trainings.core import sealed
from trainings.core.db import ForOneOrEach, db
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.people.sealed_rules import Identity
from trainings.registrations import queries
from trainings.registrations.models import Registration

SELECT = Permission.REGISTRATION_SELECT


def request_of(registration_id: str) -> ChangeRequest | None:
    """The change that waits for one registration, or None."""
    return db.session.scalar(
        select(ChangeRequest)
        .where(ChangeRequest.registration_id == registration_id)
        .execution_options(populate_existing=True)
    )


def waiting(
    viewer: Viewer, course_id: str, page: int = 1, size: int | None = None
) -> Sequence[tuple[Registration, ChangeRequest]]:
    """The registrations whose change waits, each with it, oldest first: all, or a page."""
    cut = (
        select(ChangeRequest.id)
        .where(*_asking(course_id))
        .order_by(ChangeRequest.at, ChangeRequest.id)
        .limit(size)
        .offset((page - 1) * (size or 0))
        .correlate(None)
    )
    found = db.session.execute(
        queries.scoped(viewer, SELECT)
        .join(ChangeRequest, ChangeRequest.registration_id == Registration.id)
        .where(ChangeRequest.id.in_(cut))
        .add_columns(ChangeRequest)
        .order_by(ChangeRequest.at, ChangeRequest.id)
    )
    return [(registration, row) for registration, row in found]


def how_many_ask(course_id: ForOneOrEach) -> ScalarSelect[int]:
    """How many changes wait in a course, as a part of a statement."""
    return select(func.count()).where(*_asking(course_id)).scalar_subquery()


def _asking(course_id: ForOneOrEach) -> list[ColumnElement[bool]]:
    """The conditions for the changes that wait in a course, joined with their registrations."""
    return [
        ChangeRequest.course_id == course_id,
        Registration.id == ChangeRequest.registration_id,
        Registration.state.in_(SELECTED),
    ]


def how_many(course_id: str) -> int:
    """How many changes wait in a course."""
    wanted = select(how_many_ask(course_id)).execution_options(scope="operation")
    return db.session.scalar(wanted) or 0


def wanted_of(row: ChangeRequest) -> dict[str, str]:
    """The wanted values of a change, opened, by name."""
    found: dict[str, str] = json.loads(sealed.unseal(row.wanted, place(row.id)))
    return found


def wanted(registration: Registration) -> dict[str, str]:
    """The wanted values of the change that waits for a registration; empty if none does."""
    row = request_of(registration.id) if registration.state in SELECTED else None
    return wanted_of(row) if row is not None else {}


def place(request_id: str) -> str:
    """The place under which a change is sealed."""
    return f"change_request|wanted|{request_id}"


def kept(registration: Registration, identity: Identity) -> dict[str, str]:
    """The details as they are kept for a registration, of those that need approval."""
    known = queries.as_given(registration, identity)
    return {name: getattr(known, name, "") for name in APPROVED} | {"sex": registration.sex or ""}


def in_words(
    row: ChangeRequest, registration: Registration, person: Identity
) -> list[rules.WantedChange]:
    """A change that waits, detail by detail."""
    return rules.in_words(kept(registration, person), wanted_of(row))


def own_change(mine: Registration, person: Identity) -> list[rules.WantedChange]:
    """The change that waits for one's own registration, detail by detail; empty if none does."""
    row = request_of(mine.id) if mine.state in SELECTED else None
    return in_words(row, mine, person) if row is not None else []


def last_day(course: Course) -> date:
    """The last day on which participants of a course can change their details."""
    return rules.last_day(course.changes_days, course.starts_on, course.ends_on)
