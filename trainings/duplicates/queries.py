"""Looks up two entries of the roster that may be one person: what each is, has and is tied to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from trainings.agenda.models import AgendaSession, Assignment
from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.names import name_words
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.duplicates.rules import Given
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.sealed_rules import Identity, normalised_mail
from trainings.register.models import Certificate
from trainings.registrations.models import Draft, Registration
from trainings.rosters import queries as rosters
from trainings.rosters.identity_queries import in_reach, reached, works_elsewhere
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING


@dataclass(frozen=True)
class Entry:
    """One of two entries: the trainer, who that is, and what there is of them."""

    trainer: Trainer
    who: Identity
    notes: str
    courses: int
    sessions: int
    certificates: int
    tied: bool  # its account is used for other work


def trainer_in_reach(viewer: Viewer, trainer_id: str) -> Trainer:
    """A trainer whom the viewer may contact and change. Raises ``NotFound``."""
    trainer = rosters.trainer_for(viewer, Permission.ROSTER_EDIT, trainer_id)
    if not in_reach(viewer, trainer):
        raise NotFound
    return trainer


def two(viewer: Viewer, first_id: str, second_id: str) -> tuple[Trainer, Trainer]:
    """Two different trainers whom the viewer may contact and change. Raises ``NotFound``."""
    if first_id == second_id:
        raise NotFound
    return trainer_in_reach(viewer, first_id), trainer_in_reach(viewer, second_id)


def alike(viewer: Viewer, trainer: Trainer) -> list[tuple[Trainer, Identity]]:
    """The entries that may be the same person: one address, or a name with a word in common.

    Only those that the viewer may change: their names are opened and logged.
    """
    everyone = rosters.roster(viewer, retired=None)
    others = reached(viewer, [one for one in everyone if one.id != trainer.id])
    persons = reading.open(
        [trainer.person_id, *(one.person_id for one in others)],
        by=viewer.account_id,
        purpose="roster",
    )
    own = persons[trainer.person_id]
    words = set(name_words(own.name))
    found = []
    for one in others:
        who = persons[one.person_id]
        shared = len(words & set(name_words(who.name)))
        same_mail = bool(own.mail) and normalised_mail(own.mail) == normalised_mail(who.mail)
        if same_mail or shared:
            found.append((not same_mail, -shared, who.sorting, one.id, who))
    trainers = rosters.those_on_roster(viewer, [line[3] for line in found])
    return [(trainers[key], who) for *_order, key, who in sorted(found, key=lambda line: line[:4])]


def entry(viewer: Viewer, trainer: Trainer) -> Entry:
    """What a page shows of a trainer, the name opened and logged."""
    who = reading.open([trainer.person_id], by=viewer.account_id, purpose="roster")
    return Entry(
        trainer=trainer,
        who=who[trainer.person_id],
        notes=rosters.notes_of(trainer),
        courses=_count(select(CourseTrainer.id).where(CourseTrainer.trainer_id == trainer.id)),
        sessions=len(given_by(trainer.id)),
        certificates=_count(
            select(Certificate.id).where(Certificate.person_id == trainer.person_id)
        ),
        tied=tied(trainer),
    )


def _count(statement: Select[str]) -> int:
    counted = select(func.count()).select_from(statement.subquery())
    return db.session.scalar(counted.execution_options(scope="count")) or 0


def tied(trainer: Trainer) -> bool:
    """Whether a trainer's account or person has to do with more than teaching."""
    if works_elsewhere(trainer.account_id):
        return True
    applied = db.session.scalar(
        select(Registration.id)
        .where(Registration.person_id == trainer.person_id)
        .limit(1)
        .execution_options(scope="operation")
    )
    drafted = db.session.scalar(
        select(Draft.id).where(Draft.account_id == trainer.account_id).limit(1)
    )
    return applied is not None or drafted is not None


def stamp(first: Trainer, second: Trainer) -> str:
    """What two entries are now, in a few letters: another where one of them changed."""
    persons = {
        one.id: one
        for one in db.session.scalars(
            select(Person)
            .where(Person.id.in_([first.person_id, second.person_id]))
            .execution_options(scope="operation", populate_existing=True)
        )
    }
    said = []
    for one in (first, second):
        person = persons[one.person_id]
        asked = db.session.execute(
            select(CourseTrainer.id, CourseTrainer.state)
            .where(CourseTrainer.trainer_id == one.id)
            .order_by(CourseTrainer.id)
        ).all()
        said.append(
            (
                one.id,
                one.agency_id,
                one.station_city,
                one.station_country,
                one.languages,
                one.module_ids,
                one.notes,
                person.given_name,
                person.family_name,
                person.mail,
                [tuple(row) for row in asked],
            )
        )
    return sealed.blind_index("duplicates", repr(said))


def invitations_of(trainer_ids: Sequence[str]) -> Sequence[CourseTrainer]:
    """All invitations of these trainers, locked, in order of id."""
    return db.session.scalars(
        for_update(
            select(CourseTrainer)
            .where(CourseTrainer.trainer_id.in_(list(trainer_ids)))
            .order_by(CourseTrainer.id)
        ),
        execution_options={"populate_existing": True},
    ).all()


def course_ids_of(trainer_ids: Sequence[str]) -> list[str]:
    """The courses to which one of these trainers was invited, in order of id."""
    return sorted(
        set(
            db.session.scalars(
                select(CourseTrainer.course_id).where(
                    CourseTrainer.trainer_id.in_(list(trainer_ids))
                )
            )
        )
    )


def given_by(trainer_id: str) -> list[Given]:
    """The sessions that a trainer gives, of courses that take place."""
    rows = db.session.execute(
        select(
            AgendaSession.id, AgendaSession.starts_utc, AgendaSession.ends_utc, AgendaSession.day
        )
        .join(Assignment, Assignment.session_id == AgendaSession.id)
        .join(CourseTrainer, CourseTrainer.id == Assignment.course_trainer_id)
        .join(Course, Course.id == AgendaSession.course_id)
        .where(
            CourseTrainer.trainer_id == trainer_id,
            CourseTrainer.state.in_(sorted(TEACHING)),
            Course.state != CourseState.CANCELLED,
            Course.template.is_(False),
        )
        .order_by(AgendaSession.starts_utc)
    )
    return [Given(*row) for row in rows]


def on_roster_but(mail_index: str, name_index: str | None, ids: Sequence[str]) -> bool:
    """Whether a third entry of the roster has this address and name."""
    return (
        db.session.scalar(
            select(Trainer.id)
            .join(Person, Person.id == Trainer.person_id)
            .where(
                Person.mail_index == mail_index,
                Person.name_index == name_index,
                Trainer.id.not_in(list(ids)),
            )
            .execution_options(scope="operation")
        )
        is not None
    )
