"""Writes the emails of mailings some at a time, and stops them.

See docs/decisions/2026-11-29-mailings.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.hooks import Hook
from trainings.core.i18n import localized
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.jobs import queries as jobs
from trainings.mail.text_rules import OwnText
from trainings.mail.writes import Letter, enqueue_each
from trainings.mailings import queries, rules, writes
from trainings.mailings.rules import KEPT_DAYS, UNFINISHED, MailingOver, MailingState, Said
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

# The letters about something to registrations of a course: event, id of what it is about, readers.
letters: Hook[[Course, str, str, Sequence[Registration]], Sequence[Letter]] = Hook(
    "mailings.letters"
)


def write_on(mailing_id: str) -> None:
    """Write the next portion of a mailing (a job), in one transaction, which queues the next.

    Killed in between it goes on where it was, and two workers take turns: each person is taken off
    the list in the transaction that writes their email. Who has withdrawn since is written to all
    the same, as if all emails had been written at once; who was erased, or has no address any
    more, is not.
    """
    course_id = queries.course_of(mailing_id)
    if course_id is None:
        return
    with transaction() as session:
        course = courses.course_for_update(course_id)  # erasing somebody of the course waits
        mailing = queries.mailing_for_update(mailing_id)
        if mailing is None or mailing.state is not MailingState.UNDER_WAY:
            return
        which, said = queries.next_addressees(mailing.id, rules.PORTION), queries.opened(mailing)
        found = locked_queries.with_persons(course.id, frozenset(State), list(which))
        if said[0].about:
            enqueue_each(session, letters(course, said[0].event, said[0].about, found))
        else:
            notices = [_notice(one, said[which[one.id]]) for one in found]
            mail_writes.tell_each(session, course, notices)
        writes.done_with(session, mailing, which)
        writes.go_on(session, mailing)


def _notice(registration: Registration, said: Said) -> mail_writes.Notice:
    own = None
    if said.subjects or said.texts:
        language = mail_writes.language_of(registration)
        own = OwnText(localized(said.subjects, language), localized(said.texts, language))
    return mail_writes.Notice(
        said.event,
        registration,
        with_link=said.with_link,
        until=said.until,
        context=said.context,
        own=own,
        files=tuple(said.files),
    )


def take_up() -> None:
    """Ask again for mailings that nobody is writing: the job failed, or its row was lost."""
    for mailing_id in queries.under_way():
        if not jobs.in_hand(writes.job_of(mailing_id), clock.now()):
            with transaction() as session:
                writes.ask_for_more(session, mailing_id)


def stop(course_id: str, mailing_id: str, by: Viewer) -> int:
    """Write to nobody else; returns to how many people it did not go.

    What is written already stays in the queue of emails. Raises ``MailingOver``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, Permission.MESSAGE_SEND, course_id)
        mailing = queries.mailing_for_update(mailing_id)
        if mailing is None or mailing.course_id != course.id:
            raise NotFound
        if mailing.state not in UNFINISHED:
            raise MailingOver
        left = writes.end(session, mailing)
        record(
            session,
            "mailing.stop",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            event=mailing.event,
            number=left,
        )
    return left


def clear() -> None:
    """Delete what is kept of mailings that were over two weeks ago."""
    with transaction() as session:
        writes.clear(session, clock.now() - timedelta(days=KEPT_DAYS))
