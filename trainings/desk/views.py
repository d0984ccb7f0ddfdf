"""A course's page for staff: the overview and the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, format_timedelta

from trainings.agencies.rules import agencies_of
from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import shown_title
from trainings.agenda_versions import queries as versions
from trainings.core import clock
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState, moves_from
from trainings.desk import missing_queries, missing_rules, outcome_queries, queries, rules
from trainings.desk.outcome_queries import Outcome
from trainings.desk.rules import Numbers
from trainings.people import queries as people
from trainings.programmes import course_queries as lessons
from trainings.seats import matrix_queries
from trainings.web.access import requires, viewer

bp = Blueprint("desk", __name__)

P = Permission


def _numbers(course: Course) -> Numbers:
    """The numbers of a course, queried once per request."""
    kept: dict[str, Numbers] = g.setdefault("course_numbers", {})
    if course.id not in kept:
        kept[course.id] = queries.numbers(course.id, viewer().account_id)
    return kept[course.id]


def _tabs(course: Course) -> list[tuple[str, str, str, Permission, int | str | None]]:
    counts = _numbers(course)
    waiting = None
    if counts.mails_waiting:
        waiting = ngettext("%(num)s waiting", "%(num)s waiting", counts.mails_waiting)
    return [
        ("overview", _("Overview"), "desk.show", P.COURSE_WORK, None),
        ("nominations", _("Nominations"), "nominations.index", P.REGISTRATION_NOMINATE, None),
        ("candidates", _("Candidates"), "selection.index", P.REGISTRATION_READ, counts.candidates),
        *(
            [
                (
                    "reading",
                    _("Candidates to read"),
                    "candidate_reviews.index",
                    P.COURSE_WORK,
                    counts.left_to_read,
                )
            ]
            if counts.reads
            else []
        ),
        ("seats", _("Seats"), "seats.index", P.SEATS_EDIT, None),
        ("agenda", _("Agenda"), "agenda.show", P.AGENDA_READ, counts.sessions),
        ("materials", _("Materials"), "materials.index", P.AGENDA_READ, counts.materials or None),
        ("trainers", _("Trainers"), "rosters.course", P.ROSTER_READ, counts.trainers),
        ("attendance", _("Attendance"), "attendance.index", P.ATTENDANCE_TAKE, None),
        *(
            [("evaluation", _("Evaluation"), "evaluations.show", P.EVALUATION_READ, None)]
            if course.needs_evaluation
            else []
        ),
        ("network", _("Network"), "networks.show", P.COURSE_WORK, None),
        (
            "certificates",
            _("Certificates"),
            "certificates.index",
            P.CERTIFICATE_PRINT,
            counts.certificates or None,
        ),
        ("papers", _("Papers"), "papers.index", P.PEOPLE_SEE, None),
        ("mail", _("Emails"), "course_mails.index", P.MESSAGE_SEND, waiting),
        ("settings", _("Settings"), "planning_settings.index", P.COURSE_EDIT, None),
    ]


@bp.app_template_global()
def course_tabs(course: Course, active: str) -> list[dict[str, Any]]:
    """The tabs of a course that this viewer can open, with their numbers."""
    return [
        {
            "label": label,
            "url": url_for(endpoint, code=course.code),
            "count": count,
            "active": name == active,
        }
        for name, label, endpoint, permission, count in _tabs(course)
        if course_may(course, permission)
    ]


@bp.app_template_global()
def course_tab(course: Course, active: str | None) -> str:
    """The label of the open tab, for the window title; None for the overview."""
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
    """The state of registration in a few words."""
    return rules.registration_line(course.state, courses.dates_of(course), clock.today(course.zone))


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """What course pages need beside their own values: how long ago something was."""
    return {"ago": ago}


def ago(moment: datetime) -> str:
    """How long ago something was, in the reader's language: *8 minutes ago*."""
    return str(format_timedelta(moment - clock.now(), add_direction=True))


