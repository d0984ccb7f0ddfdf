"""What focal points do: nominate, rank, correct, endorse, recall; and who turns down whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from trainings.accounts import queries as accounts
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.access_rules import check_open
from trainings.courses.models import Course
from trainings.people.queries import mail_index
from trainings.people.writes import change_identity
from trainings.registrations import (
    acting_queries,
    candidate_rules,
    notice_writes,
    rules,
    seat_writes,
)
from trainings.registrations.candidate_rules import (
    Candidate,
    NotForYourCountry,
    check_going,
    check_invited,
    cleaned,
    cleaned_mail,
    nominated_to,
)
from trainings.registrations.candidate_writes import (
    change_mail,
    check_mail,
    check_none_live,
    find_or_add,
)
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, NotYours, Performer, State
from trainings.registrations.writes import begin, keep_needs, move

NOMINATE = Permission.REGISTRATION_NOMINATE
SELECT = Permission.REGISTRATION_SELECT


def nominate(
    course_id: str, candidate: Candidate, by: Viewer, *, same_mail_confirmed: bool = False
) -> str:
    """Nominate a candidate of one's own country; gives the number. The person is told by mail.

    Raises ``SameMail`` where somebody else of the country has the address (ask, and confirm),
    ``AlreadyRegistered``, the refusals of the course's window and of what it invites.
    """
    candidate = replace(cleaned(candidate), mail=cleaned_mail(candidate.mail))
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_open(course.state, courses.dates_of(course), course.zone, clock.now())
        _check_scope(by, candidate.country, candidate.function)
        check_invited(candidate.country, candidate.function, course.countries, course.functions)
        person = find_or_add(session, course.id, candidate, same_mail_confirmed=same_mail_confirmed)
        registration = begin(
            session, course.id, person, Act.NOMINATE, nominated_to(course.separate_endorsement),
            country=candidate.country, function=candidate.function, by=by.account_id,
            priority=candidate.priority, needs=candidate.needs, language=person.language,
        )  # fmt: skip
        notice_writes.tell(session, "nominated", course, registration)
        seat_writes.schedule_release(session, course)
        return registration.number


def _check_scope(by: Viewer, country: str, function: str) -> None:
    for grant in by.grants_with(NOMINATE):
        if grant.country == country and (not grant.functions or function in grant.functions):
            return
    raise NotForYourCountry


def edit_candidate(
    course_id: str,
    number: str,
    candidate: Candidate,
    by: Viewer,
    *,
    same_mail_confirmed: bool = False,
) -> None:
    """Correct a candidate of one's own country before the organiser has decided.

    Once the person has given their own details, these are theirs to change.
    """
    candidate = replace(cleaned(candidate), mail=cleaned_mail(candidate.mail))
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_going(course.state)
        (registration,) = acting_queries.for_acting(by, NOMINATE, course.id, [number])
        rules.check(Act.REJECT, registration.state)  # decided ones no longer change
        if acting_queries.came_themselves(registration.person_id):
            raise candidate_rules.DetailsTheirs
        _check_scope(by, candidate.country, candidate.function)
        check_invited(candidate.country, candidate.function, course.countries, course.functions)
        person = registration.person
        mail_changed = person.mail_index != mail_index(candidate.mail)
        if mail_changed:
            check_mail(person, candidate.mail, same_mail_confirmed=same_mail_confirmed)
            change_mail(session, person, candidate.mail)
        change_identity(
            person, given_name=candidate.given_name, family_name=candidate.family_name,
            phone=candidate.phone, document=candidate.document, born=candidate.born,
            unit=candidate.unit,
        )  # fmt: skip
        person.sex, person.language = candidate.sex, candidate.language
        person.function, person.country = candidate.function, candidate.country
        registration.country, registration.function = candidate.country, candidate.function
        registration.priority = candidate.priority
        registration.certificate_language = candidate.language
        keep_needs(registration, candidate.needs)
        if mail_changed:
            notice_writes.tell(session, "nominated", course, registration)
        record(
            session, "registration.edit", "registration", registration.id, by=by.account_id,
            course_id=course.id, number=number, mail=mail_changed,
        )  # fmt: skip


def rank(course_id: str, numbers_in_order: Sequence[str], by: Viewer) -> None:
    """Put candidates of one's own country in order: the first has priority 1."""
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_going(course.state)
        found = acting_queries.for_acting(by, NOMINATE, course.id, numbers_in_order)
        for priority, registration in enumerate(found, 1):
            registration.priority = priority
        record(
            session, "registration.rank", "course", course.id, by=by.account_id,
            course_id=course.id, numbers=[one.number for one in found],
        )  # fmt: skip


