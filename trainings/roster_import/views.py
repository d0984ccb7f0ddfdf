"""Pages on which an organiser enters a list of trainers that others sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.agencies.rules import agencies_of
from trainings.core.i18n import _, countries, localized, ngettext
from trainings.core.permissions import Permission
from trainings.roster_import import queries, reading_rules
from trainings.roster_import.forms import RosterFileForm, RosterRowsForm
from trainings.roster_import.queries import Compared, RowStanding
from trainings.roster_import.reading_rules import Listed, TwiceInFile, WholeName
from trainings.rosters import operations
from trainings.rosters.rules import TrainerData, TrainersRefused
from trainings.spreadsheets import reader
from trainings.spreadsheets.rules import NothingGiven
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("roster_import", __name__)

EDIT = Permission.ROSTER_EDIT


@bp.route("/trainers/import", methods=["GET", "POST"])
@requires(EDIT)
def new() -> ResponseReturnValue:
    """Give a list of trainers as a file or by pasting; nothing is entered yet."""
    form = RosterFileForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            data = form.file.data.read() if form.file.data else (form.pasted.data or "").encode()
            if not form.file.data and not data.strip():
                raise NothingGiven
            sheets = reader.read(data)
            found, columns = reading_rules.listed(sheets)
            if words := reader.hidden_words(sheets):
                flash(words, "warning")
            return _preview(_filled(found, columns))
    return render_template("roster_import/new.html", form=form)


@bp.post("/trainers/import/rows")
@requires(EDIT)
def rows() -> ResponseReturnValue:
    """Read the list again with other columns, or enter the ticked rows, all of them or none."""
    form = _with_agencies(RosterRowsForm())
    found = reading_rules.unpacked(form.cells.data or "")
    if "again" in request.form and found is not None:
        columns = [one.data or "" for one in form.columns]
        return _preview(_filled(found, columns, form.agency.data or ""))
    if form.validate_on_submit():
        taken = form.taken()
        said = {number: one.said() for number, one in taken.items()}
        read = _read(said)
        asked = {number: asks for number, (_data, asks) in read.items() if asks}
        for number, asks in asked.items():
            taken[number].family_name.errors = [" ".join(map(str, asks))]
        with showing_refusal(form):
            if taken and not asked:
                try:
                    data = {number: one for number, (one, _asks) in read.items()}
                    added = operations.add_trainers(data, viewer())
                except TrainersRefused as refusal:
                    for number, why in refusal.by_row.items():
                        taken[number].family_name.errors = [str(why)]
                    raise
                words = ngettext("%(num)s trainer added.", "%(num)s trainers added.", len(added))
                flash(words, "success")
                return redirect(url_for("rosters.index"), code=303)
        if not taken:
            flash(_("Tick the trainers that are to be added."), "warning")
    return _preview(form)


def _read(said: Mapping[int, Mapping[str, str]]) -> dict[int, tuple[TrainerData, list[Any]]]:
    """What rows mean, and what has to be asked about each."""
    words = queries.vocabulary()
    return {number: reading_rules.understood(row, words) for number, row in said.items()}


def _with_agencies(form: RosterRowsForm) -> RosterRowsForm:
    form.agency.choices = [
        ("", _("None")),
        *((one.id, localized(one.short_names)) for one in accounts.agencies()),
    ]
    return form


def _own_agency() -> str:
    own = sorted(agencies_of(viewer()))
    return own[0] if len(own) == 1 else ""


def _filled(found: Listed, columns: Sequence[str], agency: str | None = None) -> RosterRowsForm:
    """The form of a list as it was understood; rows that ask, or are known, are not ticked."""
    chosen = _own_agency() if agency is None else agency
    names = {one.id: localized(one.short_names) for one in accounts.agencies()}
    said = {}
    for number, cells in found.rows:
        row = reading_rules.values(cells, columns)
        said[number] = row | {"agency": row["agency"] or names.get(chosen, "")}
    whole = {number for number, cells in found.rows if reading_rules.asks_for_name(cells, columns)}
    looked_at = _looked_at(said, whole, {number: str(number) for number in said})
    data = {
        "cells": found.packed(),
        "agency": chosen,
        "columns": [*columns, *[""] * (len(found.header) - len(columns))],
        "rows": [
            {
                "take": not looked_at[number][1]
                and looked_at[number][0].standing is RowStanding.NEW,
                "row": str(number),
                "whole_name": "yes" if number in whole else "",
                **row,
            }
            for number, row in said.items()
        ],
    }
    return _with_agencies(RosterRowsForm(formdata=None, data=data))


def _looked_at(
    said: Mapping[int, Mapping[str, str]], whole: set[int], rows: Mapping[int, str]
) -> dict[int, tuple[Compared, list[str]]]:
    """Each row compared with the roster, and what has to be asked about it in words.

    ``rows``: what each is called, its number in the file.
    """
    read = _read(said)
    there = queries.compared(viewer(), {number: data for number, (data, _asks) in read.items()})
    again = reading_rules.twice([(number, data.mail) for number, (data, _asks) in read.items()])
    found = {}
    for number, (_data, asks) in read.items():
        all_asks = [*asks]
        if number in whole:
            all_asks.insert(0, WholeName())
        if number in again:
            all_asks.append(TwiceInFile(row=rows[again[number]]))
        ask = there[number].ask
        if ask is not None:
            all_asks.append(ask)
        found[number] = (there[number], [str(one) for one in all_asks])
    return found


def _preview(form: RosterRowsForm) -> str:
    """The page of a list: its columns, and each row as new, known or to be asked about."""
    entries = {number: entry.form for number, entry in enumerate(form.rows)}
    whole = {number for number, one in entries.items() if one.whole_name.data and not one.take.data}
    said = {number: one.said() for number, one in entries.items()}
    called = {number: one.row.data or "" for number, one in entries.items()}
    looked_at = _looked_at(said, whole, called)
    found = reading_rules.unpacked(form.cells.data or "")
    return render_template(
        "roster_import/rows.html",
        form=form,
        header=found.header if found else (),
        looked_at=looked_at,
        counts={
            one: sum(1 for there, asks in looked_at.values() if _kind(there, asks) is one)
            for one in RowStanding
        },
        kinds={
            number: _kind(there, asks).name.lower() for number, (there, asks) in looked_at.items()
        },
        lacks=reading_rules.unknown_columns([one.data for one in form.columns]),
        country_names=[name for _code, name in countries()],
        agency_names=[localized(one.short_names) for one in accounts.agencies()],
    )


def _kind(there: Compared, asks: Sequence[str]) -> RowStanding:
    if there.standing is RowStanding.KNOWN:
        return RowStanding.KNOWN
    return RowStanding.ASK if asks else RowStanding.NEW
