"""Attendance of a course: marks by session, saved as they are chosen, and hours in total."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import SessionKind, shown_title
from trainings.attendance import hours_queries, operations, queries, result_queries
from trainings.attendance.forms import MarksForm, field_name, marks_in
from trainings.attendance.queries import Participant
from trainings.attendance.rules import (
    ChangedMeanwhile,
    Mark,
    OneChangedMeanwhile,
    Share,
    check_open,
    counted,
    day_in_view,
)
from trainings.core import clock
from trainings.core.errors import NotFound, Refusal
from trainings.core.i18n import _, country_name, ngettext, pgettext
from trainings.core.permissions import Permission
from trainings.core.states import Worded
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import ENDED
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import filter_queries, page_queries
from trainings.registrations.page_queries import Cut
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal
from trainings.web.templating import part

bp = Blueprint("attendance", __name__)

P = Permission


class Line(Struct, frozen=True):
    """One person as the attendance pages show them."""

    registration: Participant
    name: str
    sorting: str
    note: str
    share: Share | None = None
    mark: Mark | None = None

    @property
    def field(self) -> str:
        return field_name(self.registration.registration_id)


def cut_of(course_id: str, among: Collection[str] | None = None) -> Cut:
    """The page of a course's people that is asked for, or those that are looked for."""
    words = filter_queries.words_in(viewer(), request.args.get("q", ""))
    page = request.args.get("page", 1, whole)
    total = queries.how_many(course_id)
    return page_queries.cut(
        course_id, queries.confirmed(course_id), page, words, among, total=total
    )


def here(endpoint: str, row: AgendaSession, code: str, **more: Any) -> str:
    """A session's page, with the part of its people that is looked at."""
    asked: dict[str, Any] = {name: request.args.get(name) for name in ("page", "q")}
    return url_for(endpoint, code=code, session_id=row.id, **asked, **more)


def lines_of(
    course_id: str,
    cut: Cut,
    shares: Mapping[str, Share] | None = None,
    marks: Mapping[str, Mark | None] | None = None,
) -> list[Line]:
    """The people of a page in its order; their names are opened in one read."""
    found = queries.participants(course_id, cut.keys)
    persons = reading.open(
        [one.person_id for one in found], by=viewer().account_id, purpose="attendance"
    )
    functions = people.function_names()
    lines = [
        Line(
            registration=one,
            name=persons[one.person_id].name,
            sorting=persons[one.person_id].sorting,
            note=f"{country_name(one.country)} · {functions.get(one.function, one.function)}",
            share=(shares or {}).get(one.registration_id),
            mark=(marks or {}).get(one.registration_id),
        )
        for one in found
    ]
    place = {key: at for at, key in enumerate(cut.keys)}
    return sorted(lines, key=lambda line: place[line.registration.registration_id])


def refused_in_place(refusal: Refusal) -> ResponseReturnValue:
    """The answer to an entry that is not saved; ``Kept`` says what is stored, if it was changed."""
    if not isinstance(refusal, ChangedMeanwhile):
        return str(refusal), 409
    (kept,) = refusal.kept.values()
    sentence = str(OneChangedMeanwhile(kept=kept.label if kept else pgettext("entry", "none")))
    return sentence, 409, {"Kept": str(kept or "")}


def title_of(row: AgendaSession) -> str:
    """The title of a session."""
    return shown_title(row.titles, row.module.titles if row.module else None, row.kind)


def _tests(sessions: Iterable[AgendaSession]) -> bool:
    return any(row.kind is SessionKind.TEST for row in sessions)


def _closed(row: AgendaSession, course: Course) -> str:
    """Why marks of a session cannot change now; empty if they can."""
    try:
        check_open(
            row.kind is SessionKind.BREAK, course.state in ENDED, row.day, clock.today(course.zone)
        )
    except Refusal as refusal:
        return str(refusal)
    return ""


@bp.get("/courses/<code>/attendance")
@requires(P.ATTENDANCE_TAKE)
def index(code: str) -> ResponseReturnValue:
    """All sessions with how many are marked, and each person's share of the planned hours."""
    course = courses.course_for(viewer(), P.ATTENDANCE_TAKE, code)
    numbers = queries.numbers(course.id)
    sessions = [row for row in agenda.sessions_of(course.id) if row.kind is not SessionKind.BREAK]
    days = sorted({row.day for row in sessions})
    today, asked = clock.today(course.zone), request.args.get("day", "")
    over = course.state in ENDED
    only_lost, people = request.args.get("below") == "yes", queries.how_many(course.id)
    # among so many people, who is lost is added up for whoever asks for it
    counted_out = only_lost or people <= page_queries.BY_NAME
    shares = hours_queries.shares(course.id) if counted_out else None
    lost = _lost(course, shares or {}, over=over)
    cut = cut_of(course.id, lost if only_lost else None)
    return render_template(
        "attendance/index.html",
        course=course,
        marks=list(Mark),
        counted=counted,
        sessions=[(row, title_of(row), numbers.get(row.id, {})) for row in sessions],
        results=result_queries.numbers(course.id) if _tests(sessions) else {},
        today=today,
        session_days=days,
        day_in_view=day_in_view(days, today, asked) if days else None,
        lines=lines_of(course.id, cut, shares or hours_queries.shares(course.id, cut.keys)),
        cut=cut,
        people=people,
        lost=len(lost),
        counted_out=counted_out,
        only_lost=only_lost,
        over=over,
    )