def endorse(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Stand behind candidatures of one's own country: only these can be selected."""
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_going(course.state)
        for registration in acting_queries.for_acting(by, NOMINATE, course.id, numbers):
            rules.check(Act.ENDORSE, registration.state, performer=Performer.FOCAL_POINT)
            move(session, registration, Act.ENDORSE, State.ENDORSED, by=by.account_id)
            notice_writes.tell(session, "endorsed", course, registration)


def recall(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Take an endorsement back while the organiser has not decided."""
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_going(course.state)
        for registration in acting_queries.for_acting(by, NOMINATE, course.id, numbers):
            rules.check(Act.RECALL, registration.state, performer=Performer.FOCAL_POINT)
            to = rules.recalled_to(not registration.applied)
            move(session, registration, Act.RECALL, to, by=by.account_id)


def reject(course_id: str, numbers: Collection[str], reason: str, by: Viewer) -> None:
    """Turn candidatures down, with a reason: the organiser, or the focal point before endorsing.

    The person is told without the reason, which is kept for those who work on the course.
    """
    reason = candidate_rules.cleaned_reason(reason)
    with transaction() as session:
        course, found, performer = _decided_by(course_id, numbers, by)
        check_going(course.state)
        for registration in found:
            rules.check(Act.REJECT, registration.state, performer=performer, reason=reason)
            move(session, registration, Act.REJECT, State.REJECTED, by=by.account_id, reason=reason)
            notice_writes.tell(session, "rejected", course, registration)


def reconsider(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Take a rejection back: the candidature stands where its country had left it."""
    with transaction() as session:
        course, found, performer = _decided_by(course_id, numbers, by)
        check_going(course.state)
        for registration in found:
            rules.check(Act.RECONSIDER, registration.state, performer=performer)
            check_none_live(course.id, registration.person_id)
            to = _state_before_rejection(registration, performer)
            move(session, registration, Act.RECONSIDER, to, by=by.account_id)
            notice_writes.tell(session, "reconsidered", course, registration)


def _decided_by(
    course_id: str, numbers: Collection[str], by: Viewer
) -> tuple[Course, list[Registration], Performer]:
    """The registrations, for the organiser of the course or the focal point of all of them."""
    for permission, performer in (
        (SELECT, Performer.ORGANISER),
        (NOMINATE, Performer.FOCAL_POINT),
    ):
        try:
            course = courses.course_locked(by, permission, course_id)
            found = acting_queries.for_acting(by, permission, course.id, numbers)
        except NotFound:
            continue
        return course, found, performer
    raise NotFound


def _state_before_rejection(registration: Registration, performer: Performer) -> State:
    last = acting_queries.last_step(registration.id, str(Act.REJECT))
    before = State(last.before) if last is not None and last.before else State.APPLIED
    if performer is Performer.FOCAL_POINT:
        by_focal_point = last is not None and _speaks_for(last.by, registration.country)
        if before not in (State.NOMINATED, State.APPLIED) or not by_focal_point:
            raise NotYours
        return State.APPLIED
    return rules.reconsidered_to(before)


def _speaks_for(account_id: str | None, country: str) -> bool:
    """Whether an account is a focal point of a country."""
    return any(
        grant.role == Role.FOCAL_POINT and grant.country == country
        for grant in accounts.live_grants(account_id or "")
    )
