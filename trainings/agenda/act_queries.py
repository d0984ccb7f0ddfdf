"""Looks up what was done with the agenda, and the sessions that an act touches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import joinedload

from trainings.agenda.act_rules import KEPT_FOR_UNDO, ActKind, Entry, roles_of, without_leads
from trainings.agenda.models import AgendaAct, AgendaSession, Assignment, WaitingSession
from trainings.core.db import db
from trainings.courses.models import Course, CourseModule
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import TrainerRole

Row = AgendaSession | WaitingSession
_COLUMNS = (
    AgendaSession.id,
    AgendaSession.version,
    AgendaSession.kind,
    AgendaSession.titles,
    AgendaSession.day,
    AgendaSession.starts_at,
    AgendaSession.ends_at,
    AgendaSession.module_id,
    AgendaSession.room_id,
    AgendaSession.languages,
    AgendaSession.interpreted,
)
_NOT_UNDOABLE = (ActKind.UNDO, ActKind.REDO)


def entry_of(row: Row) -> Entry:
    """A session as an act takes it; a scheduled one is loaded with its assignments."""
    if isinstance(row, WaitingSession):
        return Entry(
            kind=row.kind,
            minutes=row.minutes,
            titles=dict(row.titles),
            module_id=row.module_id,
            room_id=row.room_id,
            trainers=tuple(sorted(row.trainers)),
            roles=roles_of(row.roles),
            languages=tuple(row.languages),
            interpreted=tuple(row.interpreted),
        )
    return _scheduled_entry(row, {one.course_trainer_id: one.role for one in row.assignments})


def _scheduled_entry(row: Any, roles: Mapping[str, TrainerRole]) -> Entry:
    """A session of a day, from its row or its columns."""
    length = datetime.combine(row.day, row.ends_at) - datetime.combine(row.day, row.starts_at)
    return Entry(
        kind=row.kind,
        minutes=int(length.total_seconds()) // 60,
        day=row.day,
        starts_at=row.starts_at,
        titles=dict(row.titles),
        module_id=row.module_id,
        room_id=row.room_id,
        trainers=tuple(sorted(roles)),
        roles=without_leads(roles),
        languages=tuple(row.languages),
        interpreted=tuple(row.interpreted),
    )


class Scheduled(NamedTuple):
    """A session as it stands on its day, and its version."""

    entry: Entry
    version: int


def scheduled(course_id: str) -> dict[str, Scheduled]:
    """The sessions on the days of a course, by id, in order of time; no rows to be changed."""
    found: dict[str, tuple[Any, dict[str, TrainerRole]]] = {}
    for row in db.session.execute(
        select(*_COLUMNS, Assignment.course_trainer_id, Assignment.role)
        .outerjoin(Assignment, Assignment.session_id == AgendaSession.id)
        .where(AgendaSession.course_id == course_id)
        .order_by(AgendaSession.starts_utc, AgendaSession.ends_utc, AgendaSession.id)
    ):
        _first, roles = found.setdefault(row.id, (row, {}))
        if row.course_trainer_id is not None:
            roles[row.course_trainer_id] = row.role
    return {
        key: Scheduled(_scheduled_entry(row, roles), row.version)
        for key, (row, roles) in found.items()
    }


def rows(course_id: str, ids: Collection[str]) -> dict[str, Row]:
    """Those of these sessions that the course has, scheduled or waiting, by id, in this order.

    Inside a transaction that has locked the course's row.
    """
    found: dict[str, Row] = {
        row.id: row for row in _scheduled(course_id, AgendaSession.id.in_(list(ids)))
    }
    if len(found) < len(ids):
        waiting = db.session.scalars(
            select(WaitingSession).where(
                WaitingSession.course_id == course_id, WaitingSession.id.in_(list(ids))
            )
        )
        found |= {row.id: row for row in waiting}
    return {key: found[key] for key in ids if key in found}


def rows_of_day(course_id: str, day: date) -> dict[str, Row]:
    """The sessions on a day of a course, by id; as ``rows``."""
    return {row.id: row for row in _scheduled(course_id, AgendaSession.day == day)}


def _scheduled(course_id: str, which: ColumnElement[bool]) -> Sequence[AgendaSession]:
    return (
        db.session.scalars(
            select(AgendaSession)
            .where(AgendaSession.course_id == course_id, which)
            .options(
                joinedload(AgendaSession.module),
                joinedload(AgendaSession.room),
                joinedload(AgendaSession.assignments)
                .joinedload(Assignment.course_trainer)
                .joinedload(CourseTrainer.trainer),
            )
            .order_by(AgendaSession.starts_utc, AgendaSession.id)
        )
        .unique()
        .all()
    )


def waiting(course_id: str) -> Sequence[WaitingSession]:
    """The sessions of a course that wait to be scheduled, as they came."""
    return db.session.scalars(
        select(WaitingSession)
        .where(WaitingSession.course_id == course_id)
        .order_by(WaitingSession.id)
    ).all()


def modules_of(course_id: str) -> frozenset[str]:
    """The ids of the modules that a course teaches."""
    found = db.session.scalars(
        select(CourseModule.module_id).where(CourseModule.course_id == course_id)
    )
    return frozenset(found)


def next_number(course_id: str) -> ScalarSelect[int]:
    """The number of a course's next act, for the row that is being written."""
    return (
        select(func.coalesce(func.max(AgendaAct.number), 0) + 1)
        .where(AgendaAct.course_id == course_id)
        .scalar_subquery()
    )


def state(course: Course) -> str:
    """A short text that changes whenever the course's agenda, days, or a trainer's answer does."""
    acts = select(func.max(AgendaAct.number)).where(AgendaAct.course_id == course.id)
    number, asked, answered = db.session.execute(
        select(
            acts.scalar_subquery(),
            func.count(CourseTrainer.id),
            func.max(CourseTrainer.answered_at),
        ).where(CourseTrainer.course_id == course.id)
    ).one()
    last = answered and f"{answered:%y%m%d%H%M%S%f}"
    return f"{number or 0}-{asked}-{last or 0}-{course.starts_on:%y%m%d}-{course.ends_on:%y%m%d}"


class OwnActs(NamedTuple):
    """What somebody can undo and do again in a course."""

    undo: AgendaAct | None
    redo: AgendaAct | None


def own_acts(course_id: str, account_id: str | None) -> OwnActs:
    """The last act of an account that is not undone, and the one undone last after it.

    Only the last ``KEPT_FOR_UNDO`` are looked at.
    """
    last = list(
        db.session.scalars(
            select(AgendaAct)
            .where(
                AgendaAct.course_id == course_id,
                AgendaAct.account_id == account_id,
                AgendaAct.kind.not_in(_NOT_UNDOABLE),
            )
            .order_by(AgendaAct.number.desc())
            .limit(KEPT_FOR_UNDO)
        )
    )
    redo = None
    for one in last:
        if not one.undone:
            return OwnActs(one, redo)
        redo = one
    return OwnActs(None, redo)
