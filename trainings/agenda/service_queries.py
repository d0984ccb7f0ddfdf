"""Looks up what trainers have taught, and on which days courses need them, over all courses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import case, func, select

from trainings.agenda.models import AgendaSession, Assignment
from trainings.core import clock
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import GIVING, TEACHING, Invitation, TrainerRole
from trainings.rosters.search_rules import Occupied, Service

_HELD = (Course.state != CourseState.CANCELLED, Course.template.is_(False))


def occupied(first: date, last: date) -> Sequence[Occupied]:
    """When courses need trainers on these days: those who accepted, and who have a session there.

    Each course's days in its own place: somebody who teaches there is away for them.
    """
    given = db.session.execute(
        select(
            CourseTrainer.trainer_id,
            CourseTrainer.course_id,
            func.min(AgendaSession.day),
            func.max(AgendaSession.day),
        )
        .join(Assignment, Assignment.course_trainer_id == CourseTrainer.id)
        .join(AgendaSession, AgendaSession.id == Assignment.session_id)
        .join(Course, Course.id == CourseTrainer.course_id)
        .where(
            AgendaSession.day.between(first, last),
            CourseTrainer.state.in_(sorted(TEACHING)),
            *_HELD,
        )
        .group_by(CourseTrainer.trainer_id, CourseTrainer.course_id)
    )
    accepted = db.session.execute(
        select(CourseTrainer.trainer_id, CourseTrainer.course_id, Course.starts_on, Course.ends_on)
        .join(Course, Course.id == CourseTrainer.course_id)
        .where(
            Course.starts_on <= last,
            Course.ends_on >= first,
            CourseTrainer.state == Invitation.ACCEPTED,
            *_HELD,
        )
    )
    found = {(row[0], row[1]): Occupied(*row) for row in given}
    found |= {
        (trainer, course): Occupied(trainer, course, max(first, starts), min(last, ends))
        for trainer, course, starts, ends in accepted
    }
    return [found[key] for key in sorted(found)]


def by_module(trainer_id: str) -> dict[tuple[str, TrainerRole], int]:
    """How many sessions of each module a trainer was in, in each role: those that are over."""
    rows = db.session.execute(
        select(AgendaSession.module_id, Assignment.role, func.count())
        .join(Assignment, Assignment.session_id == AgendaSession.id)
        .join(CourseTrainer, CourseTrainer.id == Assignment.course_trainer_id)
        .join(Course, Course.id == CourseTrainer.course_id)
        .where(
            CourseTrainer.trainer_id == trainer_id,
            AgendaSession.module_id.is_not(None),
            AgendaSession.ends_utc <= clock.now(),
            *_HELD,
        )
        .group_by(AgendaSession.module_id, Assignment.role)
    )
    return {(str(module_id), role): number for module_id, role, number in rows}


def services(module_id: str) -> Mapping[str, Service]:
    """What each trainer has taught so far: the last day, the sessions, and those of a module."""
    rows = db.session.execute(
        select(
            CourseTrainer.trainer_id,
            func.max(AgendaSession.day),
            func.count(),
            func.sum(case((AgendaSession.module_id == module_id, 1), else_=0)),
        )
        .join(Assignment, Assignment.course_trainer_id == CourseTrainer.id)
        .join(AgendaSession, AgendaSession.id == Assignment.session_id)
        .join(Course, Course.id == CourseTrainer.course_id)
        .where(AgendaSession.ends_utc <= clock.now(), Assignment.role.in_(sorted(GIVING)), *_HELD)
        .group_by(CourseTrainer.trainer_id)
    )
    return {trainer: Service(last, count, int(of)) for trainer, last, count, of in rows}
