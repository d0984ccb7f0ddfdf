"""Changing the register of laws: an entry, its confirmation, a list, who keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from trainings.core import clock
from trainings.core.errors import NotFound, Refusal
from trainings.core.i18n import LANGUAGES, Texts, _, countries, language, localized, ngettext
from trainings.courses.forms import filled, texts_of
from trainings.legislation import import_rules, operations, queries, rules, topic_operations
from trainings.legislation.forms import (
    CorrespondentForm,
    EntryForm,
    LawFileForm,
    LawRowsForm,
    TopicForm,
)
from trainings.legislation.import_rules import Asked, Fate, Row, TooManyLaws
from trainings.legislation.operations import Who
from trainings.legislation.rules import Picture
from trainings.people import reading
from trainings.spreadsheets import reader
from trainings.spreadsheets.rules import NoFileChosen
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("legislation_edit", __name__, url_prefix="/legislation")


def _place(country: str, topic: str) -> tuple[str, str]:
    """The place of an entry that the viewer keeps. Raises ``NotFound``."""
    if rules.keeper_of(viewer(), queries.country_there(country)) is None:
        raise NotFound
    queries.topic(topic)
    return country, topic


def _kept(country: str, topic: str) -> dict[str, Any]:
    """What the form shows: the change that waits, else what counts."""
    entry = queries.entry(country, topic)
    version = entry.proposed or entry.current
    text = version.text if version is not None else rules.LawText()
    parts = {name: getattr(text, name) for name in rules.LABELS}
    return {**filled("said", dict.fromkeys(LANGUAGES, "") | text.said), **parts}


@bp.route("/<country>/<topic>/edit", methods=["GET", "POST"])
@requires(rules.EDIT)
def edit(country: str, topic: str) -> ResponseReturnValue:
    """Enter or correct what the law says; it waits for a second person."""
    place = _place(country, topic)
    form = EntryForm.of(lambda: _kept(country, topic))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.propose(place, form.text(), viewer())
            flash(_("Saved. It counts once a second person has confirmed it."), "success")
            return redirect(_page(place), code=303)
    return render_template(
        "legislation/edit.html",
        country=country,
        topic=queries.topic(topic),
        form=form,
        waits=queries.entry(country, topic).proposed is not None,
    )


def _page(place: tuple[str, str]) -> str:
    return url_for("legislation.entry", country=place[0], topic=place[1])


def _act(
    country: str, topic: str, act: Callable[[tuple[str, str]], None], done: str
) -> ResponseReturnValue:
    place = _place(country, topic)
    with flashing_refusal():
        act(place)
        flash(done, "success")
    return redirect(_page(place), code=303)


@bp.post("/<country>/<topic>/<version_id>/confirm")
@requires(rules.EDIT)
def confirm(country: str, topic: str, version_id: str) -> ResponseReturnValue:
    """Confirm what somebody else entered."""
    done = _("Confirmed.")
    return _act(country, topic, lambda at: operations.confirm(at, version_id, viewer()), done)


@bp.post("/<country>/<topic>/<version_id>/drop")
@requires(rules.EDIT)
def drop(country: str, topic: str, version_id: str) -> ResponseReturnValue:
    """Do not take a change that waits."""
    done = _("The change was not taken.")
    return _act(country, topic, lambda at: operations.drop(at, version_id, viewer()), done)


@bp.post("/<country>/<topic>/<version_id>/check")
@requires(rules.EDIT)
def check(country: str, topic: str, version_id: str) -> ResponseReturnValue:
    """Say that an entry is still right."""
    done = _("Marked as checked today.")
    return _act(country, topic, lambda at: operations.check(at, version_id, viewer()), done)


@bp.route("/import", methods=["GET", "POST"])
@requires(rules.EDIT)
def new_list() -> ResponseReturnValue:
    """Give a list of laws as a file; nothing is entered yet."""
    form = LawFileForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            if not form.file.data:
                raise NoFileChosen
            sheets = reader.read(form.file.data.read())
            rows, asked = import_rules.read(
                sheets, [one.code for one in queries.topics()], clock.now().year, _may
            )
            if len(rows) > import_rules.MOST:
                raise TooManyLaws
            if words := reader.hidden_words(sheets):
                flash(words, "warning")
            return _preview(rows, asked)
    return render_template("legislation/import.html", form=form, columns=import_rules.COLUMNS)


def _may(country: str) -> bool:
    return rules.keeper_of(viewer(), country) is not None


def _preview(rows: list[Row], asked: list[Asked]) -> str:
    fates = operations.foresee(rows)
    form = LawRowsForm(formdata=None, data={"cells": import_rules.packed(rows)})
    return render_template(
        "legislation/import_rows.html",
        form=form,
        fates=fates,
        asked=asked,
        titles={one.code: localized(one.titles) for one in queries.topics()},
        entering=len(fates[Fate.NEW]) + len(fates[Fate.CHANGE]),
        Fate=Fate,
    )


@bp.post("/import/rows")
@requires(rules.EDIT)
def rows() -> ResponseReturnValue:
    """Enter the rows that were shown, all of them or none."""
    form = LawRowsForm()
    if form.validate_on_submit():
        try:
            found = import_rules.unpacked(
                form.cells.data or "", [one.code for one in queries.topics()], clock.now().year
            )
            fates = operations.enter(found, viewer())
        except Refusal as refusal:
            flash(str(refusal), "error")
            return redirect(url_for(".new_list"), code=303)
        done = len(fates[Fate.NEW]) + len(fates[Fate.CHANGE])
        flash(ngettext("%(num)s entry saved.", "%(num)s entries saved.", done), "success")
        return redirect(url_for("legislation.index"), code=303)
    return redirect(url_for(".new_list"), code=303)


@bp.route("/topics/new", methods=["GET", "POST"])
@requires(rules.EDIT)
def new_topic() -> ResponseReturnValue:
    """Add a topic with its question."""
    if not rules.keeps_all(viewer()):
        raise NotFound
    form = TopicForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            topic_operations.add_topic(form.code.data, *_topic_of(form), by=viewer())
            flash(_("Saved."), "success")
            url = url_for("legislation.topic", topic=form.code.data)
            return redirect(url, code=303)
    return render_template("legislation/topic_form.html", form=form, topic=None)


def _topic_of(form: TopicForm) -> tuple[Texts, Texts, Picture]:
    return texts_of(form, "title"), texts_of(form, "question"), Picture(form.picture.data or "")


@bp.route("/topics/<topic>/edit", methods=["GET", "POST"])
@requires(rules.EDIT)
def edit_topic(topic: str) -> ResponseReturnValue:
    """Word a topic or its question otherwise."""
    if not rules.keeps_all(viewer()):
        raise NotFound
    about = queries.topic(topic)

    def kept() -> dict[str, Any]:
        now, empty = queries.topic(topic), dict.fromkeys(LANGUAGES, "")
        titles, questions = filled("title", empty | now.titles), empty | now.questions
        return {**titles, **filled("question", questions), "picture": str(now.picture)}

    form = TopicForm.of(kept)
    del form.code
    if form.validate_on_submit():
        with showing_refusal(form):
            topic_operations.reword_topic(topic, *_topic_of(form), by=viewer())
            flash(_("Saved."), "success")
            return redirect(url_for("legislation.topic", topic=topic), code=303)
    return render_template("legislation/topic_form.html", form=form, topic=about)


@bp.route("/correspondents", methods=["GET", "POST"])
@requires(rules.NAME)
def correspondents() -> ResponseReturnValue:
    """Who keeps the laws of the viewer's countries with them; name somebody."""
    own = rules.own_countries(viewer(), rules.NAME)
    form = CorrespondentForm(data={"language": language()})
    form.country.choices = [SelectChoice(code, name) for code, name in countries(own)]
    if form.validate_on_submit():
        with showing_refusal(form):
            who = Who(
                form.given_name.data or "",
                form.family_name.data or "",
                form.mail.data,
                form.language.data,
            )
            operations.name_correspondent(form.country.data, who, viewer())
            flash(_("Named. We have emailed them an invitation."), "success")
            return redirect(url_for(".correspondents"), code=303)
    there = queries.correspondents(own)
    names = reading.open(
        [one.person_id for one in there], by=viewer().account_id, purpose="legal correspondents"
    )
    return render_template(
        "legislation/correspondents.html", form=form, there=there, names=names, own=own
    )


@bp.post("/correspondents/<grant_id>/end")
@requires(rules.NAME)
def end_correspondent(grant_id: str) -> ResponseReturnValue:
    """Take the role from somebody."""
    operations.remove_correspondent(grant_id, viewer())
    flash(_("Removed."), "success")
    return redirect(url_for(".correspondents"), code=303)
