"""Pages on which a list of nominations is given, looked through, entered and finished by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.dates import local_day
from trainings.core.errors import Refusal
from trainings.core.i18n import _, countries, country_name, localized, ngettext, speaking
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.nominations_import import layout_rules, operations, queries, reading_rules, workbook
from trainings.nominations_import.forms import MEANINGS, ListFileForm, ListRowsForm
from trainings.nominations_import.layout_rules import Listed
from trainings.nominations_import.reading_rules import Row
from trainings.nominations_import.value_rules import OLDEST, YOUNGEST
from trainings.nominations_import.waiting_rules import ChangedMeanwhile
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations.candidate_rules import MaybeKnown
from trainings.registrations.forms import SEXES, CandidateForm
from trainings.spreadsheets import reader
from trainings.spreadsheets.rules import NothingGiven, Sheets
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("nominations_import", __name__)

IMPORT = Permission.REGISTRATION_IMPORT
ListForm = TypeVar("ListForm", ListFileForm, ListRowsForm)
_COLUMNS = (  # of a blank workbook
    "family_name",
    "given_name",
    "sex",
    "born",
    "function",
    "country",
    "unit",
    "mail",
    "phone",
    "document",
    "needs",
)


def _course(code: str) -> Course:
    return courses.course_for(viewer(), IMPORT, code)


def _closed(course: Course) -> str:
    """Why nobody can be nominated at the moment; empty if somebody can."""
    try:
        operations.check_time(viewer(), course)
    except Refusal as refusal:
        return str(refusal)
    return ""


@bp.route("/courses/<code>/nominations/import", methods=["GET", "POST"])
@requires(IMPORT)
def new(code: str) -> ResponseReturnValue:
    """Give a list as a file or by pasting; nobody is nominated yet. Below, what waits."""
    course = _course(code)
    form = _with_countries(ListFileForm(), course)
    if form.validate_on_submit():
        with showing_refusal(form):
            sheets, name = _sent(form)
            found = layout_rules.listed(sheets, name)
            if words := reader.hidden_words(sheets, workbook.LISTS):
                flash(words, "warning")
            columns = queries.remembered(viewer().account_id, found.layout)
            if len(columns) != len(found.header):
                columns = layout_rules.meanings(found, queries.call_of(course).names_function)
            return _preview(course, _filled(course, found, columns, form.country.data or ""))
    waiting = queries.waiting(viewer().account_id, course.id)
    return render_template(
        "nominations_import/new.html",
        course=course,
        form=form,
        waiting=[
            {"id": row_id, "row": one.row, "until": local_day(one.until, course.zone)}
            for row_id, one in waiting
        ],
        closed=_closed(course),
    )


def _sent(form: ListFileForm) -> tuple[Sheets, str]:
    """The sheets of what was sent, and the name of its file. Raises ``FileRefused``."""
    if not form.file.data:
        data, name = (form.pasted.data or "").encode(), ""
    else:
        with form.file.data.stream as stream:
            data, name = stream.read(), form.file.data.filename or ""
    if not form.file.data and not data.strip():
        raise NothingGiven
    return reader.read(data), name


@bp.post("/courses/<code>/nominations/import/rows")
@requires(IMPORT)
def rows(code: str) -> ResponseReturnValue:
    """Read the list again with other columns, or enter the ticked rows, all of them or none."""
    course = _course(code)
    form = _with_countries(ListRowsForm(), course)
    found = layout_rules.unpacked(form.cells.data or "")
    if found is None:
        return redirect(url_for(".new", code=code), code=303)
    columns = form.meanings(len(found.header))
    if "again" in request.form:
        return _preview(course, _filled(course, found, columns, form.country.data or ""))
    if form.validate_on_submit():
        with showing_refusal(form):
            read = reading_rules.read(
                found, columns, queries.call_of(course), form.country.data or ""
            )
            all_rows, known = queries.with_questions(viewer(), course, read)
            clean = {
                one.label: one.candidate
                for one in all_rows
                if not one.asked and one.label not in known
            }
            taken = list(dict.fromkeys(form.take.data or ()))
            if not clean.keys() >= set(taken):
                raise ChangedMeanwhile
            done, kept = operations.enter(
                course.id,
                {label: clean[label] for label in taken},
                [one for one in all_rows if one.asked],
                viewer(),
                layout=found.layout,
                columns=columns,
            )
            _tell(done, kept)
            return redirect(url_for(".new", code=code) if kept else _back(course), code=303)
    return _preview(_course(code), form)


def _tell(done: int, kept: int) -> None:
    """Say what was entered, and what is left to do."""
    if done:
        words = ngettext(
            "%(num)s candidate nominated and told by email.",
            "%(num)s candidates nominated and told by email.",
            done,
        )
        flash(words, "success")
    if kept:
        words = ngettext(
            "%(num)s row waits for you to finish it.",
            "%(num)s rows wait for you to finish them.",
            kept,
        )
        flash(words, "info")
    if not done and not kept:
        flash(_("Nothing has changed: everything in this list is here already."), "info")


def _back(course: Course) -> str:
    """The list of candidates that the viewer works with."""
    own = courses.may(viewer(), Permission.REGISTRATION_NOMINATE, course)
    return url_for("nominations.index" if own else "selection.index", code=course.code)


def _with_countries(form: ListForm, course: Course) -> ListForm:
    own: list[tuple[str, str]] = countries(list(queries.reach(viewer(), course)))
    form.country.choices = own if len(own) == 1 else [("", _("As the list says")), *own]
    return form


def _filled(course: Course, found: Listed, columns: Sequence[str], country: str) -> ListRowsForm:
    """The form of a list as it was understood."""
    data = {"cells": found.packed(), "columns": list(columns), "country": country}
    return _with_countries(ListRowsForm(formdata=None, data=data), course)


def _preview(course: Course, form: ListRowsForm) -> ResponseReturnValue:
    """The page of a list: its columns, and each row as new, known or to be asked about."""
    found = layout_rules.unpacked(form.cells.data or "")
    if found is None:
        return redirect(url_for(".new", code=course.code), code=303)
    columns = form.meanings(len(found.header))
    read = reading_rules.read(found, columns, queries.call_of(course), form.country.data or "")
    all_rows, known = queries.with_questions(viewer(), course, read)
    new = [one for one in all_rows if not one.asked and one.label not in known]
    return render_template(
        "nominations_import/rows.html",
        course=course,
        form=form,
        found=found,
        new=new,
        known=[(one, known[one.label]) for one in all_rows if one.label in known],
        asked=[one for one in all_rows if one.asked],
        marked=form.take.data if form.is_submitted() and form.take.data else [r.label for r in new],
        several={one.candidate.country for one in new} if len(new) else set(),
        names=people.function_names(),
        lacks=layout_rules.lacks(columns),
        back_url=_back(course),
        closed=_closed(course),
    )


@bp.get("/courses/<code>/nominations/import/blank/<any(en,es,fr,pt_BR):language>.xlsx")
@requires(IMPORT)
def blank(code: str, language: str) -> ResponseReturnValue:
    """A blank workbook with drop-down lists, which comes back without a question."""
    course = _course(code)
    with speaking(language):
        content = workbook.written(_blank(course))
    name = f"{course.code}-{language}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=workbook.TYPE, headers=headers)


def _blank(course: Course) -> workbook.Blank:
    """What stands in the blank workbook of a course, in the language that is spoken now."""
    own, names = queries.reach(viewer(), course), people.function_names()
    may = {code for some in own.values() for code in some}
    meanings = [one for one in _COLUMNS if one != "country" or len(own) > 1]
    lines = [_("One row for each person, in your order of priority.")]
    if len(own) == 1:
        lines.append(_("Country: %(name)s", name=country_name(next(iter(own)))))
    year = course.starts_on.year
    return workbook.Blank(
        title=localized(course.titles),
        lines=lines,
        sheet=_("Candidates"),
        columns={one: str(MEANINGS[one]) for one in meanings},
        choices={
            "function": [name for code, name in names.items() if code in may],
            "sex": [str(word) for code, word in SEXES.items() if code],
            "country": [name for _code, name in countries(list(own))],
        },
        born=(date(year - OLDEST, 1, 1), date(year - YOUNGEST, 12, 31)),
        date_hint=_("Enter the date of birth as day, month and year."),
    )


@bp.route("/courses/<code>/nominations/import/<row_id>", methods=["GET", "POST"])
@requires(IMPORT)
def finish(code: str, row_id: str) -> ResponseReturnValue:
    """Nominate the candidate of a row that waited, once its questions are answered."""
    course = _course(code)
    waiting = queries.waiting_row(viewer().account_id, course.id, row_id)
    form = _with_choices(CandidateForm(data=_shown(waiting.row)), course)
    if form.validate_on_submit():
        with showing_refusal(form):
            try:
                number = operations.finish(
                    course.id, row_id, form.candidate(), viewer(), others=form.others
                )
            except MaybeKnown as refusal:
                who = reading.open(
                    refusal.persons.values(), by=viewer().account_id, purpose="same person"
                )
                form.ask(refusal, who)
                raise
            flash(
                _("Nominated as %(number)s. We have emailed the candidate.", number=number),
                "success",
            )
            return redirect(url_for(".new", code=code), code=303)
    course = _course(code)  # what was loaded before is stale
    return render_template(
        "nominations_import/finish.html",
        course=course,
        form=form,
        row_id=row_id,
        waiting=waiting,
        until=local_day(waiting.until, course.zone),
        closed=_closed(course),
    )


@bp.post("/courses/<code>/nominations/import/<row_id>/drop")
@requires(IMPORT)
def drop(code: str, row_id: str) -> ResponseReturnValue:
    """Drop a row that waited."""
    course = _course(code)
    with flashing_refusal():
        operations.drop(course.id, row_id, viewer())
        flash(_("The row has been dropped. Nobody was nominated."), "success")
    return redirect(url_for(".new", code=code), code=303)


def _shown(row: Row) -> dict[str, Any]:
    one = row.candidate
    return {
        "given_name": one.given_name,
        "family_name": one.family_name,
        "mail": one.mail,
        "country": one.country,
        "function": one.function,
        "unit": one.unit,
        "phone": one.phone,
        "document": one.document,
        "born": one.born,
        "sex": one.sex or "",
        "language": one.language,
        "needs": one.needs,
    }


def _with_choices(form: CandidateForm, course: Course) -> CandidateForm:
    own, names = queries.reach(viewer(), course), people.function_names()
    may = {code for some in own.values() for code in some}
    form.country.choices = {code: country_name(code) for code in own}
    form.function.choices = {"": _("Choose")} | {
        code: name for code, name in names.items() if code in may
    }
    return form
