"""Looks up courses for people who do not work on them: public pages, open registration."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import select

from trainings.core import clock
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import access_rules
from trainings.courses.models import Course
from trainings.courses.queries import HEAD, by_code, dates_of, may, works_on
from trainings.courses.rules import CourseState, Visibility


def _nobody_more(_course_id: str) -> bool:
    return False


def public_course(
    viewer: Viewer,
    code: str,
    link_key: str = "",
    involved: Callable[[str], bool] = _nobody_more,
    load: Collection[str] = ("modules",),
) -> Course:
    """A course for its public page, with modules; raises ``NotFound`` where it may not be seen.

    Public courses are shown to anyone, by-link courses to anyone with the key, and all of them to
    staff who work on them and to those for whom ``involved(course_id)`` is true (asked last).
    """
    course = by_code(code, load)
    if course.template:
        raise NotFound
    if course.state is CourseState.DRAFT:
        shown = may(viewer, Permission.COURSE_WORK, course)
    else:
        shown = (
            course.visibility is Visibility.PUBLIC
            or opened_by(course, link_key)
            or works_on(viewer, course)
            or (viewer.is_authenticated and involved(course.id))
        )
    if not shown:
        raise NotFound
    return course


def opened_by(course: Course, link_key: str) -> bool:
    """Whether a link's key opens a course whose visibility is by link."""
    return course.visibility is Visibility.BY_LINK and access_rules.same_key(
        course.link_key, link_key
    )


def open_course(
    viewer: Viewer, code: str, link_key: str = "", involved: Callable[[str], bool] = _nobody_more
) -> Course:
    """A course open for applications. Raises ``NotFound``, ``access_rules.RegistrationNotOpen``."""
    course = public_course(viewer, code, link_key, involved)
    check_open_now(course)
    return course


def check_open_now(course: Course) -> None:
    """Check that a course accepts applications now. Raises ``RegistrationNotOpen``."""
    access_rules.check_may_apply(course.visibility)
    access_rules.check_open(course.state, dates_of(course), course.zone, clock.now())


OPEN_TO_ALL = (  # the courses that anyone can find
    Course.visibility == Visibility.PUBLIC,
    Course.state.in_((CourseState.PUBLISHED, CourseState.REGISTRATION_CLOSED, CourseState.RUNNING)),
    Course.template.is_(False),
)


def public_courses(most: int) -> Sequence[Course]:
    """The next courses that anyone can find."""
    return (
        db.session.scalars(
            select(Course)
            .where(*OPEN_TO_ALL)
            .options(*HEAD)
            .order_by(Course.starts_on, Course.code)
            .limit(most)
        )
        .unique()
        .all()
    )
