"""Looks up mails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.mail.models import OutboxMail


class Opened(NamedTuple):
    """A mail's sealed parts, opened; empty where they were wiped after sending."""

    recipient: str
    subject: str
    body: str


def waiting_for_update(session: Session, mail_id: str) -> OutboxMail | None:
    """A mail that is still to be sent, locked."""
    found: OutboxMail | None = session.scalar(
        for_update(
            select(OutboxMail).where(OutboxMail.id == mail_id, OutboxMail.state == "waiting")
        )
    )
    return found


def waiting(mail_id: str) -> OutboxMail | None:
    """A mail that is still to be sent."""
    return db.session.scalar(
        select(OutboxMail).where(OutboxMail.id == mail_id, OutboxMail.state == "waiting")
    )


def opened(mail: OutboxMail) -> Opened:
    """What a mail says and to whom."""
    parts = {"recipient": mail.recipient, "subject": mail.subject, "body": mail.body}
    return Opened(
        *(
            sealed.unseal(value, f"outbox_mail|{column}|{mail.id}") if value else ""
            for column, value in parts.items()
        )
    )


def latest(limit: int = 50) -> Sequence[OutboxMail]:
    """The newest mails of the installation (for the page of development)."""
    return db.session.scalars(
        select(OutboxMail).order_by(OutboxMail.created_at.desc(), OutboxMail.id).limit(limit)
    ).all()


def find(mail_id: str) -> OutboxMail | None:
    """One mail."""
    return db.session.get(OutboxMail, mail_id)


def of_course(course_id: str, *, page: int = 1, size: int = 50) -> Sequence[OutboxMail]:
    """The mails of a course, newest first; nothing of them is opened."""
    return db.session.scalars(
        select(OutboxMail)
        .where(OutboxMail.course_id == course_id)
        .order_by(OutboxMail.created_at.desc(), OutboxMail.id)
        .limit(size)
        .offset((page - 1) * size)
    ).all()


def states_of_course(course_id: str) -> dict[str, int]:
    """How many mails of a course are waiting, sent, failed, bounced, held."""
    rows = db.session.execute(
        select(OutboxMail.state, func.count())
        .where(OutboxMail.course_id == course_id)
        .group_by(OutboxMail.state)
    )
    return {state: number for state, number in rows}  # noqa: C416


def bounced_persons(course_id: str) -> set[str]:
    """The persons whose newest mail of this course came back."""
    rows = db.session.execute(
        select(OutboxMail.person_id, OutboxMail.state)
        .where(OutboxMail.course_id == course_id, OutboxMail.person_id.is_not(None))
        .order_by(OutboxMail.created_at, OutboxMail.id)
    )
    newest = {person: state for person, state in rows}  # noqa: C416
    return {person for person, state in newest.items() if person and state == "bounced"}


def is_stuck(*, written_before: datetime, given_up_since: datetime) -> bool:
    """Whether a mail waits for too long, or one was given up lately.

    One that came back is no fault of the installation: it shows on the pages of its course.
    """
    found = db.session.scalar(
        select(OutboxMail.id)
        .where(
            or_(
                and_(OutboxMail.state == "waiting", OutboxMail.created_at < written_before),
                and_(OutboxMail.state == "failed", OutboxMail.created_at >= given_up_since),
            )
        )
        .limit(1)
    )
    return found is not None


def numbers_to(person_id: str) -> tuple[int, int]:
    """How many mails were written to a person, and how many of them wait to be sent."""
    row = db.session.execute(
        select(func.count(), func.count().filter(OutboxMail.state == "waiting")).where(
            OutboxMail.person_id == person_id, OutboxMail.recipient != b""
        )
    ).one()
    return row[0], row[1]
