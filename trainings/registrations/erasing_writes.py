"""Wipes what was written about a person who is erased; bare registrations stay for counting.

See docs/decisions/2026-11-24-erasing-a-person.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from trainings.core.db import for_update
from trainings.registrations.models import Draft, HistoryStep, Registration


def registrations_for_update(session: Session, person_id: str) -> Sequence[Registration]:
    """Every registration of a person, locked."""
    return session.scalars(
        for_update(
            select(Registration)
            .where(Registration.person_id == person_id)
            .order_by(Registration.id)
            .execution_options(scope="operation", populate_existing=True)
        )
    ).all()


def forget_registrations(session: Session, registrations: Collection[Registration]) -> None:
    """Wipe names, details, needs and the reasons in the histories of locked registrations.

    Course, country, function, state and number stay, for counting. A person whose printed name is
    wiped counts as not having confirmed it, so nothing is issued to them.
    """
    for one in registrations:
        one.printed_name = one.needs = one.name_confirmed_at = None
        one.phone = one.document = one.born = one.unit = one.sex = None
        one.certificate_language = ""
    session.execute(
        update(HistoryStep)
        .where(HistoryStep.registration_id.in_([one.id for one in registrations]))
        .values(reason=None)
    )


def forget_drafts(session: Session, account_id: str) -> None:
    """Remove applications that the person had not sent."""
    session.execute(delete(Draft).where(Draft.account_id == account_id))


def drop_drafts(session: Session, course_id: str, account_ids: Collection[str]) -> set[str]:
    """Remove the applications that these people are sending now; returns who had one."""
    gone = delete(Draft).where(Draft.course_id == course_id, Draft.account_id.in_(account_ids))
    kept = gone.returning(Draft.account_id).execution_options(synchronize_session=False)
    return set(session.scalars(kept))
