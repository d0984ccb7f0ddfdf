"""Looks up what calendars show: plain values, since phones ask for all of it again and again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from trainings.agenda.act_rules import ActKind, of_plain
from trainings.agenda.models import AgendaAct, AgendaSession, Assignment
from trainings.calendars.rules import CourseFacts, SessionFacts, gone
from trainings.core.db import db
from trainings.courses.models import Course, Module, Room
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING

# The acts by which a session can leave the agenda.
_TAKES_AWAY = (ActKind.REMOVE, ActKind.UNSCHEDULE, ActKind.UNDO, ActKind.REDO)
_ACTS_MOST = 300  # looked at for sessions that are gone, the newest


def facts_columns() -> tuple[ColumnElement[Any], ...]:
    """The columns of ``CourseFacts``, in order."""
    of_course = AgendaAct.course_id == Course.id
    acts = select(func.coalesce(func.max(AgendaAct.number), 0)).where(of_course)
    acted = select(func.max(AgendaAct.at)).where(of_course)
    return (
        Course.id,
        Course.code,
        Course.titles,
        Course.venue,
        Course.city,
        Course.country,
        Course.zone,
        Course.starts_on,
        Course.ends_on,
        Course.state,
        Course.contact,
        Course.created_at,
        acts.correlate(Course).scalar_subquery(),
        acted.correlate(Course).scalar_subquery(),
    )  # type: ignore[return-value]


def course_facts(course_id: str) -> CourseFacts:
    """A course that was loaded within its scope, as a calendar shows it."""
    return CourseFacts(
        *db.session.execute(select(*facts_columns()).where(Course.id == course_id)).one()
    )


def sessions_where(which: ColumnElement[bool]) -> list[SessionFacts]:
    """Sessions as a calendar shows them, in order of time."""
    statement = (
        select(
            AgendaSession.id,
            AgendaSession.course_id,
            AgendaSession.kind,
            AgendaSession.titles,
            Module.titles,
            AgendaSession.day,
            AgendaSession.starts_at,
            AgendaSession.ends_at,
            func.coalesce(Room.name, ""),
            AgendaSession.version,
        )
        .outerjoin(Module, Module.id == AgendaSession.module_id)
        .outerjoin(Room, Room.id == AgendaSession.room_id)
        .where(which)
        .order_by(AgendaSession.starts_utc, AgendaSession.ends_utc, AgendaSession.id)
    )
    return [SessionFacts(*row) for row in db.session.execute(statement)]


def sessions_of(course_id: str) -> list[SessionFacts]:
    """The sessions of a course that was loaded within its scope."""
    return sessions_where(AgendaSession.course_id == course_id)


def sessions_gone(
    whole: Collection[str], own: Mapping[str, str], there: Collection[str]
) -> list[SessionFacts]:
    """Sessions that were on the agendas of these courses, and are no more.

    Of the courses in ``whole`` all; of those in ``own`` what this course trainer gave. ``there``:
    the sessions that still are on an agenda.
    """
    if not whole and not own:
        return []
    rows = db.session.execute(
        select(AgendaAct.course_id, AgendaAct.before, AgendaAct.after)
        .where(AgendaAct.course_id.in_({*whole, *own}), AgendaAct.kind.in_(_TAKES_AWAY))
        .order_by(AgendaAct.at.desc(), AgendaAct.number.desc())
        .limit(_ACTS_MOST)
    ).all()
    entries = {
        key: (course_id, of_plain(entry))
        for key, (course_id, entry) in gone([tuple(row) for row in reversed(rows)], there).items()
        if course_id in whole or own.get(course_id) in entry["trainers"]
    }
    modules = _module_titles({entry.module_id for _course, entry in entries.values()})
    return [
        SessionFacts(
            key,
            course_id,
            entry.kind,
            entry.titles,
            modules.get(entry.module_id or ""),
            entry.start.date(),
            entry.start.time(),
            entry.end.time(),
            "",
            gone=True,
        )
        for key, (course_id, entry) in sorted(entries.items())
        if entry.start is not None and entry.end is not None
    ]


def _module_titles(ids: Collection[str | None]) -> dict[str, Mapping[str, str]]:
    wanted = [one for one in ids if one]
    if not wanted:
        return {}
    rows = db.session.execute(select(Module.id, Module.titles).where(Module.id.in_(wanted)))
    return {row.id: row.titles for row in rows}


def givers(course_id: str) -> dict[str, list[str]]:
    """The persons who give each session of a course that was loaded within its scope."""
    rows: Sequence[Any] = db.session.execute(
        select(Assignment.session_id, Trainer.person_id)
        .join(CourseTrainer, CourseTrainer.id == Assignment.course_trainer_id)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .where(CourseTrainer.course_id == course_id, CourseTrainer.state.in_(sorted(TEACHING)))
    ).all()
    found: dict[str, list[str]] = {}
    for session_id, person_id in rows:
        found.setdefault(session_id, []).append(person_id)
    return found
