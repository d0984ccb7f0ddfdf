"""Organisers' messages to a group: sent at once, or by a second organiser."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, sealed
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import localized
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.course_mails import attachment_queries, queries
from trainings.course_mails.message_rules import (
    KEPT,
    MANY,
    MessageGone,
    MessageTo,
    SecondOrganiserSends,
    check_message,
)
from trainings.course_mails.models import WaitingMessage
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.writes import tell, tell_staff
from trainings.mail.text_rules import SUBJECT, TEXT, OwnText
from trainings.mailings import rules as mailing_rules
from trainings.mailings import writes as mailings
from trainings.mailings.rules import Said
from trainings.people import reading
from trainings.registrations import mail_writes
from trainings.registrations.candidate_rules import check_going
from trainings.registrations.models import Registration
from trainings.web.responses import external_path

SEND = Permission.MESSAGE_SEND


class Message(NamedTuple):
    """What is written, by language, to whom, with which files."""

    to: MessageTo
    subjects: Mapping[str, str]
    texts: Mapping[str, str]
    files: Collection[str] = ()

    def cleaned(self) -> Message:
        """As it is kept and sent: without what is empty."""
        subjects = {code: clean(one, SUBJECT) for code, one in self.subjects.items() if one.strip()}
        texts = {
            code: clean(one, TEXT, lines=True) for code, one in self.texts.items() if one.strip()
        }
        return self._replace(subjects=subjects, texts=texts)

    def in_language(self, language: str) -> OwnText:
        """Subject and text for a reader of this language: else English, else any there is."""
        return OwnText(localized(self.subjects, language), localized(self.texts, language))


class Sent(NamedTuple):
    """What became of a message: to how many it goes, or who has to send it first."""

    people: int
    waits: bool


def send(course_id: str, message: Message, by: Viewer) -> Sent:
    """Email a group, each in their language; where the course says so, a large one waits.

    It goes to who belongs to the group now. To more people than one portion the worker writes, some
    at a time (``mailings/operations.py:write_on``, which says who of them gets it).
    Texts may hold the tokens of ``MessageTo``; a subject must not name anybody. Raises the
    refusals of ``check_message``, ``NobodyMeant``, ``FileNotForThem``, ``FilesTooLarge``.
    """
    message = message.cleaned()
    check_message(message.to, message.subjects.values(), message.texts.values(), message.files)
    with transaction() as session:
        course = courses.course_locked(by, SEND, course_id)
        check_going(course.state)
        attachment_queries.check_files(course, message.to.recipients, message.files)
        meant = queries.number_of(course, message.to)
        waits = course.second_sender and meant > MANY
        if waits:
            key = keep(session, course, message, by)
            others = courses.staff_with(SEND, course) - {by.account_id}
            tell_staff(
                session,
                course,
                "message_waits",
                others,
                page=external_path(f"/courses/{course.code}/mail/messages/{key}"),
                how_many=meant,
            )
        number = meant if waits else _send(session, course, message, meant)
        record(
            session,
            "message.keep" if waits else "registration.message",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            told=number,
            recipients=str(message.to.recipients),
        )
    return Sent(number, waits)


def send_waiting(course_id: str, message_id: str, by: Viewer) -> int:
    """Send what another organiser wrote; returns to how many it goes. What was read is sent.

    Raises ``SecondOrganiserSends``, ``MessageGone``, and what ``send`` raises of groups and files.
    """
    with transaction() as session:
        course = courses.course_locked(by, SEND, course_id)
        check_going(course.state)
        row = _still_waiting(course, message_id)
        message = opened(row)
        meant = queries.number_of(course, message.to)
        if row.by == by.account_id and meant > MANY:
            raise SecondOrganiserSends(number=meant)
        attachment_queries.check_files(course, message.to.recipients, message.files)
        told = _send(session, course, message, meant)
        session.delete(row)
        record(
            session,
            "registration.message",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            told=told,
            recipients=str(message.to.recipients),
            written_by=row.by,
        )
    return told


def drop_waiting(course_id: str, message_id: str, by: Viewer) -> None:
    """Delete a message that waits; nobody gets it. Raises ``MessageGone``."""
    with transaction() as session:
        course = courses.course_locked(by, SEND, course_id)
        row = _still_waiting(course, message_id)
        session.delete(row)
        record(
            session,
            "message.drop",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            recipients=str(row.recipients),
        )


def _still_waiting(course: Course, message_id: str) -> WaitingMessage:
    try:
        return queries.waiting_message(course.id, message_id)
    except NotFound:
        raise MessageGone from None


def clear() -> None:
    """Delete messages that nobody has sent within two weeks."""
    with transaction() as session:
        session.execute(delete(WaitingMessage).where(WaitingMessage.at < clock.now() - KEPT))


def opened(row: WaitingMessage) -> Message:
    """A message that waits, opened."""
    said = json.loads(sealed.unseal(row.said, f"waiting_message|said|{row.id}"))
    to = MessageTo(row.recipients, tuple(row.countries), tuple(row.functions))
    return Message(to, said["subjects"], said["texts"], tuple(row.files))


def keep(session: Session, course: Course, message: Message, by: Viewer) -> str:
    """Keep a message until another organiser sends it; gives its id."""
    key = new_key()
    said = json.dumps({"subjects": message.subjects, "texts": message.texts})
    session.add(
        WaitingMessage(
            id=key,
            course_id=course.id,
            by=by.account_id,
            at=clock.now(),
            recipients=message.to.recipients,
            countries=list(message.to.countries),
            functions=list(message.to.functions),
            files=list(message.files),
            said=sealed.seal(said, f"waiting_message|said|{key}"),
        )
    )
    return key


def _send(session: Session, course: Course, message: Message, meant: int) -> int:
    to, files = message.to, tuple(message.files)
    if to.recipients.states and meant > mailing_rules.PORTION:
        said = Said(
            "message", with_link=False, subjects=message.subjects, texts=message.texts, files=files
        )
        return mailings.tell_group(session, course, said, queries.conditions(course, to), to.kept())
    found = queries.meant(course, to)
    if isinstance(found, dict):
        return tell(session, course, "course_message", found, own=message.in_language, files=files)
    people = reading.opened([one.person_id for one in found])
    notices = [_notice(one, message) for one in found]
    return mail_writes.tell_each(session, course, notices, people)


def _notice(registration: Registration, message: Message) -> mail_writes.Notice:
    own = message.in_language(mail_writes.language_of(registration))
    files = tuple(message.files)
    return mail_writes.Notice("message", registration, with_link=False, own=own, files=files)
