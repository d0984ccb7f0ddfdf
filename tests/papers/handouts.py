"""A course with people who come, for the tests of its papers."""

from __future__ import annotations

from sqlalchemy import select

from trainings.core.db import db
from trainings.people import reading
from trainings.people.models import IdentityRead
from trainings.registrations.models import Registration


def reads(purpose: str) -> list[IdentityRead]:
    db.session.remove()
    return list(db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == purpose)))


def number_of(given: str) -> str:
    rows = db.session.execute(
        select(Registration.number, Registration.person_id).execution_options(scope="operation")
    ).all()
    names = reading.opened([row.person_id for row in rows])
    return next(row.number for row in rows if names[row.person_id].given_name == given)
