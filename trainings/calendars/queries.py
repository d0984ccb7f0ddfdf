"""Looks up what calendars show: plain values, since phones ask for all of it again and again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, or_, select, union_all

from trainings.accounts import queries as accounts
from trainings.agenda.act_rules import ActKind, of_plain
from trainings.agenda.models import AgendaAct, AgendaSession, Assignment
from trainings.calendars.models import CalendarLink
from trainings.calendars.rules import SHOWN_AFTER, CourseFacts, OwnCourse, SessionFacts, gone
from trainings.core import clock, sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course, Module, Room
from trainings.registrations.models import Registration
from trainings.registrations.rules import TAKES_PART
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING, Invitation

# The acts by which a session can leave the agenda.
_TAKES_AWAY = (ActKind.REMOVE, ActKind.UNSCHEDULE, ActKind.UNDO, ActKind.REDO)
_ACTS_MOST = 300  # looked at for sessions that are gone, the newest


def facts_columns() -> tuple[ColumnElement[Any], ...]:
    """The columns of ``CourseFacts``, in order."""
    of_course = AgendaAct.course_id == Course.id
    acts = select(func.coalesce(func.max(AgendaAct.number), 0)).where(of_course)
    acted = select(func.max(AgendaAct.at)).where(of_course)
    return (
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
        acts.correlate(Course).scalar_subquery(),
        acted.correlate(Course).scalar_subquery(),
    )  # type: ignore[return-value]


def course_facts(course_id: str) -> CourseFacts:
    """A course that was loaded within its scope, as a calendar shows it."""
    return CourseFacts(
        *db.session.execute(select(*facts_columns()).where(Course.id == course_id)).one()
    )


def token_index(token: str) -> str:
    """What is kept of a link's secret: without the keys it cannot even be tried."""
    return sealed.blind_index("calendar", token)


def link_of(account_id: str | None) -> CalendarLink | None:
    """The link of an account, where it has one."""
    return db.session.get(CalendarLink, account_id or "")


def viewer_with(token: str) -> Viewer:
    """Whose calendar a link opens, with the rights they have now. Raises ``NotFound``."""
    owner = select(CalendarLink.account_id).where(CalendarLink.token_index == token_index(token))
    found = accounts.viewer_of(owner.scalar_subquery())
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
        select(*facts_columns(), takes, teaching)
        .where(
            Course.template.is_(False),
            Course.ends_on >= clock.now().date() - SHOWN_AFTER,
            or_(takes, teaching.is_not(None), courses.within(who, Permission.AGENDA_EDIT)),
        )
        .order_by(Course.starts_on, Course.id)
        .execution_options(scope="own")
    )
    return [OwnCourse(CourseFacts(*row[:-2]), bool(row[-2]), row[-1]) for row in rows]


def own_sessions(own: Sequence[OwnCourse]) -> list[SessionFacts]:
    """The sessions of somebody's calendar: all where they have a seat, elsewhere what they give."""
    whole = [one.facts.id for one in own if one.takes_part]
    gives = [one.teaches for one in own if one.teaches and not one.takes_part]
    given = select(Assignment.session_id).where(Assignment.course_trainer_id.in_(gives))
    there = sessions_where(or_(AgendaSession.course_id.in_(whole), AgendaSession.id.in_(given)))
    teaching = {one.facts.id: one.teaches for one in own if one.teaches and not one.takes_part}
    return [*there, *sessions_gone(whole, teaching, [one.id for one in there])]


def words_of(own: Sequence[OwnCourse]) -> list[str]:
    """The names of modules and rooms on these agendas: they change without an act on it."""
    ids = [one.facts.id for one in own]
    there = AgendaSession.course_id.in_(ids)
    modules = select(AgendaSession.module_id).where(there)
    rooms = select(AgendaSession.room_id).where(there)
    found = union_all(
        select(cast(Module.titles, String)).where(Module.id.in_(modules)),
        select(Room.name).where(Room.id.in_(rooms)),
    )
    return sorted(db.session.scalars(found))


def sessions_where(which: ColumnElement[bool]) -> list[SessionFacts]:
    """Sessions as a calendar shows them, in order of time."""
    statement = (
        select(
            AgendaSession.id,
            AgendaSession.course_id,
            AgendaSession.kind,
            AgendaSession.titles,
            Module.titles,
            AgendaSession.day,
            AgendaSession.starts_at,
            AgendaSession.ends_at,
            func.coalesce(Room.name, ""),
            AgendaSession.version,
        )
        .outerjoin(Module, Module.id == AgendaSession.module_id)
        .outerjoin(Room, Room.id == AgendaSession.room_id)
        .where(which)
        .order_by(AgendaSession.starts_utc, AgendaSession.ends_utc, AgendaSession.id)
    )
    return [SessionFacts(*row) for row in db.session.execute(statement)]


def sessions_of(course_id: str) -> list[SessionFacts]:
    """The sessions of a course that was loaded within its scope."""
    return sessions_where(AgendaSession.course_id == course_id)


def sessions_gone(
    whole: Collection[str], own: Mapping[str, str], there: Collection[str]
) -> list[SessionFacts]:
    """Sessions that were on the agendas of these courses, and are no more.

    Of the courses in ``whole`` all; of those in ``own`` what this course trainer gave. ``there``:
    the sessions that still are on an agenda.
    """
    if not whole and not own:
        return []
    rows = db.session.execute(
        select(AgendaAct.course_id, AgendaAct.before, AgendaAct.after)
        .where(AgendaAct.course_id.in_({*whole, *own}), AgendaAct.kind.in_(_TAKES_AWAY))
        .order_by(AgendaAct.at.desc(), AgendaAct.number.desc())
        .limit(_ACTS_MOST)
    ).all()
    entries = {
        key: (course_id, of_plain(entry))
        for key, (course_id, entry) in gone([tuple(row) for row in reversed(rows)], there).items()
        if course_id in whole or own.get(course_id) in entry["trainers"]
    }
    modules = _module_titles({entry.module_id for _course, entry in entries.values()})
    return [
        SessionFacts(
            key,
            course_id,
            entry.kind,
            entry.titles,
            modules.get(entry.module_id or ""),
            entry.start.date(),
            entry.start.time(),
            entry.end.time(),
            "",
            gone=True,
        )
        for key, (course_id, entry) in sorted(entries.items())
        if entry.start is not None and entry.end is not None
    ]


def _module_titles(ids: Collection[str | None]) -> dict[str, Mapping[str, str]]:
    wanted = [one for one in ids if one]
    if not wanted:
        return {}
    rows = db.session.execute(select(Module.id, Module.titles).where(Module.id.in_(wanted)))
    return {row.id: row.titles for row in rows}


def givers(course_id: str) -> dict[str, list[str]]:
    """The persons who give each session of a course that was loaded within its scope."""
    rows: Sequence[Any] = db.session.execute(
        select(Assignment.session_id, Trainer.person_id)
        .join(CourseTrainer, CourseTrainer.id == Assignment.course_trainer_id)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .where(CourseTrainer.course_id == course_id, CourseTrainer.state.in_(sorted(TEACHING)))
    ).all()
    found: dict[str, list[str]] = {}
    for session_id, person_id in rows:
        found.setdefault(session_id, []).append(person_id)
    return found
