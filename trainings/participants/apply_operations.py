"""Applying without a nomination: request a link, keep a draft, send the application."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.models import Account
from trainings.accounts.rules import MAILS, Patience
from trainings.accounts.writes import add_account, count_try, make_link, network_of
from trainings.audit.writes import record
from trainings.core import clock, sealed
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.group_commit import Apart, GroupCommit
from trainings.core.i18n import LANGUAGES
from trainings.core.permissions import Viewer
from trainings.courses import public_queries
from trainings.courses import queries as courses
from trainings.courses.access_rules import check_open
from trainings.courses.models import Course
from trainings.courses.rules import Visibility
from trainings.mail.writes import enqueue
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.queries import mail_index
from trainings.people.writes import add_person, change_identity, keep_consents_each
from trainings.questions import writes as question_writes
from trainings.questions.answer_rules import Unsent
from trainings.registrations import locked_queries, mail_writes, queries
from trainings.registrations.candidate_rules import (
    Application,
    UnitMissing,
    agreed,
    check_consent,
    check_invited,
    cleaned,
    cleaned_mail,
    placed_at_once,
)
from trainings.registrations.candidate_writes import check_none_live
from trainings.registrations.erasing_writes import drop_drafts
from trainings.registrations.models import Draft, Registration
from trainings.registrations.rules import Act, State
from trainings.registrations.writes import Beginning, begin_many
from trainings.seats import writes as seat_writes
from trainings.seats.placing_rules import Group
from trainings.web.responses import external_url

APPLY = "application"  # the purpose of links to an application
_LEAST, _LONGEST = timedelta(days=1), timedelta(days=30)  # of a link back to an application
APPLICATIONS = Patience(200, timedelta(minutes=15))  # a whole unit may apply from one office


def start_application(
    course_code: str, mail: str, language: str, *, link_key: str = "", address: str = ""
) -> None:
    """Email a link to the applicant's application; the response is the same for every address.

    The link signs in a participant's account, created if the address is new. Where several
    people share the inbox, the email has a link for each of them and one for somebody else.
    After too many requests from an ``address`` (of the client) no emails are sent for a while.
    Raises ``NotFound`` and the refusals of the registration period, whatever the email address.
    """
    mail = cleaned_mail(mail)
    language = language if language in LANGUAGES else "en"
    with transaction() as session:
        found = courses.by_code(course_code)
        course = courses.course_for_update(found.id)
        _check_reachable(course, link_key, nominated=False)
        check_open(course.state, courses.dates_of(course), course.zone, clock.now())
        index = mail_index(mail) or ""
        # the network first: while it has to wait, nothing is kept of the addresses it asks for
        keys = ((f"applying|{network_of(address)}", APPLICATIONS), (f"apply|{index}", MAILS))
        if any(count_try(session, key, patience) for key, patience in keys):
            return
        path = f"/courses/{course.code}/apply"
        if course.visibility is Visibility.BY_LINK:
            path += f"?key={course.link_key}"
        links = [
            (name, external_url("accounts.link", token=make_link(session, APPLY, account.id, path)))
            for name, account in _accounts(session, mail, index, language)
        ]
        enqueue(
            session,
            "registration_start",
            to=mail,
            language=language,
            course_id=course.id,
            course=course,
            links=links,
        )
        record(
            session,
            "registration.start",
            "course",
            course.id,
            by=None,
            course_id=course.id,
            links=len(links),
        )


def _check_reachable(course: Course, link_key: str, *, nominated: bool) -> None:
    if course.template:
        raise NotFound
    if course.visibility is Visibility.PUBLIC or nominated:
        return
    if not public_queries.opened_by(course, link_key):
        raise NotFound


def _accounts(session: Session, mail: str, index: str, language: str) -> list[tuple[str, Account]]:
    """The participants with an email address, by name; last, unnamed, one for somebody new."""
    found = [one for one in accounts.accounts_with_mail(index, locked=True) if not one.staff]
    names = {key: who.name for key, who in reading.opened([a.person_id for a in found]).items()}
    known = [(names[one.person_id], one) for one in found if names[one.person_id]]
    nameless = [one for one in found if not names[one.person_id]]
    if not nameless:
        person = add_person(session, given_name="", family_name="", mail=mail, language=language)
        session.flush()
        nameless = [add_account(session, person.id, mail, language=language)]
    return [*known, ("", nameless[0])]


def save_draft(course_id: str, answers: Mapping[str, Any], by: Viewer) -> None:
    """Save an unfinished application, encrypted, to continue later."""
    with transaction() as session:
        _keep_draft(session, courses.by_id(course_id), answers, by)


def save_for_later(
    course_id: str, answers: Mapping[str, Any], by: Viewer, language: str, *, nominated: bool
) -> bool:
    """Save an unfinished application and email the way back to it, with any deadline.

    After several such emails in a short time the application is saved without another; returns
    whether one was sent.
    """
    with transaction() as session:
        course = courses.by_id(course_id)
        account = _keep_draft(session, course, answers, by)
        identity = reading.opened([account.person_id])[account.person_id]
        if not identity.mail or count_try(session, f"later|{account.mail_index}", MAILS):
            return False
        until, path = None, f"/courses/{course.code}/apply/resume"
        if not nominated and course.registration_closes_on is not None:
            until = clock.end_of(course.registration_closes_on, course.zone)
        if course.visibility is Visibility.BY_LINK and not nominated:
            path += f"?key={course.link_key}"
        valid_for = None if until is None else min(max(until - clock.now(), _LEAST), _LONGEST)
        token = make_link(session, APPLY, account.id, path, valid_for=valid_for)
        enqueue(
            session,
            "application_saved",
            to=identity.mail,
            language=language if language in LANGUAGES else "en",
            course_id=course.id,
            course=course,
            name=identity.name,
            until=until,
            link=external_url("accounts.link", token=token),
        )
        return True


def _keep_draft(
    session: Session, course: Course, answers: Mapping[str, Any], by: Viewer
) -> Account:
    """Write the draft; gives the account, locked, so that nobody is erased meanwhile."""
    account = accounts.account_for_update(by.account_id or "")
    if account is None or account.disabled_at is not None:
        raise NotFound
    draft = queries.draft(by, course.id)
    if draft is None:
        draft = Draft(id=new_key(), course_id=course.id, account_id=account.id)
        session.add(draft)
    draft.changed_at = clock.now()
    draft.answers = sealed.seal(json.dumps(dict(answers)), f"draft|answers|{draft.id}")
    return account


def draft_answers(course_id: str, by: Viewer) -> dict[str, Any]:
    """The viewer's unfinished application; empty if there is none."""
    draft = queries.draft(by, course_id)
    if draft is None:
        return {}
    found: dict[str, Any] = json.loads(sealed.unseal(draft.answers, f"draft|answers|{draft.id}"))
    return found


