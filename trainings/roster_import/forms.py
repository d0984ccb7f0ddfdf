"""Forms for a list of trainers: the file or what was pasted, then its columns and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, FormField, HiddenField
from wtforms import Form as Rows
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import TextArea

from trainings.core.i18n import LazyText, _l
from trainings.roster_import.reading_rules import FIELDS, MOST, MOST_COLUMNS
from trainings.web.fields import Line, MailLine, NameLine, OneOf, Paragraphs
from trainings.web.forms import Form

_NOT_THERE = _l("Choose from the list.")
MEANINGS: Mapping[str, LazyText] = {
    "": _l("Leave out"),
    "name": _l("Full name"),
    "given_name": _l("Given name"),
    "family_name": _l("Family name"),
    "mail": _l("Email address"),
    "agency": _l("Agency"),
    "station": _l("Duty station"),
    "city": _l("City"),
    "country": _l("Country"),
    "languages": _l("Languages"),
    "modules": _l("Modules"),
    "notes": _l("Notes"),
}


class Cells(Line):
    """Cells copied from a spreadsheet, or a list as it was read, kept as they are."""

    widget = TextArea()

    def cleaned(self, typed: str) -> str:
        """The same text: tabs and line ends say where each cell is."""
        return typed


class RosterFileForm(Form):
    """A list of trainers as a file, or pasted."""

    file = FileField(_l("File with the trainers"))
    pasted = Cells(_l("Or paste the cells here"))


class RowForm(Rows):  # type: ignore[misc]
    """One row, as it will be entered."""

    take = BooleanField(_l("Add this trainer"))
    row = HiddenField()
    whole_name = HiddenField()
    given_name = NameLine(_l("Given name"))
    family_name = NameLine(_l("Family name"))
    mail = MailLine(_l("Email address"))
    agency = Line(_l("Agency"), maximum=100)
    city = Line(_l("City"), maximum=100)
    country = Line(_l("Country"), maximum=100)
    languages = Line(_l("Languages"), maximum=200)
    modules = Line(_l("Modules"), maximum=1000)
    notes = Paragraphs(_l("Notes"), maximum=2000)

    def said(self) -> dict[str, str]:
        """What the row says, by field."""
        return {name: (self[name].data or "").strip() for name in FIELDS}


class RosterRowsForm(Form):
    """The columns of a list and what each holds; its rows, each to be taken or left out."""

    cells = HiddenField()
    agency = OneOf(
        _l("Agency of rows that name none"),
        validators=[Optional()],
        invalid_choice_message=_NOT_THERE,
    )
    columns = FieldList(
        OneOf(
            choices=[SelectChoice(value, label) for value, label in MEANINGS.items()],
            validators=[Optional()],
            invalid_choice_message=_NOT_THERE,
        ),
        max_entries=MOST_COLUMNS,
    )
    rows = FieldList(FormField(RowForm), max_entries=MOST)

    def taken(self) -> dict[int, Any]:
        """The rows that are to be entered, by their number on the page."""
        return {
            number: entry.form for number, entry in enumerate(self.rows) if entry.form.take.data
        }
