"""Looks up when trainers can teach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, null, select, type_coerce, union_all

from trainings.agenda import service_queries as services
from trainings.availability.models import AvailabilityPeriod, BusyCalendar
from trainings.availability.rules import DayState, Period, Stretch, away, state_of
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import TEACHING
from trainings.rosters.search_rules import Occupied


def period_of(row: AvailabilityPeriod | Row[Any]) -> Period:
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
    """When each of these trainers cannot teach, by trainer; one question to the database."""
    said = _said(trainer_ids)
    return {
        one: away(periods, busy, since, until, course_id) for one, (periods, busy) in said.items()
    }


_PERIOD = (
    AvailabilityPeriod.kind,
    AvailabilityPeriod.first,
    AvailabilityPeriod.last,
    AvailabilityPeriod.zone,
    AvailabilityPeriod.weekdays,
    AvailabilityPeriod.starts_at,
    AvailabilityPeriod.ends_at,
    AvailabilityPeriod.course_id,
)


def _said(
    trainer_ids: Collection[str] | None = None,
) -> dict[str, tuple[list[Period], list[Stretch]]]:
    """What trainers entered and when their calendars say that they are busy, by trainer.

    Of these trainers, or of all. In one statement, but not joined: a calendar holds thousands of
    times, and each period of its trainer would bring them again.
    """
    no_times = type_coerce(null(), BusyCalendar.times.type).label("times")
    periods = select(AvailabilityPeriod.trainer_id, *_PERIOD, no_times)
    calendars = select(BusyCalendar.trainer_id, *(null() for _ in _PERIOD), BusyCalendar.times)
    if trainer_ids is not None:
        periods = periods.where(AvailabilityPeriod.trainer_id.in_(list(trainer_ids)))
        calendars = calendars.where(BusyCalendar.trainer_id.in_(list(trainer_ids)))
    found: dict[str, tuple[list[Period], list[Stretch]]] = {}
    rows: Iterable[Row[Any]] = db.session.execute(union_all(periods, calendars))
    for row in rows:
        entered, busy = found.setdefault(row.trainer_id, ([], []))
        if row.times is None:
            entered.append(period_of(row))
        else:
            busy.extend(Stretch(*map(datetime.fromisoformat, one)) for one in row.times)
    return found


def occupied(first: date, last: date) -> Sequence[Occupied]:
    """On which of these days trainers are not free: needed by courses, or away all day.

    What they told us names no course: whoever looks reads no more than *not free*.
    """
    since, until = (
        datetime.combine(day, time(), UTC) + timedelta(days=beside)
        for day, beside in ((first, -1), (last, 2))
    )
    days = [date.fromordinal(one) for one in range(first.toordinal(), last.toordinal() + 1)]
    found = list(services.occupied(first, last))
    for trainer, (periods, busy) in sorted(_said().items()):
        latest = max(periods, key=lambda one: (one.first, one.last, one.zone), default=None)
        zone = latest.zone if latest else "UTC"
        stretches = away(periods, busy, since, until, None)
        gone = [day for day in days if state_of(stretches, day, zone) is DayState.AWAY]
        if gone:
            found.append(Occupied(trainer, "", gone[0], gone[-1]))
    return found