class Sending(Struct, frozen=True):
    """An application that is sent: by whom, with which key of the course, with which answers."""

    application: Application
    by: Viewer
    link_key: str = ""
    answers: Unsent | None = None

    @property
    def group(self) -> Group:
        """Whose seats it asks for."""
        return Group(self.application.country, self.application.function)


def apply(
    course_id: str,
    application: Application,
    by: Viewer,
    *,
    link_key: str = "",
    answers: Unsent | None = None,
) -> str:
    """Send an application; returns the number.

    If the course places applicants at once and needs no endorsement, a seat is offered or a place
    on the reserve list given in the same transaction. Raises ``NotFound``, ``AlreadyRegistered``,
    the refusals of the registration period, of what the course invites and of required answers.
    ``answers``: to the questions of the course; those that are no longer asked are dropped.
    """
    application = cleaned(application)
    check_consent(application.consents)
    if not application.unit:
        raise UnitMissing
    return _together.ask(course_id, Sending(application, by, link_key, answers))


def _send_all(course_id: str, sent: Sequence[Sending], tokens: Collection[str]) -> list[str]:
    """Send several applications at once, in their order; raises if one of them is refused."""
    ids = [one.by.person_id or "" for one in sent]
    if len(set(ids)) < len(ids):
        raise Apart
    with transaction(tokens) as session:
        # everyone waits for the lock on the course, so do what is possible before taking it
        countries, functions = locked_queries.invited(course_id)
        for one in sent:
            check_invited(*one.group, countries, functions)
        persons = people.people_for_update(ids)
        begun = drop_drafts(session, course_id, [one.by.account_id or "" for one in sent])
        held = accounts.accounts_of(ids)
        _fill_in(session, [(persons[one.by.person_id or ""], one.application) for one in sent])
        course = courses.course_for_update(course_id)
        for one in sent:
            _check_reachable(course, one.link_key, nominated=one.by.account_id in begun)
            check_invited(*one.group, course.countries, course.functions)
        check_open(course.state, courses.dates_of(course), course.zone, clock.now())
        check_none_live(course.id, *ids)
        made = begin_many(session, course.id, _beginnings(session, course, persons, sent))
        for registration, one in zip(made, sent, strict=True):
            if one.answers:
                question_writes.take_over(session, course, registration, one.answers, one.by)
        seat_writes.follow_offers(session, made)
        names = reading.opened_again(persons.values())
        mail_writes.tell_each(session, course, [_notice(one) for one in made], names, held)
        return [one.number for one in made]


_together = GroupCommit(_send_all)


def _notice(registration: Registration) -> mail_writes.Notice:
    if registration.state is State.APPLIED:
        return mail_writes.Notice("applied", registration)
    return mail_writes.by_outcome(registration)


def _fill_in(session: Session, given: Sequence[tuple[Person, Application]]) -> None:
    for person, application in given:
        change_identity(
            person,
            given_name=application.given_name,
            family_name=application.family_name,
            phone=application.phone,
            document=application.document,
            born=application.born,
            unit=application.unit,
        )
        person.country, person.function = application.country, application.function
        person.sex = application.sex
        if application.language in LANGUAGES:
            person.language = application.language
    keep_consents_each(session, {who.id: agreed(what.consents) for who, what in given})


def _beginnings(
    session: Session, course: Course, persons: Mapping[str, Person], sent: Sequence[Sending]
) -> list[Beginning]:
    """What becomes of each: a decision later, or at once a seat or a place on the reserve list."""
    at_once = placed_at_once(course.placing, course.separate_endorsement)
    seats: Sequence[tuple[str, int] | None] = [None] * len(sent)
    if at_once:
        wanted = [(one.group, one.by.account_id) for one in sent]
        seats = seat_writes.take_seats(session, course, wanted)
    without = State.RESERVE if at_once else State.APPLIED
    until = seat_writes.offer_deadline(course)
    return [
        Beginning(
            persons[one.by.person_id or ""],
            Act.APPLY,
            State.OFFERED if seat else without,
            *one.group,
            by=one.by.account_id,
            complete=True,
            given=one.application,
            language=persons[one.by.person_id or ""].language,
            seat=seat,
            offered_until=until if seat else None,
        )
        for one, seat in zip(sent, seats, strict=True)
    ]
