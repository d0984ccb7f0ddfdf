"""Calendars for phones and computers: a course's agenda as a file, one's own as a feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda import queries as agenda
from trainings.agenda_versions.rules import in_roles
from trainings.calendars import ics, operations, queries
from trainings.calendars.forms import ButtonForm
from trainings.calendars.rules import (
    CourseFacts,
    Event,
    Feed,
    OwnCourse,
    SessionFacts,
    Site,
    days_of,
    events_of,
    tag,
)
from trainings.core import config
from trainings.core.i18n import _, html_language, localized, speaking
from trainings.core.permissions import Permission, Viewer
from trainings.people import reading
from trainings.web.access import public, requires, viewer
from trainings.web.forms import showing_refusal
from trainings.web.responses import external_url

bp = Blueprint("calendars", __name__)


def _names(sessions: Sequence[SessionFacts]) -> Mapping[str, Sequence[str]]:
    """The names of those who give each session, opened for the viewer and logged."""
    persons = reading.open(
        {one for session in sessions for one in session.persons},
        by=viewer().account_id,
        purpose="agenda",
    )
    names = {key: who.name for key, who in persons.items()}
    return {session.id: in_roles(session.persons, names) for session in sessions}


def _one(who: Viewer, code: str) -> tuple[OwnCourse, bool]:
    """A course whose agenda somebody may read, and whether they see its venue.

    Raises ``NotFound``.
    """
    course, staff = agenda.readable_course(who, code)
    sees = staff or agenda.takes_part(who, course.id)
    return OwnCourse(queries.course_facts(course.id), takes_part=True, teaches=None), sees


def _of_course(course: CourseFacts, *, venue_shown: bool, named: bool) -> Feed:
    """The published agenda of one course; its days while it has none."""
    site = Site(config.settings().base_url)
    sessions = queries.sessions_of(course.id)
    events = events_of(
        course,
        sessions,
        site,
        venue_shown=venue_shown,
        trainers=_names(sessions) if named else None,
    )
    there = any(not one.gone for one in sessions)
    days = [] if there else [days_of(course, site, venue_shown=venue_shown)]
    return Feed(localized(course.titles), html_language(), (*days, *events))


@bp.get("/courses/<code>/agenda.ics", endpoint="course")
@requires(Permission.HOME_SEE)
def of_course(code: str) -> ResponseReturnValue:
    """The agenda of a course as a file for one's own calendar."""
    course, sees = _one(viewer(), code)
    feed = _of_course(course.facts, venue_shown=sees, named=True)
    headers = {"Content-Disposition": f'attachment; filename="agenda-{code}.ics"'}
    return Response(ics.written(feed), content_type=f"{ics.TYPE}; charset=utf-8", headers=headers)


def _own(own: Sequence[OwnCourse]) -> Feed:
    """Somebody's courses, and their sessions there; it names nobody."""
    site = Site(config.settings().base_url)
    by_course: dict[str, list[SessionFacts]] = {}
    for one in queries.own_sessions(own):
        by_course.setdefault(one.course_id, []).append(one)
    events: list[Event] = []
    for course in own:
        sessions = by_course.get(course.facts.id, ())
        events.append(days_of(course.facts, site, venue_shown=True))
        events.extend(events_of(course.facts, sessions, site, venue_shown=True))
    return Feed(_("My courses"), html_language(), tuple(events))


@bp.get("/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """Somebody's own calendar, for whoever has its link: rights are asked each time.

    With ``course`` in the query, the whole agenda of one course that they may read.
    """
    who = queries.viewer_with(token)
    code, sees = request.args.get("course", ""), True
    if code:
        one, sees = _one(who, code)
        own = [one]
    else:
        own = queries.own_courses(who)
    known = tag(own, code, str(sees), who.language, config.settings().base_url)
    response = Response(content_type=f"{ics.TYPE}; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.set_etag(known)
    if not request.if_none_match.contains(known):
        with speaking(who.language):
            shown = _of_course(one.facts, venue_shown=sees, named=False) if code else _own(own)
            response.set_data(ics.written(shown))
    return response.make_conditional(request)


@bp.route("/profile/calendar", methods=["GET", "POST"])
@requires(Permission.PROFILE_OWN)
def link() -> ResponseReturnValue:
    """The secret link to one's own calendar: make it, or make it anew; it is shown once."""
    form, address = ButtonForm(), ""
    if form.validate_on_submit():
        with showing_refusal(form):
            address = external_url("calendars.feed", token=operations.make_link(viewer()))
    return render_template(
        "calendars/link.html",
        form=form,
        address=address,
        subscribes=f"webcal://{address.partition('://')[2]}" if address else "",
        kept=queries.link_of(viewer().account_id),
    )


@bp.post("/profile/calendar/stop")
@requires(Permission.PROFILE_OWN)
def stop() -> ResponseReturnValue:
    """Switch the link to one's own calendar off."""
    operations.stop_link(viewer())
    flash(_("The link to your calendar no longer works."), "success")
    return redirect(url_for(".link"), code=303)
