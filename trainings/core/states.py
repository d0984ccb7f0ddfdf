"""States that people read: each has one word and one colour, defined only beside its value."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from trainings.core.i18n import LazyText


class Tone(StrEnum):
    """The colours a pill can have; the stylesheet uses the same names."""

    GREY = "grey"
    BLUE = "blue"
    TEAL = "teal"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Worded(StrEnum):
    """An enum of states: ``STATE = "value", word, colour``.

    Pills, lists, histories and refusals all show ``label``, so a state has the same name
    everywhere. Subclasses have members, this class has none.
    """

    label: LazyText
    tone: Tone

    def __new__(cls, value: str, label: LazyText | None = None, tone: Tone = Tone.GREY) -> Self:
        """Create a member that equals its stored value, with the word and colour to show."""
        if label is None:
            raise TypeError(f"{cls.__name__} “{value}” has no word")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.tone = tone
        return member

    def with_number(self, number: int | None) -> str:
        """The word of the state; one that has a place in a list says which."""
        return str(self.label)
