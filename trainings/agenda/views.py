"""The agenda of a course: shown as a grid of days, edited, printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda import operations, pdf, queries
from trainings.agenda.forms import ButtonForm, SessionForm
from trainings.agenda.grid_rules import Shown, by_day, days_from, grid
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import COUNTED, TitleMissing, shown_title, speech_words
from trainings.core import web
from trainings.core.access import requires, viewer
from trainings.core.dates import days, with_weekday, zone_name
from trainings.core.i18n import _, country_name, html_language, language_name, localized
from trainings.core.names import folded
from trainings.core.permissions import Permission
from trainings.core.web import showing_refusal
from trainings.courses import paper_document, programme_queries
from trainings.courses import queries as courses
from trainings.courses.forms import filled
from trainings.courses.models import Course
from trainings.courses.rules import ENDED
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.rosters import queries as rosters
from trainings.rosters.rules import SPOKEN, TEACHING, Invitation

bp = Blueprint("agenda", __name__)

P = Permission


def _shown(rows: Sequence[AgendaSession]) -> list[Shown]:
    """Sessions in the reader's language, with the names of their trainers opened."""
    persons = reading.open(
        {one.course_trainer.trainer.person_id for row in rows for one in row.assignments},
        by=viewer().account_id,
        purpose="agenda",
    )
    return [
        Shown(
            id=row.id,
            day=row.day,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            kind=row.kind,
            title=shown_title(row.titles, row.module.titles if row.module else None, row.kind),
            module=localized(row.module.titles) if row.module else "",
            room=row.room.name if row.room else "",
            trainers=_givers(row, persons),
            speech=speech_words(row.languages, row.interpreted),
        )
        for row in rows
    ]


def _givers(row: AgendaSession, persons: Mapping[str, Identity]) -> tuple[str, ...]:
    return tuple(
        sorted(
            persons[one.course_trainer.trainer.person_id].name
            for one in row.assignments
            if one.course_trainer.state in TEACHING
            and one.course_trainer.trainer.person_id in persons
        )
    )


@bp.get("/courses/<code>/agenda")
@requires(P.HOME_SEE)
def show(code: str) -> ResponseReturnValue:
    """The days of a course: staff can edit them, participants and trainers read them."""
    course, staff = queries.readable_course(viewer(), code)
    edits = staff and courses.may(viewer(), P.AGENDA_EDIT, course) and course.state not in ENDED
    shown = _shown(queries.sessions_of(course.id))
    urls, missing = {}, {}
    if edits:
        urls = {one.id: url_for(".change", code=code, session_id=one.id) for one in shown}
        missing = {
            one.id: _("No trainer yet") for one in shown if one.kind in COUNTED and not one.trainers
        }
    plan = by_day(shown, days_from(course.starts_on, course.ends_on))
    return render_template(
        "agenda/show.html" if staff else "agenda/read.html",
        course=course,
        edits=edits,
        days_planned=[grid(day, sessions, urls, missing) for day, sessions in plan.items()],
        there_are_sessions=bool(shown),
        planned=queries.planned_minutes(course.id),
        lacking=len(missing),
        all_days=days_from(course.starts_on, course.ends_on),
    )


def _course_to_edit(code: str) -> Course:
    return courses.course_for(viewer(), P.AGENDA_EDIT, code, load=("modules",))


def _kept(course_id: str, session_id: str) -> dict[str, Any]:
    row = queries.session_of(course_id, session_id)
    return {
        "day": row.day.isoformat(),
        "kind": str(row.kind),
        "module_id": row.module_id or "",
        "room_id": row.room_id or "",
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "trainers": sorted(one.course_trainer_id for one in row.assignments),
        "languages": list(row.languages),
        "interpreted": list(row.interpreted),
        **filled("title", row.titles),
    }


def _form(course: Course, row: AgendaSession | None = None) -> SessionForm:
    """The form of a session with its choices, filled in from a session or a chosen day."""
    if row is not None:
        course_id, session_id = course.id, row.id
        form = SessionForm.of(lambda: _kept(course_id, session_id))
    else:
        form = SessionForm(
            data={
                "day": request.args.get("day", ""),
                "trainers": [],
                "languages": [],
                "interpreted": [],
            }
        )
    form.day.choices = [
        (day.isoformat(), with_weekday(day)) for day in days_from(course.starts_on, course.ends_on)
    ]
    form.module_id.choices = [
        ("", ""),
        *((one.module_id, localized(one.module.titles)) for one in course.modules),
    ]
    rooms = {room.id: room.name for room in programme_queries.rooms(course.venue or course.city)}
    if row is not None and row.room is not None:
        rooms.setdefault(row.room.id, row.room.name)
    form.room_id.choices = [("", ""), *rooms.items()]
    asked = rosters.course_trainers(course.id, teaching=True)
    form.trainers.choices = [(one.id, "") for one in asked]
    spoken = list(dict.fromkeys([*course.languages, *SPOKEN, *(row.languages if row else ())]))
    form.languages.choices = [(one, language_name(one)) for one in spoken]
    form.interpreted.choices = list(form.languages.choices)
    return form


