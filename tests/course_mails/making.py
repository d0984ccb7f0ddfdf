"""Emails as other tests need them: one on hold, a message that waits for a second organiser."""

from __future__ import annotations

from sqlalchemy import select

from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.course_mails import message_operations, queue_operations
from trainings.course_mails.message_operations import Message
from trainings.course_mails.message_rules import MessageTo
from trainings.courses.models import Course
from trainings.mailings import writes as mailings
from trainings.mailings.models import Mailing
from trainings.mailings.rules import MailingState, Said


def waiting_message(course_id: str, by: Viewer) -> str:
    """A message that waits for a second organiser; gives its id."""
    with transaction() as session:
        course = session.get_one(Course, course_id)
        said = Message(MessageTo(), {"en": "About {code}"}, {"en": "Dear {name}"})
        key = message_operations.keep(session, course, said, by)
    db.session.close()
    return key


def mailing(course_id: str) -> str:
    """Emails to very many people, still to be written; gives the id."""
    with transaction() as session:
        course = session.get_one(Course, course_id)
        said = Said("message", with_link=False, subjects={"en": "News"}, texts={"en": "About Ana"})
        mailings.tell_group(session, course, said, [], MessageTo().kept())
        key = session.scalars(select(Mailing.id).order_by(Mailing.at.desc())).first()
        # that there are readers left is not what is tried here
        row = session.get_one(Mailing, key)
        row.state, row.total = MailingState.ON_HOLD, row.total + 1
    db.session.close()
    return key or ""


def gaps(course_id: str, mail_id: str, by: Viewer) -> dict[tuple[str, str], str]:
    """What stands in the addresses of a course's emails; the one email is put on hold."""
    queue_operations.hold(course_id, mail_id, by)
    found = {
        "mail_id": mail_id,
        "message_id": waiting_message(course_id, by),
        "mailing_id": mailing(course_id),
        "act": "hold",
        "event": "registration_offer",
    }
    return {("/courses/<code>/mail", gap): value for gap, value in found.items()}
