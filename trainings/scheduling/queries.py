"""Looks up what the timetable shows: sessions, what waits, when rooms and trainers are not free."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import func, select

from trainings.agenda import act_queries, clash_queries
from trainings.agenda.act_queries import entry_of
from trainings.agenda.act_rules import Entry
from trainings.agenda.models import AgendaSession, Booking
from trainings.agenda.rules import SessionKind
from trainings.agenda_versions import queries as versions
from trainings.assessments import queries as assessments
from trainings.availability import queries as availability
from trainings.core.db import db
from trainings.courses import programme_queries
from trainings.courses.models import Course, CourseModule, Room
from trainings.people.models import Person
from trainings.registrations.models import Registration
from trainings.registrations.rules import TAKES_PART
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import TrainerRole
from trainings.scheduling.frame_rules import Waiting
from trainings.scheduling.rules import USUAL_MINUTES
from trainings.scheduling.way_rules import Way, ways
from trainings.session_replies import queries as replies
from trainings.session_replies.rules import Reply


class Taken(NamedTuple):
    """When a room or a trainer is not free, in the course's local time; nothing says where."""

    starts: datetime
    ends: datetime


class Plan(Struct, frozen=True):
    """All that stands in a course's timetable, or waits to."""

    course: Course
    entries: Mapping[str, Entry]  # by session; those on a day first, in order of time
    versions: Mapping[str, int]  # of the sessions
    modules: Sequence[CourseModule]
    rooms: Sequence[Room]
    trainers: Sequence[CourseTrainer]
    rooms_taken: dict[str, list[Taken]]  # by other courses, by room
    trainers_taken: dict[str, list[Taken]]  # by other courses, by course trainer
    declined: dict[tuple[str, str], Reply]  # sessions their trainers cannot give, or not then
    trainers_away: dict[str, list[Taken]]  # by what they told us, by course trainer
    published: Mapping[str, Entry] | None  # the sessions as people see them, once they do
    readers: dict[str, int]  # who take part, by the language of our emails to them
    assessed: Mapping[str, Mapping[str, TrainerRole]]  # as what, by trainer and module

    @property
    def people(self) -> int:
        """How many take part."""
        return sum(self.readers.values())


def plan(course: Course, *, persons: bool = False) -> Plan:
    """The timetable of a course that was loaded within its scope.

    ``persons``: with the rows of who the trainers are, to open their names.
    """
    trainers = rosters.course_trainers(course.id, teaching=True, persons=persons)
    rooms = programme_queries.rooms(course.venue or course.city)
    rooms_taken, trainers_taken = _taken_elsewhere(course, rooms, trainers)
    away = availability.away_of(
        {one.trainer_id for one in trainers}, *_days_of(course), course_id=course.id
    )
    version = versions.latest(course.id)
    scheduled, waiting = act_queries.scheduled(course.id), act_queries.waiting(course.id)
    return Plan(
        course=course,
        entries={
            **{key: one.entry for key, one in scheduled.items()},
            **{row.id: entry_of(row) for row in waiting},
        },
        versions={
            **{key: one.version for key, one in scheduled.items()},
            **{row.id: row.version for row in waiting},
        },
        modules=programme_queries.modules_of(course.id),
        rooms=rooms,
        trainers=trainers,
        rooms_taken=rooms_taken,
        trainers_taken=trainers_taken,
        declined=replies.against(course.id),
        trainers_away={
            one.id: [_local(course, *stretch) for stretch in away.get(one.trainer_id, ())]
            for one in trainers
        },
        readers=_readers(course.id),
        published=versions.entries_of(version) if version else None,
        assessed=assessments.roles_of({one.trainer_id for one in trainers}),
    )


def _readers(course_id: str) -> dict[str, int]:
    rows = db.session.execute(
        select(Person.language, func.count(Registration.id))
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.course_id == course_id, Registration.state.in_(sorted(TAKES_PART)))
        .group_by(Person.language)
        .execution_options(scope="count")
    )
    return {language: people for language, people in rows}  # noqa: C416


def _taken_elsewhere(
    course: Course, rooms: Collection[Room], trainers: Collection[CourseTrainer]
) -> tuple[dict[str, list[Taken]], dict[str, list[Taken]]]:
    """When other courses need these rooms and trainers, on the days of the course."""
    first, last = _days_of(course)
    asked = {one.trainer_id: one.id for one in trainers}
    room_ids = {room.id for room in rooms}
    rows = db.session.execute(
        select(Booking.resource_id, Booking.starts_utc, Booking.ends_utc)
        .join(AgendaSession, AgendaSession.id == Booking.session_id)
        .where(
            clash_queries.booked_in(first, last, [*room_ids, *asked]),
            AgendaSession.course_id != course.id,
        )
        .order_by(Booking.starts_utc)
    )
    by_room: dict[str, list[Taken]] = {}
    by_trainer: dict[str, list[Taken]] = {}
    for resource, starts, ends in rows:
        by, key = (by_room, resource) if resource in room_ids else (by_trainer, asked[resource])
        by.setdefault(key, []).append(_local(course, starts, ends))
    return by_room, by_trainer


def _days_of(course: Course) -> tuple[datetime, datetime]:
    """From before the first day of a course until after its last, in UTC."""
    zone = ZoneInfo(course.zone)
    first = datetime.combine(course.starts_on, time(), zone).astimezone(UTC)
    last = datetime.combine(course.ends_on, time(), zone).astimezone(UTC) + timedelta(days=2)
    return first, last


def _local(course: Course, starts: datetime, ends: datetime) -> Taken:
    zone = ZoneInfo(course.zone)
    return Taken(*(one.astimezone(zone).replace(tzinfo=None) for one in (starts, ends)))


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
    trainers = {
        one.id: [*plan.trainers_taken.get(one.id, ()), *plan.trainers_away.get(one.id, ())]
        for one in plan.trainers
    }
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
