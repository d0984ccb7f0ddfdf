"""What organisers do with the texts of a course's emails: change, try on themselves, give back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from trainings.audit.writes import record
from trainings.core import versions
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import LANGUAGES, _, speaking
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.course_mails import queries
from trainings.courses import queries as courses
from trainings.courses.access_rules import Nearness
from trainings.courses.models import Course
from trainings.mail import text_queries
from trainings.mail.models import MailText
from trainings.mail.text_rules import (
    CHANGEABLE,
    SUBJECT,
    TEXT,
    OwnText,
    SubjectOrTextMissing,
    check_subject,
    check_text,
)
from trainings.mail.text_writes import Standard, previewed, standard
from trainings.mail.writes import enqueue
from trainings.people import reading
from trainings.registrations import mail_writes
from trainings.seats import writes as seat_writes

SEND = Permission.MESSAGE_SEND


def check_there(event: str, language: str) -> None:
    """Check that there is such an email whose text can be changed. Raises ``NotFound``."""
    if event not in CHANGEABLE or language not in LANGUAGES:
        raise NotFound


def kept(course_id: str, event: str, language: str) -> OwnText:
    """The text of an email as the course sends it: its own, or the standard one."""
    own = text_queries.own_text(course_id, event, language)
    if own is not None:
        return own
    return OwnText(*standard(event, language)[:2])


def change(course_id: str, event: str, language: str, own: OwnText, by: Viewer) -> None:
    """Put a text in the place of the standard one, for this course and language.

    Emails that wait already are not changed. Raises ``SubjectOrTextMissing``, ``TokenUnknown``,
    ``TokenInSubject``, ``TokenLacking``, ``NotFound``.
    """
    check_there(event, language)
    usual = standard(event, language)
    own = checked(own, usual)
    with transaction() as session:
        course = courses.course_locked(by, SEND, course_id)
        versions.check()
        session.execute(delete(MailText).where(*_place(course.id, event, language)))
        if own != OwnText(usual.subject, usual.text):
            session.add(
                MailText(
                    id=new_key(),
                    course_id=course.id,
                    event=event,
                    language=language,
                    subject=own.subject,
                    text=own.text,
                )
            )
        session.flush()
        course.own_texts = bool(text_queries.changed(course.id))
        record(
            session,
            "mail.text",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            event=event,
            language=language,
        )


def checked(own: OwnText, usual: Standard) -> OwnText:
    """A text as it is kept. Raises what ``change`` raises of texts."""
    own = OwnText(clean(own.subject, SUBJECT), clean(own.text, TEXT, lines=True))
    if not own.subject or not own.text:
        raise SubjectOrTextMissing
    check_subject(own.subject, usual.allowed)
    check_text(own.text, usual.allowed, usual.needed)
    return own


def restore(course_id: str, event: str, language: str, by: Viewer) -> None:
    """Go back to the standard text. Raises ``NotFound``."""
    check_there(event, language)
    with transaction() as session:
        course = courses.course_locked(by, SEND, course_id)
        session.execute(delete(MailText).where(*_place(course.id, event, language)))
        course.own_texts = bool(text_queries.changed(course.id))
        record(
            session,
            "mail.text_back",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            event=event,
            language=language,
        )


def _place(course_id: str, event: str, language: str) -> tuple[Any, ...]:
    here = (MailText.course_id == course_id, MailText.event == event)
    return (*here, MailText.language == language)


def preview(course: Course, event: str, language: str, own: OwnText, by: Viewer) -> OwnText:
    """A text as somebody of the course will read it; whose name it shows is logged.

    What nobody can know before it is sent stands in square brackets. Raises what ``change``
    raises of texts.
    """
    own = checked(own, standard(event, language))
    return previewed(own, language, _sample(course, event, by))


def try_on_oneself(course: Course, event: str, language: str, own: OwnText, by: Viewer) -> None:
    """Email a text to whoever tries it, filled in as in the preview, without a working link."""
    shown = preview(course, event, language, own, by)
    person_id = by.person_id or ""
    me = reading.opened([person_id])[person_id]
    with speaking(language):
        subject = _("Test: %(subject)s", subject=shown.subject)
    with transaction() as session:
        courses.course_locked(by, SEND, course.id)
        enqueue(
            session,
            "course_message",
            to=me.mail,
            language=language,
            person_id=person_id,
            course_id=course.id,
            course=course,
            name=me.name,
            subject=subject,
            text=shown.text,
        )


def _sample(course: Course, event: str, by: Viewer) -> dict[str, Any]:
    """What an email can say, from a candidate of the course; no name in an empty course."""
    links = {"link": "/", "check": "/", "page": "/", "address": "/"}
    found = queries.some_registration(course.id, event) if event.startswith("reg") else None
    if found is None:
        return {**links, "course": course, "near": Nearness.CONFIRMED}
    names = reading.open([found.person_id], by=by.account_id, purpose="course.mail_texts")
    said = mail_writes.context_of(course, found, names[found.person_id])
    until = found.offered_until or seat_writes.offer_deadline(course)
    return {**said, **links, "until": until}
