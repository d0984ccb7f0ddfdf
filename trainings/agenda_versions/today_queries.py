"""Looks up what happens today in the viewer's courses: as published, where they only read."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import not_, or_, select

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import SessionKind, shown_title
from trainings.agenda_versions import queries
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.registrations.models import Registration
from trainings.registrations.rules import TAKES_PART


class Today(NamedTuple):
    """A session of today, where its course is; ``mine``: the viewer teaches it."""

    course: Course
    id: str
    kind: SessionKind
    starts: datetime
    title: str
    room: str
    mine: bool
    there: bool  # in the agenda that is worked on, so that attendance can be taken

    @property
    def starts_at(self) -> time:
        """When it begins."""
        return self.starts.time()


def today(viewer: Viewer) -> list[Today]:
    """What happens today: of courses whose agenda the viewer edits, reads, or takes part in."""
    return sorted([*_edited(viewer), *_read(viewer)], key=lambda one: (one.starts, one.id))


def _edited(viewer: Viewer) -> list[Today]:
    rows = agenda.today(viewer)
    mine = agenda.taught_by(viewer, rows)
    return [
        Today(
            row.course,
            row.id,
            row.kind,
            datetime.combine(row.day, row.starts_at),
            shown_title(row.titles, row.module.titles if row.module else None, row.kind),
            row.room.name if row.room else "",
            row.id in mine,
            there=True,
        )
        for row in rows
    ]


def _read(viewer: Viewer) -> list[Today]:
    now = clock.now().date()
    own = select(Registration.course_id).where(
        Registration.person_id == (viewer.person_id or ""),
        Registration.state.in_(sorted(TAKES_PART)),
    )
    found = db.session.scalars(
        select(Course)
        .where(
            Course.starts_on <= now + timedelta(days=1),
            Course.ends_on >= now - timedelta(days=1),
            Course.state != CourseState.CANCELLED,
            Course.template.is_(False),
            or_(courses.within(viewer, Permission.AGENDA_READ), Course.id.in_(own)),
            not_(courses.within(viewer, Permission.AGENDA_EDIT)),
        )
        .execution_options(scope="viewer")
    ).all()
    versions = queries.latest_of([one.id for one in found])
    entries = {
        one.id: {
            key: entry
            for key, entry in queries.entries_of(versions.get(one.id)).items()
            if entry.day == clock.today(one.zone)
        }
        for one in found
    }
    every = [entry for part in entries.values() for entry in part.values()]
    referred = queries.referred(every)
    there = _there([key for part in entries.values() for key in part])
    return [
        Today(
            course,
            one.id,
            one.entry.kind,
            one.entry.start,
            one.title,
            one.room,
            viewer.person_id in one.persons,
            one.id in there,
        )
        for course in found
        for one in queries.planned(entries[course.id], referred)
        if one.entry.start
    ]


def _there(ids: list[str]) -> frozenset[str]:
    if not ids:
        return frozenset()
    return frozenset(db.session.scalars(select(AgendaSession.id).where(AgendaSession.id.in_(ids))))
