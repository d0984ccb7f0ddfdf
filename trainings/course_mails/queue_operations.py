"""What organisers do with emails that are not sent yet, or that shall go out once more."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import for_update, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.course_mails import queries
from trainings.course_mails.queue_rules import (
    MailAct,
    NotAgain,
    NotOnHold,
    NotWaiting,
    OnHoldChanged,
    check_links,
    may_again,
    to_marks,
    tried_as_it_is,
)
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.jobs import writes as jobs
from trainings.mail import queries as mails
from trainings.mail import writes as mail_writes
from trainings.mail.models import OutboxMail
from trainings.mail.rules import BEFORE_SENDING, MailState
from trainings.mail.text_rules import SUBJECT, TEXT, SubjectOrTextMissing
from trainings.mailings import writes as mailings
from trainings.registrations import mail_writes as notices
from trainings.registrations.models import Registration

SEND = Permission.MESSAGE_SEND


def hold(course_id: str, mail_id: str, by: Viewer) -> None:
    """Keep an email back until somebody lets it go. Raises ``NotWaiting``, ``NotFound``."""
    with transaction() as session:
        course, mail = _locked(session, course_id, mail_id, by)
        if mail.state is not MailState.WAITING:
            raise NotWaiting
        mail.state = MailState.ON_HOLD
        _note(session, course, MailAct.HOLD, 1, by)


def release(course_id: str, mail_id: str, by: Viewer) -> None:
    """Let an email go that was kept back. Raises ``NotOnHold``, ``NotFound``."""
    with transaction() as session:
        course, mail = _locked(session, course_id, mail_id, by)
        if mail.state is not MailState.ON_HOLD:
            raise NotOnHold
        _release(session, mail)
        _note(session, course, MailAct.RELEASE, 1, by)


def hold_all(course_id: str, by: Viewer) -> int:
    """Keep back all emails of a course that wait or are still to be written; returns how many."""
    with transaction() as session:
        course = courses.course_locked(by, SEND, course_id)
        found = _ids_in(session, course, MailState.WAITING)
        _move(session, course, MailState.WAITING, MailState.ON_HOLD)
        number = len(found) + mailings.hold(session, course.id)
        if number:
            _note(session, course, MailAct.HOLD, number, by)
        return number


def release_all(course_id: str, by: Viewer, *, told: int | None) -> int:
    """Let all emails of a course go that were kept back; returns how many.

    ``told``: how many the page named. Raises ``OnHoldChanged`` if there are others now.
    """
    with transaction() as session:
        course = courses.course_locked(by, SEND, course_id)
        found = _ids_in(session, course, MailState.ON_HOLD)
        jobs.forget_each(session, "mail.send", "mail_id", _held(course))
        _move(session, course, MailState.ON_HOLD, MailState.WAITING)
        _send_soon(session, found)
        number = len(found) + mailings.release(session, course.id)
        if number and number != told:
            raise OnHoldChanged(number=number)
        if number:
            _note(session, course, MailAct.RELEASE, number, by)
        return number


def cancel(course_id: str, mail_id: str, by: Viewer) -> None:
    """Never send an email that waits or is on hold; its text is deleted.

    Raises ``NotWaiting``, ``NotFound``.
    """
    with transaction() as session:
        course, mail = _locked(session, course_id, mail_id, by)
        if mail.state not in BEFORE_SENDING:
            raise NotWaiting
        mail.state = MailState.CANCELLED
        mail_writes.wipe(mail)
        _note(session, course, MailAct.CANCEL, 1, by)


def edit(course_id: str, mail_id: str, subject: str, text: str, by: Viewer) -> None:
    """Change the words of an email that is on hold; its links stay what they are.

    Raises ``NotOnHold``, ``LinkLacking``, ``SubjectOrTextMissing``, ``NotFound``.
    """
    subject, text = clean(subject, SUBJECT), clean(text, TEXT, lines=True)
    if not subject or not text:
        raise SubjectOrTextMissing
    with transaction() as session:
        course, mail = _locked(session, course_id, mail_id, by)
        versions.check()
        if mail.state is not MailState.ON_HOLD:
            raise NotOnHold
        check_links(text, mails.stored_body(mail))
        mail_writes.rewrite(mail, subject, to_marks(text))
        _note(session, course, MailAct.EDIT, 1, by)


def send_again(course_id: str, mail_id: str, by: Viewer) -> None:
    """Send an email once more: with what course and person say now, and a new link.

    Only while it still tells the truth: no offer to who has answered it. What the server refused
    for too long is tried anew as it is. Raises ``NotAgain``, ``NotFound``.
    """
    with transaction() as session:
        course, mail = _locked(session, course_id, mail_id, by)
        if tried_as_it_is(mail.state, mail.fault, has_text=mail.body is not None):
            mail.attempts, mail.fault = 0, None
            _release(session, mail)
        else:
            registration = _registration(course, mail)
            if registration is None or not may_again(mail.event, mail.state, registration.state):
                raise NotAgain
            event = mail.event.removeprefix("registration_")
            until = registration.offered_until
            notices.tell(session, event, course, registration, until=until)
        _note(session, course, MailAct.AGAIN, 1, by)


def acts(course: Course, mail: OutboxMail) -> list[MailAct]:
    """What can be done with an email now, in the order of its buttons."""
    if mail.state is MailState.WAITING:
        return [MailAct.HOLD, MailAct.CANCEL]
    if mail.state is MailState.ON_HOLD:
        return [MailAct.RELEASE, MailAct.EDIT, MailAct.CANCEL]
    if tried_as_it_is(mail.state, mail.fault, has_text=mail.body is not None):
        return [MailAct.AGAIN]
    registration = _registration(course, mail)
    if registration is not None and may_again(mail.event, mail.state, registration.state):
        return [MailAct.AGAIN]
    return []


def _registration(course: Course, mail: OutboxMail) -> Registration | None:
    """The registration that an email is about; none where it is about something else."""
    if mail.person_id is None or not mail.event.startswith("registration_"):
        return None
    return queries.registration_of(course.id, mail.person_id)


def _locked(
    session: Session, course_id: str, mail_id: str, by: Viewer
) -> tuple[Course, OutboxMail]:
    course = courses.course_locked(by, SEND, course_id)
    mail = session.scalar(
        for_update(
            select(OutboxMail)
            .where(OutboxMail.id == mail_id, OutboxMail.course_id == course.id)
            .execution_options(populate_existing=True)
        )
    )
    if mail is None:
        raise NotFound
    return course, mail


def _ids_in(session: Session, course: Course, state: MailState) -> list[str]:
    """The ids of all emails of a course in a state, their rows locked."""
    return list(
        session.scalars(
            for_update(
                select(OutboxMail.id)
                .where(OutboxMail.course_id == course.id, OutboxMail.state == state)
                .order_by(OutboxMail.id)
            )
        )
    )


def _held(course: Course) -> Select[str]:
    """The emails of a course that are on hold, however many: no list of them is sent about."""
    return select(OutboxMail.id).where(
        OutboxMail.course_id == course.id, OutboxMail.state == MailState.ON_HOLD
    )


def _move(session: Session, course: Course, before: MailState, after: MailState) -> None:
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.course_id == course.id, OutboxMail.state == before)
        .values(state=after)
        .execution_options(synchronize_session=False)
    )


def _release(session: Session, mail: OutboxMail) -> None:
    mail.state = MailState.WAITING
    jobs.forget_each(session, "mail.send", "mail_id", [mail.id])  # two would send it twice
    _send_soon(session, [mail.id])


def _send_soon(session: Session, ids: Sequence[str]) -> None:
    now = clock.now()
    jobs.enqueue_each(session, [("mail.send", now, {"mail_id": one}) for one in ids])


def _note(session: Session, course: Course, act: MailAct, number: int, by: Viewer) -> None:
    record(
        session,
        f"mail.{act}",
        "course",
        course.id,
        by=by.account_id,
        course_id=course.id,
        number=number,
    )
