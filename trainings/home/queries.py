"""What needs each role's attention, for the start page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, ScalarSelect, exists, func, or_, select

from trainings.certificates import waiver_queries
from trainings.core.db import db, has_any
from trainings.core.permissions import Permission, Viewer
from trainings.courses import public_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.desk import missing_queries
from trainings.desk.missing_rules import MissingLine, missing_lines
from trainings.register.models import Certificate
from trainings.register.rules import VALID, Status
from trainings.registrations import queries as registrations
from trainings.registrations.headcount_queries import headcounts
from trainings.registrations.models import Registration
from trainings.registrations.rules import LIVE, State
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import Invitation
from trainings.seats import matrix_queries
from trainings.seats.matrix_queries import Matrix

_GOING_ON = (
    CourseState.DRAFT,
    CourseState.PUBLISHED,
    CourseState.REGISTRATION_CLOSED,
    CourseState.RUNNING,
)
_OPEN = (CourseState.PUBLISHED, CourseState.REGISTRATION_CLOSED)
_SHOWN = 6
IN_NUMBERS = 50  # courses on a page of those in numbers


class Managed(Struct, frozen=True):
    """A course that an organiser works on, with its open tasks, and its seats until it is over."""

    course: Course
    matrix: Matrix | None
    missing: list[MissingLine]


class Nominating(Struct, frozen=True):
    """A course that invites a focal point's country: reserved seats, and candidates by state."""

    course: Course
    country: str
    kept: int
    taken: int
    nominated: int
    reserve: int


Due = Callable[[], Collection[str]]  # the courses without certificates, looked up when asked


def managed(viewer: Viewer, due: Due) -> list[Managed]:
    """The organiser's current courses, the nearest first.

    Completed courses are included until their certificates are out, and while an exception waits
    for a second organiser.
    """
    nearest = [*_nearest(viewer, Permission.REGISTRATION_READ, _GOING_ON, Course.starts_on)]
    waiting = {*_with_exceptions(viewer), *due()}
    if waiting:
        nearest += _nearest(
            viewer,
            Permission.REGISTRATION_READ,
            (CourseState.COMPLETED,),
            Course.starts_on.desc(),
            Course.id.in_(waiting),
        )
    missing = missing_queries.missing_in(nearest)  # counts the people of all of them
    ahead = [one for one in nearest if one.state is not CourseState.COMPLETED]
    seats = matrix_queries.matrices(ahead)
    return [
        Managed(one, seats.get(one.id), missing_lines(missing[one.id], one.state))
        for one in nearest
    ]


def _nearest(
    viewer: Viewer,
    permission: Permission,
    states: Collection[CourseState],
    order: Any,
    *more: ColumnElement[bool],
    page: int = 1,
) -> Sequence[Course]:
    """The first of the viewer's courses in these states, in an order."""
    if not viewer.grants_with(permission):
        return []
    reached = courses.within(viewer, permission)
    conditions = [Course.template.is_(False), Course.state.in_(states), reached, *more]
    return public_queries.page_of(conditions, order, page, _SHOWN)


def _with_exceptions(viewer: Viewer) -> Sequence[str]:
    """The completed courses of an organiser in which exceptions wait for another."""
    reached = courses.within(viewer, Permission.REGISTRATION_READ)
    over = select(Course.id).where(Course.state == CourseState.COMPLETED, reached)
    return db.session.scalars(
        waiver_queries.courses_waiting(over).execution_options(scope="viewer")
    ).all()


def without_certificates(viewer: Viewer) -> Sequence[str]:
    """The completed courses that somebody attended and whose certificates are not all made.

    Of those that an organiser works on, and that a trainer taught.
    """
    theirs = or_(
        courses.within(viewer, Permission.REGISTRATION_READ),
        courses.within(viewer, Permission.CERTIFICATE_PRINT),
    )

    attended = Registration.state == State.ATTENDED
    valid = (Certificate.registration_id.is_not(None), Certificate.status.in_(sorted(VALID)))
    waiting = select(Certificate.course_id).where(Certificate.status == Status.ISSUED)
    return db.session.scalars(
        select(Course.id)
        .where(
            Course.state == CourseState.COMPLETED,
            theirs,
            has_any(Registration.course_id, Course.id, attended),
            or_(~has_any(Certificate.course_id, Course.id, *valid), Course.id.in_(waiting)),
        )
        .execution_options(scope="count")
    ).all()


def given(viewer: Viewer, due: Due) -> list[Course]:
    """The courses that a trainer teaches or taught.

    First those under way, the nearest first, then those whose certificates are not out yet, then
    the latest of the others.
    """
    mine = {grant.course_id for grant in viewer.grants if grant.course_id is not None}
    found = courses.courses_for(viewer, Permission.CERTIFICATE_PRINT, only=mine)
    ahead = [course for course in reversed(found) if course.state in _GOING_ON]
    missing = frozenset(due()) if len(found) > len(ahead) else frozenset()
    over = sorted(
        (course for course in found if course.state not in _GOING_ON),
        key=lambda course: course.id not in missing,
    )
    shown = [*ahead, *over][:_SHOWN]
    rest = [course for course in over if course.id in missing and course not in shown]
    return shown + rest[:_SHOWN]


def invitations(viewer: Viewer) -> Sequence[CourseTrainer]:
    """A trainer's invitations that are waiting for an answer."""
    return [one for one in rosters.own_invitations(viewer) if one.state is Invitation.INVITED]


def nominating(viewer: Viewer) -> list[Nominating]:
    """Courses waiting for nominations from the focal point's country, the nearest first."""
    found = _nearest(viewer, Permission.REGISTRATION_NOMINATE, _OPEN, Course.registration_closes_on)
    if not found:
        return []
    seats = matrix_queries.matrices(found)
    people = headcounts([course.id for course in found])
    return [
        Nominating(
            course=course,
            country=grant.country,
            kept=row.kept,
            taken=row.taken,
            nominated=people[course.id].number(LIVE, [grant.country]),
            reserve=row.reserve,
        )
        for course in found
        for grant in viewer.grants_with(Permission.REGISTRATION_NOMINATE)
        if grant.country is not None and grant.country in course.countries
        for row in (seats[course.id].row(grant.country),)
    ]


def own(viewer: Viewer) -> tuple[list[Registration], list[Course]]:
    """A participant's registrations (an offer first) and unsent applications."""
    rows = sorted(registrations.own(viewer), key=lambda one: one.state is not State.OFFERED)
    return rows, list(registrations.own_drafts(viewer))


def numbers(page: int) -> list[tuple[Course, int, int]]:
    """For the analyst: past courses, with how many people attended and how many did not.

    A page of the latest first, and one more where there is another page.
    """
    shown = (
        select(Course.id)
        .where(
            Course.state == CourseState.COMPLETED,
            exists().where(Registration.course_id == Course.id),
        )
        .order_by(Course.starts_on.desc(), Course.code)
        .limit(IN_NUMBERS + 1)
        .offset((page - 1) * IN_NUMBERS)
    )
    counted = _in_state(State.ATTENDED), _in_state(State.NO_SHOW)
    rows = db.session.execute(
        select(Course, *counted)
        .where(Course.id.in_(shown))
        .order_by(Course.starts_on.desc(), Course.code)
        .execution_options(scope="count")
    )
    return [(course, attended, absent) for course, attended, absent in rows]


def _in_state(state: State) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(Registration.course_id == Course.id, Registration.state == state)
        .correlate(Course)
        .scalar_subquery()
    )
