"""The organiser's pages of candidates, for their tests."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.registrations import acting
from trainings.core.db import db, transaction
from trainings.mail.models import OutboxMail
from trainings.people.models import Person
from trainings.people.writes import change_identity

DESK = "/courses/BUE27/registrations"


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, **data: object) -> str:
    """Send a form and follow to the page that it leads to."""
    return client.post(path, data=data, follow_redirects=True).get_data(as_text=True)


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
