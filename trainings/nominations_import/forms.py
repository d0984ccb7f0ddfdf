"""Forms for a list of nominations: the file or what was pasted, then its columns and its rows."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf.file import FileField
from wtforms import FieldList, HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import TextArea

from trainings.core.i18n import LazyText, _l
from trainings.nominations_import.layout_rules import MOST_COLUMNS
from trainings.web.fields import Line, OneOf
from trainings.web.forms import Form

_NOT_THERE = _l("Choose from the list.")
MEANINGS: Mapping[str, LazyText] = {
    "": _l("Leave out"),
    "name": _l("Full name, given name first"),
    "reversed_name": _l("Full name, family name first"),
    "given_name": _l("Given name"),
    "family_name": _l("Family name"),
    "mail": _l("Email address"),
    "function": _l("Function"),
    "sex": _l("Sex"),
    "born": _l("Date of birth"),
    "rank": _l("Priority"),
    "country": _l("Country"),
    "unit": _l("Unit or office"),
    "phone": _l("Phone"),
    "document": _l("Passport or identity card number"),
    "needs": _l("Support needs"),
}


class Cells(Line):
    """Cells copied from a spreadsheet, or a list as it was read, kept as they are."""

    widget = TextArea()

    def cleaned(self, typed: str) -> str:
        """The same text: tabs and line ends say where each cell is."""
        return typed


class ListFileForm(Form):
    """A list of nominations as a file, or pasted."""

    country = OneOf(
        _l("Country of the candidates"), validators=[Optional()], invalid_choice_message=_NOT_THERE
    )
    file = FileField(_l("File with the candidates"))
    pasted = Cells(_l("Or paste the cells here"))


class ListRowsForm(Form):
    """The columns of a list and what each holds; which of its rows are entered."""

    cells = HiddenField()
    country = OneOf(
        _l("Country of the candidates"), validators=[Optional()], invalid_choice_message=_NOT_THERE
    )
    columns = FieldList(
        OneOf(
            choices=[SelectChoice(value, label) for value, label in MEANINGS.items()],
            validators=[Optional()],
            invalid_choice_message=_NOT_THERE,
        ),
        max_entries=MOST_COLUMNS,
    )
    take = SelectMultipleField(validate_choice=False)

    def meanings(self, width: int) -> list[str]:
        """What each column holds, as it was chosen; one that was not is left out."""
        chosen = [one.data or "" for one in self.columns][:width]
        return [*chosen, *[""] * (width - len(chosen))]
