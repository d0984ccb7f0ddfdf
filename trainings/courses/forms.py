"""What people type about programmes, modules and rooms: shape only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextArea

from trainings.core.i18n import LANGUAGES, Texts, _l, texts_from
from trainings.core.text import TextRefused, clean
from trainings.core.web import Form

TITLE, TEXT = 200, 4000
DATE_WRONG = _l("Enter a date with day, month and year.")


class Line(StringField):  # type: ignore[misc]
    """One line of text, cleaned on the way in; what was typed stays."""

    lines = False
    data: Any

    def __init__(self, *args: Any, maximum: int = TITLE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maximum = maximum

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text clean, or refuse it with a sentence."""
        super().process_formdata(valuelist)
        try:
            self.data = clean(self.data or "", self.maximum, lines=self.lines)
        except TextRefused as refusal:
            raise ValueError(str(refusal)) from None


class Paragraphs(Line):
    """Several lines of text."""

    widget = TextArea()
    lines = True

    def __init__(self, *args: Any, maximum: int = TEXT, **kwargs: Any) -> None:
        super().__init__(*args, maximum=maximum, **kwargs)


class Day(DateField):  # type: ignore[misc]
    """A date; a wrong one is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date, or say how to write one."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(DATE_WRONG)) from None


class Whole(IntegerField):  # type: ignore[misc]
    """A whole number; anything else is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or ask for digits."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_l("Enter a whole number in digits."))) from None


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Some of several choices, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


FormClass = TypeVar("FormClass", bound=type[Form])


def per_language(
    prefix: str, *, maximum: int = TITLE, lines: bool = False
) -> Callable[[FormClass], FormClass]:
    """Give a form one field a language: ``title_en``, ``title_es`` and so on."""

    def add(form: FormClass) -> FormClass:
        kind = Paragraphs if lines else Line
        for code, own_name in LANGUAGES.items():
            setattr(form, f"{prefix}_{code}", kind(own_name, maximum=maximum))
        return form

    return add


def texts_of(form: Form, prefix: str) -> Texts:
    """What a form holds in its languages."""
    return texts_from(form.data, prefix)


def filled(prefix: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Texts as the values that a form begins with."""
    return {f"{prefix}_{code}": text for code, text in texts.items()}


@per_language("title")
@per_language("text", maximum=TEXT, lines=True)
class ProgrammeForm(Form):
    """A programme: code, name, what it is about."""

    code = Line(_l("Code"), maximum=20, validators=[InputRequired(_l("Enter a code."))])


@per_language("title")
@per_language("finding", maximum=TEXT, lines=True)
class PhaseForm(Form):
    """A phase of a programme: name, days, what it found."""

    starts_on = Day(_l("First day"), validators=[Optional()])
    ends_on = Day(_l("Last day"), validators=[Optional()])


@per_language("text", maximum=TEXT, lines=True)
class LessonForm(Form):
    """A lesson of a programme and the module that takes it up."""

    module_id = SelectField(_l("Module that takes it up"), validators=[Optional()])


@per_language("title")
@per_language("objectives", maximum=TEXT, lines=True)
class ModuleForm(Form):
    """A module: code, name, objectives one a line, the forms of exploitation it deals with."""

    code = Line(_l("Code"), maximum=20, validators=[InputRequired(_l("Enter a code."))])
    exploitation = Ticks(_l("Forms of exploitation it deals with"))


class RoomForm(Form):
    """A room of a venue."""

    venue = Line(_l("Venue"), validators=[InputRequired(_l("Enter the venue."))])
    name = Line(_l("Room"), maximum=80, validators=[InputRequired(_l("Enter the room's name."))])
    seats = Whole(
        _l("Seats"),
        validators=[
            InputRequired(_l("Enter how many people fit.")),
            NumberRange(0, 100_000, _l("Enter how many people fit, in digits.")),
        ],
    )


class ActForm(Form):
    """A button with its token: nothing is typed."""
