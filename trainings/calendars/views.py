"""Calendars for phones and computers: a course's agenda as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from trainings.agenda import queries as agenda
from trainings.calendars import ics, queries
from trainings.calendars.rules import Feed, Site, events_of
from trainings.core import config
from trainings.core.access import requires, viewer
from trainings.core.i18n import html_language, localized
from trainings.core.permissions import Permission, Viewer
from trainings.people import reading

bp = Blueprint("calendars", __name__)


def _names(course_id: str) -> Mapping[str, Sequence[str]]:
    """The names of those who give each session, opened for the viewer and logged."""
    givers = queries.givers(course_id)
    persons = reading.open(
        {one for some in givers.values() for one in some}, by=viewer().account_id, purpose="agenda"
    )
    return {
        session: sorted(persons[one].name for one in some if one in persons)
        for session, some in givers.items()
    }


def _of_course(who: Viewer, code: str, *, named: bool) -> Feed:
    """The agenda of one course for somebody who may read it. Raises ``NotFound``."""
    course, staff = agenda.readable_course(who, code)
    sessions = queries.sessions_of(course.id)
    there = {one.id for one in sessions}
    events = events_of(
        queries.course_facts(course.id),
        [*sessions, *queries.sessions_gone({course.id}, {}, there)],
        Site(config.settings().base_url),
        venue_shown=staff or agenda.takes_part(who, course.id),
        trainers=_names(course.id) if named else None,
    )
    return Feed(localized(course.titles), html_language(), tuple(events))


@bp.get("/courses/<code>/agenda.ics", endpoint="course")
@requires(Permission.HOME_SEE)
def of_course(code: str) -> ResponseReturnValue:
    """The agenda of a course as a file for one's own calendar."""
    feed = _of_course(viewer(), code, named=True)
    headers = {"Content-Disposition": f'attachment; filename="agenda-{code}.ics"'}
    return Response(ics.written(feed), content_type=f"{ics.TYPE}; charset=utf-8", headers=headers)
