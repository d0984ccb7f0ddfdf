"""Forms for agencies, their marks and functions; they check only the shape of what is typed."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import Field
from wtforms.validators import InputRequired, NumberRange, Optional

from trainings.accounts.forms import text
from trainings.core.i18n import LANGUAGES, LazyText, Texts, _l, texts_from
from trainings.web.fields import Line, Whole
from trainings.web.forms import Form


class _WordsForm(Form):
    code = text(_l("Code"), _l("Enter a code."), 20)
    position = Whole(
        _l("Position in the list"),
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(0, 999, _l("Enter a number from 0 to 999.")),
        ],
    )

    def texts(self, prefix: str) -> Texts:
        """What was typed per language under a prefix (``name``)."""
        return texts_from(self.data, prefix)

    def by_language(self, prefix: str) -> list[Field]:
        """The fields of a text, one per language."""
        return [self[f"{prefix}_{code}"] for code in LANGUAGES]


def _in(language: str, maximum: int, missing: LazyText | None = None) -> Line:
    rules = [InputRequired(missing)] if missing is not None else [Optional()]
    return Line(LANGUAGES[language], maximum=maximum, validators=rules)


class AgencyForm(_WordsForm):
    """An agency's names per language, its colour, its place."""

    short_en = _in("en", 20, _l("Enter the short name in English."))
    short_es = _in("es", 20)
    short_fr = _in("fr", 20)
    short_pt_BR = _in("pt_BR", 20)
    name_en = _in("en", 150, _l("Enter the full name in English."))
    name_es = _in("es", 150)
    name_fr = _in("fr", 150)
    name_pt_BR = _in("pt_BR", 150)
    colour = text(_l("Colour"), _l("Enter a colour, such as #0b5563."), 7)


class FunctionForm(_WordsForm):
    """A function's words per language, a hint for the person choosing, its place."""

    name_en = _in("en", 60, _l("Enter the name in English."))
    name_es = _in("es", 60)
    name_fr = _in("fr", 60)
    name_pt_BR = _in("pt_BR", 60)
    hint_en = _in("en", 150)
    hint_es = _in("es", 150)
    hint_fr = _in("fr", 150)
    hint_pt_BR = _in("pt_BR", 150)


class MarkForm(Form):
    """A picture to upload, which is then redrawn."""

    picture = FileField(_l("Logo picture"))
