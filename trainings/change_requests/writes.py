"""Asks for changes, makes approved ones, and takes them away, in the open transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from msgspec.structs import replace
from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.change_requests import queries
from trainings.change_requests.models import ChangeRequest
from trainings.change_requests.rules import to_approve
from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.writes import tell_staff
from trainings.people import reading
from trainings.people.sealed_rules import DETAILS, NAMES, SEALED
from trainings.people.writes import change_identity
from trainings.registrations import queries as registrations
from trainings.registrations.candidate_rules import Details
from trainings.registrations.models import Registration
from trainings.registrations.writes import keep_given
from trainings.web.responses import external_path

SELECT = Permission.REGISTRATION_SELECT


def ask(
    session: Session, course: Course, registration: Registration, given: Details, by: Viewer
) -> tuple[Details, dict[str, str]]:
    """Ask for what differs from the kept details of a locked registration with a seat.

    Returns the details that hold now, and what waits, by name; the organisers are told of the
    first request that waits in a course.
    """
    identity = reading.opened([registration.person_id])[registration.person_id]
    kept = queries.kept(registration, identity)
    wanted = to_approve(kept, {name: getattr(given, name) for name in kept})
    first = queries.how_many(course.id) == 0
    changed = put(session, registration, wanted)
    told = said(registration, wanted, by)
    if changed and not wanted:
        record(session, "registration.take_back_change", "registration", registration.id, **told)
    elif changed:
        record(session, "registration.ask_change", "registration", registration.id, **told)
        if first:
            page = external_path(f"/courses/{course.code}/changes")
            staff = courses.staff_with(SELECT, courses.by_id(course.id))
            tell_staff(session, course, "change_asked", staff, page=page)
    held: dict[str, Any] = {name: kept[name] for name in wanted}
    if "sex" in held:
        held["sex"] = held["sex"] or None
    return replace(given, **held), wanted


def put(session: Session, registration: Registration, wanted: Mapping[str, str]) -> bool:
    """Make this the change that waits for a registration; an empty one is none.

    Returns whether it differs from the one before. A change that was asked for anew has a new id,
    so that nobody approves what they have not seen.
    """
    before = queries.request_of(registration.id)
    if (queries.wanted_of(before) if before is not None else {}) == wanted:
        return False
    drop(session, [registration.id])
    if wanted:
        key = new_key()
        session.add(
            ChangeRequest(
                id=key,
                registration_id=registration.id,
                course_id=registration.course_id,
                at=clock.now(),
                wanted=sealed.seal(json.dumps(dict(wanted)), queries.place(key)),
            )
        )
        session.flush()
    return True


def drop(session: Session, registration_ids: Collection[str]) -> None:
    """Take away what waits for some registrations."""
    session.execute(
        delete(ChangeRequest).where(ChangeRequest.registration_id.in_(list(registration_ids)))
    )


def make(registration: Registration, wanted: Mapping[str, str]) -> None:
    """Change the details of a locked registration and its person as they wanted."""
    identity = reading.opened([registration.person_id])[registration.person_id]
    known = registrations.as_given(registration, identity)
    names = {name: wanted.get(name, getattr(known, name)) for name in NAMES}
    others = {name: value for name, value in wanted.items() if name in SEALED}
    change_identity(registration.person, **{**others, **names})
    if "sex" in wanted:
        registration.person.sex = wanted["sex"] or None
    given: dict[str, Any] = {
        **{name: getattr(known, name) for name in (*NAMES, *DETAILS)},
        "sex": registration.sex,
        "needs": registrations.needs(registration),
        **wanted,
    }
    keep_given(registration, Details(**{**given, "sex": given["sex"] or None}))


def said(registration: Registration, wanted: Mapping[str, str], by: Viewer) -> dict[str, Any]:
    """What the trail keeps of a change: which details, never their values."""
    return {
        "by": by.account_id,
        "course_id": registration.course_id,
        "number": registration.number,
        "details": sorted(wanted),
    }