def _lost(course: Course, shares: Mapping[str, Share], *, over: bool) -> frozenset[str]:
    """Who did not reach the planned hours that a certificate requires, or no longer can."""
    return frozenset(
        key
        for key, share in shares.items()
        if not (share.reaches if over else share.can_reach)(course.threshold)
    )


@bp.route("/courses/<code>/attendance/<session_id>", methods=["GET", "POST"])
@requires(P.ATTENDANCE_TAKE)
def session(code: str, session_id: str) -> ResponseReturnValue:
    """The people in one session and their marks; one button saves the page."""
    row = agenda.session_for(viewer(), P.ATTENDANCE_TAKE, code, session_id)
    course = courses.course_for(viewer(), P.ATTENDANCE_TAKE, code)
    form = MarksForm()
    typed: dict[str, Mark | None] = {}
    meanwhile: Mapping[str, Worded | None] = {}
    if form.validate_on_submit():
        sent = marks_in(request.form)
        found = queries.participants(course.id, sent.wanted)
        sent = sent.of({one.registration_id for one in found})
        with showing_refusal(form):
            try:
                changed = operations.mark_many(row.id, sent.chosen, viewer(), sent.seen)
            except ChangedMeanwhile as refusal:
                typed, meanwhile = sent.chosen, refusal.kept
                raise
            flash(ngettext("%(num)s mark saved.", "%(num)s marks saved.", len(changed)), "success")
            return redirect(here(".session", row, code), code=303)
    cut = cut_of(course.id)
    kept = queries.marks_of(row.id, cut.keys)
    return render_template(
        "attendance/session.html",
        course=course,
        row=row,
        title=title_of(row),
        form=form,
        lines=lines_of(course.id, cut, marks={**kept, **typed}),
        cut=cut,
        people=queries.how_many(course.id),
        marks=list(Mark),
        kept=kept,
        meanwhile=meanwhile,
        marked=queries.marked(row.id),
        closed=_closed(row, course),
        undo=request.args.get("undo", ""),
    )


@bp.post("/courses/<code>/attendance/<session_id>/mark")
@requires(P.ATTENDANCE_TAKE)
def mark(code: str, session_id: str) -> ResponseReturnValue:
    """Save one mark as soon as it is chosen; the response says how many are marked."""
    sent = marks_in(request.form)
    if len(sent.wanted) != 1:
        raise NotFound
    try:
        operations.mark_many(session_id, sent.wanted, viewer(), sent.seen)
    except Refusal as refusal:
        return refused_in_place(refusal)
    return said_in_place(queries.marked, session_id)


def said_in_place(count: Callable[[str], int], session_id: str) -> str:
    """How many are marked, for the page that saved one mark.

    With the microsecond at which they were counted: of two answers the later one stays.
    """
    at = time.time_ns() // 1000
    return part("attendance/_marked.html", marked=count(session_id), at=at)


@bp.post("/courses/<code>/attendance/<session_id>/rest")
@requires(P.ATTENDANCE_TAKE)
def rest(code: str, session_id: str) -> ResponseReturnValue:
    """Mark everyone present who has no mark yet."""
    row = agenda.session_for(viewer(), P.ATTENDANCE_TAKE, code, session_id)
    moment = None
    with flashing_refusal():
        done, at = operations.mark_rest(row.id, by=viewer())
        moment = at.isoformat() if done else None
        words = ngettext(
            "%(num)s person marked present.", "%(num)s people marked present.", len(done)
        )
        none = _("Everyone has a mark already.")
        flash(words if done else none, "success" if done else "info")
    return redirect(here(".session", row, code, undo=moment), code=303)


@bp.post("/courses/<code>/attendance/<session_id>/undo")
@requires(P.ATTENDANCE_TAKE)
def undo(code: str, session_id: str) -> ResponseReturnValue:
    """Undo the marks that “mark the rest present” made at one moment."""
    row = agenda.session_for(viewer(), P.ATTENDANCE_TAKE, code, session_id)
    moment = moment_sent()
    with flashing_refusal():
        number = operations.take_back(row.id, moment, by=viewer())
        flash(ngettext("%(num)s mark undone.", "%(num)s marks undone.", number), "success")
    return redirect(here(".session", row, code), code=303)


def moment_sent() -> datetime:
    """The moment of the act to be undone. Raises ``NotFound`` where it is none."""
    try:
        return datetime.fromisoformat(request.form.get("moment", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotFound from None
