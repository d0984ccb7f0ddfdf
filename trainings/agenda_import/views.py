"""Pages on which an organiser enters an agenda that others sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda import operations, queries
from trainings.agenda.grid_rules import days_from
from trainings.agenda.rules import SessionsRefused
from trainings.agenda_import import matching_rules, reading_rules
from trainings.agenda_import.forms import AgendaFileForm, AgendaRowsForm
from trainings.agenda_import.matching_rules import Matched
from trainings.agenda_import.reading_rules import Question
from trainings.core.dates import with_weekday
from trainings.core.i18n import _, localized, ngettext
from trainings.core.names import folded
from trainings.core.permissions import Permission
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.rosters import queries as rosters
from trainings.spreadsheets import reader
from trainings.spreadsheets.rules import NothingGiven
from trainings.spreadsheets.value_rules import clock_time
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("agenda_import", __name__)

EDIT = Permission.AGENDA_EDIT


def _course(code: str) -> Course:
    return courses.course_for(viewer(), EDIT, code, load=("modules",))


@bp.route("/courses/<code>/agenda/import", methods=["GET", "POST"])
@requires(EDIT)
def new(code: str) -> ResponseReturnValue:
    """Give an agenda as a file or by pasting; its rows are shown, and nothing is entered yet."""
    course = _course(code)
    form = AgendaFileForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            data = form.file.data.read() if form.file.data else (form.pasted.data or "").encode()
            if not form.file.data and not data.strip():
                raise NothingGiven
            days = (course.ends_on - course.starts_on).days + 1
            sheets = reader.read(data)
            found = reading_rules.read(sheets, course.starts_on, days)
            if words := reader.hidden_words(sheets):
                flash(words, "warning")
            names = _names(course)
            rows = matching_rules.matched(found.rows, _modules(course), names, _there(course))
            return _preview(course, _filled(course, rows, found.ask), names)
    return render_template("agenda_import/new.html", course=course, form=form)


@bp.post("/courses/<code>/agenda/import/rows")
@requires(EDIT)
def rows(code: str) -> ResponseReturnValue:
    """Enter the rows that are ticked, all of them or none."""
    course = _course(code)
    form = _with_choices(AgendaRowsForm(), course)
    if form.validate_on_submit():
        taken = form.taken()
        lacking = [one for one in taken.values() if not (one.starts_at.data and one.ends_at.data)]
        for one in lacking:
            one.starts_at.errors = [_("Enter when it starts and when it ends.")]
        with showing_refusal(form):
            if taken and not lacking:
                sessions = {n: one.session(form.language.data) for n, one in taken.items()}
                try:
                    added = operations.add_sessions(course.id, sessions, viewer())
                except SessionsRefused as refusal:
                    for number, why in refusal.by_row.items():
                        taken[number].title.errors = [str(why)]
                    raise
                said = ngettext("%(num)s session added.", "%(num)s sessions added.", len(added))
                flash(said, "success")
                return redirect(url_for("agenda.show", code=code), code=303)
        if not taken:
            flash(_("Tick the sessions that are to be added."), "warning")
    course = _course(code)
    return _preview(course, form, _names(course))


def _preview(course: Course, form: AgendaRowsForm, names: dict[str, str]) -> str:
    for entry in form.rows:
        entry.form.trainers.choices = list(names.items())
    return render_template(
        "agenda_import/rows.html",
        course=course,
        form=form,
        trainers=names,
        rooms=[one.name for one in programme_queries.rooms(course.venue or course.city)],
    )


def _modules(course: Course) -> dict[str, list[str]]:
    return {one.module_id: list(one.module.titles.values()) for one in course.modules}


def _names(course: Course) -> dict[str, str]:
    """The names of the trainers invited to the course, in their order."""
    asked = rosters.course_trainers(course.id, teaching=True)
    persons = reading.open(
        [one.trainer.person_id for one in asked], by=viewer().account_id, purpose="agenda"
    )
    named = {one.id: persons[one.trainer.person_id].sorting for one in asked}
    return dict(sorted(named.items(), key=lambda pair: folded(pair[1])))


def _there(course: Course) -> list[tuple[int, int, int]]:
    return [
        (
            (one.day - course.starts_on).days + 1,
            one.starts_at.hour * 60 + one.starts_at.minute,
            one.ends_at.hour * 60 + one.ends_at.minute,
        )
        for one in queries.sessions_of(course.id)
    ]


def _filled(course: Course, found: Sequence[Matched], ask: Sequence[Question]) -> AgendaRowsForm:
    """The form of the rows as they were understood; questions are not ticked."""
    filled = [(one.row.row, _row(course, one)) for one in found]
    filled += [(one.row, _question(course, one)) for one in ask]
    data = [values for _row_number, values in sorted(filled, key=lambda pair: pair[0])]
    language = next(iter(course.languages), "en")
    form = AgendaRowsForm(formdata=None, data={"language": language, "rows": data})
    return _with_choices(form, course)


def _row(course: Course, one: Matched) -> dict[str, Any]:
    why = ""
    if one.there:
        why = _("The agenda already has a session at this time.")
    elif one.unknown:
        why = _("Not invited to the course: %(names)s", names=", ".join(one.unknown))
    elif not one.complete:
        why = _("Choose the module.")
    row = one.row
    return {
        "take": one.complete and not one.there,
        "row": str(row.row),
        "why": why,
        "day": _date(course, row.day).isoformat(),
        "starts_at": clock_time(row.start),
        "ends_at": clock_time(row.end),
        "kind": str(one.kind),
        "module_id": one.module_id,
        "title": row.title,
        "room": row.room,
        "trainers": list(one.trainers),
    }


def _question(course: Course, one: Question) -> dict[str, Any]:
    return {
        "take": False,
        "row": str(one.row),
        "said": one.said,
        "why": str(one.why),
        "day": _date(course, one.named_day or 1).isoformat(),
        "starts_at": clock_time(one.times.start) if one.times else None,
        "ends_at": clock_time(one.times.end) if one.times and one.times.end else None,
        "kind": str(reading_rules.kind_of(one.title)),
        "title": one.title,
    }


def _date(course: Course, number: int) -> date:
    return course.starts_on + timedelta(days=number - 1)


def _with_choices(form: AgendaRowsForm, course: Course) -> AgendaRowsForm:
    """The form with what each row may say; the trainers' names only where they are shown."""
    days = [
        (day.isoformat(), with_weekday(day)) for day in days_from(course.starts_on, course.ends_on)
    ]
    modules = [
        ("", "–"),
        *((one.module_id, localized(one.module.titles)) for one in course.modules),
    ]
    asked = [(one.id, "") for one in rosters.course_trainers(course.id, teaching=True)]
    for entry in form.rows:
        entry.form.day.choices = days
        entry.form.module_id.choices = modules
        entry.form.trainers.choices = asked
    return form
