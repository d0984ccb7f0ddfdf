"""Organisers' messages to confirmed participants."""

from __future__ import annotations

from collections.abc import Mapping

from trainings.audit.writes import record
from trainings.core.db import transaction
from trainings.core.i18n import localized
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.candidate_rules import TextMissing, check_going
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.selection import message_rules

SUBJECT = 120  # maximum characters


TEXT = 6000


def message_confirmed(
    course_id: str, subjects: Mapping[str, str], texts: Mapping[str, str], by: Viewer
) -> int:
    """Email everyone confirmed, each in their language (else English, else any there is).

    Subject and text may hold the tokens of ``message_rules``; a subject must not name anybody.
    Returns how many were sent.
    """
    subjects = {code: clean(text, SUBJECT) for code, text in subjects.items() if text.strip()}
    texts = {code: clean(text, TEXT, lines=True) for code, text in texts.items() if text.strip()}
    if not subjects or not texts:
        raise TextMissing
    message_rules.check_subjects(subjects.values())
    message_rules.check_texts(texts.values())
    with transaction() as session:
        course = courses.course_locked(by, Permission.MESSAGE_SEND, course_id)
        check_going(course.state)
        confirmed = locked_queries.with_persons(course.id, {State.CONFIRMED})
        people = reading.opened([one.person_id for one in confirmed])
        notices = [
            _notice(course, one, people[one.person_id], subjects, texts) for one in confirmed
        ]
        told = mail_writes.tell_each(session, course, notices, people)
        record(
            session,
            "registration.message",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            told=told,
        )
    return told


def _notice(
    course: Course,
    registration: Registration,
    who: Identity,
    subjects: Mapping[str, str],
    texts: Mapping[str, str],
) -> mail_writes.Notice:
    language = registration.person.language
    values = mail_writes.token_values(course, registration, who)
    context = {
        "subject": message_rules.replaced(localized(subjects, language), values),
        "text": message_rules.replaced(localized(texts, language), values),
    }
    return mail_writes.Notice("message", registration, with_link=False, context=context)


def message_preview(
    course: Course, registration: Registration, who: Identity, subject: str, text: str
) -> tuple[str, str]:
    """A preview of a message for one person: subject and text with tokens replaced."""
    message_rules.check_subjects([subject])
    message_rules.check_texts([text])
    values = mail_writes.token_values(course, registration, who)
    return message_rules.replaced(subject, values), message_rules.replaced(text, values)
