"""Taking a change back, approving or refusing it; asking is part of changing one's details."""

from __future__ import annotations

from trainings.audit.writes import record
from trainings.change_requests import queries, writes
from trainings.change_requests.models import ChangeRequest
from trainings.change_requests.rules import SELECTED, NoLongerAsked
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.candidate_rules import check_going, cleaned_reason
from trainings.registrations.models import Registration
from trainings.registrations.rules import ActRefused, ReasonMissing

SELECT = Permission.REGISTRATION_SELECT


def take_back(number: str, by: Viewer) -> None:
    """Take back a change that one asked for. Raises ``NoLongerAsked``, ``NotFound``."""
    with transaction() as session:
        _course, registration = locked_queries.own_for_update(by, number)
        row = queries.request_of(registration.id)
        if row is None:
            raise NoLongerAsked
        writes.drop(session, [registration.id])
        said = writes.said(registration, queries.wanted_of(row), by)
        record(session, "registration.take_back_change", "registration", registration.id, **said)


def approve(course_id: str, number: str, seen: str, by: Viewer) -> None:
    """Make a change that somebody asked for; they are told.

    ``seen``: the id of the request that was looked at. Raises ``NoLongerAsked``, ``ActRefused``.
    """
    with transaction() as session:
        course, registration, row = _asked(course_id, number, seen, by)
        wanted = queries.wanted_of(row)
        writes.make(registration, wanted)
        writes.drop(session, [registration.id])
        said = writes.said(registration, wanted, by)
        record(session, "registration.approve_change", "registration", registration.id, **said)
        mail_writes.tell(session, "changed", course, registration)


def refuse(course_id: str, number: str, seen: str, reason: str, by: Viewer) -> None:
    """Leave the details as they are, for a reason that the person is told; raises as ``approve``.

    Raises ``ReasonMissing`` too.
    """
    reason = cleaned_reason(reason)
    if not reason:
        raise ReasonMissing
    with transaction() as session:
        course, registration, row = _asked(course_id, number, seen, by)
        wanted = queries.wanted_of(row)
        writes.drop(session, [registration.id])
        said = writes.said(registration, wanted, by)
        record(session, "registration.refuse_change", "registration", registration.id, **said)
        mail_writes.tell(session, "unchanged", course, registration, reason=reason)


def _asked(
    course_id: str, number: str, seen: str, by: Viewer
) -> tuple[Course, Registration, ChangeRequest]:
    course = courses.course_locked(by, SELECT, course_id)
    (registration,) = locked_queries.for_acting(by, SELECT, course.id, [number])
    row = queries.request_of(registration.id)
    if row is None or row.id != seen:
        raise NoLongerAsked
    check_going(course.state)
    if registration.state not in SELECTED:
        raise ActRefused(state=registration.state.label)
    return course, registration, row
