"""Trainers, sessions and marks that tests need, made the short way."""

from __future__ import annotations

import secrets
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from tests import factories
from trainings.accounts.writes import add_account
from trainings.agenda.rules import SessionData, SessionKind
from trainings.agenda_versions import operations as versions
from trainings.agenda_versions import queries as version_queries
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.courses.writes import add_module, add_room, set_modules
from trainings.people.writes import add_person
from trainings.registrations.models import SeatBlock
from trainings.registrations.rules import HOLDS_SEAT, State
from trainings.rosters import operations as rosters
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TrainerData


def trainer_data(
    *,
    name: tuple[str, str] = ("Ruth", "Choque"),
    mail: str | None = None,
    agency: str = "IOM",
    city: str = "La Paz",
    country: str = "BO",
    languages: tuple[str, ...] = ("es",),
    module_ids: tuple[str, ...] = (),
    notes: str = "",
) -> TrainerData:
    """What is typed when a trainer is put on the roster."""
    return TrainerData(
        given_name=name[0],
        family_name=name[1],
        mail=mail or f"{secrets.token_hex(6)}@trainer.example",
        agency_id=factories.agency_id(agency),
        station_city=city,
        station_country=country,
        languages=languages,
        module_ids=module_ids,
        notes=notes,
    )


def trainer(by: Viewer, **data: Any) -> str:
    """A trainer on the roster, put there by an organiser; gives the id."""
    return rosters.add_trainer(trainer_data(**data), by)


def module(code: str = "investigation", agency: str | None = "IOM") -> str:
    """A module that an agency owns, or none; gives the id."""
    with transaction() as session:
        made = add_module(
            session,
            code=code,
            agency_id=factories.agency_id(agency) if agency else None,
            titles={"en": f"Module {code}"},
            objectives={},
            exploitation=[],
        )
        return made.id


def teach(course_id: str, *module_ids: str) -> None:
    """Make these the modules of a course."""
    with transaction() as session:
        set_modules(session, session.get_one(Course, course_id), module_ids)


def room(name: str = "Sala A", venue: str = "Centro de Formación") -> str:
    """A room of the venue where the courses of the tests are; gives the id."""
    with transaction() as session:
        return add_room(session, venue=venue, name=name, seats=40).id


def slot(course_id: str, start: str = "09:00", end: str = "10:30", **values: Any) -> SessionData:
    """What is typed for a session: on the first day, of kind *other* where no module is named."""
    day = session_day(course_id) + timedelta(days=values.pop("day", 0))
    values.setdefault("kind", SessionKind.MODULE if "module_id" in values else SessionKind.OTHER)
    values.setdefault("titles", {"en": f"Session at {start}"})
    return SessionData(
        day=day, starts_at=time.fromisoformat(start), ends_at=time.fromisoformat(end), **values
    )


def publish(course_id: str, by: Viewer) -> int:
    """Publish the agenda of a course as it is; gives the number of the version."""
    return versions.publish(course_id, version_queries.standing(course_id).seen, by).number


def session_day(course_id: str) -> date:
    """The first day of a course."""
    found = db.session.scalar(select(Course.starts_on).where(Course.id == course_id))
    assert found is not None
    return found


def course_trainer(course_id: str, trainer_id: str, by: Viewer) -> str:
    """Invite a trainer to a course; gives the course trainer's id."""
    rosters.invite(course_id, [trainer_id], by)
    found = db.session.scalar(
        select(CourseTrainer.id).where(
            CourseTrainer.course_id == course_id, CourseTrainer.trainer_id == trainer_id
        )
    )
    assert found is not None
    return found


def seat(course_id: str) -> dict[str, Any]:
    """A seat of a course, in a block that is made where there is none."""
    with transaction() as session:
        block = session.scalar(select(SeatBlock).where(SeatBlock.course_id == course_id))
        if block is None:
            block = SeatBlock(id=new_key(), course_id=course_id, seats=10_000)
            session.add(block)
        return {"block_id": block.id, "seat_no": secrets.randbelow(2 * 10**9)}


def participant(
    course_id: str,
    *,
    name: tuple[str, str] = ("Ana", "Rojas"),
    country: str = "BO",
    function: str = "judge",
    state: State = State.CONFIRMED,
    mail: str | None = None,
) -> str:
    """Someone who confirmed a seat (or is in another state); gives the registration's id."""
    held = seat(course_id)
    with transaction() as session:
        person = add_person(
            session,
            given_name=name[0],
            family_name=name[1],
            country=country,
            function=function,
            language="es",
            **({"mail": mail} if mail else {}),
        )
        session.flush()
        made = factories.registration(
            session, course_id, person, state, **(held if state in HOLDS_SEAT else {})
        )
        session.flush()
        return made.id


def account_of(person_id: str) -> Viewer:
    """The account of a person who signs in by mailed links."""
    with transaction() as session:
        made = add_account(session, person_id, f"{secrets.token_hex(6)}@police.example")
        return Viewer(account_id=made.id, person_id=person_id)


def answered(course_trainer_id: str, *, accept: bool = True) -> Viewer:
    """An invitation answered by the trainer; gives who that is."""
    account_id, person_id = db.session.execute(
        select(Trainer.account_id, Trainer.person_id)
        .join(CourseTrainer, CourseTrainer.trainer_id == Trainer.id)
        .where(CourseTrainer.id == course_trainer_id)
    ).one()
    who = Viewer(account_id=account_id, person_id=person_id)
    rosters.answer(course_trainer_id, accept, who)
    return who
