"""Looks up what calendars show: plain values, since phones ask for all of it again and again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select

from trainings.accounts import queries as accounts
from trainings.agenda.act_rules import Entry
from trainings.agenda_versions import queries as versions
from trainings.agenda_versions.models import AgendaVersion
from trainings.calendars.models import CalendarLink
from trainings.calendars.rules import (
    SHOWN_AFTER,
    CourseFacts,
    OwnCourse,
    SessionFacts,
    part_of,
    session_facts,
)
from trainings.core import clock, sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course, CourseModule, Module, Room
from trainings.registrations.models import Registration
from trainings.registrations.rules import TAKES_PART
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation


def _together(words: ColumnElement[str], *conditions: ColumnElement[bool]) -> ColumnElement[str]:
    """All words of a course in one value, so that one statement asks for all."""
    found = select(func.aggregate_strings(words, "\n")).where(*conditions)
    return found.correlate(Course).scalar_subquery()


_FACTS: tuple[ColumnElement[Any], ...] = (
    Course.id,
    Course.code,
    Course.titles,
    Course.venue,
    Course.city,
    Course.country,
    Course.zone,
    Course.starts_on,
    Course.ends_on,
    Course.state,
    Course.contact,
    Course.created_at,
    AgendaVersion.number,
    AgendaVersion.acts,
    AgendaVersion.moves,
    AgendaVersion.changed_at,
    _together(
        cast(Module.titles, String),
        Module.id == CourseModule.module_id,
        CourseModule.course_id == Course.id,
    ),
    _together(
        cast(Room.name, String),
        Room.venue == func.coalesce(func.nullif(Course.venue, ""), Course.city),
    ),
)  # type: ignore[assignment]  # the columns of ``CourseFacts``, in order


def _facts(row: Sequence[Any]) -> CourseFacts:
    """What was asked of a course; its words in the same order each time: no database says so."""
    *facts, modules, rooms = row
    in_order = ("\n".join(sorted((words or "").split("\n"))) for words in (modules, rooms))
    return CourseFacts(*facts, *in_order)


def _with_version(statement: Select[Any]) -> Select[Any]:
    """Courses, each with the version of its agenda that was published last, if there is one."""
    newest = select(func.max(AgendaVersion.number)).where(AgendaVersion.course_id == Course.id)
    return statement.select_from(Course).outerjoin(
        AgendaVersion,
        and_(
            AgendaVersion.course_id == Course.id,
            AgendaVersion.number == newest.correlate(Course).scalar_subquery(),
        ),
    )


def course_facts(course_id: str) -> CourseFacts:
    """A course that was loaded within its scope, as a calendar shows it."""
    statement = _with_version(select(*_FACTS)).where(Course.id == course_id)
    return _facts(db.session.execute(statement).one())


def token_index(token: str) -> str:
    """What is kept of a link's secret: without the keys it cannot even be tried."""
    return sealed.blind_index("calendar", token)


def link_of(account_id: str | None) -> CalendarLink | None:
    """The link of an account, where it has one."""
    return db.session.get(CalendarLink, account_id or "")


def viewer_with(token: str) -> Viewer:
    """Whose calendar a link opens, with the rights they have now. Raises ``NotFound``."""
    wanted = select(CalendarLink).where(CalendarLink.token_index == token_index(token))
    link = db.session.scalar(wanted)
    if link is None or not accounts.ours(CalendarLink, link.account_id, link.is_ours()):
        raise NotFound
    found = accounts.viewer_of(link.account_id)
    if found is None:
        raise NotFound
    return found


def own_courses(who: Viewer) -> list[OwnCourse]:
    """The courses of somebody's calendar: with a confirmed seat, taught, organised; no old ones.

    Templates are not courses. Who teaches has accepted, and still has the role.
    """
    taking = select(Registration.course_id).where(
        Registration.person_id == (who.person_id or ""), Registration.state.in_(sorted(TAKES_PART))
    )
    teaching = (
        select(CourseTrainer.id)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .where(
            CourseTrainer.course_id == Course.id,
            CourseTrainer.state == Invitation.ACCEPTED,
            Trainer.account_id == (who.account_id or ""),
            courses.within(who, Permission.AGENDA_READ),
        )
        .correlate(Course)
        .scalar_subquery()
    )
    takes = Course.id.in_(taking)
    rows = db.session.execute(
        _with_version(select(*_FACTS, takes, teaching))
        .where(
            Course.template.is_(False),
            Course.ends_on >= clock.now().date() - SHOWN_AFTER,
            or_(takes, teaching.is_not(None), courses.within(who, Permission.AGENDA_EDIT)),
        )
        .order_by(Course.starts_on, Course.id)
        .execution_options(scope="own")
    )
    return [OwnCourse(_facts(row[:-2]), bool(row[-2]), row[-1]) for row in rows]


def own_course(person_id: str, course_id: str, states: Collection[Invitation]) -> OwnCourse | None:
    """A course as a person has to do with it: they take part, or teach in one of these states."""
    takes = (
        select(Registration.id)
        .where(
            Registration.course_id == course_id,
            Registration.person_id == person_id,
            Registration.state.in_(sorted(TAKES_PART)),
        )
        .exists()
    )
    teaching = (
        select(CourseTrainer.id)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .where(
            CourseTrainer.course_id == course_id,
            CourseTrainer.state.in_(sorted(states)),
            Trainer.person_id == person_id,
        )
        .scalar_subquery()
    )
    statement = _with_version(select(*_FACTS, takes, teaching))
    row = db.session.execute(
        statement.where(Course.id == course_id).execution_options(scope="own")
    ).one_or_none()
    if row is None or not (row[-2] or row[-1]):
        return None
    return OwnCourse(_facts(row[:-2]), bool(row[-2]), row[-1])


def own_sessions(own: Sequence[OwnCourse]) -> list[SessionFacts]:
    """The sessions of somebody's calendar: all where they have a seat, elsewhere what they give.

    They are those of the published agendas; what was published and is no more is among them.
    """
    published = versions.latest_of([one.facts.id for one in own if one.takes_part or one.teaches])
    there: dict[str, dict[str, Entry]] = {}
    gone: dict[str, dict[str, Entry]] = {}
    for one in own:
        version = published.get(one.facts.id)
        there[one.facts.id] = part_of(one, versions.entries_of(version))
        gone[one.facts.id] = part_of(one, versions.cancelled_of(version))
    return facts_of(there, gone)


def facts_of(
    there: Mapping[str, Mapping[str, Entry]], gone: Mapping[str, Mapping[str, Entry]]
) -> list[SessionFacts]:
    """Sessions by their courses, as a calendar shows them; ``gone``: no longer on an agenda."""
    every = [entry for part in (*there.values(), *gone.values()) for entry in part.values()]
    referred = versions.referred(every, persons=False)
    return [
        session_facts(course_id, one, gone=cancelled)
        for some, cancelled in ((there, False), (gone, True))
        for course_id, entries in some.items()
        for one in versions.planned(entries, referred)
    ]


def sessions_of(course_id: str) -> list[SessionFacts]:
    """The published sessions of a course loaded within its scope, and those that were."""
    version = versions.latest(course_id)
    there = versions.planned(versions.entries_of(version))
    gone = versions.planned(versions.cancelled_of(version))
    return [
        *(session_facts(course_id, one) for one in there),
        *(session_facts(course_id, one, gone=True) for one in gone),
    ]
