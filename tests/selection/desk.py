"""The organiser's pages of candidates, for their tests."""

from __future__ import annotations

from sqlalchemy import func, select

from tests.registrations import acting
from trainings.core.db import db, transaction
from trainings.mail.models import OutboxMail
from trainings.people.models import Person
from trainings.people.writes import change_identity

DESK = "/courses/BUE27/registrations"


def named(number: str, given: str, family: str, mail: str = "") -> None:
    with transaction() as session:
        person = session.get_one(Person, acting.registration(number).person_id)
        change_identity(person, given_name=given, family_name=family)
        if mail:
            change_identity(person, mail=mail)


def mails(event: str) -> int:
    db.session.close()
    statement = select(func.count()).select_from(OutboxMail).where(OutboxMail.event == event)
    return db.session.scalar(statement) or 0
