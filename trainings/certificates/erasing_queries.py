"""Looks up what the register holds of a person who is erased."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainings.certificates.models import Certificate, Waiver
from trainings.core.db import db, for_update
from trainings.registrations.models import Registration


def of_person_for_update(session: Session, person_id: str) -> Sequence[Certificate]:
    """Every certificate of a person, whatever its status, locked."""
    return session.scalars(
        for_update(
            select(Certificate)
            .where(Certificate.person_id == person_id)
            .order_by(Certificate.id)
            .execution_options(scope="operation", populate_existing=True)
        )
    ).all()


def waivers_of_person_for_update(session: Session, person_id: str) -> Sequence[Waiver]:
    """The exceptions asked for the registrations of a person, locked."""
    mine = select(Registration.id).where(Registration.person_id == person_id)
    return session.scalars(
        for_update(
            select(Waiver).where(Waiver.registration_id.in_(mine)).order_by(Waiver.registration_id)
        )
    ).all()


def of_person(person_id: str) -> Sequence[Certificate]:
    """Every certificate of a person, the latest first."""
    return db.session.scalars(
        select(Certificate)
        .where(Certificate.person_id == person_id)
        .order_by(Certificate.issued_at.desc(), Certificate.id)
        .execution_options(scope="operation")
    ).all()
