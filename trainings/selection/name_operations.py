"""Names for certificates that people have not confirmed: remind them, or confirm for them."""

from __future__ import annotations

from datetime import timedelta

from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import transaction
from trainings.core.i18n import LANGUAGES
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.rules import CourseState
from trainings.mailings import writes as mailings
from trainings.register import queries as register
from trainings.register.rules import NameIssued
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.candidate_rules import PrintedNameMissing, cleaned_reason, cleaned_text
from trainings.registrations.rules import ActRefused, ReasonMissing, State
from trainings.registrations.writes import keep_printed_name, note_name, note_name_reminder

SELECT = Permission.REGISTRATION_SELECT
TAKING_PART = frozenset({State.CONFIRMED, State.ATTENDED})
AGAIN = timedelta(days=1)  # nobody is reminded twice within a day


def remind(course_id: str, by: Viewer) -> tuple[int, int]:
    """Email everyone taking part who has not confirmed the name.

    Returns how many were emailed, and how many were left out since they had such an email less
    than a day ago.
    """
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        if course.state is CourseState.CANCELLED:
            return 0, 0
        unnamed = [
            one
            for one in locked_queries.with_persons(course.id, TAKING_PART)
            if not one.name_confirmed
        ]
        due = note_name_reminder(session, unnamed, by=by.account_id, since=clock.now() - AGAIN)
        told = mailings.tell_each(session, course, [mail_writes.Notice("name", one) for one in due])
        record(
            session,
            "registration.remind_names",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            told=told,
        )
    return told, len(unnamed) - len(due)


def confirm_for(
    course_id: str, number: str, printed_name: str, language: str, reason: str, by: Viewer
) -> None:
    """Confirm somebody's name for the certificate, with the document in hand; they are told.

    Raises ``PrintedNameMissing``, ``ReasonMissing``, ``ActRefused``, ``NameIssued``.
    """
    name, reason = cleaned_text("printed_name", printed_name), cleaned_reason(reason)
    if not name:
        raise PrintedNameMissing
    if not reason:
        raise ReasonMissing
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        (registration,) = locked_queries.for_acting(by, SELECT, course.id, [number])
        versions.check()
        if registration.state not in TAKING_PART:
            raise ActRefused(state=registration.state.label)
        if register.name_is_issued(registration.id):
            raise NameIssued
        keep_printed_name(registration, name, language if language in LANGUAGES else "en")
        note_name(session, registration, by=by.account_id, reason=reason)
        mail_writes.tell(session, "named", course, registration, printed_name=name)