def _trainers_to_choose(course: Course) -> list[tuple[str, str]]:
    asked = rosters.course_trainers(course.id, teaching=True)
    persons = reading.open(
        [one.trainer.person_id for one in asked], by=viewer().account_id, purpose="agenda"
    )
    waits = _("no reply yet")
    named = [
        (
            one.id,
            persons[one.trainer.person_id].sorting
            + (f" ({waits})" if one.state is Invitation.INVITED else ""),
        )
        for one in asked
    ]
    return sorted(named, key=lambda pair: folded(pair[1]))


@bp.route("/courses/<code>/agenda/new", methods=["GET", "POST"])
@requires(P.AGENDA_EDIT)
def add(code: str) -> ResponseReturnValue:
    """Add a session to the agenda."""
    course = _course_to_edit(code)
    form = _form(course)
    if form.validate_on_submit():
        with showing_refusal(form):
            try:
                operations.add_session(course.id, form.session(), by=viewer())
            except TitleMissing as refusal:
                form.refuse_titles(str(refusal))
            else:
                flash(_("The session has been added to the agenda."), "success")
                return redirect(url_for(".show", code=code) + f"#d-{form.day.data}", code=303)
    form.trainers.choices = _trainers_to_choose(course)
    return render_template("agenda/form.html", course=course, form=form, row=None)


@bp.route("/courses/<code>/agenda/<session_id>", methods=["GET", "POST"])
@requires(P.AGENDA_EDIT)
def change(code: str, session_id: str) -> ResponseReturnValue:
    """Change a session: time, content, room, trainers."""
    course = _course_to_edit(code)
    row = queries.session_of(course.id, session_id)
    form = _form(course, row)
    if form.validate_on_submit():
        with showing_refusal(form):
            try:
                operations.change_session(course.id, row.id, form.session(), by=viewer())
            except TitleMissing as refusal:
                form.refuse_titles(str(refusal))
            else:
                flash(_("The session has been changed."), "success")
                return redirect(url_for(".show", code=code) + f"#d-{form.day.data}", code=303)
    form.trainers.choices = _trainers_to_choose(course)
    return render_template("agenda/form.html", course=course, form=form, row=row)


@bp.route("/courses/<code>/agenda/<session_id>/remove", methods=["GET", "POST"])
@requires(P.AGENDA_EDIT)
def remove(code: str, session_id: str) -> ResponseReturnValue:
    """Remove a session from the agenda, after asking for confirmation."""
    course = _course_to_edit(code)
    row = queries.session_of(course.id, session_id)
    form, back = ButtonForm(), url_for(".change", code=code, session_id=row.id)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.remove_session(course.id, row.id, by=viewer())
            flash(_("The session has been removed."), "success")
            return redirect(url_for(".show", code=code), code=303)
    title = shown_title(row.titles, row.module.titles if row.module else None, row.kind)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Remove “%(session)s”?", session=title),
        act=_("Remove session"),
        back_url=back,
        sentences=[
            _("It disappears from the agenda for everyone."),
            _("Its room and trainers become free at that time."),
            _("Its minutes no longer count towards the planned hours."),
        ],
    )


@bp.get("/courses/<code>/agenda.pdf", endpoint="pdf")
@requires(P.HOME_SEE)
def as_pdf(code: str) -> ResponseReturnValue:
    """The agenda as a PDF to print."""
    course, _staff = queries.readable_course(viewer(), code)
    plan = by_day(
        _shown(queries.sessions_of(course.id)), days_from(course.starts_on, course.ends_on)
    )
    try:
        drawn, note = pdf.draw(_document(course, plan))
    except pdf.AgendaNotDrawn as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for(".show", code=code), code=303)
    if note:
        flash(note, "warning")
    return web.pdf(drawn, f"agenda-{course.code}")


def _document(course: Course, plan: Mapping[date, Sequence[Shown]]) -> Any:
    """The agenda in the reader's language, stating who printed it and when."""
    place = f"{course.city}, {country_name(course.country)}"
    times = _("times in %(zone)s", zone=zone_name(course.zone))
    return pdf.document(
        language=html_language(),
        course=(
            localized(course.titles),
            f"{place} · {days(course.starts_on, course.ends_on)} · {times}",
        ),
        days=plan,
        day_titles={day: with_weekday(day) for day in plan},
        marks=paper_document.marks(course),
        printed=paper_document.printed(course, reading.own_name(viewer())),
    )
