"""Looks up sessions: of a course, of a trainer, of today; and what is busy when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from trainings.agenda.models import AgendaSession, Assignment
from trainings.agenda.rules import COUNTED, Span, union_minutes
from trainings.core import clock
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.registrations.models import Registration
from trainings.registrations.rules import TAKES_PART
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import GIVING

_HOURS_FROM_ANYWHERE = timedelta(hours=38)  # from the first zone's midnight to the last one's


def whole() -> tuple[ExecutableOption, ...]:
    """What comes with a session: module, room, and who gives it."""
    return (
        joinedload(AgendaSession.module),
        joinedload(AgendaSession.room),
        selectinload(AgendaSession.assignments)
        .joinedload(Assignment.course_trainer, innerjoin=True)
        .joinedload(CourseTrainer.trainer, innerjoin=True),
    )


def sessions_of(course_id: str) -> Sequence[AgendaSession]:
    """The sessions of a course that was loaded within its scope, in order of time.

    Each with module, room and those who give it (``assignments`` → ``course_trainer`` →
    ``trainer``).
    """
    return db.session.scalars(
        select(AgendaSession)
        .where(AgendaSession.course_id == course_id)
        .options(*whole())
        .order_by(AgendaSession.starts_utc, AgendaSession.ends_utc, AgendaSession.id)
    ).all()


def session_of(course_id: str, session_id: str) -> AgendaSession:
    """One session of a course that was loaded within its scope. Raises ``NotFound``."""
    found = db.session.scalar(
        select(AgendaSession)
        .where(AgendaSession.course_id == course_id, AgendaSession.id == session_id)
        .options(*whole())
    )
    if found is None:
        raise NotFound
    return found


def session_for(
    viewer: Viewer, permission: Permission, code: str, session_id: str
) -> AgendaSession:
    """A session with its course and module, if the viewer holds the permission for the course.

    Raises ``NotFound`` where it is hidden or missing.
    """
    found = db.session.scalar(
        select(AgendaSession)
        .join(Course, Course.id == AgendaSession.course_id)
        .where(
            AgendaSession.id == session_id, Course.code == code, courses.within(viewer, permission)
        )
        .options(
            contains_eager(AgendaSession.course),
            joinedload(AgendaSession.module),
            joinedload(AgendaSession.room),
        )
    )
    if found is None:
        raise NotFound
    return found


def readable_course(viewer: Viewer, code: str) -> tuple[Course, bool]:
    """A course whose agenda the viewer may read, and whether as staff of it.

    Staff are its organisers and trainers; confirmed participants and invited trainers read it
    too. Raises ``NotFound``.
    """
    try:
        return courses.course_for(viewer, Permission.AGENDA_READ, code), True
    except NotFound:
        course = courses.by_code(code)
    if rosters.is_asked(viewer, course.id) or takes_part(viewer, course.id):
        return course, False
    raise NotFound


def takes_part(viewer: Viewer, course_id: str) -> bool:
    """Whether the viewer has confirmed a seat in a course."""
    if viewer.person_id is None:
        return False
    return (
        db.session.scalar(
            select(Registration.id)
            .where(
                Registration.course_id == course_id,
                Registration.person_id == viewer.person_id,
                Registration.state.in_(sorted(TAKES_PART)),
            )
            .limit(1)
            .execution_options(scope="own")
        )
        is not None
    )


def today(viewer: Viewer) -> list[AgendaSession]:
    """What happens today, where each course is, in the courses whose agenda the viewer edits.

    Each session comes with course, module and room.
    """
    now = clock.now()
    found = db.session.scalars(
        select(AgendaSession)
        .join(Course, Course.id == AgendaSession.course_id)
        .where(
            AgendaSession.starts_utc > now - _HOURS_FROM_ANYWHERE,
            AgendaSession.starts_utc < now + _HOURS_FROM_ANYWHERE,
            courses.within(viewer, Permission.AGENDA_EDIT),
            Course.state != CourseState.CANCELLED,
            Course.template.is_(False),
        )
        .options(
            contains_eager(AgendaSession.course),
            joinedload(AgendaSession.module),
            joinedload(AgendaSession.room),
        )
        .order_by(AgendaSession.starts_utc, AgendaSession.id)
        .execution_options(scope="viewer")
    ).unique()
    return [one for one in found if one.day == clock.today(one.course.zone)]


def taught_by(viewer: Viewer, sessions: Collection[AgendaSession]) -> frozenset[str]:
    """The ids of those among some sessions that the viewer teaches."""
    if not sessions or viewer.account_id is None:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(Assignment.session_id)
            .join(CourseTrainer, CourseTrainer.id == Assignment.course_trainer_id)
            .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
            .where(
                Assignment.session_id.in_([one.id for one in sessions]),
                Trainer.account_id == viewer.account_id,
            )
        )
    )


# hours


def counted_spans(course_ids: Collection[str] | Select[str]) -> dict[str, dict[str, Span]]:
    """When the modules and tests of courses take place: by course, by session."""
    rows = db.session.execute(
        select(
            AgendaSession.course_id,
            AgendaSession.id,
            AgendaSession.starts_utc,
            AgendaSession.ends_utc,
        ).where(AgendaSession.course_id.in_(course_ids), AgendaSession.kind.in_(sorted(COUNTED)))
    )
    found: dict[str, dict[str, Span]] = {}
    for course, key, starts, ends in rows:
        found.setdefault(course, {})[key] = Span(starts, ends)
    return found


def planned_minutes(course_id: str) -> int:
    """The planned minutes of a course: its modules and tests; breaks never.

    Sessions at the same time count once.
    """
    return planned_in([course_id]).get(course_id, 0)


def planned_in(course_ids: Collection[str]) -> Mapping[str, int]:
    """The same of several courses, by their ids; none where nothing is planned yet."""
    found = counted_spans(course_ids)
    return {course: union_minutes(spans.values()) for course, spans in found.items()}


def minutes_by_module(course_id: str) -> Mapping[str, int]:
    """The planned minutes of each module of a course, its tests with it, by the module's id."""
    rows = db.session.execute(
        select(AgendaSession.module_id, AgendaSession.starts_utc, AgendaSession.ends_utc).where(
            AgendaSession.course_id == course_id,
            AgendaSession.kind.in_(sorted(COUNTED)),
            AgendaSession.module_id.is_not(None),
        )
    )
    spans: dict[str, list[Span]] = {}
    for module_id, starts, ends in rows:
        spans.setdefault(str(module_id), []).append(Span(starts, ends))
    return {module_id: union_minutes(some) for module_id, some in spans.items()}


def minutes_by_trainer(course_id: str) -> Mapping[str, int]:
    """The minutes each course trainer gives in a course, by the course trainer's id."""
    rows = db.session.execute(
        select(Assignment.course_trainer_id, func.sum(AgendaSession.minutes))
        .join(AgendaSession, AgendaSession.id == Assignment.session_id)
        .where(AgendaSession.course_id == course_id, Assignment.role.in_(sorted(GIVING)))
        .group_by(Assignment.course_trainer_id)
    )
    return {course_trainer: int(minutes) for course_trainer, minutes in rows}


def sessions_by_trainer(course_id: str) -> Mapping[str, int]:
    """How many sessions each course trainer gives in a course, by the course trainer's id."""
    rows = db.session.execute(
        select(Assignment.course_trainer_id, func.count())
        .join(AgendaSession, AgendaSession.id == Assignment.session_id)
        .where(AgendaSession.course_id == course_id, Assignment.role.in_(sorted(GIVING)))
        .group_by(Assignment.course_trainer_id)
    )
    return {course_trainer: int(number) for course_trainer, number in rows}
