"""What staff read of a course's emails: never a link, and what was sent from its template again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jinja2 import UndefinedError

from trainings.accounts import queries as accounts
from trainings.core.i18n import _
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses.models import Course
from trainings.desk.queries import numbers_of
from trainings.mail import queries, rules
from trainings.mail.models import OutboxMail
from trainings.mail.writes import written
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.registrations import queries as registrations
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act

_NO_LINK = {
    f"registration_{name}" for name in ("withdrawn", "cancelled", "declined", "expired", "message")
}
_REASON_AT_TIMES = {"registration_withdrawn"}  # only a focal point's


@dataclass(frozen=True)
class MailText:
    """An email to be read by staff; subject and body are empty where they cannot be shown."""

    to: str = ""  # the person's name; empty where nobody is known
    number: str = ""  # of the registration
    subject: str = ""
    body: str = ""
    again: bool = False  # written once more, with what course and person say now


def read(course: Course, mail: OutboxMail, by: Viewer) -> MailText:
    """The text of a course's email; the read is logged.

    One that waits is shown as it is stored. What was sent is wiped, and is written again. Where
    nobody is known, the stored text may name others who share the mailbox: it is written again.
    """
    if mail.person_id is None:
        return _again(course, mail, None, "", by)
    opened = reading.open([mail.person_id], by=by.account_id, purpose="course.mail")
    who = opened.get(mail.person_id)
    number = numbers_of(course.id, [mail.person_id]).get(mail.person_id, "")
    stored = queries.shown(mail)
    if stored is not None:
        return MailText(who.name if who else "", number, *stored)
    return _again(course, mail, who, number, by)


def _again(
    course: Course, mail: OutboxMail, who: Identity | None, number: str, by: Viewer
) -> MailText:
    to = who.name if who else ""
    try:
        now = written(mail.event, mail.language, _said_now(mail.event, course, who, number, by))
    except UndefinedError:  # it says what nobody keeps: the days before they were moved
        return MailText(to, number)
    return MailText(to, number, now.subject, rules.without_links(now.body), again=True)


def _said_now(
    event: str, course: Course, who: Identity | None, number: str, by: Viewer
) -> dict[str, Any]:
    """What the templates of emails ask for, as far as it is known now."""
    gone = _("[no longer kept]")
    said: dict[str, Any] = {"course": course, "course_titles": course.titles, "number": number}
    said |= {
        "name": who.name if who else "",
        "check": "/",
        "link": "" if event in _NO_LINK else "/",
    }
    said |= {"subject": gone, "text": gone, "serial": gone}
    said["reason"] = "" if event in _REASON_AT_TIMES else gone
    if number:
        read = Permission.REGISTRATION_READ
        registration = registrations.registration_for(by, read, course.code, number)
        said["near"] = registration.state.nearness
        said["printed_name"] = registrations.printed_name(registration) or said["name"]
        if registration.offered_until is not None:
            said["until"] = registration.offered_until
        if event in _REASON_AT_TIMES:
            said["reason"] = _told_reason(registration, gone)
    return said


def _told_reason(registration: Registration, gone: str) -> str:
    """The reason that the email of a withdrawal gave: a focal point's, and nobody else's."""
    steps = registrations.history(registration.id)
    last = next((one for one in reversed(steps) if one.act == Act.WITHDRAW), None)
    if last is None or not registrations.reason_of(last):
        return ""
    roles = {grant.role for grant in accounts.live_grants(last.by or "")}
    if Role.FOCAL_POINT in roles:
        return registrations.reason_of(last)
    own = accounts.account_of(registration.person_id)
    return "" if roles or (own and own.id == last.by) else gone
