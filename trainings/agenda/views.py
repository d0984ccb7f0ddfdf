"""The sessions of an agenda, each on a form of its own: add, change, remove."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda import operations, queries
from trainings.agenda.forms import ButtonForm, SessionForm
from trainings.agenda.grid_rules import days_from
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import TitleMissing, shown_title
from trainings.core.dates import with_weekday
from trainings.core.i18n import _, language_name, localized
from trainings.core.names import folded
from trainings.core.permissions import Permission
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.forms import filled
from trainings.courses.models import Course
from trainings.people import reading
from trainings.rosters import queries as rosters
from trainings.rosters.rules import SPOKEN, Invitation, TrainerRole
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("agenda_sessions", __name__)

P = Permission
_ROLES = {
    "trainers": TrainerRole.LEAD,
    "co_trainers": TrainerRole.CO,
    "observers": TrainerRole.OBSERVER,
}


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
        **{
            name: sorted(one.course_trainer_id for one in row.assignments if one.role is role)
            for name, role in _ROLES.items()
        },
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
                **{name: [] for name in _ROLES},
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
    form.offer_trainers([(one.id, "") for one in asked])
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
                return redirect(url_for("agenda.show", code=code) + f"#d-{form.day.data}", code=303)
    form.offer_trainers(_trainers_to_choose(course))
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
                return redirect(url_for("agenda.show", code=code) + f"#d-{form.day.data}", code=303)
    form.offer_trainers(_trainers_to_choose(course))
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
            return redirect(url_for("agenda.show", code=code), code=303)
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
