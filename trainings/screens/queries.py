"""Looks up the link of a course's screen, and what the screen shows."""

from __future__ import annotations

from sqlalchemy import select

from trainings.agenda_versions import queries as versions
from trainings.core import sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.screens.models import ScreenLink
from trainings.screens.rules import Shown


def token_index(token: str) -> str:
    """What is kept of a link's secret: without the keys it cannot even be tried."""
    return sealed.blind_index("screen", token)


def link_of(course_id: str) -> ScreenLink | None:
    """The link of a course loaded within its scope, where it has one."""
    return db.session.get(ScreenLink, course_id)


def course_with(token: str) -> tuple[Course, ScreenLink]:
    """The course that a link shows. Raises ``NotFound``."""
    found = db.session.execute(
        select(Course, ScreenLink)
        .join(ScreenLink, ScreenLink.course_id == Course.id)
        .where(ScreenLink.token_index == token_index(token))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def shown(course: Course, link: ScreenLink) -> Shown:
    """What the screen of a course shows: what is published, and nothing before that."""
    entries = versions.entries_of(versions.latest(course.id))
    return Shown(
        dict(course.titles),
        course.zone,
        course.state is CourseState.CANCELLED,
        tuple(link.languages),
        tuple(versions.planned(entries)),
    )
