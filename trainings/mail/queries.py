"""Looks up emails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.mail.models import OutboxMail
from trainings.mail.rules import BEFORE_SENDING, MailState, with_links, without_links


class Opened(NamedTuple):
    """The encrypted parts of an email, decrypted; empty if they were wiped after sending."""

    recipient: str
    subject: str
    body: str


def waiting_for_update(session: Session, mail_id: str) -> OutboxMail | None:
    """An email that is still to be sent, locked."""
    found: OutboxMail | None = session.scalar(for_update(_waiting(mail_id)))
    return found


def not_sent_for_update(session: Session, mail_id: str) -> OutboxMail | None:
    """An email that was not sent so far, locked: it waits, is on hold, or was cancelled."""
    unsent = {*BEFORE_SENDING, MailState.CANCELLED}
    found: OutboxMail | None = session.scalar(
        for_update(
            select(OutboxMail).where(OutboxMail.id == mail_id, OutboxMail.state.in_(sorted(unsent)))
        )
    )
    return found


def waiting(mail_id: str) -> OutboxMail | None:
    """An email that is still to be sent."""
    return db.session.scalar(_waiting(mail_id))


def _waiting(mail_id: str) -> Select[OutboxMail]:
    return select(OutboxMail).where(OutboxMail.id == mail_id, OutboxMail.state == MailState.WAITING)


def opened(mail: OutboxMail) -> Opened:
    """The content and recipient of an email, with its links in place."""
    links = _unsealed(mail, "links").splitlines()
    body = with_links(_unsealed(mail, "body"), links)
    return Opened(_unsealed(mail, "recipient"), _unsealed(mail, "subject"), body)


def stored_body(mail: OutboxMail) -> str:
    """The text of an email as it is stored: marks stand for its links; empty once wiped."""
    return _unsealed(mail, "body")


def stored_subject(mail: OutboxMail) -> str:
    """The subject of an email; empty once wiped."""
    return _unsealed(mail, "subject")


def shown(mail: OutboxMail) -> tuple[str, str] | None:
    """Subject and text of an email that is not sent yet, without its links; none once wiped."""
    if mail.body is None or mail.links is None:
        return None
    return _unsealed(mail, "subject"), without_links(_unsealed(mail, "body"), mail.language)


def _unsealed(mail: OutboxMail, column: str) -> str:
    value: bytes | None = getattr(mail, column)
    return sealed.unseal(value, f"outbox_mail|{column}|{mail.id}") if value else ""


def latest(limit: int = 50) -> Sequence[OutboxMail]:
    """The newest emails of the installation (for the development outbox page)."""
    return db.session.scalars(
        select(OutboxMail).order_by(OutboxMail.created_at.desc(), OutboxMail.id).limit(limit)
    ).all()


def find(mail_id: str) -> OutboxMail | None:
    """One email."""
    return db.session.get(OutboxMail, mail_id)


def of_course(
    course_id: str, state: MailState | None = None, *, page: int = 1, size: int = 50
) -> Sequence[OutboxMail]:
    """The emails of a course, or of one state, newest first; their content stays encrypted."""
    meant = [OutboxMail.state == state] if state else []
    return db.session.scalars(
        select(OutboxMail)
        .where(OutboxMail.course_id == course_id, *meant)
        .order_by(OutboxMail.created_at.desc(), OutboxMail.id)
        .limit(size)
        .offset((page - 1) * size)
    ).all()


def in_course(course_id: str, mail_id: str) -> OutboxMail:
    """One email of a course. Raises ``NotFound``."""
    found = db.session.scalar(
        select(OutboxMail).where(OutboxMail.course_id == course_id, OutboxMail.id == mail_id)
    )
    if found is None:
        raise NotFound
    return found


def newest_like(mail: OutboxMail) -> OutboxMail | None:
    """The newest email of a course to the same person about the same; none if this is the one."""
    if mail.person_id is None:
        return None
    alike = [OutboxMail.person_id == mail.person_id, OutboxMail.event == mail.event]
    return db.session.scalar(
        select(OutboxMail)
        .where(OutboxMail.course_id == mail.course_id, *alike)
        .where(OutboxMail.created_at > mail.created_at)
        .order_by(OutboxMail.created_at.desc(), OutboxMail.id)
        .limit(1)
    )


def states_of_course(course_id: str) -> dict[MailState, int]:
    """How many emails of a course are waiting, sent, failed and so on, in the order of states."""
    rows = db.session.execute(
        select(OutboxMail.state, func.count())
        .where(OutboxMail.course_id == course_id)
        .group_by(OutboxMail.state)
    )
    numbers = {state: number for state, number in rows}  # noqa: C416
    return {state: numbers[state] for state in MailState if state in numbers}


def bounced_persons(course_id: str) -> set[str]:
    """The people whose newest email about this course bounced."""
    newer = aliased(OutboxMail)
    later = exists().where(
        newer.person_id == OutboxMail.person_id,
        newer.course_id == OutboxMail.course_id,
        tuple_(newer.created_at, newer.id) > tuple_(OutboxMail.created_at, OutboxMail.id),
    )
    found = db.session.scalars(
        select(OutboxMail.person_id).where(
            OutboxMail.course_id == course_id,
            OutboxMail.state == MailState.BOUNCED,
            OutboxMail.person_id.is_not(None),
            ~later,
        )
    )
    return {person for person in found if person}


def is_stuck(*, written_before: datetime, given_up_since: datetime) -> bool:
    """Whether an email has waited too long, or one was recently given up.

    A bounced email is not a fault of the installation: it is shown on the pages of its course.
    """
    found = db.session.scalar(
        select(OutboxMail.id)
        .where(
            or_(
                and_(OutboxMail.state == MailState.WAITING, OutboxMail.created_at < written_before),
                and_(OutboxMail.state == MailState.FAILED, OutboxMail.created_at >= given_up_since),
            )
        )
        .limit(1)
    )
    return found is not None


def latest_to(person_id: str, event: str) -> OutboxMail | None:
    """The newest email of a kind to a person; its content stays encrypted."""
    return db.session.scalar(
        select(OutboxMail)
        .where(OutboxMail.person_id == person_id, OutboxMail.event == event)
        .order_by(OutboxMail.created_at.desc(), OutboxMail.id)
        .limit(1)
    )


def numbers_to(person_id: str) -> tuple[int, int]:
    """How many emails were written to a person, and how many of them are waiting to be sent."""
    row = db.session.execute(
        select(func.count(), func.count().filter(OutboxMail.state == MailState.WAITING)).where(
            OutboxMail.person_id == person_id, OutboxMail.recipient != b""
        )
    ).one()
    return row[0], row[1]
