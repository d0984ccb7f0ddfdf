"""Looks up mailings, how far they are, and who is still to be written to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.mailings.models import Addressee, Mailing
from trainings.mailings.rules import UNFINISHED, MailingState, Said, read
from trainings.registrations.models import Registration


def of_course(course_id: str) -> Sequence[Mailing]:
    """The mailings of a course that are not over, the oldest first."""
    return db.session.scalars(
        select(Mailing)
        .where(Mailing.course_id == course_id, Mailing.state.in_(sorted(UNFINISHED)))
        .order_by(Mailing.at, Mailing.id)
    ).all()


def in_course(course_id: str, mailing_id: str) -> Mailing:
    """One mailing of a course. Raises ``NotFound``."""
    found = db.session.get(Mailing, mailing_id)
    if found is None or found.course_id != course_id:
        raise NotFound
    return found


def course_of(mailing_id: str) -> str | None:
    """The course of a mailing; none where there is no such mailing any more."""
    return db.session.scalar(select(Mailing.course_id).where(Mailing.id == mailing_id))


def mailing_for_update(mailing_id: str) -> Mailing | None:
    """A mailing with its row locked."""
    return db.session.scalar(
        for_update(
            select(Mailing)
            .where(Mailing.id == mailing_id)
            .execution_options(populate_existing=True)
        )
    )


def in_state_for_update(course_id: str, state: MailingState) -> Sequence[Mailing]:
    """The mailings of a course in a state, their rows locked in the order of their ids."""
    return db.session.scalars(
        for_update(
            select(Mailing)
            .where(Mailing.course_id == course_id, Mailing.state == state)
            .order_by(Mailing.id)
            .execution_options(populate_existing=True)
        )
    ).all()


def next_addressees(mailing_id: str, size: int) -> dict[str, int]:
    """The next who are written to: ids of registrations, each with which text it gets."""
    rows = db.session.execute(
        select(Addressee.registration_id, Addressee.said)
        .where(Addressee.mailing_id == mailing_id)
        .order_by(Addressee.registration_id)
        .limit(size)
    ).all()
    return {key: said for key, said in rows}  # noqa: C416


def under_way() -> Sequence[str]:
    """The ids of all mailings that are being written."""
    return db.session.scalars(
        select(Mailing.id).where(Mailing.state == MailingState.UNDER_WAY).order_by(Mailing.at)
    ).all()


def awaited(course_id: str, event: str) -> set[str]:
    """The people of a course to whom an email about an event is still to be written."""
    return set(
        db.session.scalars(
            select(Registration.person_id)
            .join(Addressee, Addressee.registration_id == Registration.id)
            .join(Mailing, Mailing.id == Addressee.mailing_id)
            .where(Mailing.course_id == course_id, Mailing.event == event)
            .execution_options(scope="operation")
        )
    )


def opened(mailing: Mailing) -> list[Said]:
    """What a mailing says, opened; nothing once it was wiped."""
    if mailing.said is None:
        return []
    return read(sealed.unseal(mailing.said, f"mailing|said|{mailing.id}"))
