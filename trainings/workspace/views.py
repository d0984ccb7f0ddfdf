"""A course's page for staff: the overview, the tabs, the moves from state to state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, g, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta

from trainings.core import clock
from trainings.core.access import requires, viewer
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.core.web import external_url
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import moves_from
from trainings.courses.section_rules import Section
from trainings.people import queries as people
from trainings.registrations import matrix_queries
from trainings.workspace import queries, rules
from trainings.workspace.rules import Numbers
from trainings.workspace.summary_queries import summary

bp = Blueprint("workspace", __name__)

P = Permission


@bp.record_once
def _hand_in(state: BlueprintSetupState) -> None:
    """Tell the public pages of courses who stands near one: they lie below registrations."""
    state.app.extensions.setdefault("standings", []).append(queries.standing)


def _numbers(course: Course) -> Numbers:
    """The numbers of a course, asked for once a request."""
    kept: dict[str, Numbers] = g.setdefault("course_numbers", {})
    if course.id not in kept:
        kept[course.id] = queries.numbers(course.id)
    return kept[course.id]


def _tabs(course: Course) -> list[tuple[str, str, str, Permission, int | str | None]]:
    counts = _numbers(course)
    waiting = _("%(number)s waiting", number=counts.mails_waiting) if counts.mails_waiting else None
    return [
        ("overview", _("Overview"), "workspace.show", P.COURSE_WORK, None),
        ("nominations", _("Nominations"), "registrations_nominate.index",
         P.REGISTRATION_NOMINATE, None),
        ("candidates", _("Candidates"), "registrations.index", P.REGISTRATION_READ,
         counts.candidates),
        ("seats", _("Seats"), "registrations_seats.index", P.SEATS_EDIT, None),
        ("agenda", _("Agenda"), "agenda.show", P.AGENDA_READ, counts.sessions),
        ("trainers", _("Trainers"), "rosters.course", P.ROSTER_READ, counts.trainers),
        ("attendance", _("Attendance"), "attendance.index", P.ATTENDANCE_TAKE, None),
        *([("evaluation", _("Evaluation"), "evaluations.show", P.EVALUATION_READ, None)]
          if course.needs_evaluation else []),
        ("certificates", _("Certificates"), "certificates.index", P.CERTIFICATE_PRINT,
         counts.certificates or None),
        ("papers", _("Papers"), "workspace_papers.index", P.PEOPLE_SEE, None),
        ("mail", _("Mail"), "workspace_mail.index", P.MESSAGE_SEND, waiting),
        ("settings", _("Settings"), "workspace.settings", P.COURSE_EDIT, None),
    ]  # fmt: skip


@bp.app_template_global()
def course_tabs(course: Course, active: str) -> list[dict[str, Any]]:
    """The tabs of a course that this viewer may open, with their numbers."""
    return [
        {"label": label, "url": url_for(endpoint, code=course.code), "count": count,
         "active": name == active}
        for name, label, endpoint, permission, count in _tabs(course)
        if endpoint in current_app.view_functions and course_may(course, permission)
    ]  # fmt: skip


@bp.app_template_global()
def course_tab(course: Course, active: str | None) -> str:
    """The word of a course's open tab, for the title of the window; none for the overview."""
    words = {name: label for name, label, *_rest in _tabs(course)}
    return words.get(active, "") if active and active != "overview" else ""


@bp.app_template_global()
def course_may(course: Course, permission: str) -> bool:
    """Whether this viewer holds a permission for a course: ``course_may(course, "seats:edit")``."""
    return courses.may(viewer(), Permission(permission), course)


@bp.app_template_global()
def course_numbers(course: Course) -> Numbers:
    """The numbers of a course for its strip of facts."""
    return _numbers(course)


@bp.app_template_global()
def registration_line(course: Course) -> str:
    """How registration stands, in a few words."""
    return rules.registration_line(course.state, courses.dates_of(course), clock.today(course.zone))


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """What course pages need beside their own values: which pages exist, how long ago."""
    return {"endpoints": current_app.view_functions, "ago": ago}


def ago(moment: datetime) -> str:
    """How long ago something was, in the reader's language: *8 minutes ago*."""
    return str(format_timedelta(moment - clock.now(), add_direction=True))


@bp.get("/courses/<code>/desk")
@requires(P.COURSE_WORK)
def show(code: str) -> ResponseReturnValue:
    """A course at a glance: seats, what moved, what is missing, what comes next."""
    course = courses.course_for(viewer(), P.COURSE_WORK, code)
    day = queries.next_day(course.id, clock.today(course.zone))
    if not courses.may(viewer(), P.REGISTRATION_READ, course):
        mine = queries.sessions_of(course.id, viewer().account_id or "")
        return render_template("workspace/trainer.html", course=course, day=day, mine=mine)
    return render_template(
        "workspace/show.html",
        course=course,
        functions={function.code: function for function in people.functions()},
        matrix=matrix_queries.matrix(course),
        balance=queries.seat_balance(course.id),
        moves=queries.last_moves(course.id),
        missing=_missing(course),
        day=day,
        **_state(course),
    )


@bp.get("/courses/<code>/settings")
@requires(P.COURSE_EDIT)
def settings(code: str) -> ResponseReturnValue:
    """What a course is set up with, section by section, each with its way to change it."""
    course = courses.course_for(viewer(), P.COURSE_EDIT, code, ("modules", "signatories"))
    values = courses.values_of(course)
    return render_template(
        "workspace/settings.html",
        course=course,
        parts=[(section, summary(section, values)) for section in Section],
        link=external_url("courses.show", code=code, key=course.link_key),
    )


def _missing(course: Course) -> list[dict[str, Any]]:
    """What waits for somebody's hand, each line leading to the list behind it."""
    found = queries.missing(course.id, clock.now())
    return [
        {"label": line.label, "value": line.number,
         "url": url_for(line.endpoint, code=course.code, **line.filters)}
        for line in rules.missing_lines(found)
    ]  # fmt: skip


def _state(course: Course) -> dict[str, Any]:
    """Which moves the page offers, and which one is due."""
    if course.template or not courses.may(viewer(), P.COURSE_MOVE, course):
        return {"acts": [], "due": None}
    today = clock.today(course.zone)
    due = rules.due_move(course.state, courses.dates_of(course), today)
    usual = rules.next_move(course.state)
    acts = [
        {"label": move.label, "primary": move in (usual, due), "move": move,
         "url": url_for("workspace_moves.move", code=course.code, name=move)}
        for move in moves_from(course.state)
    ]  # fmt: skip
    return {"acts": acts, "due": due}
