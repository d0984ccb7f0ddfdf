"""The style and languages of a course's certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, LazyText, _l
from trainings.register.rules import Kind


class Style(StrEnum):
    """The styles that an organiser chooses from."""

    FORMAL = "formal"
    BILINGUAL = "bilingual"
    MODERN = "modern"
    LETTER = "letter"

    @property
    def label(self) -> LazyText:
        """The style, as shown to people."""
        return STYLE_LABELS[self]


STYLE_LABELS: Mapping[Style, LazyText] = {
    Style.FORMAL: _l("Formal"),
    Style.BILINGUAL: _l("Formal, in two languages side by side"),
    Style.MODERN: _l("Modern"),
    Style.LETTER: _l("Letter"),
}
STYLE_HINTS: Mapping[Style, LazyText] = {
    Style.FORMAL: _l("A double frame with the name in the middle, in the holder's language."),
    Style.BILINGUAL: _l("The holder's language first, with the other beside it."),
    Style.MODERN: _l("A band of colour and text on the left, in the holder's language."),
    Style.LETTER: _l("A portrait page without a frame, in the holder's language."),
}


class Look(Struct, frozen=True):
    """A style; ``beside`` is the second language of the bilingual style, else empty."""

    style: Style
    beside: str = ""


DEFAULT_LOOKS: Mapping[Kind, Look] = {
    Kind.COMPLETION: Look(Style.FORMAL),
    Kind.ATTENDANCE: Look(Style.LETTER),
    Kind.TRAINER: Look(Style.MODERN),
}


class BesideMissing(Refusal):
    """The bilingual style was chosen without a second language."""

    sentence = _l("Choose the language to show beside the holder's own.")
    field = "beside"


def look(style: Style, beside: str) -> Look:
    """The chosen style; one-language styles have no second language. Raises ``BesideMissing``."""
    if style is not Style.BILINGUAL:
        return Look(style)
    if beside not in LANGUAGES:
        raise BesideMissing
    return Look(style, beside)


def languages_of(own: str, chosen: Look, course_languages: Sequence[str]) -> tuple[str, ...]:
    """The languages of one certificate: one, or the holder's own and the second one.

    If the holder's language is the second one, the course's next language goes beside it, so that
    no certificate says the same twice; in a course with one language it stands alone.
    """
    if not chosen.beside:
        return (own,)
    others = (chosen.beside, *course_languages)
    return (own, *[code for code in others if code != own][:1])
