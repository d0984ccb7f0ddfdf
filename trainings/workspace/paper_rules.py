"""Which papers are handed out around a course, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, LazyText, _l
from trainings.seating.rules import Place


class Paper(StrEnum):
    """A paper for the room, of all who come."""

    ATTENDANCE = "attendance"
    BADGES = "badges"
    TENTS = "tents"
    TABLES = "tables"

    @property
    def label(self) -> LazyText:
        """The paper as people call it."""
        return PAPER_LABELS[self]


class Letter(StrEnum):
    """A letter for one who has a confirmed seat."""

    INVITATION = "invitation"
    VISA = "visa"

    @property
    def label(self) -> LazyText:
        """The letter as people call it."""
        return LETTER_LABELS[self]

    @property
    def label_of_all(self) -> LazyText:
        """The letters of all who come."""
        return ALL_LETTERS[self]


PAPER_LABELS: Mapping[Paper, LazyText] = {
    Paper.ATTENDANCE: _l("Attendance sheets"),
    Paper.BADGES: _l("Name badges"),
    Paper.TENTS: _l("Name tents"),
    Paper.TABLES: _l("Table list"),
}
LETTER_LABELS: Mapping[Letter, LazyText] = {
    Letter.INVITATION: _l("Invitation letter"),
    Letter.VISA: _l("Letter for a visa"),
}
ALL_LETTERS: Mapping[Letter, LazyText] = {
    Letter.INVITATION: _l("All invitation letters"),
    Letter.VISA: _l("All letters for visas"),
}


class NobodyConfirmed(Refusal):
    """A paper of all who come, before anybody confirmed."""

    sentence = _l("Nobody has confirmed a seat yet, so there is nobody to print this for.")


class PaperNotDrawn(Refusal):
    """A paper that the renderer gave up on."""

    sentence = _l("The file could not be made. Try again; if it happens again, tell the operator.")


@dataclass(frozen=True)
class Comer:
    """Someone with a confirmed seat; the name is opened by whoever prints."""

    number: str
    person_id: str
    country: str
    function: str
    language: str
    place: Place | None = None  # at a table


def languages_of(course_languages: Sequence[str]) -> list[str]:
    """The languages a course's papers can be in: those it is given in, else English."""
    return [code for code in course_languages if code in LANGUAGES] or ["en"]
