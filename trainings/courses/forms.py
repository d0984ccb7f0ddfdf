"""Form fields for programmes, modules and rooms: they check shape only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from wtforms import SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from trainings.core.i18n import LANGUAGES, Texts, _l, _lp, texts_from
from trainings.web.fields import TEXT, TITLE, Day, Line, OneOf, Paragraphs, Whole
from trainings.web.forms import Form


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Several choices, each with a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


FormClass = TypeVar("FormClass", bound=type[Form])


def per_language(
    prefix: str, *, maximum: int = TITLE, lines: bool = False
) -> Callable[[FormClass], FormClass]:
    """Add one field per language to a form: ``title_en``, ``title_es`` and so on."""

    def add(form: FormClass) -> FormClass:
        kind = Paragraphs if lines else Line
        for code, own_name in LANGUAGES.items():
            setattr(form, f"{prefix}_{code}", kind(own_name, maximum=maximum))
        return form

    return add


def texts_of(form: Form, prefix: str) -> Texts:
    """The texts in a form, by language."""
    return texts_from(form.data, prefix)


def filled(prefix: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Texts as the initial values of a form."""
    return {f"{prefix}_{code}": text for code, text in texts.items()}


class OwnedForm(Form):
    """What an agency owns: which, where that is to be chosen."""

    agency_id = OneOf(_l("Agency that owns it"))

    def offer(self, agencies: Sequence[tuple[str, str]]) -> None:
        """Offer agencies to choose from; one alone needs no choice, and none is no choice."""
        self.own = agencies[0][0] if agencies else ""
        self.agency_id.choices = list(agencies)
        if len(agencies) < 2:
            del self.agency_id

    def owner(self) -> str:
        """The chosen agency, or the only one; empty if there is none."""
        return str(self.agency_id.data if "agency_id" in self else self.own)


@per_language("title")
@per_language("text", maximum=TEXT, lines=True)
class ProgrammeForm(OwnedForm):
    """A programme: code, name, description, and the programme that it follows."""

    follows_id = OneOf(_l("Programme that it follows"), validators=[Optional()])

    code = Line(_l("Code"), maximum=20, validators=[InputRequired(_l("Enter a code."))])


@per_language("title")
@per_language("text", maximum=TEXT, lines=True)
class PhaseForm(Form):
    """A phase of a programme: name, dates, what was done."""

    starts_on = Day(_l("First day"), validators=[Optional()])
    ends_on = Day(_l("Last day"), validators=[Optional()])


@per_language("title")
@per_language("objectives", maximum=TEXT, lines=True)
class ModuleForm(OwnedForm):
    """A module: code, name, objectives (one per line), the forms of exploitation it covers."""

    code = Line(_l("Code"), maximum=20, validators=[InputRequired(_l("Enter a code."))])
    exploitation = Ticks(_l("Forms of exploitation it covers"))


class CopyForm(OwnedForm):
    """A copy of a module or programme: its code, and whose it is."""

    code = Line(_l("Code of the copy"), maximum=20, validators=[InputRequired(_l("Enter a code."))])


class RoomForm(Form):
    """A room of a venue."""

    venue = Line(_l("Venue"), validators=[InputRequired(_l("Enter the venue."))])
    name = Line(_l("Room"), maximum=80, validators=[InputRequired(_l("Enter the room's name."))])
    seats = Whole(
        _lp("in a room", "Seats"),
        validators=[
            InputRequired(_l("Enter how many people fit.")),
            NumberRange(0, 100_000, _l("Enter how many people fit, in digits.")),
        ],
    )


class ActForm(Form):
    """A button with its CSRF token and no other field."""
