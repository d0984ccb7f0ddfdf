"""Looks up trainers, and their invitations to courses."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Text, cast, exists, func, select
from sqlalchemy.orm import joinedload

from trainings.accounts.models import Agency
from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course, CourseAgency
from trainings.people.models import Person
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING


class OnRoster(NamedTuple):
    """A trainer as far as one is looked for: no name, and nothing of the row that is long."""

    id: str
    person_id: str
    agency_id: str
    languages: Sequence[str]
    module_ids: Sequence[str]
    station_country: str


_ON_ROSTER = (
    Trainer.id,
    Trainer.person_id,
    Trainer.agency_id,
    cast(Trainer.languages, Text),
    cast(Trainer.module_ids, Text),
    Trainer.station_country,
)


@lru_cache(2000)
def _codes(text: str) -> tuple[str, ...]:
    """The codes of a list as it is stored; many trainers have the same."""
    return tuple(json.loads(text))


def roster(
    viewer: Viewer,
    *,
    agency: str = "",
    country: str = "",
    retired: bool = False,
    but_of: str | None = None,
) -> list[OnRoster]:
    """The trainers of an agency, a country, or all; none without the right.

    ``retired``: those who are. ``but_of``: without those of this course who are invited to it or
    have accepted.
    """
    if not viewer.can(Permission.ROSTER_READ):
        return []
    erased = exists().where(Person.id == Trainer.person_id, Person.erased_at.is_not(None))
    statement = (
        select(*_ON_ROSTER)
        .where(~erased.correlate(Trainer), Trainer.retired_at.is_not(None) == retired)
        .execution_options(scope="viewer")
        .order_by(Trainer.created_at, Trainer.id)
    )
    if agency:
        statement = statement.where(Trainer.agency_id == agency)
    if country:
        statement = statement.where(Trainer.station_country == country)
    if but_of is not None:
        there = select(CourseTrainer.trainer_id).where(
            CourseTrainer.course_id == but_of, CourseTrainer.state.in_(sorted(TEACHING))
        )
        statement = statement.where(Trainer.id.not_in(there))
    return [
        OnRoster(key, who, agency_id, _codes(languages), _codes(modules), station)
        for key, who, agency_id, languages, modules, station in db.session.execute(statement)
    ]


def those_on_roster(viewer: Viewer, ids: Collection[str]) -> dict[str, Trainer]:
    """Some trainers of the roster by id, each with the agency; names still sealed."""
    if not ids or not viewer.can(Permission.ROSTER_READ):
        return {}
    rows = db.session.scalars(
        select(Trainer)
        .where(Trainer.id.in_(list(ids)))
        .options(joinedload(Trainer.agency, innerjoin=True))
        .execution_options(scope="viewer")
    )
    return {one.id: one for one in rows}


def trainer_for(viewer: Viewer, permission: Permission, trainer_id: str) -> Trainer:
    """One trainer of the roster, with the agency. Raises ``NotFound``."""
    (found,) = trainers_for(viewer, permission, [trainer_id])
    return found


def trainers_for(viewer: Viewer, permission: Permission, ids: Sequence[str]) -> list[Trainer]:
    """Different trainers of the roster in this order, each with the agency. Raises ``NotFound``."""
    rows: Sequence[Trainer] = ()
    if viewer.can(permission):
        statement = select(Trainer).where(Trainer.id.in_(ids))
        if permission is Permission.ROSTER_EDIT:  # an erased trainer cannot be changed
            statement = statement.join(Person, Person.id == Trainer.person_id).where(
                Person.erased_at.is_(None)
            )
        rows = db.session.scalars(
            statement.options(joinedload(Trainer.agency, innerjoin=True)).execution_options(
                scope="viewer"
            )
        ).all()
    if len(rows) != len(ids):
        raise NotFound
    return sorted(rows, key=lambda one: ids.index(one.id))


def notes_of(trainer: Trainer) -> str:
    """The organisers' notes about a trainer, opened."""
    if trainer.notes is None:
        return ""
    return sealed.unseal(trainer.notes, f"trainer|notes|{trainer.id}")


def of_account(account_id: str | None) -> Trainer | None:
    """The trainer who signs in with this account."""
    if account_id is None:
        return None
    return db.session.scalar(select(Trainer).where(Trainer.account_id == account_id))


