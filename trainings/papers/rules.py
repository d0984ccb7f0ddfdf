"""Which papers are handed out around a course, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, LazyText, _l
from trainings.tables.rules import Place


class Paper(StrEnum):
    """A paper for the room, about all participants."""

    ATTENDANCE = "attendance"
    BADGES = "badges"
    TENTS = "tents"
    TABLES = "tables"

    @property
    def label(self) -> LazyText:
        """The paper's usual name."""
        return PAPER_LABELS[self]


class Letter(StrEnum):
    """A letter for someone with a confirmed seat."""

    INVITATION = "invitation"
    VISA = "visa"

    @property
    def label(self) -> LazyText:
        """The letter's usual name."""
        return LETTER_LABELS[self]

    @property
    def label_of_all(self) -> LazyText:
        """The name for the letters of all participants."""
        return ALL_LETTERS[self]


IN_A_FILE = 200  # people in one file: somebody waits while it is made, and it lies in memory


PAPER_LABELS: Mapping[Paper, LazyText] = {
    Paper.ATTENDANCE: _l("Attendance sheets"),
    Paper.BADGES: _l("Name badges"),
    Paper.TENTS: _l("Name tents"),
    Paper.TABLES: _l("Table list"),
}
LETTER_LABELS: Mapping[Letter, LazyText] = {
    Letter.INVITATION: _l("Invitation letter"),
    Letter.VISA: _l("Visa letter"),
}
ALL_LETTERS: Mapping[Letter, LazyText] = {
    Letter.INVITATION: _l("All invitation letters"),
    Letter.VISA: _l("All visa letters"),
}


class NobodyConfirmed(Refusal):
    """A paper about all participants was requested before anybody confirmed."""

    sentence = _l("Nobody has confirmed a seat yet, so there is nothing to print.")


class PaperNotDrawn(Refusal):
    """The renderer could not produce the paper."""

    sentence = _l(
        "We could not make the file “%(paper)s”. Try again. If it happens again, tell whoever runs "
        "this system."
    )


class LettersUnprintable(Refusal):
    """Letters whose text holds characters that no typeface has: they are not made."""

    sentence = _l(
        "No letter was made for %(whom)s, because their details contain characters that cannot be "
        "printed. Correct those details and print again."
    )


class Printed(NamedTuple):
    """A file for the printer, and a sentence where something in it is not as it was written."""

    pdf: bytes
    note: str = ""


class Comer(Struct, frozen=True):
    """Someone with a confirmed seat; the name is decrypted when printing."""

    number: str
    person_id: str
    country: str
    function: str
    language: str
    place: Place | None = None  # at a table


def languages_of(course_languages: Sequence[str]) -> list[str]:
    """The languages of a course's papers: those it is held in, else English."""
    return [code for code in course_languages if code in LANGUAGES] or ["en"]
