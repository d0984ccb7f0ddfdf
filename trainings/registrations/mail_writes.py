"""Emails people about each step of their registration, in their language, with their own link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.models import Account
from trainings.accounts.writes import NewLink, add_accounts, make_links
from trainings.core import clock
from trainings.core.i18n import LANGUAGES
from trainings.courses.models import Course
from trainings.mail.text_rules import OwnText
from trainings.mail.writes import Letter, enqueue_each
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.registrations.models import Registration
from trainings.web.responses import external_path, external_url

ANSWER = "registration"  # the purpose of links that lead to one's own registration
_LONGEST = timedelta(days=30)
_NOBODY: Mapping[str, Any] = MappingProxyType({})


def page_of(registration: Registration) -> str:
    """The path of a person's registration page on this site."""
    return f"/my/registrations/{registration.number}"


class Notice(Struct, frozen=True):
    """One email about a step: to whom, of which kind, and its extra text.

    With a link: opening it signs the person in and leads to the registration. ``own`` and
    ``files``: as in ``Letter``.
    """

    event: str
    registration: Registration
    with_link: bool = True
    until: datetime | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    own: OwnText | None = None
    files: Sequence[str] = ()


def tell(
    session: Session,
    event: str,
    course: Course,
    registration: Registration,
    *,
    with_link: bool = True,
    until: datetime | None = None,
    **context: Any,
) -> None:
    """Email one person about a step; if no address is known, nothing is sent."""
    tell_each(session, course, [Notice(event, registration, with_link, until, context)])


def tell_each(
    session: Session,
    course: Course,
    notices: Sequence[Notice],
    people: Mapping[str, Identity] = _NOBODY,
    held: Mapping[str, Account] = _NOBODY,
) -> int:
    """Email several people, each in their language; returns how many.

    ``people`` and ``held``, by person: those already looked up, and their accounts. Names,
    accounts, links and emails take one statement each, whatever the number of people. They are
    written by the ids of the registrations: the order in which they come may be that of names.
    """
    notices = sorted(notices, key=lambda one: one.registration.id)
    unknown = [who for one in notices if (who := one.registration.person_id) not in people]
    people = {**people, **(reading.opened(unknown) if unknown else {})}
    reached = [one for one in notices if people[one.registration.person_id].mail]
    links = _links(session, [one for one in reached if one.with_link], people, held)
    enqueue_each(session, [_letter(course, one, people, links) for one in reached])
    return len(reached)


def _letter(
    course: Course, notice: Notice, people: Mapping[str, Identity], links: Mapping[str, str]
) -> Letter:
    registration = notice.registration
    who = people[registration.person_id]
    return Letter(
        f"registration_{notice.event}",
        to=who.mail,
        language=language_of(registration),
        person_id=who.id,
        course_id=course.id,
        context={
            **context_of(course, registration, who),
            "link": links.get(registration.id, ""),
            "until": notice.until,
            **notice.context,
        },
        own=notice.own,
        files=notice.files,
    )


def context_of(course: Course, registration: Registration, who: Identity) -> dict[str, Any]:
    """What every email about a registration can say."""
    return {
        "course": course,
        "near": registration.state.nearness,
        "name": who.name,
        "number": registration.number,
        "page": external_path(page_of(registration)),
    }


def language_of(registration: Registration) -> str:
    """The language in which somebody is emailed."""
    language = registration.person.language
    return language if language in LANGUAGES else "en"


def _links(
    session: Session,
    notices: Sequence[Notice],
    people: Mapping[str, Identity],
    held: Mapping[str, Account],
) -> dict[str, str]:
    """A link for each, by registration; for staff, who have a password, the page's address."""
    held = _accounts(session, notices, people, held)
    links = {one.registration.id: external_path(page_of(one.registration)) for one in notices}
    for_link = [one for one in notices if not held[one.registration.person_id].staff]
    wanted = [
        NewLink(
            held[one.registration.person_id].id, page_of(one.registration), _valid_for(one.until)
        )
        for one in for_link
    ]
    for one, token in zip(for_link, make_links(session, ANSWER, wanted), strict=True):
        links[one.registration.id] = external_url("accounts.link", token=token)
    return links


def _accounts(
    session: Session,
    notices: Sequence[Notice],
    people: Mapping[str, Identity],
    known: Mapping[str, Account],
) -> dict[str, Account]:
    """The accounts with which these people sign in by emailed links; missing ones are created."""
    languages = {one.registration.person_id: language_of(one.registration) for one in notices}
    held, unknown = dict(known), languages.keys() - known.keys()
    if unknown:
        held |= accounts.accounts_of(unknown)
    missing = [
        (person, people[person].mail, language)
        for person, language in languages.items()
        if person not in held
    ]
    if missing:
        held |= {one.person_id: one for one in add_accounts(session, missing)}
    return held


def _valid_for(until: datetime | None) -> timedelta | None:
    if until is None:
        return None
    return min(max(until - clock.now(), timedelta(hours=1)), _LONGEST)


def offered(registration: Registration) -> Notice:
    """The notice that a seat is held for somebody until a deadline."""
    return Notice("offer", registration, until=registration.offered_until)


def by_outcome(registration: Registration) -> Notice:
    """The notice for somebody selected or placed: an offer, or the reserve list."""
    if registration.offered_until is not None:
        return offered(registration)
    return Notice("reserve", registration)


def offer(session: Session, course: Course, registration: Registration) -> None:
    """Tell somebody that a seat is held for them until a deadline."""
    tell_each(session, course, [offered(registration)])


def told_by_outcome(session: Session, course: Course, registration: Registration) -> None:
    """Tell somebody who was selected or placed: an offer, or the reserve list."""
    tell_each(session, course, [by_outcome(registration)])
