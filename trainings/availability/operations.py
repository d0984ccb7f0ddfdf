"""What trainers do about when they can teach: each in its own transaction."""

from __future__ import annotations

from sqlalchemy import func, select

from trainings.audit.writes import record
from trainings.availability import queries, reader, writes
from trainings.availability.models import AvailabilityPeriod, BusyCalendar
from trainings.availability.rules import AHEAD, MOST, Period, TooMany, check_period
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.rosters import queries as rosters


def _own(by: Viewer) -> str:
    """The viewer's roster entry, its row locked: its availability changes one act at a time."""
    return rosters.trainer_for_update(rosters.own_trainer(by).id).id


def add_period(period: Period, by: Viewer) -> str:
    """Enter a period of one's own; gives its id.

    Raises a refusal of ``availability.rules``, ``NotFound`` for a course one is not asked to.
    """
    check_period(period)
    with transaction() as session:
        trainer_id = _own(by)
        known = {course.id for course in queries.courses_of(trainer_id)}
        if period.course_id is not None and period.course_id not in known:
            raise NotFound
        number = session.scalar(
            select(func.count()).where(AvailabilityPeriod.trainer_id == trainer_id)
        )
        if (number or 0) >= MOST:
            raise TooMany
        key = new_key()
        session.add(
            AvailabilityPeriod(
                id=key,
                trainer_id=trainer_id,
                course_id=period.course_id,
                kind=period.kind,
                first=period.first,
                last=period.last,
                weekdays=sorted(period.weekdays),
                starts_at=period.starts_at,
                ends_at=period.ends_at,
                zone=period.zone,
            )
        )
        record(session, "availability.add", "trainer", trainer_id, by=by.account_id)
    return key


def remove_period(period_id: str, by: Viewer) -> None:
    """Take back a period of one's own. Raises ``NotFound``."""
    with transaction() as session:
        trainer_id = _own(by)
        found = session.get(AvailabilityPeriod, period_id)
        if found is None or found.trainer_id != trainer_id:
            raise NotFound
        session.delete(found)
        record(session, "availability.remove", "trainer", trainer_id, by=by.account_id)


def take_calendar(data: bytes, zone: str, by: Viewer) -> int:
    """Keep the busy times of one's calendar instead of those before; gives how many.

    Raises ``CalendarUnread``.
    """
    rosters.own_trainer(by)
    db.session.close()
    now = clock.now()
    times = reader.busy_times(data, now, zone)
    with transaction() as session:
        trainer_id = _own(by)
        writes.forget_calendar(session, trainer_id)
        session.add(
            BusyCalendar(
                trainer_id=trainer_id,
                read_at=now,
                until=now + AHEAD,
                times=[[one.starts.isoformat(), one.ends.isoformat()] for one in times],
            )
        )
        record(session, "availability.calendar", "trainer", trainer_id, by=by.account_id)
    return len(times)


def drop_calendar(by: Viewer) -> None:
    """Forget the busy times of one's calendar."""
    with transaction() as session:
        trainer_id = _own(by)
        writes.forget_calendar(session, trainer_id)
        record(session, "availability.forget", "trainer", trainer_id, by=by.account_id)