def own_trainer(viewer: Viewer) -> Trainer:
    """The roster entry of the viewer, with the agency. Raises ``NotFound``."""
    found = db.session.scalar(
        select(Trainer)
        .where(Trainer.account_id == (viewer.account_id or ""))
        .options(joinedload(Trainer.agency, innerjoin=True))
    )
    if found is None:
        raise NotFound
    return found


def of_person_for_update(person_id: str) -> Trainer | None:
    """The roster entry of a person, the row locked."""
    return db.session.scalar(
        for_update(select(Trainer).where(Trainer.person_id == person_id)),
        execution_options={"populate_existing": True},
    )


def trainer_for_update(trainer_id: str) -> Trainer:
    """A trainer, the row locked. Raises ``NotFound``."""
    found = trainers_for_update([trainer_id])
    if not found:
        raise NotFound
    return found[0]


def trainers_for_update(ids: Collection[str]) -> Sequence[Trainer]:
    """Trainers in order of id, their rows locked."""
    return db.session.scalars(
        for_update(select(Trainer).where(Trainer.id.in_(list(ids))).order_by(Trainer.id)),
        execution_options={"populate_existing": True},
    ).all()


def lock_roster() -> None:
    """Let those who add to the roster wait for each other: of two at once, the second sees both.

    There is nothing of a trainer's own to lock before they are there: the agencies stand for all.
    """
    db.session.scalars(for_update(select(Agency).order_by(Agency.id))).all()


def with_mails(viewer: Viewer, mails: Collection[str]) -> Mapping[str, list[Trainer]]:
    """The trainers with these email addresses, by the address's blind index."""
    if not viewer.can(Permission.ROSTER_EDIT) or not mails:
        return {}
    rows = db.session.execute(
        select(Person.mail_index, Trainer)
        .join(Trainer, Trainer.person_id == Person.id)
        .where(Person.mail_index.in_(list(mails)), Person.erased_at.is_(None))
        .order_by(Trainer.created_at, Trainer.id)
        .execution_options(scope="viewer")
    )
    found: dict[str, list[Trainer]] = {}
    for index, trainer in rows:
        found.setdefault(str(index), []).append(trainer)
    return found


def name_indexes(person_ids: Collection[str]) -> Mapping[str, str | None]:
    """The blind index of each of these persons' names, to compare without opening them."""
    rows = db.session.execute(
        select(Person.id, Person.name_index)
        .where(Person.id.in_(list(person_ids)))
        .execution_options(scope="operation")
    )
    return {person: index for person, index in rows}  # noqa: C416


def on_roster(mail_index: str, name_index: str | None) -> bool:
    """Whether someone with this email address and this full name is a trainer."""
    return (
        db.session.scalar(
            select(Trainer.id)
            .join(Person, Person.id == Trainer.person_id)
            .where(Person.mail_index == mail_index, Person.name_index == name_index)
            .execution_options(scope="operation")
        )
        is not None
    )


# the trainers of a course


def course_trainers(
    course_id: str, *, teaching: bool = False, persons: bool = False
) -> Sequence[CourseTrainer]:
    """The trainers invited to a course already loaded within its scope, with agency.

    ``persons``: with the rows of who they are, whose names ``reading.open_loaded`` opens.
    """
    trainer = joinedload(CourseTrainer.trainer, innerjoin=True)
    statement = (
        select(CourseTrainer)
        .where(CourseTrainer.course_id == course_id)
        .options(trainer.joinedload(Trainer.agency, innerjoin=True))
        .order_by(CourseTrainer.invited_at, CourseTrainer.id)
    )
    if persons:
        of = trainer.joinedload(Trainer.person, innerjoin=True)
        statement = statement.options(of).execution_options(scope="viewer")
    if teaching:
        statement = statement.where(CourseTrainer.state.in_(sorted(TEACHING)))
    return db.session.scalars(statement).all()


def course_trainer_of(course_id: str, course_trainer_id: str) -> CourseTrainer:
    """One trainer of a course already loaded within its scope. Raises ``NotFound``."""
    found = db.session.scalar(
        select(CourseTrainer)
        .where(CourseTrainer.course_id == course_id, CourseTrainer.id == course_trainer_id)
        .options(joinedload(CourseTrainer.trainer, innerjoin=True))
    )
    if found is None:
        raise NotFound
    return found


