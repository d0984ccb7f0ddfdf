"""What an organiser types and ticks about registrations: shape only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired

from trainings.core.i18n import LANGUAGES, Texts, _l, texts_from
from trainings.core.web import Form
from trainings.registrations.candidate_forms import Cleaned
from trainings.registrations.seating_rules import BlockBelowHolders, Cell, SeatsNegative


class FindForm(FlaskForm):  # type: ignore[misc]
    """What the list is narrowed to; sent by POST, since a name never stands in an address."""

    state = StringField()
    country = StringField()
    function = StringField()
    problem = StringField()
    sort = StringField()
    text = StringField()


class ChooseForm(FlaskForm):  # type: ignore[misc]
    """The ticked candidates, and what shall be done with them."""

    act = StringField()  # the pressed button's value
    back = StringField()
    numbers = SelectMultipleField(validate_choice=False)


class DecisionForm(Form):
    """The decision that is confirmed: about whom, and why where a reason is asked for."""

    numbers = SelectMultipleField(validate_choice=False)
    reason = TextAreaField(
        _l("Reason"), validators=[Cleaned("reason")],
        description=_l("For those who work on the course; it is not mailed."),
    )  # fmt: skip


class OrderForm(Form):
    """One step in an order made by hand: who moves, and how."""

    up = StringField()
    down = StringField()
    first = StringField()


class ReasonForm(Form):
    """Why somebody is withdrawn."""

    reason = TextAreaField(
        _l("Reason"),
        validators=[InputRequired(_l("Please give a reason.")), Cleaned("reason")],
        description=_l("For those who work on the course; it is not mailed."),
    )


DATE_WRONG = _l("Enter a date with day, month and year.")


class Day(DateField):  # type: ignore[misc]
    """A date; a wrong one is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date, or say how to write one."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(DATE_WRONG)) from None


class DeadlineForm(Form):
    """Until when somebody may answer."""

    until = Day(_l("Answer until the end of"), validators=[InputRequired(DATE_WRONG)])


class MessageForm(Form):
    """A message in the languages of the house; first shown, then sent."""

    step = StringField(default="write")  # the pressed button's value

    @property
    def subjects(self) -> Texts:
        """The subjects that were typed, by language."""
        return texts_from(self.data, "subject")

    @property
    def texts(self) -> Texts:
        """The texts that were typed, by language."""
        return texts_from(self.data, "text")


for _code, _own_name in LANGUAGES.items():
    setattr(MessageForm, f"subject_{_code}", StringField(_own_name))
    setattr(MessageForm, f"text_{_code}", TextAreaField(_own_name))


class Seats(IntegerField):  # type: ignore[misc]
    """The seats of one block: a whole number, not below those who hold its seats."""

    data: Any

    def __init__(self, cell: Cell, taken: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell, self.taken = cell, taken
        if taken:
            self.description = _l("%(number)s taken", number=taken)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; an empty field is none, one that was not sent stays."""
        if not valuelist:
            return
        typed = valuelist[0].strip()
        try:
            self.data = int(typed or 0)
        except ValueError:
            self.data = None
            raise ValueError(str(_l("Enter a whole number in digits."))) from None

    def pre_validate(self, _form: Form) -> None:
        """Refuse what is below zero, or below those who sit there."""
        if self.data is None:
            return
        if self.data < 0:
            raise ValidationError(str(SeatsNegative()))
        if self.data > 9999:
            raise ValidationError(str(_l("That is more than a course can have.")))
        if self.data < self.taken:
            raise ValidationError(str(BlockBelowHolders(self.cell, self.taken, self.data)))


def seats_form(cells: Mapping[Cell, int], taken: Mapping[Cell, int], capacity: int) -> Form:
    """A form with one field for each block of a course, and its capacity."""
    fields = {field_name(cell): Seats(cell, taken.get(cell, 0), default=n)
              for cell, n in cells.items()}  # fmt: skip
    fields["capacity"] = Seats(
        Cell(None, None), 0, label=_l("Seats of the course"), default=capacity
    )
    made: Form = type("SeatsForm", (Form,), fields)()
    return made


def field_name(cell: Cell) -> str:
    """The name of the field for a block: ``seats_BO_judge``, ``seats_any_any``."""
    return f"seats_{cell.country or 'any'}_{cell.function or 'any'}"
