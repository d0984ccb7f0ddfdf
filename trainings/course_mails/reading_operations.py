"""What staff read of a course's emails: never a link, and what was sent from its template again."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined, UndefinedError
from msgspec import Struct

from trainings.core.i18n import _
from trainings.core.permissions import Permission, Viewer
from trainings.course_mails.queries import numbers_of
from trainings.courses.models import Course
from trainings.mail import queries, rules, text_queries
from trainings.mail.models import OutboxMail
from trainings.mail.text_writes import written
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.registrations import queries as registrations
from trainings.registrations.rules import Act

_NO_LINK = {
    f"registration_{name}" for name in ("withdrawn", "cancelled", "declined", "expired", "message")
}
_REASON_AT_TIMES = {"registration_withdrawn"}  # only a focal point's


class MailText(Struct, frozen=True):
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
        own = text_queries.own_text(course.id, mail.event, mail.language)
        now = written(mail.event, mail.language, _said_now(mail, course, who, number, by), own)
    except UndefinedError:  # it says what nobody keeps: the days before they were moved
        return MailText(to, number)
    return MailText(
        to, number, now.subject, rules.without_links(now.body, mail.language), again=True
    )


def _said_now(
    mail: OutboxMail, course: Course, who: Identity | None, number: str, by: Viewer
) -> dict[str, Any]:
    """What the templates of emails ask for, as far as it is known now."""
    gone = _("[no longer kept]")
    said: dict[str, Any] = {"course": course, "course_titles": course.titles, "number": number}
    said |= {
        "name": who.name if who else "",
        "check": "/",
        "link": "" if mail.event in _NO_LINK else "/",
    }
    said |= {"subject": gone, "text": gone, "serial": gone, "page": "/"}
    if mail.event not in _REASON_AT_TIMES:
        said["reason"] = gone
    if number:
        read = Permission.REGISTRATION_READ
        registration = registrations.registration_for(by, read, course.code, number)
        said["near"] = registration.state.nearness
        said["printed_name"] = registrations.printed_name(registration) or said["name"]
        if registration.offered_until is not None:
            said["until"] = registration.offered_until
        if mail.event in _REASON_AT_TIMES:
            said["reason"] = _told_reason(course, mail)
    return said


def _told_reason(course: Course, mail: OutboxMail) -> str | StrictUndefined:
    """The reason that the email of a withdrawal gave, as its step keeps it.

    Undefined for steps of before that was kept: such an email cannot be shown again.
    """
    assert mail.person_id is not None  # noqa: S101 — for the types: a number was found by it
    step = registrations.last_step(course.id, mail.person_id, Act.WITHDRAW, mail.created_at)
    if step is None or (step.reason_told is None and step.reason is not None):
        return StrictUndefined(name="reason")
    return registrations.reason_of(step) if step.reason_told else ""
