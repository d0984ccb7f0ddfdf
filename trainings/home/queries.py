"""What waits for each role, gathered for the start page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.certificates import waiver_queries
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.registrations import matrix_queries
from trainings.registrations import queries as registrations
from trainings.registrations.matrix_queries import Matrix
from trainings.registrations.models import Registration
from trainings.registrations.rules import LIVE, State
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import Invitation
from trainings.workspace import queries as workspace
from trainings.workspace.rules import MissingLine, missing_lines

_GOING_ON = (
    CourseState.DRAFT, CourseState.PUBLISHED, CourseState.REGISTRATION_CLOSED, CourseState.RUNNING,
)  # fmt: skip
_OPEN = (CourseState.PUBLISHED, CourseState.REGISTRATION_CLOSED)
_SHOWN = 6


@dataclass(frozen=True)
class Managed:
    """A course that an organiser works on, with its seats and how much waits for a hand."""

    course: Course
    matrix: Matrix
    missing: list[MissingLine]


@dataclass(frozen=True)
class Nominating:
    """A course to which a focal point's country is invited: seats kept, and who stands where."""

    course: Course
    country: str
    kept: int
    taken: int
    nominated: int
    reserve: int


def managed(viewer: Viewer) -> list[Managed]:
    """The organiser's courses that are going on, the nearest first.

    With them those that are over, where an exception waits for a second organiser.
    """
    found = courses.courses_for(viewer, Permission.REGISTRATION_READ, _GOING_ON)
    nearest = sorted(found, key=lambda course: (course.starts_on, course.code))[:_SHOWN]
    waiting = waiver_queries.courses_waiting()
    if waiting:
        over = courses.courses_for(viewer, Permission.REGISTRATION_READ, (CourseState.COMPLETED,))
        nearest += [course for course in over if course.id in waiting][:_SHOWN]
    return [Managed(one, matrix_queries.matrix(one), _missing(one.id)) for one in nearest]


def _missing(course_id: str) -> list[MissingLine]:
    return missing_lines(workspace.missing(course_id, clock.now()))


def given(viewer: Viewer) -> list[Course]:
    """The courses that a trainer gives or gave, the nearest first."""
    found = courses.courses_for(viewer, Permission.CERTIFICATE_PRINT)
    mine = {grant.course_id for grant in viewer.grants if grant.course_id is not None}
    return [course for course in found if course.id in mine][:_SHOWN]


def invitations(viewer: Viewer) -> Sequence[CourseTrainer]:
    """A trainer's invitations that wait for an answer."""
    return [one for one in rosters.own_invitations(viewer) if one.state is Invitation.INVITED]


def sessions_today(viewer: Viewer) -> list[AgendaSession]:
    """Today's sessions in the viewer's courses."""
    return agenda.today(viewer)


def nominating(viewer: Viewer) -> list[Nominating]:
    """The courses that wait for nominations of the focal point's country, the nearest first."""
    found = courses.courses_for(viewer, Permission.REGISTRATION_NOMINATE, _OPEN)
    return [
        _nominating(course, grant.country)
        for course in sorted(found, key=lambda course: course.registration_closes_on)
        for grant in viewer.grants_with(Permission.REGISTRATION_NOMINATE)
        if grant.country is not None and grant.country in course.countries
    ]


def _nominating(course: Course, country: str) -> Nominating:
    row = matrix_queries.matrix(course).row(country)
    states = db.session.execute(
        select(Registration.state, func.count())
        .where(Registration.course_id == course.id, Registration.country == country)
        .group_by(Registration.state)
        .execution_options(scope="count")
    ).all()
    return Nominating(
        course=course, country=country, kept=row.kept, taken=row.taken,
        nominated=sum(number for state, number in states if state in LIVE),
        reserve=row.reserve,
    )  # fmt: skip


def own(viewer: Viewer) -> tuple[list[Registration], list[Course]]:
    """A participant's registrations (an offer first) and applications not sent yet."""
    rows = sorted(registrations.own(viewer), key=lambda one: one.state is not State.OFFERED)
    return rows, list(registrations.own_drafts(viewer))


def numbers() -> list[tuple[Course, int, int]]:
    """For the analyst: each course that was held, with how many attended and did not come."""
    rows = db.session.execute(
        select(
            Course,
            func.count().filter(Registration.state == State.ATTENDED),
            func.count().filter(Registration.state == State.NO_SHOW),
        )
        .join(Registration, Registration.course_id == Course.id)
        .where(Course.state == CourseState.COMPLETED)
        .group_by(Course.id)
        .order_by(Course.starts_on.desc())
        .execution_options(scope="count")
    )
    return [(course, attended, absent) for course, attended, absent in rows]
