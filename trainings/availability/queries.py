"""Looks up when trainers can teach."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from trainings.availability.models import AvailabilityPeriod, BusyCalendar
from trainings.availability.rules import Period, Stretch, away
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING


def own_trainer(viewer: Viewer) -> Trainer:
    """The roster entry of the viewer. Raises ``NotFound`` for who is on no roster."""
    found = rosters.of_account(viewer.account_id)
    if found is None:
        raise NotFound
    return found


def period_of(row: AvailabilityPeriod) -> Period:
    """A stored period as the rules take it."""
    return Period(
        kind=row.kind,
        first=row.first,
        last=row.last,
        zone=row.zone,
        weekdays=frozenset(row.weekdays),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        course_id=row.course_id,
    )


def periods_of(trainer_id: str) -> Sequence[AvailabilityPeriod]:
    """The periods of a trainer, by their first day."""
    return db.session.scalars(
        select(AvailabilityPeriod)
        .where(AvailabilityPeriod.trainer_id == trainer_id)
        .order_by(AvailabilityPeriod.first, AvailabilityPeriod.id)
    ).all()


def calendar_of(trainer_id: str) -> BusyCalendar | None:
    """The busy times that a trainer's calendar gave us."""
    return db.session.get(BusyCalendar, trainer_id)


def courses_of(trainer_id: str) -> Sequence[Course]:
    """The courses to which a trainer is invited or where they accepted, by their first day."""
    return db.session.scalars(
        select(Course)
        .join(CourseTrainer, CourseTrainer.course_id == Course.id)
        .where(CourseTrainer.trainer_id == trainer_id, CourseTrainer.state.in_(sorted(TEACHING)))
        .order_by(Course.starts_on, Course.id)
    ).all()


def away_of(
    trainer_ids: Collection[str], since: datetime, until: datetime, course_id: str | None
) -> dict[str, list[Stretch]]:
    """When each of these trainers cannot teach, by trainer; two questions to the database."""
    periods: dict[str, list[Period]] = {}
    for row in db.session.scalars(
        select(AvailabilityPeriod).where(AvailabilityPeriod.trainer_id.in_(list(trainer_ids)))
    ):
        periods.setdefault(row.trainer_id, []).append(period_of(row))
    busy = {
        row.trainer_id: [Stretch(*map(datetime.fromisoformat, one)) for one in row.times]
        for row in db.session.scalars(
            select(BusyCalendar).where(BusyCalendar.trainer_id.in_(list(trainer_ids)))
        )
    }
    return {
        one: away(periods.get(one, ()), busy.get(one, ()), since, until, course_id)
        for one in {*periods, *busy}
    }
