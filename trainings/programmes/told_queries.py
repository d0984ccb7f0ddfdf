"""Findings and lessons as a reader is told them: source, what came of them, who changed what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from trainings.accounts import queries as accounts
from trainings.core.db import db
from trainings.core.i18n import _, localized
from trainings.core.permissions import Viewer
from trainings.courses import programme_queries
from trainings.courses.models import CourseModule, Lesson
from trainings.courses.programme_rules import LessonSource
from trainings.courses.rules import CourseState
from trainings.legislation import queries as laws
from trainings.people import reading
from trainings.programmes import queries
from trainings.programmes.models import LessonStep
from trainings.programmes.queries import ShownCourse
from trainings.programmes.rules import LessonStanding, can_be_undone


class Outcome(NamedTuple):
    """One thing that came of a lesson: what, its kind, its code where the reader can open it."""

    words: str
    kind: str
    code: str | None
    doubt: str = ""  # what has become of it since


class Told(NamedTuple):
    """A finding or lesson with all that is said beside it."""

    lesson: Lesson
    source: str
    outcomes: Sequence[Outcome]


class Known(NamedTuple):
    """The courses, modules and topics that lessons name, as the reader may see them."""

    courses: Mapping[str, ShownCourse]
    modules: Mapping[str, tuple[str, str]]  # code and title
    topics: Mapping[str, str]
    taught: frozenset[tuple[str, str]]  # course and module


def known(viewer: Viewer, named: Collection[LessonStanding], more: Iterable[str] = ()) -> Known:
    """What these standings name; ``more``: further courses."""
    course_ids = {one.course_id for one in named if one.course_id} | set(more)
    module_ids = {one.module_id for one in named if one.module_id}
    codes = {one.topic for one in named if one.topic}
    taught = select(CourseModule.course_id, CourseModule.module_id).where(
        CourseModule.course_id.in_(course_ids), CourseModule.module_id.in_(module_ids)
    )
    both = bool(course_ids and module_ids)
    return Known(
        queries.shown_courses(viewer, course_ids),
        {
            one.id: (one.code, localized(one.titles))
            for one in (programme_queries.modules(module_ids) if module_ids else ())
        },
        {one.code: localized(one.titles) for one in (laws.topics(codes) if codes else ())},
        frozenset((row[0], row[1]) for row in db.session.execute(taught)) if both else frozenset(),
    )


def told(viewer: Viewer, found: Sequence[Lesson]) -> list[Told]:
    """Lessons with their sources and what came of them, in a constant number of statements."""
    standings = [queries.standing(one) for one in found]
    sources = {one.source_course_id for one in found if one.source_course_id}
    names = known(viewer, standings, sources)
    return [
        Told(one, source_of(one, names), outcomes(standing, names))
        for one, standing in zip(found, standings, strict=True)
    ]


def source_of(lesson: Lesson, names: Known) -> str:
    """What a lesson was opened from, in words."""
    course = names.courses.get(lesson.source_course_id or "")
    title = course.title if course else _("A course of the programme")
    if lesson.source is LessonSource.EVALUATION:
        return _("Evaluation: %(course)s", course=title)
    if lesson.source is LessonSource.NETWORK:
        wave = localized(lesson.source_titles)
        return _("Working contacts (%(wave)s): %(course)s", wave=wave, course=title)
    if lesson.source is LessonSource.SESSION:
        if course is None or course.code is None:
            return _("A session: %(course)s", course=title)
        session = localized(lesson.source_titles)
        return _("Session “%(session)s”: %(course)s", session=session, course=title)
    if lesson.phase is not None:
        return localized(lesson.phase.titles)
    return _("Course: %(title)s", title=title) if lesson.source_course_id else _("Entered by hand")


def outcomes(standing: LessonStanding, names: Known) -> list[Outcome]:
    """What came of a lesson, each in words."""
    found = []
    if standing.module_id:
        code, title = names.modules.get(standing.module_id, (None, _("a removed module")))
        here = (standing.course_id, standing.module_id)
        lost = standing.course_id is not None and here not in names.taught
        doubt = _("The course does not teach this module any more.") if lost else ""
        found.append(Outcome(_("Module: %(title)s", title=title), "module", code, doubt))
    if standing.course_id:
        course = names.courses.get(standing.course_id)
        title = course.title if course else _("A course of the programme")
        cancelled = course is not None and course.state is CourseState.CANCELLED
        found.append(
            Outcome(
                _("Course: %(title)s", title=title),
                "course",
                course.code if course else None,
                str(CourseState.CANCELLED.label) if cancelled else "",
            )
        )
    if standing.topic:
        topic = names.topics.get(standing.topic)
        words = _("Law checked: %(topic)s", topic=topic or standing.topic)
        found.append(Outcome(words, "topic", standing.topic if topic else None))
    return found


class ToldStep(NamedTuple):
    """One change of a lesson's state as the history shows it."""

    step: LessonStep
    after: LessonStanding
    outcomes: Sequence[Outcome]
    who: str
    last: bool  # it can be taken back


def history(viewer: Viewer, lesson: Lesson, *, names_shown: bool) -> tuple[str, list[ToldStep]]:
    """The owner's name and the changes of a lesson, the newest first.

    People are named to who may work on lessons, which the read log notes; others read agencies.
    """
    found = queries.steps(lesson.id)
    afters = [LessonStanding.of(one.after) for one in found]
    names = known(viewer, afters)
    people = _people(viewer, [lesson.owner_id, *(one.by for one in found)] if names_shown else [])
    told_steps = [
        ToldStep(
            one,
            after,
            outcomes(after, names),
            people.get(one.by or "", ""),
            place == 0 and can_be_undone(one.number, one.cause, one.number),
        )
        for place, (one, after) in enumerate(zip(found, afters, strict=True))
    ]
    return people.get(lesson.owner_id or "", ""), told_steps


def _people(viewer: Viewer, account_ids: Sequence[str | None]) -> dict[str, str]:
    """The names of the people who own these accounts, by account."""
    persons = accounts.persons_of({one for one in account_ids if one is not None})
    opened = reading.open(persons.values(), by=viewer.account_id, purpose="lessons")
    return {account: opened[person].name for account, person in persons.items() if person in opened}
