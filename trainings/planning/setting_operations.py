"""Changing a course's settings and its organisers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.rules import OwnGrant
from trainings.accounts.writes import end_grant, give_grant
from trainings.agencies.rules import agencies_of
from trainings.agenda import booking_writes
from trainings.agenda import writes as agenda_writes
from trainings.agenda_versions.writes import follow_days
from trainings.agreements import writes as agreement_writes
from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses import writes as course_writes
from trainings.courses.access_rules import DaysShownTo
from trainings.courses.models import Course
from trainings.courses.rules import CourseState, Placing, Visibility
from trainings.desk import queries as desk
from trainings.desk.rules import CancelledStays, NotOnStaff, SessionsOutside
from trainings.networks import writes as network_writes
from trainings.people.queries import mail_index
from trainings.planning.rescheduling_rules import Consequences
from trainings.planning.rescheduling_writes import carry_out, consequences
from trainings.planning.section_rules import FIELDS, Section
from trainings.planning.setting_rules import (
    LeadNotYours,
    agree_at_once,
    check_ahead,
    check_none_lost,
    check_section,
)
from trainings.seats import queries as seat_queries
from trainings.seats import writes as seat_writes

P = Permission
_APART = ("code", "capacity", "lead_agency_id", "agency_ids", "module_ids", "signatories")


def change_section(
    by: Viewer,
    code: str,
    section: Section,
    values: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
    *,
    agreed: str = "",
    meant: bool = False,
) -> Consequences | None:
    """Change one section of a course's settings; code and capacity stay the same.

    Sessions move with the first day and keep their local time in a new zone; open offers keep
    their local deadline, and the people concerned are emailed. Where people would be told or
    seats given away, nothing is saved and the consequences are returned, until ``agreed`` is
    their mark. ``names`` gives countries and functions in the reader's language for refusals.
    ``meant``: days in the past are. Agencies that are newly chosen, or whose signatories are, are
    asked.
    """
    with booking_writes.naming_clashes(by), transaction() as session:
        found = courses.course_for(by, P.COURSE_EDIT, code)
        course = courses.course_locked(by, P.COURSE_EDIT, found.id, ("modules", "signatories"))
        if course.state is CourseState.CANCELLED:
            raise CancelledStays
        versions.check()
        before = courses.values_of(course)
        wanted = {name: values[name] for name in FIELDS[section] if name in values}
        merged = {**before, **wanted, "code": course.code, "capacity": course.capacity}
        check_section(section, merged)
        if not meant:
            check_ahead(section, before, merged, clock.today(merged["zone"]))
        if merged["lead_agency_id"] not in (course.lead_agency_id, *agencies_of(by)):
            raise LeadNotYours
        following = consequences(course, before, merged)
        if section is Section.PLACE and not course.template:
            merged |= following.shortened
            wanted |= following.shortened
            check_section(Section.REGISTRATION, merged)
        if following.must_be_agreed and agreed != following.mark:
            return following
        if section is Section.INVITED:
            countries, functions = seat_queries.belongings(course.id)
            check_none_lost(course.countries, merged["countries"], countries, names or {})
            check_none_lost(course.functions, merged["functions"], functions, names or {})
        _apply(session, course, section, wanted, by)
        if section is Section.PLACE:
            _move_sessions(session, course, before, by)
            carry_out(session, course, following)
        if "release_on" in wanted and course.state is not CourseState.DRAFT:
            seat_writes.schedule_release(session, course)
        changed = sorted(name for name, value in wanted.items() if before[name] != value)
        record(
            session,
            "course.change",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            section=str(section),
            changed=changed,
        )
    return None


def _apply(
    session: Session, course: Course, section: Section, wanted: Mapping[str, Any], by: Viewer
) -> None:
    agreeing = agree_at_once(by, wanted, template=course.template)
    organise: list[str] = []
    sign: list[str] = []
    own = {name: value for name, value in wanted.items() if name not in _APART}
    if "visibility" in own:
        own["visibility"] = Visibility(own["visibility"])
        own["placing"] = Placing(own["placing"])
        own["days_shown_to"] = DaysShownTo(own["days_shown_to"])
    course_writes.set_values(course, own)
    session.flush()
    if section is Section.BASICS:
        lead = wanted.get("lead_agency_id") or course.lead_agency_id
        session.expire(course, ["asked", "modules", "signatories"])
        organise = course_writes.set_agencies(session, course, lead, wanted["agency_ids"], agreeing)
        course_writes.set_modules(session, course, wanted["module_ids"])
    if section is Section.CERTIFICATES:
        session.expire(course, ["signatories"])
        signatories = [(one["agency_id"], one["titles"]) for one in wanted["signatories"]]
        sign = course_writes.set_signatories(session, course, signatories, agreeing)
    session.flush()
    agreement_writes.ask(session, course.id, organise=organise, sign=sign, by=by)


def _move_sessions(session: Session, course: Course, before: Mapping[str, Any], by: Viewer) -> None:
    days = (course.starts_on - before["starts_on"]).days
    if days:
        agenda_writes.move_days(session, course, days, by)
        network_writes.move_waves(course, days)
        follow_days(session, course, days)
    elif course.zone != before["zone"]:
        agenda_writes.rezone(session, course, by)
        follow_days(session, course, 0)
    outside = desk.sessions_outside(course)
    if outside:
        raise SessionsOutside(number=outside)


def give_role(by: Viewer, code: str, mail: str) -> None:
    """Make a member of staff an organiser of this course only.

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
    """Remove someone's role as organiser of this course. Raises ``NotFound``."""
    with transaction() as session:
        course = courses.course_for(by, P.COURSE_EDIT, code)
        grant = accounts.grant_for_update(grant_id)
        if grant is None or grant.course_id != course.id or grant.role != Role.ORGANISER:
            raise NotFound
        if grant.account_id == by.account_id:
            raise OwnGrant
        end_grant(session, grant, by=by.account_id)
