"""Looks up what was found and learned in programmes, its history, and what courses answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from trainings.agencies.rules import agencies_of
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course, Lesson, Programme
from trainings.courses.ownership_rules import may_edit
from trainings.courses.programme_rules import LessonKind, LessonState
from trainings.courses.rules import CourseState, Visibility
from trainings.programmes.models import LessonStep
from trainings.programmes.rules import LessonStanding, Span, over

EDIT = Permission.PROGRAMME_EDIT
ORDER = case({LessonState.OPEN: 0, LessonState.TAKEN_UP: 1}, value=Lesson.state, else_=2)
LOADED = (joinedload(Lesson.agency), joinedload(Lesson.phase), joinedload(Lesson.programme))


# Who may


def may_open(viewer: Viewer, programme: Programme) -> bool:
    """Whether somebody may open lessons: of the agency that owns it, or organising its courses."""
    if may_edit(viewer, programme.agency_id):
        return True
    if not viewer.grants_with(EDIT):
        return False
    organised = select(Course.id).where(
        Course.programme_id == programme.id, courses.within(viewer, EDIT)
    )
    return db.session.scalar(organised.limit(1)) is not None


def may_change(viewer: Viewer, programme: Programme, lesson: Lesson) -> bool:
    """Whether somebody may change a lesson: its owner, and who may change the programme."""
    if may_edit(viewer, programme.agency_id):
        return True
    return (
        lesson.owner_id is not None
        and lesson.owner_id == viewer.account_id
        and may_open(viewer, programme)
    )


def agency_for(viewer: Viewer, programme: Programme) -> str | None:
    """The agency for which somebody acts in a programme: its owner if it is theirs, else theirs."""
    own = agencies_of(viewer)
    return programme.agency_id if programme.agency_id in own else next(iter(own), None)


# A programme's lessons


def lessons(
    programme_id: str, *, state: str = "", kind: str = "", skip: int = 0, most: int = 1000
) -> Sequence[Lesson]:
    """What was found and learned in a programme, what is open first."""
    return db.session.scalars(
        select(Lesson)
        .where(
            Lesson.programme_id == programme_id,
            *([Lesson.state == state] if state else []),
            *([Lesson.kind == kind] if kind else []),
        )
        .options(*LOADED)
        .order_by(ORDER, Lesson.position)
        .offset(skip)
        .limit(most)
    ).all()


class Count(NamedTuple):
    """How many findings or lessons of one phase are in one state."""

    kind: LessonKind
    state: LessonState
    phase_id: str | None
    number: int


def counts(programme_id: str) -> list[Count]:
    """How many findings and lessons a programme has, by kind, state and phase."""
    what = (Lesson.kind, Lesson.state, Lesson.phase_id)
    rows = db.session.execute(
        select(*what, func.count()).where(Lesson.programme_id == programme_id).group_by(*what)
    )
    return [Count(*row) for row in rows]


def lesson(programme_id: str, lesson_id: str) -> Lesson:
    """One finding or lesson of a programme. Raises ``NotFound``."""
    found: Lesson | None = db.session.scalar(
        select(Lesson)
        .where(Lesson.id == lesson_id, Lesson.programme_id == programme_id)
        .options(*LOADED)
    )
    if found is None:
        raise NotFound
    return found


def programme_of(programme_ids: Collection[str], lesson_id: str) -> str:
    """In which of these programmes a lesson is. Raises ``NotFound``."""
    found: str | None = db.session.scalar(
        select(Lesson.programme_id).where(
            Lesson.id == lesson_id, Lesson.programme_id.in_(list(programme_ids))
        )
    )
    if found is None:
        raise NotFound
    return found


def standing(found: Lesson) -> LessonStanding:
    """Where a lesson is, why, and what came of it."""
    return LessonStanding(found.state, found.note, found.module_id, found.course_id, found.topic)


def steps(lesson_id: str) -> Sequence[LessonStep]:
    """The changes of a lesson, the newest first."""
    return db.session.scalars(
        select(LessonStep)
        .where(LessonStep.lesson_id == lesson_id)
        .options(joinedload(LessonStep.agency))
        .order_by(LessonStep.number.desc())
    ).all()


def followers(programme_id: str) -> Sequence[Programme]:
    """The programmes that follow one, with their phases."""
    return db.session.scalars(
        select(Programme)
        .where(Programme.follows_id == programme_id)
        .options(selectinload(Programme.phases))
        .order_by(Programme.code)
    ).all()


def followed(programme: Programme) -> Programme | None:
    """The programme that one follows."""
    if programme.follows_id is None:
        return None
    return db.session.get(Programme, programme.follows_id)


def span_of(programme: Programme) -> Span:
    """A programme loaded with its phases, from its first to its last day."""
    return over([Span(one.starts_on, one.ends_on) for one in programme.phases])


# What is named beside a lesson


class ShownCourse(NamedTuple):
    """A course as a reader may see it: its title, and its code where they work on it."""

    title: str
    code: str | None
    state: CourseState | None


def shown_courses(viewer: Viewer, ids: Collection[str]) -> dict[str, ShownCourse]:
    """Courses by id, as far as the reader may know of them."""
    if not ids:
        return {}
    found = db.session.scalars(
        select(Course).where(Course.id.in_(list(ids))).options(*courses.HEAD)
    ).unique()
    return {one.id: _shown(viewer, one) for one in found}


def _shown(viewer: Viewer, course: Course) -> ShownCourse:
    if courses.may(viewer, Permission.COURSE_WORK, course):
        return ShownCourse(localized(course.titles), course.code, course.state)
    invited = courses.may(viewer, Permission.REGISTRATION_NOMINATE, course)
    public = course.visibility is Visibility.PUBLIC and course.state is not CourseState.DRAFT
    if invited or public:
        return ShownCourse(localized(course.titles), None, course.state)
    return ShownCourse(_("A course of the programme"), None, None)


def courses_to_choose(
    viewer: Viewer, programme_id: str, but: str | None, most: int | None = None
) -> list[tuple[str, dict[str, str]]]:
    """The courses that can take up a lesson: of its programme and those that follow.

    They are courses on which the viewer works, and ``but``, the one that has taken it up. All, or
    the latest of them.
    """
    rows = db.session.execute(
        select(Course.id, Course.titles)
        .where(
            or_(
                Course.programme_id.in_(_onward(programme_id))
                & courses.within(viewer, Permission.COURSE_WORK)
                & Course.template.is_(False)
                & (Course.state != CourseState.CANCELLED),
                Course.id == but,
            )
        )
        .order_by(case((Course.id == but, 0), else_=1), Course.starts_on.desc())
        .limit(most)
    )
    return [(row.id, row.titles) for row in rows]


def _onward(programme_id: str) -> list[str]:
    """A programme and all that follow it."""
    rows = db.session.execute(select(Programme.id, Programme.follows_id)).all()
    found = [programme_id]
    for one in found:
        found += [row.id for row in rows if row.follows_id == one and row.id not in found]
    return found


# for operations, within their transaction


def programme_for_update(programme_id: str) -> Programme:
    """A programme with its row locked, which guards all its lessons. Raises ``NotFound``."""
    found: Programme | None = db.session.scalar(
        for_update(select(Programme).where(Programme.id == programme_id)),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound
    return found


def programmes_of_for_update(course_id: str) -> list[Programme]:
    """The programmes of which a locked course has taken up lessons, locked in one order."""
    there = select(Lesson.programme_id).where(Lesson.course_id == course_id).distinct()
    return [programme_for_update(one) for one in sorted(db.session.scalars(there))]


def next_position(programme_id: str) -> int:
    """The place behind the last lesson of a programme."""
    last = db.session.scalar(
        select(func.max(Lesson.position)).where(Lesson.programme_id == programme_id)
    )
    return 0 if last is None else last + 1
