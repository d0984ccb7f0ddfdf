"""What an organiser types to distribute seats: checks its shape only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from trainings.core.i18n import _, _l, ngettext
from trainings.seats.placing_rules import BlockBelowHolders, Cell, SeatsNegative, with_rest
from trainings.web.fields import OneOf, Whole
from trainings.web.forms import Form


class Seats(Whole):
    """The seats of one block: a whole number, not below the number already held."""

    def __init__(self, cell: Cell, taken: int = 0, vacant: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell, self.taken = cell, taken
        facts = [ngettext("%(num)s taken", "%(num)s taken", taken)] if taken else []
        if vacant:
            facts.append(ngettext("%(num)s held", "%(num)s held", vacant))
        self.description = " · ".join(facts)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; an empty field means none, a missing field changes nothing."""
        super().process_formdata([typed.strip() or "0" for typed in valuelist])

    def pre_validate(self, _form: Form) -> None:
        """Refuse numbers below zero, or below the number already held."""
        if self.data is None:
            return
        if self.data < 0:
            raise ValidationError(str(SeatsNegative()))
        if self.data > 9999:
            raise ValidationError(str(_l("That is more seats than a course can have.")))
        if self.data < self.taken:
            raise ValidationError(str(BlockBelowHolders(self.cell, self.taken, self.data)))


def seats_form(
    names: Mapping[Cell, str], taken: Mapping[Cell, int], vacant: Mapping[Cell, int]
) -> type[Form]:
    """The form with one field for each block of a course, its capacity, and who gets the rest."""
    fields: dict[str, Any] = {
        field_name(cell): Seats(cell, taken.get(cell, 0), vacant.get(cell, 0), label=name)
        for cell, name in names.items()
    }
    fields["capacity"] = Seats(Cell(None, None), 0, label=_l("Seats on the course"))
    none = SelectChoice("", _("None: I enter every number"))
    fields["rest"] = OneOf(
        _l("Cell that gets the rest"),
        default="",
        validators=[Optional()],
        choices=[none, *(SelectChoice(field_name(cell), name) for cell, name in names.items())],
    )
    return type("SeatsForm", (Form,), fields)


def seats_typed(form: Form) -> dict[Cell, int]:
    """The table as it was typed, with the cell that gets the rest worked out."""
    cells = {f.name: f.cell for f in form if isinstance(f, Seats) and f.name != "capacity"}
    typed = {cell: form[name].data for name, cell in cells.items() if form[name].data}
    rest = cells.get(form["rest"].data)
    return with_rest(typed, rest, form["capacity"].data) if rest else typed


def field_name(cell: Cell) -> str:
    """The name of the field for a block: ``seats_BO_judge``, ``seats_any_any``."""
    return f"seats_{cell.country or 'any'}_{cell.function or 'any'}"
