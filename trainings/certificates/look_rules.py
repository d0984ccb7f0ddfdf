"""How the certificates of a course look: the style, and in which languages they speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trainings.certificates.rules import Kind
from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, LazyText, _l


class Style(StrEnum):
    """The styles that an organiser chooses from."""

    FORMAL = "formal"
    BILINGUAL = "bilingual"
    MODERN = "modern"
    LETTER = "letter"

    @property
    def label(self) -> LazyText:
        """The style as people read it."""
        return STYLE_LABELS[self]


STYLE_LABELS: Mapping[Style, LazyText] = {
    Style.FORMAL: _l("Formal"),
    Style.BILINGUAL: _l("Formal, in two languages side by side"),
    Style.MODERN: _l("Modern"),
    Style.LETTER: _l("Letter"),
}
STYLE_HINTS: Mapping[Style, LazyText] = {
    Style.FORMAL: _l("A double frame, names in the middle; in the holder's language."),
    Style.BILINGUAL: _l("The holder's language first, the other beside it."),
    Style.MODERN: _l("A band of colour, set to the left; in the holder's language."),
    Style.LETTER: _l("Upright page without a frame; in the holder's language."),
}


@dataclass(frozen=True)
class Look:
    """A style; ``beside`` is the second language of the bilingual one, else empty."""

    style: Style
    beside: str = ""


DEFAULT_LOOKS: Mapping[Kind, Look] = {
    Kind.COMPLETION: Look(Style.FORMAL),
    Kind.ATTENDANCE: Look(Style.LETTER),
    Kind.TRAINER: Look(Style.MODERN),
}


class BesideMissing(Refusal):
    """Two languages were asked for and one was named."""

    sentence = _l("Choose the language that stands beside the holder's own.")
    field = "beside"


def look(style: Style, beside: str) -> Look:
    """The look that was chosen; one-language styles have nothing beside. ``BesideMissing``."""
    if style is not Style.BILINGUAL:
        return Look(style)
    if beside not in LANGUAGES:
        raise BesideMissing
    return Look(style, beside)


def languages_of(own: str, chosen: Look, course_languages: Sequence[str]) -> tuple[str, ...]:
    """In which languages one certificate speaks: one, or the holder's own and the other.

    Who already speaks the other gets the course's next language beside it, so that no
    certificate says the same twice; a course of one language leaves it alone.
    """
    if not chosen.beside:
        return (own,)
    others = (chosen.beside, *course_languages)
    return (own, *[code for code in others if code != own][:1])
