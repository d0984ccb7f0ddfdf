"""Looks up what the timetable shows: sessions, what waits, when rooms and trainers are not free."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from trainings.agenda import act_queries
from trainings.agenda import queries as agenda
from trainings.agenda.act_queries import Row, entry_of
from trainings.agenda.act_rules import Entry
from trainings.agenda.models import AgendaSession, Assignment
from trainings.agenda.rules import SessionKind
from trainings.agenda_versions import queries as versions
from trainings.core.db import db
from trainings.courses import programme_queries
from trainings.courses.models import Course, CourseModule, Room
from trainings.courses.rules import CourseState
from trainings.registrations.models import Registration
from trainings.registrations.rules import TAKES_PART
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import TEACHING
from trainings.scheduling.frame_rules import Waiting
from trainings.scheduling.rules import USUAL_MINUTES
from trainings.scheduling.way_rules import Way, ways


class Taken(NamedTuple):
    """When a room or a trainer is not free, in the course's local time; nothing says where."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Plan:
    """All that stands in a course's timetable, or waits to."""

    course: Course
    rows: Sequence[Row]  # scheduled first, in order of time
    modules: Sequence[CourseModule]
    rooms: Sequence[Room]
    trainers: Sequence[CourseTrainer]
    rooms_taken: dict[str, list[Taken]]  # by other courses, by room
    trainers_taken: dict[str, list[Taken]]  # by other courses, by course trainer
    people: int  # who take part
    published: Mapping[str, Entry] | None  # the sessions as people see them, once they do

    @property
    def entries(self) -> dict[str, Entry]:
        """Every session by its id."""
        return {row.id: entry_of(row) for row in self.rows}


def plan(course: Course) -> Plan:
    """The timetable of a course that was loaded within its scope, with its modules."""
    trainers = rosters.course_trainers(course.id, teaching=True)
    rooms = programme_queries.rooms(course.venue or course.city)
    rooms_taken, trainers_taken = _taken_elsewhere(course, rooms, trainers)
    version = versions.latest(course.id)
    return Plan(
        course=course,
        rows=[*agenda.sessions_of(course.id), *act_queries.waiting(course.id)],
        modules=course.modules,
        rooms=rooms,
        trainers=trainers,
        rooms_taken=rooms_taken,
        trainers_taken=trainers_taken,
        people=_people(course.id),
        published=versions.entries_of(version) if version else None,
    )


def _people(course_id: str) -> int:
    return (
        db.session.scalar(
            select(func.count(Registration.id))
            .where(Registration.course_id == course_id, Registration.state.in_(sorted(TAKES_PART)))
            .execution_options(scope="count")
        )
        or 0
    )


def _taken_elsewhere(
    course: Course, rooms: Collection[Room], trainers: Collection[CourseTrainer]
) -> tuple[dict[str, list[Taken]], dict[str, list[Taken]]]:
    """When other courses need these rooms and trainers, on the days of the course."""
    zone = ZoneInfo(course.zone)
    first = datetime.combine(course.starts_on, time(), zone).astimezone(UTC)
    last = datetime.combine(course.ends_on, time(), zone).astimezone(UTC) + timedelta(days=2)
    asked = {one.trainer_id: one.id for one in trainers}
    room_ids = [room.id for room in rooms]
    rows = db.session.execute(
        select(
            AgendaSession.room_id,
            CourseTrainer.trainer_id,
            AgendaSession.starts_utc,
            AgendaSession.ends_utc,
        )
        .join(Course, Course.id == AgendaSession.course_id)
        .outerjoin(Assignment, Assignment.session_id == AgendaSession.id)
        .outerjoin(
            CourseTrainer,
            (CourseTrainer.id == Assignment.course_trainer_id)
            & CourseTrainer.state.in_(sorted(TEACHING)),
        )
        .where(
            AgendaSession.course_id != course.id,
            AgendaSession.starts_utc < last,
            AgendaSession.ends_utc > first,
            Course.state != CourseState.CANCELLED,
            Course.template.is_(False),
            or_(AgendaSession.room_id.in_(room_ids), CourseTrainer.trainer_id.in_(list(asked))),
        )
        .order_by(AgendaSession.starts_utc)
    )
    by_room: dict[str, list[Taken]] = {}
    by_trainer: dict[str, list[Taken]] = {}
    for room_id, trainer_id, starts, ends in rows:
        local = (one.astimezone(zone).replace(tzinfo=None) for one in (starts, ends))
        taken = Taken(*local)
        if room_id in set(room_ids) and taken not in by_room.setdefault(room_id, []):
            by_room[room_id].append(taken)
        if trainer_id in asked:
            by_trainer.setdefault(asked[trainer_id], []).append(taken)
    return by_room, by_trainer


def module_minutes(plan: Plan) -> dict[str, int]:
    """The minutes of each module that stand on a day or wait, by the module's id."""
    found: dict[str, int] = {}
    for entry in plan.entries.values():
        if entry.module_id is not None:
            found[entry.module_id] = found.get(entry.module_id, 0) + entry.minutes
    return found


def to_schedule(plan: Plan) -> list[Waiting]:
    """What is to be scheduled: the sessions that wait, then what is left of each module."""
    entries = plan.entries
    order = {one.module_id: number for number, one in enumerate(plan.modules)}
    waiting = [Waiting(entry, key) for key, entry in entries.items() if entry.day is None]
    standing = module_minutes(plan)
    for one in plan.modules:
        planned = one.planned_minutes
        had = standing.get(one.module_id, 0)
        left = (planned - had) if planned is not None else (0 if had else USUAL_MINUTES)
        if left > 0:
            waiting.append(Waiting(Entry(SessionKind.MODULE, left, module_id=one.module_id)))
    return sorted(waiting, key=lambda one: order.get(one.entry.module_id or "", len(order)))


def ways_out(plan: Plan, wanted: Entry, but: Collection[str]) -> list[Way]:
    """How a session that was refused could be; ``but``: it, which is not in its own way."""
    rooms: dict[str, list[Taken]] = {key: list(taken) for key, taken in plan.rooms_taken.items()}
    trainers = {key: list(taken) for key, taken in plan.trainers_taken.items()}
    for key, entry in plan.entries.items():
        if entry.start is None or entry.end is None or key in but:
            continue
        taken = Taken(entry.start, entry.end)
        if entry.room_id:
            rooms.setdefault(entry.room_id, []).append(taken)
        for one in entry.trainers:
            trainers.setdefault(one, []).append(taken)
    able = [
        one.id
        for one in plan.trainers
        if wanted.module_id is None or wanted.module_id in one.trainer.module_ids
    ]
    return ways(wanted, [room.id for room in plan.rooms], able, rooms, trainers)
