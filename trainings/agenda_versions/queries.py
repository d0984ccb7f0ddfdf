"""Looks up the published agenda of a course, and the one that is being worked on, beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from trainings.agenda import act_queries
from trainings.agenda.act_rules import Entry, of_plain
from trainings.agenda.models import AgendaAct, AgendaSession
from trainings.agenda_versions.models import AgendaVersion
from trainings.agenda_versions.rules import (
    Change,
    Planned,
    changes,
    for_trainer,
    in_order,
    references,
    seen,
    to_tell,
)
from trainings.core import clock
from trainings.core.db import db
from trainings.courses.models import Course, Module, Room
from trainings.people.models import Person
from trainings.registrations import locked_queries
from trainings.registrations.models import Registration
from trainings.registrations.rules import TAKES_PART
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING


def latest(course_id: str) -> AgendaVersion | None:
    """What is published of the agenda of a course loaded within its scope."""
    return db.session.scalar(
        select(AgendaVersion)
        .where(AgendaVersion.course_id == course_id)
        .order_by(AgendaVersion.number.desc())
        .limit(1)
    )


def latest_of(course_ids: Collection[str]) -> dict[str, AgendaVersion]:
    """The same of several courses, by their ids."""
    if not course_ids:
        return {}
    newest = (
        select(AgendaVersion.course_id, func.max(AgendaVersion.number).label("number"))
        .where(AgendaVersion.course_id.in_(list(course_ids)))
        .group_by(AgendaVersion.course_id)
        .subquery()
    )
    found = db.session.scalars(
        select(AgendaVersion).join(
            newest,
            (newest.c.course_id == AgendaVersion.course_id)
            & (newest.c.number == AgendaVersion.number),
        )
    )
    return {one.course_id: one for one in found}


def versions(course_id: str, limit: int | None = 10) -> Sequence[AgendaVersion]:
    """The last versions of a course's agenda, newest first."""
    return db.session.scalars(
        select(AgendaVersion)
        .where(AgendaVersion.course_id == course_id)
        .order_by(AgendaVersion.number.desc())
        .limit(limit)
    ).all()


def entries_of(version: AgendaVersion | None) -> dict[str, Entry]:
    """The sessions of a version; none where nothing was published."""
    return {key: of_plain(kept) for key, kept in version.sessions.items()} if version else {}


def cancelled_of(version: AgendaVersion | None) -> dict[str, Entry]:
    """The sessions that earlier versions had alone, as they were last."""
    return {key: of_plain(kept) for key, kept in version.cancelled.items()} if version else {}


def draft_of(course_id: str) -> dict[str, Entry]:
    """The sessions as they are being worked on."""
    return {key: one.entry for key, one in act_queries.scheduled(course_id).items()}


def entries_in(rows: Collection[AgendaSession]) -> dict[str, Entry]:
    """Loaded sessions by their ids, as versions compare them."""
    return {row.id: act_queries.entry_of(row) for row in rows}


class Standing(NamedTuple):
    """How the agenda of a course stands: what is published, what is not yet."""

    version: AgendaVersion | None
    draft: dict[str, Entry]
    changes: list[Change]

    @property
    def number(self) -> int:
        """The number of the published version; 0 before the first."""
        return self.version.number if self.version else 0

    @property
    def seen(self) -> str:
        """A text by which publishing knows that the agenda is the one that was looked at."""
        return seen(self.number, self.draft)


def standing(course_id: str, rows: Collection[AgendaSession] | None = None) -> Standing:
    """What differs between the published agenda and the one that is worked on."""
    version = latest(course_id)
    draft = draft_of(course_id) if rows is None else entries_in(rows)
    return Standing(version, draft, changes(entries_of(version), draft))


def last_act(course_id: str) -> int:
    """The number of the last act on an agenda; 0 where there was none."""
    found = select(func.max(AgendaAct.number)).where(AgendaAct.course_id == course_id)
    return db.session.scalar(found) or 0


class References(NamedTuple):
    """What sessions refer to: titles of modules, names of rooms, persons of course trainers."""

    modules: Mapping[str, Mapping[str, str]]
    rooms: Mapping[str, str]
    persons: Mapping[str, str]


def referred(entries: Collection[Entry], *, persons: bool = True) -> References:
    """What these sessions refer to, in three statements; of trainers those who still teach.

    Without ``persons`` of nobody.
    """
    modules, rooms, trainers = references(entries)
    return References(
        _pairs(select(Module.id, Module.titles).where(Module.id.in_(modules))) if modules else {},
        _pairs(select(Room.id, Room.name).where(Room.id.in_(rooms))) if rooms else {},
        _pairs(
            select(CourseTrainer.id, Trainer.person_id)
            .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
            .where(CourseTrainer.id.in_(trainers), CourseTrainer.state.in_(sorted(TEACHING)))
        )
        if trainers and persons
        else {},
    )


def _pairs(statement: Select[Any, Any]) -> dict[str, Any]:
    return {key: value for key, value in db.session.execute(statement)}  # noqa: C416


def planned(entries: Mapping[str, Entry], found: References | None = None) -> list[Planned]:
    """Sessions with what they refer to, in order of time."""
    known = referred(entries.values()) if found is None else found
    return [
        Planned(
            id=key,
            entry=entries[key],
            module=known.modules.get(entries[key].module_id or ""),
            room=known.rooms.get(entries[key].room_id or "", ""),
            persons={
                known.persons[one]: entries[key].role_of(one)
                for one in entries[key].trainers
                if one in known.persons
            },
        )
        for key in in_order(entries)
    ]


class Giver(NamedTuple):
    """Somebody who teaches on a course: the course trainer they are, and in which language."""

    course_trainer: str
    person_id: str
    language: str


class Audience(NamedTuple):
    """Whom changes concern: whoever takes part sees all; each trainer has a part of their own."""

    concerned: Sequence[Change]
    taking_part: Sequence[Registration]
    trainers: Mapping[Giver, Sequence[Change]]

    @property
    def size(self) -> int:
        """How many people that is."""
        return len(self.taking_part) + len(self.trainers)


def audience(course: Course, found: Sequence[Change]) -> Audience:
    """Whom changes of a course's agenda concern: nobody, where they are of what is over."""
    at_place = clock.now().astimezone(ZoneInfo(course.zone)).replace(tzinfo=None)
    concerned = to_tell(found, at_place)
    if not concerned:
        return Audience((), (), {})
    taking = locked_queries.with_persons(course.id, TAKES_PART)
    persons = {one.person_id for one in taking}
    parts = {
        one: for_trainer(concerned, one.course_trainer)
        for one in _givers(course.id)
        if one.person_id not in persons
    }
    return Audience(concerned, taking, {one: part for one, part in parts.items() if part})


def _givers(course_id: str) -> list[Giver]:
    """Who is asked to teach on a course and has not declined."""
    rows = db.session.execute(
        select(CourseTrainer.id, Trainer.person_id, Person.language)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .join(Person, Person.id == Trainer.person_id)
        .where(
            CourseTrainer.course_id == course_id,
            CourseTrainer.state.in_(sorted(TEACHING)),
            Person.erased_at.is_(None),
        )
        .order_by(CourseTrainer.invited_at, CourseTrainer.id)
        .execution_options(scope="operation")
    )
    return [Giver(*row) for row in rows]
