"""Looks up courses as people find them: public pages, open registration, lists of courses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, or_, select
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.sql.base import ExecutableOption

from trainings.core import clock, paging
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.core.shown import KeptWhileShown
from trainings.courses import access_rules
from trainings.courses.models import Course, CourseAgency
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


class CoursePage(Struct, frozen=True):
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


class _Shown(NamedTuple):
    """How many courses a list has, and the ids of those on one page of it."""

    total: int
    page: int
    ids: tuple[str, ...]


_LISTS: KeptWhileShown[dict[Part, _Shown]] = KeptWhileShown()
_PAGES: KeptWhileShown[_Shown] = KeptWhileShown()


def lists(viewer: Viewer, pages: Mapping[Part, int], words: str) -> dict[Part, CoursePage]:
    """The lists that the courses' page shows, each with the page that is asked for.

    What was looked up is kept for each kind of viewer; of a visitor the whole page is.
    """

    def look() -> dict[Part, _Shown]:
        return _looked_up(viewer, pages, words)

    wanted = (viewer.grants, words, tuple(pages.items()))
    shown = _LISTS.of(wanted, look) if viewer.is_authenticated else look()
    courses = _listed(key for one in shown.values() for key in one.ids)
    return {part: _page(one, courses) for part, one in shown.items()}


def _looked_up(viewer: Viewer, pages: Mapping[Part, int], words: str) -> dict[Part, _Shown]:
    """Counted in one statement; a list without courses asks for none."""
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
        ahead = part in (Part.CURRENT, Part.OPEN)
        order = Course.starts_on if ahead else Course.starts_on.desc()
        shown[part] = _cut([condition, *found], order, pages.get(part, 1), total)
    return shown


def _cut(conditions: Sequence[ColumnElement[bool]], order: Any, page: int, total: int) -> _Shown:
    page = paging.within(page, total, SIZE)
    cut = _ids(conditions, order, page, SIZE)
    return _Shown(total, page, tuple(db.session.scalars(cut)) if total else ())


def _page(shown: _Shown, courses: Mapping[str, Course]) -> CoursePage:
    rows = [courses[key] for key in shown.ids if key in courses]
    return CoursePage(rows, shown.total, shown.page, SIZE)


def _listed(ids: Iterable[str]) -> dict[str, Course]:
    """These courses with what a line of a list says of them, in one statement."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    statement = select(Course).where(Course.id.in_(wanted)).options(*_LINE)
    return {course.id: course for course in db.session.scalars(statement).unique()}


_LINE: tuple[ExecutableOption, ...] = (
    joinedload(Course.asked).joinedload(CourseAgency.agency),
    defer(Course.texts, raiseload=True),
    defer(Course.languages, raiseload=True),
    defer(Course.countries, raiseload=True),
    defer(Course.functions, raiseload=True),
    defer(Course.instructions, raiseload=True),
)


def page_of(
    conditions: Sequence[ColumnElement[bool]], order: Any, page: int, size: int
) -> Sequence[Course]:
    """The courses of one page, with what their heads show."""
    cut = _ids(conditions, order, page, size)
    statement = select(Course).where(Course.id.in_(cut)).options(*HEAD).order_by(order, Course.code)
    return db.session.scalars(statement).unique().all()


def _ids(
    conditions: Sequence[ColumnElement[bool]], order: Any, page: int, size: int
) -> Select[str]:
    first = (page - 1) * size
    ordered = select(Course.id).where(*conditions).order_by(order, Course.code)
    return ordered.limit(size).offset(first)


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

    def look() -> _Shown:
        conditions = [
            Course.programme_id == programme_id,
            Course.template.is_(False),
            within(viewer, Permission.COURSE_WORK),
        ]
        return _cut(conditions, Course.starts_on.desc(), page, _number_of(conditions))

    shown = _PAGES.of((viewer.grants, programme_id, page), look)
    return _page(shown, _listed(shown.ids))


def earlier(viewer: Viewer, words: str, chosen: str) -> CoursePage:
    """The latest courses that a new one can be like; ``chosen`` is among them in any case.

    Its total is of all such courses, also of those without these words.
    """
    words, chosen = words[:LONGEST], chosen[:LONGEST]  # as long as it is sent, it would be kept

    def look() -> _Shown:
        can = [Course.template.is_(False), within(viewer, Permission.COURSE_CREATE)]
        latest, order = [*can, *found_by(words)], Course.starts_on.desc()
        ids = list(db.session.scalars(_ids(latest, order, 1, SIZE)))
        if chosen:
            own = db.session.scalar(select(Course.id).where(*can, Course.code == chosen))
            ids += [own] if own is not None and own not in ids else []
        return _Shown(_number_of(can), 1, tuple(ids))

    shown = _PAGES.of((viewer.grants, words, chosen), look)
    return _page(shown, _listed(shown.ids))


def _number_of(conditions: Sequence[ColumnElement[bool]]) -> int:
    return db.session.scalar(select(func.count()).select_from(Course).where(*conditions)) or 0
