"""Changing what a course is set up with, and who organises it with us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.rules import OwnGrant
from trainings.accounts.writes import end_grant, give_grant
from trainings.agenda import writes as agenda_writes
from trainings.audit.writes import record
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses import writes as course_writes
from trainings.courses.models import Course
from trainings.courses.rules import CourseState, Placing, Visibility
from trainings.courses.section_rules import FIELDS, Section
from trainings.courses.setting_rules import LeadNotYours, check_none_lost, check_section
from trainings.people.queries import mail_index
from trainings.registrations import seat_queries, seat_writes
from trainings.workspace import move_queries
from trainings.workspace.rules import CancelledStays, NotOnStaff, SessionsOutside, agencies_of

P = Permission
_APART = ("code", "capacity", "lead_agency_id", "agency_ids", "module_ids", "signatories")


def change_section(
    by: Viewer,
    code: str,
    section: Section,
    values: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
) -> None:
    """Change one section of a course's settings; code and capacity stay as they are.

    Sessions move with the first day and keep their wall time in a new zone. ``names`` says
    countries and functions in the reader's language for refusals.
    """
    with agenda_writes.naming_clashes(by), transaction() as session:
        found = courses.course_for(by, P.COURSE_EDIT, code)
        course = courses.course_locked(by, P.COURSE_EDIT, found.id, ("modules", "signatories"))
        if course.state is CourseState.CANCELLED:
            raise CancelledStays
        before = courses.values_of(course)
        wanted = {name: values[name] for name in FIELDS[section] if name in values}
        merged = {**before, **wanted, "code": course.code, "capacity": course.capacity}
        check_section(section, merged)
        if merged["lead_agency_id"] not in (course.lead_agency_id, *agencies_of(by)):
            raise LeadNotYours
        if section is Section.PLACE and not course.template:
            check_section(Section.REGISTRATION, merged)
        if section is Section.INVITED:
            countries, functions = seat_queries.belongings(course.id)
            check_none_lost(course.countries, merged["countries"], countries, names or {})
            check_none_lost(course.functions, merged["functions"], functions, names or {})
        _apply(session, course, section, wanted)
        if section is Section.PLACE:
            _move_sessions(session, course, before, by)
        if "release_on" in wanted and course.state is not CourseState.DRAFT:
            seat_writes.schedule_release(session, course)
        changed = sorted(name for name, value in wanted.items() if before[name] != value)
        record(
            session, "course.change", "course", course.id, by=by.account_id,
            course_id=course.id, section=str(section), changed=changed,
        )  # fmt: skip


def _apply(session: Session, course: Course, section: Section, wanted: Mapping[str, Any]) -> None:
    own = {name: value for name, value in wanted.items() if name not in _APART}
    if "visibility" in own:
        own["visibility"] = Visibility(own["visibility"])
        own["placing"] = Placing(own["placing"])
    course_writes.set_values(course, own)
    session.flush()
    if section is Section.BASICS:
        lead = wanted.get("lead_agency_id") or course.lead_agency_id
        session.expire(course, ["organising", "modules"])
        course_writes.set_agencies(session, course, lead, wanted["agency_ids"])
        course_writes.set_modules(session, course, wanted["module_ids"])
    if section is Section.CERTIFICATES:
        session.expire(course, ["signatories"])
        course_writes.set_signatories(
            session, course, [(one["agency_id"], one["titles"]) for one in wanted["signatories"]]
        )
    session.flush()


def _move_sessions(session: Session, course: Course, before: Mapping[str, Any], by: Viewer) -> None:
    days = (course.starts_on - before["starts_on"]).days
    if days:
        agenda_writes.move_days(session, course, days, by)
    elif course.zone != before["zone"]:
        agenda_writes.rezone(session, course, by)
    outside = move_queries.sessions_outside(course)
    if outside:
        raise SessionsOutside(number=outside)


def give_role(by: Viewer, code: str, mail: str) -> None:
    """Make someone of the staff an organiser of this very course.

    Raises ``NotOnStaff``, ``OwnGrant``, ``GrantHeld``.
    """
    with transaction() as session:
        course = courses.course_for(by, P.COURSE_EDIT, code)
        account = accounts.staff_with_mail(mail_index(mail) or "")
        if account is None or account.disabled_at is not None:
            raise NotOnStaff
        if account.id == by.account_id:
            raise OwnGrant
        give_grant(session, account.id, Role.ORGANISER, by=by.account_id, course_id=course.id)


def end_role(by: Viewer, code: str, grant_id: str) -> None:
    """Take the role of organiser of this course away from someone. Raises ``NotFound``."""
    with transaction() as session:
        course = courses.course_for(by, P.COURSE_EDIT, code)
        grant = accounts.grant_for_update(grant_id)
        if grant is None or grant.course_id != course.id or grant.role != Role.ORGANISER:
            raise NotFound
        if grant.account_id == by.account_id:
            raise OwnGrant
        end_grant(session, grant, by=by.account_id)