@bp.get("/courses/<code>/desk")
@requires(P.COURSE_WORK)
def show(code: str) -> ResponseReturnValue:
    """A course at a glance: seats, recent changes, open tasks, what comes next."""
    course = courses.course_for(viewer(), P.COURSE_WORK, code)
    if not courses.may(viewer(), P.REGISTRATION_READ, course):
        return render_template(
            "desk/trainer.html",
            course=course,
            outcome=_outcome(course),
            **_lessons(course),
            **_own_sessions(course),
        )
    day = queries.next_day(course.id, clock.today(course.zone))
    return render_template(
        "desk/show.html",
        course=course,
        names=people.function_names(),
        matrix=matrix_queries.matrix(course),
        balance=queries.seat_balance(course.id),
        moves=queries.last_moves(course.id),
        missing=_missing(course),
        day=day[0].day if day else None,
        slots=_slots(day),
        mine=agencies_of(viewer()),
        outcome=_outcome(course),
        **_lessons(course),
        **_state(course),
    )


def _slots(rows: Sequence[AgendaSession]) -> list[dict[str, Any]]:
    """Sessions of a day for its short list."""
    own = agenda.taught_by(viewer(), rows)
    return [
        {
            "time": f"{row.starts_at:%H:%M}",
            "title": shown_title(row.titles, row.module.titles if row.module else None, row.kind),
            "note": row.room.name if row.room else "",
            "mine": row.id in own,
        }
        for row in rows
    ]


def _own_sessions(course: Course) -> dict[str, Any]:
    """What is published for a trainer: the sessions they give, and the next day of the course."""
    version = versions.latest(course.id)
    planned = versions.planned(versions.entries_of(version))
    mine = [one for one in planned if viewer().person_id in one.persons]
    today = clock.today(course.zone)
    day = min(
        (one.entry.day for one in planned if one.entry.day and one.entry.day >= today), default=None
    )
    return {
        "published": version is not None,
        "mine": mine,
        "there": queries.still_there([one.id for one in mine]),
        "day": day,
        "slots": [
            {
                "time": f"{one.entry.starts_at:%H:%M}",
                "title": one.title,
                "note": one.room,
                "mine": one in mine,
            }
            for one in planned
            if day and one.entry.day == day
        ],
    }


def _lessons(course: Course) -> dict[str, Any]:
    """The lessons that a course answers, and how many it has not decided about."""
    if course.programme_id is None or course.template:
        return {"answers": [], "lessons_waiting": 0}
    return {"answers": lessons.answered(course), "lessons_waiting": len(lessons.unanswered(course))}


def _outcome(course: Course) -> Outcome | None:
    """What came of a completed course; none before."""
    return outcome_queries.outcome(course) if course.state is CourseState.COMPLETED else None


@bp.app_template_global()
def one_decimal(number: float) -> str:
    """A number to one decimal place, in the reader's format."""
    return str(format_decimal(number, format="0.0"))


def _missing(course: Course) -> list[dict[str, Any]]:
    """The open tasks, each with a link to the list behind it."""
    found = missing_queries.missing(course)
    return [
        {
            "label": line.label,
            "value": line.number if line.counted else "",
            "url": url_for(line.endpoint, code=course.code, **line.filters),
        }
        for line in missing_rules.missing_lines(found, course.state)
    ]


def _state(course: Course) -> dict[str, Any]:
    """The moves the page offers, and the one that is due."""
    if course.template or not courses.may(viewer(), P.COURSE_MOVE, course):
        return {"acts": [], "due": None}
    today = clock.today(course.zone)
    due = rules.due_move(course.state, courses.dates_of(course), today)
    usual = rules.next_move(course.state)
    acts = [
        {
            "label": move.label,
            "primary": move in (usual, due),
            "move": move,
            "url": url_for("desk_moves.move", code=course.code, name=move),
        }
        for move in moves_from(course.state)
    ]
    return {"acts": acts, "due": due}
