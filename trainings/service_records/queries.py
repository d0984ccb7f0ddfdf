"""Looks up what a trainer did in all courses, for the trainer themselves."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from trainings.agenda.models import AgendaSession, Assignment
from trainings.core import clock
from trainings.core.db import db
from trainings.courses.models import Course, Module
from trainings.courses.rules import CourseState
from trainings.evaluations import queries as evaluations
from trainings.evaluations.rules import BATCH, Statement
from trainings.rosters.models import CourseTrainer
from trainings.service_records.rules import Held, Rating, Service, add_up


def of_trainer(trainer_id: str) -> list[Service]:
    """What a trainer did, course by course, latest first: the sessions that are over."""
    rows = db.session.execute(
        select(
            Course.id,
            Course.titles,
            Course.code,
            Course.city,
            Course.country,
            Course.starts_on,
            Course.ends_on,
            Assignment.role,
            AgendaSession.minutes,
            Module.id,
            Module.titles,
        )
        .join(AgendaSession, AgendaSession.course_id == Course.id)
        .join(Assignment, Assignment.session_id == AgendaSession.id)
        .join(CourseTrainer, CourseTrainer.id == Assignment.course_trainer_id)
        .outerjoin(Module, Module.id == AgendaSession.module_id)
        .where(
            CourseTrainer.trainer_id == trainer_id,
            AgendaSession.ends_utc <= clock.now(),
            Course.state != CourseState.CANCELLED,
            Course.template.is_(False),
        )
        .order_by(AgendaSession.starts_utc, AgendaSession.id)
    ).all()
    services = {row[0]: Service(*row[:7]) for row in rows}
    held = [Held(row[0], row[7], row[8], (row[9], row[10]) if row[9] else None) for row in rows]
    found = add_up(services, held)
    ratings = _ratings([one.course_id for one in found if one.given])
    for one in found:
        one.rating = ratings.get(one.course_id)
    return found


def _ratings(course_ids: Collection[str]) -> dict[str, Rating]:
    """How the trainers of these courses were rated, where five or more people said so."""
    rated = {
        course: one.of(Statement.TRAINERS)
        for course, one in evaluations.summaries(course_ids).items()
    }
    return {
        course: Rating(one.points / one.total, one.total)
        for course, one in rated.items()
        if one.total >= BATCH
    }
