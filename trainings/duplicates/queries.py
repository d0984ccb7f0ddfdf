"""Looks up two entries of the roster that may be one person: what each is, has and is tied to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, ScalarSelect, exists, func, or_, select

from trainings.agenda.models import AgendaSession, Assignment
from trainings.core import sealed
from trainings.core.db import ForOneOrEach, db, for_update
from trainings.core.errors import NotFound
from trainings.core.names import name_words
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.duplicates.rules import Given
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.sealed_rules import Identity
from trainings.register.models import Certificate
from trainings.registrations.models import Draft, Registration
from trainings.rosters import queries as rosters
from trainings.rosters.identity_queries import has_other_work, in_reach, reach, reached
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING


class Entry(Struct, frozen=True):
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
    first, second = found = rosters.trainers_for(
        viewer, Permission.ROSTER_EDIT, [first_id, second_id]
    )
    if len(reached(viewer, found)) < len(found):
        raise NotFound
    return first, second


def alike(viewer: Viewer, trainer: Trainer) -> tuple[Identity, list[tuple[Trainer, Identity]]]:
    """Who a trainer is, and the entries that may be the same person.

    They have the same address, or a name with a word in common. Only those that the viewer may
    change are compared; the names of those that are alike are opened and logged.
    """
    near = _near(viewer, trainer)
    trainers = rosters.those_on_roster(viewer, near)
    persons = [trainer.person_id, *(one.person_id for one in trainers.values())]
    who = reading.open(persons, by=viewer.account_id, purpose="roster")
    found = [(one, who[one.person_id]) for one in trainers.values()]
    found.sort(key=lambda pair: (near[pair[0].id], pair[1].sorting, pair[0].id))
    return who[trainer.person_id], found


def _near(viewer: Viewer, trainer: Trainer) -> dict[str, tuple[bool, int]]:
    """The trainers who may be the same person as one, and how near; the least is the nearest.

    Addresses are compared by their blind index and stay sealed; of the names, none leaves.
    """
    everyone = (
        select(Trainer.id, Person.id, Person.mail_index)
        .join(Person, Person.id == Trainer.person_id)
        .where(reach(viewer), Person.erased_at.is_(None))
    )
    said = {one.key: one for one in reading.words_among(everyone, mails=False)}
    own = said.pop(trainer.id)
    words, (own_mail,) = set(name_words(own.name)), own.more
    found = {}
    for key, one in said.items():
        shared = len(words & set(name_words(one.name)))
        same_mail = own_mail is not None and one.more == (own_mail,)
        if same_mail or shared:
            found[key] = (not same_mail, -shared)
    return found


def entries(viewer: Viewer, trainers: Sequence[Trainer]) -> list[Entry]:
    """What a page shows of some trainers; their names are opened and logged in one read."""
    who = reading.open([one.person_id for one in trainers], by=viewer.account_id, purpose="roster")
    found = db.session.execute(
        select(
            Trainer.id,
            _number(CourseTrainer.trainer_id == Trainer.id),
            _number(*_given_by(Trainer.id)),
            _number(Certificate.person_id == Trainer.person_id),
            _tied(Trainer.account_id, Trainer.person_id),
        )
        .where(Trainer.id.in_([one.id for one in trainers]))
        .execution_options(scope="count")
    )
    numbers: dict[str, Any] = {key: rest for key, *rest in found}
    return [
        Entry(one, who[one.person_id], rosters.notes_of(one), *numbers[one.id]) for one in trainers
    ]


def _number(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(*conditions).correlate(Trainer).scalar_subquery()


def _tied(account_id: ForOneOrEach, person_id: ForOneOrEach) -> ColumnElement[bool]:
    return or_(
        has_other_work(account_id),
        exists().where(Registration.person_id == person_id),
        exists().where(Draft.account_id == account_id),
    )


def tied(trainer: Trainer) -> bool:
    """Whether a trainer's account or person has to do with more than teaching."""
    asked = select(_tied(trainer.account_id, trainer.person_id))
    return bool(db.session.scalar(asked.execution_options(scope="operation")))


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
    invited = db.session.execute(
        select(CourseTrainer.trainer_id, CourseTrainer.id, CourseTrainer.state)
        .where(CourseTrainer.trainer_id.in_([first.id, second.id]))
        .order_by(CourseTrainer.id)
    ).all()
    said = []
    for one in (first, second):
        person = persons[one.person_id]
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
                [(key, state) for trainer_id, key, state in invited if trainer_id == one.id],
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
        .where(*_given_by(trainer_id))
        .order_by(AgendaSession.starts_utc)
    )
    return [Given(*row) for row in rows]


def _given_by(trainer_id: ForOneOrEach) -> list[ColumnElement[bool]]:
    """The conditions for a trainer's sessions, each joined with who gives it and its course."""
    return [
        CourseTrainer.trainer_id == trainer_id,
        CourseTrainer.state.in_(sorted(TEACHING)),
        Assignment.course_trainer_id == CourseTrainer.id,
        AgendaSession.id == Assignment.session_id,
        Course.id == AgendaSession.course_id,
        Course.state != CourseState.CANCELLED,
        Course.template.is_(False),
    ]


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
