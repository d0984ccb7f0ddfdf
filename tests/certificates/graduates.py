"""A completed course with people who attended it, made the short way."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from tests import factories, teaching
from trainings.accounts.models import Account
from trainings.agenda.models import AgendaSession, Assignment
from trainings.agenda.rules import SessionKind
from trainings.attendance.models import AttendanceMark
from trainings.attendance.rules import Mark
from trainings.core import clock, sealed
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Viewer
from trainings.courses.models import Course, Signatory
from trainings.courses.rules import CourseState
from trainings.people.queries import mail_index
from trainings.people.writes import add_person
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import Invitation

NAMES = (
    ("María José", "Núñez de la Peña"),
    ("Ana", "Álvarez"),
    ("D’Angelo", "O'Higgins Quispe"),
    ("محمد", "العربي"),
    ("Дарья", "Иванова"),
    ("伟", "王"),
)


def course_of(
    names: tuple[tuple[str, str], ...] = NAMES[:3],
    *,
    attended: int = 4,
    state: CourseState = CourseState.COMPLETED,
    code: str = "BUE26",
    modules: int = 1,
    signatories: int = 1,
    work: tuple[tuple[str, str], ...] = (("BO", "prosecutor"),),
) -> str:
    """A course of four sessions of two hours; everyone was at the first ``attended`` of them.

    ``work``: their countries and functions, in turns.
    """
    course_id = factories.course(code, state=state, starts_in=-20)
    taught = [teaching.module(f"m-{code.lower()}" + "-i" * place) for place in range(modules)]
    teaching.teach(course_id, *taught)
    with transaction() as session:
        course = session.get_one(Course, course_id)
        for place, agency in enumerate(list(factories.AGENCIES)[:signatories]):
            session.add(
                Signatory(
                    course_id=course_id,
                    agency_id=factories.agency_id(agency),
                    position=place,
                    titles={"en": "Regional Director", "es": "Dirección Regional"},
                    agreed_at=clock.now(),
                )
            )
        slots = []
        for number in range(4):
            day = course.starts_on + timedelta(days=number)
            starts = datetime.combine(day, time(12), UTC)
            slots.append(
                AgendaSession(
                    id=new_key(),
                    course_id=course_id,
                    kind=SessionKind.MODULE,
                    module_id=taught[number % modules],
                    titles={},
                    day=day,
                    starts_at=time(9),
                    ends_at=time(11),
                    starts_utc=starts,
                    ends_utc=starts + timedelta(hours=2),
                    minutes=120,
                )
            )
        session.add_all(slots)
        session.flush()
        for name, does in zip(names, itertools.cycle(work)):
            _graduate(session, course, slots[:attended], name, does)
    return course_id


def _graduate(session, course, slots, name, does):  # type: ignore[no-untyped-def]
    (given, family), (country, function) = name, does
    mail = f"{new_key().lower()}@police.example"
    person = add_person(
        session,
        given_name=given,
        family_name=family,
        mail=mail,
        country=country,
        function=function,
        language="es",
    )
    session.flush()
    session.add(
        Account(
            id=new_key(),
            person_id=person.id,
            mail_index=mail_index(mail) or "",
            staff=False,
            created_at=clock.now(),
        )
    )
    key = new_key()
    factories.registration(
        session,
        course.id,
        person,
        State.ATTENDED,
        id=key,
        complete=True,
        name_confirmed_at=clock.now(),
        printed_name=sealed.seal(f"{given} {family}", f"registration|printed_name|{key}"),
    )
    session.flush()
    for slot in slots:
        session.add(
            AttendanceMark(
                session_id=slot.id, registration_id=key, mark=Mark.PRESENT, at=clock.now()
            )
        )


def holder(course_id: str, given: str) -> Viewer:
    """The viewer that a participant of this given name is."""
    rows = db.session.execute(
        select(Registration.person_id, Account.id)
        .join(Account, Account.person_id == Registration.person_id)
        .where(Registration.course_id == course_id)
        .execution_options(scope="operation")
    ).all()
    for person_id, account_id in rows:
        sealed_name = db.session.scalar(
            select(Registration.printed_name)
            .where(Registration.person_id == person_id)
            .execution_options(scope="operation")
        )
        key = db.session.scalar(
            select(Registration.id)
            .where(Registration.person_id == person_id)
            .execution_options(scope="operation")
        )
        assert sealed_name is not None
        if sealed.unseal(sealed_name, f"registration|printed_name|{key}").startswith(given):
            return Viewer(account_id=account_id, person_id=person_id)
    raise AssertionError(given)


def trainer_of(course_id: str, lead: Viewer, sessions: int) -> str:
    """A trainer who accepted and gives some of the sessions; gives the course trainer's id."""
    asked = teaching.course_trainer(course_id, teaching.trainer(lead), lead)
    with transaction() as session:
        session.get_one(CourseTrainer, asked).state = Invitation.ACCEPTED
        slots = session.scalars(
            select(AgendaSession.id).where(AgendaSession.course_id == course_id).limit(sessions)
        ).all()
        for slot in slots:
            session.add(Assignment(session_id=slot, course_trainer_id=asked))
    return asked


def complete(course_id: str) -> None:
    """Put a course into its last state."""
    with transaction() as session:
        session.get_one(Course, course_id).state = CourseState.COMPLETED