def course_of(course_trainer_id: str) -> str:
    """The course of an invitation, so that the course can be locked. Raises ``NotFound``."""
    found = db.session.scalar(
        select(CourseTrainer.course_id).where(CourseTrainer.id == course_trainer_id)
    )
    if found is None:
        raise NotFound
    return found


def course_trainer_for_update(course_trainer_id: str) -> CourseTrainer:
    """An invitation with its trainer, the row locked. Raises ``NotFound``."""
    found: CourseTrainer | None = db.session.scalar(
        for_update(select(CourseTrainer).where(CourseTrainer.id == course_trainer_id)),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound
    return found


def invitations_for_update(
    course_id: str, trainer_ids: Collection[str]
) -> Mapping[str, CourseTrainer]:
    """Earlier invitations and answers of these trainers, by trainer, the rows locked."""
    found = db.session.scalars(
        for_update(
            select(CourseTrainer)
            .where(
                CourseTrainer.course_id == course_id,
                CourseTrainer.trainer_id.in_(list(trainer_ids)),
            )
            .order_by(CourseTrainer.id)
        ),
        execution_options={"populate_existing": True},
    )
    return {one.trainer_id: one for one in found}


def own_invitation(viewer: Viewer, course_trainer_id: str) -> CourseTrainer:
    """One of the viewer's own invitations, with the course. Raises ``NotFound``."""
    found = None
    if viewer.account_id is not None:
        found = db.session.scalar(
            select(CourseTrainer)
            .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
            .where(CourseTrainer.id == course_trainer_id, Trainer.account_id == viewer.account_id)
            .options(
                joinedload(CourseTrainer.trainer, innerjoin=True),
                joinedload(CourseTrainer.course, innerjoin=True)
                .selectinload(Course.asked)
                .joinedload(CourseAgency.agency),
            )
        )
    if found is None:
        raise NotFound
    return found


def own_invitations(viewer: Viewer) -> Sequence[CourseTrainer]:
    """All of the viewer's own invitations, with their courses, latest course first."""
    if viewer.account_id is None:
        return []
    return db.session.scalars(
        select(CourseTrainer)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .join(Course, Course.id == CourseTrainer.course_id)
        .where(Trainer.account_id == viewer.account_id)
        .options(joinedload(CourseTrainer.course, innerjoin=True))
        .order_by(Course.starts_on.desc(), CourseTrainer.id)
    ).all()


def is_asked(viewer: Viewer, course_id: str) -> bool:
    """Whether the viewer is invited to teach in a course, or has accepted, and may see it."""
    if viewer.account_id is None:
        return False
    return (
        db.session.scalar(
            select(CourseTrainer.id)
            .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
            .where(
                CourseTrainer.course_id == course_id,
                Trainer.account_id == viewer.account_id,
                CourseTrainer.state.in_(sorted(TEACHING)),
            )
        )
        is not None
    )


def courses_given(viewer: Viewer, trainer_id: str) -> tuple[Sequence[CourseTrainer], int]:
    """A trainer's courses that the viewer may see, and how many more there are."""
    mine = (
        db.session.scalars(
            select(CourseTrainer)
            .join(Course, Course.id == CourseTrainer.course_id)
            .where(
                CourseTrainer.trainer_id == trainer_id,
                courses.within(viewer, Permission.ROSTER_READ),
            )
            .options(joinedload(CourseTrainer.course, innerjoin=True))
            .order_by(Course.starts_on.desc(), CourseTrainer.id)
        )
        .unique()
        .all()
    )
    total = (
        db.session.scalar(
            select(func.count())
            .select_from(CourseTrainer)
            .where(CourseTrainer.trainer_id == trainer_id)
        )
        or 0
    )
    return mine, total - len(mine)


def languages_of(person_ids: Collection[str]) -> Mapping[str, str]:
    """The language for emails to each of these persons."""
    rows = db.session.execute(
        select(Person.id, Person.language)
        .where(Person.id.in_(list(person_ids)))
        .execution_options(scope="operation")
    )
    return {person: language for person, language in rows}  # noqa: C416
