"""Looks up courses as people find them: public pages, open registration, lists of courses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, select

from trainings.core import clock, paging
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import access_rules
from trainings.courses.models import Course
from trainings.courses.queries import HEAD, by_code, dates_of, options, within
from trainings.courses.rules import CourseState, Visibility


def _nobody_more(_course_id: str) -> bool:
    return False


_GOING = (Course.state != CourseState.DRAFT, Course.template.is_(False))
_LINK_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


def public_course(
    viewer: Viewer,
    code: str,
    link_key: str = "",
    involved: Callable[[str], bool] = _nobody_more,
    load: Collection[str] = ("modules",),
) -> Course:
    """A course for its public page, with modules; raises ``NotFound`` where it may not be seen.

    Public courses are shown to anyone, by-link courses to anyone with the key, and all of them to
    staff who work on them and to those for whom ``involved(course_id)`` is true (asked last). One
    that is hidden is looked for by the same statements as one that does not exist: the time that
    an answer takes must not tell them apart.
    """
    course = _found(viewer, code, link_key, load)
    if course is None and viewer.is_authenticated:
        wanted = select(Course.id).where(Course.code == code, *_GOING)
        course_id = db.session.scalar(wanted)
        if involved(course_id or "") and course_id is not None:
            course = by_code(code, load)
    if course is None:
        raise NotFound
    return course


def _found(viewer: Viewer, code: str, link_key: str, load: Collection[str]) -> Course | None:
    """A course that is shown to everyone, to who has its link, or to who works on it."""
    open_to = [Course.visibility == Visibility.PUBLIC]
    if _LINK_KEY.fullmatch(link_key):
        by_link = Course.visibility == Visibility.BY_LINK
        open_to.append(and_(by_link, Course.link_key == link_key))
    anyone = and_(or_(*open_to, within(viewer, Permission.REGISTRATION_NOMINATE)), *_GOING)
    shown = or_(anyone, within(viewer, Permission.COURSE_WORK))
    statement = select(Course).where(Course.code == code, Course.template.is_(False), shown)
    return db.session.scalars(statement.options(*options(load))).unique().one_or_none()


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


SIZE = 30  # courses on a page of each list
LONGEST = 60  # letters of what is searched for


class Part(StrEnum):
    """One of the lists of courses; its value is what the address calls its page."""

    CURRENT = "current"
    DRAFTS = "drafts"
    PAST = "past"
    TEMPLATES = "templates"
    OPEN = "open"


_STATES: Mapping[Part, tuple[CourseState, ...]] = {
    Part.CURRENT: (CourseState.RUNNING, CourseState.PUBLISHED, CourseState.REGISTRATION_CLOSED),
    Part.DRAFTS: (CourseState.DRAFT,),
    Part.PAST: (CourseState.COMPLETED, CourseState.CANCELLED),
}


@dataclass(frozen=True)
class CoursePage:
    """One page of a list of courses."""

    rows: Sequence[Course]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return paging.pages(self.total, self.size)

    @property
    def first(self) -> int:
        """The number of the first line shown."""
        return (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last line shown."""
        return self.first + len(self.rows) - 1


def lists(viewer: Viewer, pages: Mapping[Part, int], words: str) -> dict[Part, CoursePage]:
    """The lists that the courses' page shows, each with the page that is asked for.

    Counted in one statement; a list without courses asks for none.
    """
    own = or_(
        _reached(viewer, Permission.COURSE_WORK), _reached(viewer, Permission.REGISTRATION_NOMINATE)
    )
    planned = Course.template.is_(False)
    conditions: dict[Part, ColumnElement[bool]] = {  # what is looked up for each course stands last
        part: and_(planned, Course.state.in_(states), own) for part, states in _STATES.items()
    }
    conditions[Part.TEMPLATES] = and_(
        Course.template.is_(True), _reached(viewer, Permission.COURSE_CREATE)
    )
    conditions[Part.OPEN] = and_(*OPEN_TO_ALL, ~own)
    found = found_by(words)
    counts = db.session.execute(
        select(*(func.count().filter(one) for one in conditions.values()))
        .select_from(Course)
        .where(*found)
    ).one()
    shown = {}
    for (part, condition), total in zip(conditions.items(), counts, strict=True):
        page = paging.within(pages.get(part, 1), total, SIZE)
        ahead = part in (Part.CURRENT, Part.OPEN)
        order = Course.starts_on if ahead else Course.starts_on.desc()
        rows = page_of([condition, *found], order, page, SIZE) if total else []
        shown[part] = CoursePage(rows, total, page, SIZE)
    return shown


def page_of(
    conditions: Sequence[ColumnElement[bool]], order: Any, page: int, size: int
) -> Sequence[Course]:
    """The courses of one page, with what their heads show."""
    cut = (
        select(Course.id)
        .where(*conditions)
        .order_by(order, Course.code)
        .limit(size)
        .offset((page - 1) * size)
    )
    statement = select(Course).where(Course.id.in_(cut)).options(*HEAD).order_by(order, Course.code)
    return db.session.scalars(statement).unique().all()


def found_by(words: str) -> list[ColumnElement[bool]]:
    """The conditions for what is typed: each word is in the code, the city or a title."""
    titles = cast(Course.titles, String)  # JSON: letters beyond ASCII stand there escaped
    return [
        or_(
            Course.code.icontains(word, autoescape=True),
            Course.city.icontains(word, autoescape=True),
            titles.icontains(json.dumps(word)[1:-1], autoescape=True),
        )
        for word in words[:LONGEST].split()
    ]


def _reached(viewer: Viewer, permission: Permission) -> ColumnElement[bool]:
    return within(viewer, permission) if viewer.grants_with(permission) else false()


def worked_on(viewer: Viewer, ids: Collection[str]) -> frozenset[str]:
    """Those of these courses whose staff page the viewer may open."""
    if not ids or not viewer.grants_with(Permission.COURSE_WORK):
        return frozenset()
    reached = within(viewer, Permission.COURSE_WORK)
    return frozenset(db.session.scalars(select(Course.id).where(Course.id.in_(ids), reached)))


def of_programme(viewer: Viewer, programme_id: str, page: int) -> CoursePage:
    """The courses of a programme on which the viewer works, the latest first."""
    conditions = [
        Course.programme_id == programme_id,
        Course.template.is_(False),
        within(viewer, Permission.COURSE_WORK),
    ]
    counting = select(func.count()).select_from(Course).where(*conditions)
    total = db.session.scalar(counting) or 0
    page = paging.within(page, total, SIZE)
    rows = page_of(conditions, Course.starts_on.desc(), page, SIZE)
    return CoursePage(rows, total, page, SIZE)


def earlier(viewer: Viewer, words: str, chosen: str) -> CoursePage:
    """The latest courses that a new one can be like; ``chosen`` is among them in any case."""
    can = [Course.template.is_(False), within(viewer, Permission.COURSE_CREATE)]
    conditions = [*can, *found_by(words)]
    counting = select(func.count()).select_from(Course).where(*can)
    total = db.session.scalar(counting) or 0
    rows = list(page_of(conditions, Course.starts_on.desc(), 1, SIZE))
    if chosen and chosen not in {one.code for one in rows}:
        rows += page_of([*can, Course.code == chosen], Course.starts_on.desc(), 1, 1)
    return CoursePage(rows, total, 1, SIZE)
