"""Forms for an agenda of others: the file or what was pasted, then its rows to look through."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, FormField, HiddenField
from wtforms import Form as Rows
from wtforms.fields.choices import SelectChoice, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import TextArea

from trainings.agenda.forms import Clock
from trainings.agenda.rules import KIND_LABELS, SessionData, SessionKind
from trainings.core.i18n import LANGUAGES, _l
from trainings.web.fields import Line, OneOf
from trainings.web.forms import Form

MOST = 300  # rows that a page can hold
_NOT_THERE = _l("Choose from the list.")


class Pasted(Line):
    """Cells copied from a spreadsheet, kept as they are."""

    widget = TextArea()

    def cleaned(self, typed: str) -> str:
        """The same text: tabs and line ends say where each cell is."""
        return typed


class AgendaFileForm(Form):
    """An agenda as a file, or pasted."""

    file = FileField(_l("File with the agenda"))
    pasted = Pasted(_l("Or paste the cells here"))


class RowForm(Rows):  # type: ignore[misc]
    """One row, as it will be entered."""

    take = BooleanField(_l("Add this session"))
    row = HiddenField()
    said = HiddenField()
    why = HiddenField()
    day = OneOf(_l("Day"), invalid_choice_message=_NOT_THERE)
    starts_at = Clock(_l("Starts"), validators=[Optional()])
    ends_at = Clock(_l("Ends"), validators=[Optional()])
    kind = OneOf(
        _l("Kind"), choices=[SelectChoice(str(kind), label) for kind, label in KIND_LABELS.items()]
    )
    module_id = OneOf(_l("Module"), invalid_choice_message=_NOT_THERE)
    title = Line(_l("Title"))
    room = Line(_l("Room"), maximum=80)
    trainers = SelectMultipleField(_l("Trainers"), invalid_choice_message=_NOT_THERE)

    def session(self, language: str) -> SessionData:
        """What is to be entered, with its title in this language."""
        return SessionData(
            day=date.fromisoformat(self.day.data),
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            kind=SessionKind(self.kind.data),
            titles={language: self.title.data},
            module_id=self.module_id.data or None,
            new_room=self.room.data,
            trainers=tuple(self.trainers.data),
        )


class AgendaRowsForm(Form):
    """The rows of an agenda, each to be taken or left out."""

    language = OneOf(
        _l("Language of the titles"),
        choices=[SelectChoice(code, own_name) for code, own_name in LANGUAGES.items()],
        validators=[InputRequired(_NOT_THERE)],
    )
    rows = FieldList(FormField(RowForm), max_entries=MOST)

    def taken(self) -> dict[int, Any]:
        """The rows that are to be entered, by their number on the page."""
        return {
            number: entry.form for number, entry in enumerate(self.rows) if entry.form.take.data
        }
