"""Mails the people of a course about each step, in their language and with a link of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.models import Account
from trainings.accounts.writes import add_account, make_link
from trainings.core import clock
from trainings.core.i18n import LANGUAGES, localized, speaking
from trainings.core.web import external_path, external_url
from trainings.courses.models import Course
from trainings.mail.writes import enqueue
from trainings.people import reading
from trainings.people.rules import Identity
from trainings.registrations.models import Registration

ANSWER = "registration"  # the purpose of links that lead to one's own registration
_LONGEST = timedelta(days=30)


def page_of(registration: Registration) -> str:
    """Where a person finds their registration: a path of this site."""
    return f"/my/registrations/{registration.number}"


@dataclass(frozen=True)
class Addressee:
    """Somebody to be written to, looked up before any lock is taken."""

    identity: Identity
    account: Account | None


def addressee(person_id: str) -> Addressee:
    """Who a person is and how they sign in."""
    return Addressee(reading.opened([person_id])[person_id], accounts.account_of(person_id))


def participant_account(
    session: Session, person_id: str, mail: str, language: str
) -> Account | None:
    """The account with which a person signs in by mailed links, made where there is none."""
    found = accounts.account_of(person_id)
    if found is None and mail:
        found = add_account(session, person_id, mail, language=language)
    return found


def tell(
    session: Session,
    event: str,
    course: Course,
    registration: Registration,
    *,
    with_link: bool = True,
    until: datetime | None = None,
    identity: Identity | None = None,
    to: Addressee | None = None,
    **context: Any,
) -> None:
    """Mail one person about a step; where no address is known, nothing is sent.

    With a link, opening it signs the person in and leads to the registration.
    """
    person = registration.person
    who = to.identity if to else identity or reading.opened([person.id])[person.id]
    if not who.mail:
        return
    language = person.language if person.language in LANGUAGES else "en"
    link = ""
    if with_link:
        account = to.account if to else None
        account = account or participant_account(session, who.id, who.mail, language)
        link = _link(session, registration, account, until)
    enqueue(
        session, f"registration_{event}", to=who.mail, language=language, person_id=person.id,
        course_id=course.id, course=course, name=who.name, number=registration.number, link=link,
        until=local(until, course), **context,
    )  # fmt: skip


def _link(
    session: Session, registration: Registration, account: Account | None, until: datetime | None
) -> str:
    if account is None or account.staff:  # staff sign in with their password
        return external_path(page_of(registration))
    valid_for = None
    if until is not None:
        valid_for = min(max(until - clock.now(), timedelta(hours=1)), _LONGEST)
    token = make_link(session, ANSWER, account.id, page_of(registration), valid_for)
    return external_url("accounts.link", token=token)


def local(moment: datetime | None, course: Course) -> datetime | None:
    """A moment as the clocks at the course show it, for mails that name the zone beside it."""
    if moment is None:
        return None
    return moment.astimezone(ZoneInfo(course.zone)).replace(tzinfo=None)


def offer(
    session: Session, course: Course, registration: Registration, to: Addressee | None = None
) -> None:
    """Tell somebody that a seat is held for them until a deadline."""
    tell(session, "offer", course, registration, until=registration.offered_until, to=to)


def told_by_outcome(
    session: Session, course: Course, registration: Registration, to: Addressee | None = None
) -> None:
    """Tell somebody who was selected or placed: an offer, or the reserve list."""
    if registration.offered_until is not None:
        offer(session, course, registration, to)
    else:
        tell(session, "reserve", course, registration, to=to)


def token_values(course: Course, registration: Registration, who: Identity) -> dict[str, str]:
    """What the tokens of an organiser's message stand for, in the reader's language."""
    language = registration.person.language
    language = language if language in LANGUAGES else "en"
    with speaking(language):
        first, last = format_date(course.starts_on, "long"), format_date(course.ends_on, "long")
    return {
        "name": who.name,
        "course": localized(course.titles, language),
        "code": course.code,
        "dates": f"{first} – {last}",
        "city": course.city,
        "venue": course.venue,
        "number": registration.number,
        "page": external_path(page_of(registration)),
    }


def identities(registrations: Sequence[Registration]) -> Mapping[str, Identity]:
    """The addresses for a mailing to several people, opened in one go."""
    return reading.opened([one.person_id for one in registrations])
