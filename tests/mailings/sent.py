"""A message to more people than one portion takes, and what became of it."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.course_mails import message_operations
from trainings.course_mails.message_operations import Message
from trainings.course_mails.message_rules import MessageTo
from trainings.jobs.models import Job
from trainings.mail.models import OutboxMail
from trainings.mailings.models import Addressee, Mailing
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

PEOPLE = 7


def course(people: int = PEOPLE, code: str = "BUE27") -> str:
    """A course with so many confirmed; every third reads Portuguese, the others Spanish."""
    made = factories.course(code, capacity=max(people + 5, 30))
    acting.share_out(made, {})
    acting.crowd(made, State.CONFIRMED, people)
    return made


def message(to: MessageTo | None = None) -> Message:
    subjects = {"en": "About {code}", "es": "Sobre {code}"}
    return Message(to or MessageTo(), subjects, {"en": "Dear {name}", "es": "Hola {name}"})


def send(course_id: str, by: Viewer) -> str:
    """Send it; gives the id of the mailing."""
    message_operations.send(course_id, message(), by)
    db.session.close()
    found: str = db.session.scalars(select(Mailing.id)).one()
    db.session.close()
    return found


def mailing() -> Mailing:
    db.session.close()
    return db.session.scalars(select(Mailing)).one()


def written() -> Counter[str | None]:
    """How many emails each person has."""
    db.session.close()
    return Counter(
        db.session.scalars(
            select(OutboxMail.person_id).where(OutboxMail.event == "registration_message")
        )
    )


def people_of(course_id: str) -> set[str]:
    db.session.close()
    return set(
        db.session.scalars(
            select(Registration.person_id)
            .where(Registration.course_id == course_id)
            .execution_options(scope="operation")
        )
    )


def left() -> int:
    """To how many it is still to be written."""
    db.session.close()
    return len(db.session.scalars(select(Addressee.registration_id)).all())


def waiting_jobs() -> int:
    db.session.close()
    jobs = select(Job.id).where(Job.task == "mailings.write", Job.state == "waiting")
    return len(db.session.scalars(jobs).all())


def take_jobs() -> None:
    """The jobs that wait are taken, as a worker takes them."""
    with transaction() as session:
        for one in session.scalars(select(Job).where(Job.task == "mailings.write")):
            one.state = "done"
