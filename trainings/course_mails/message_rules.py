"""Organisers' own messages: to which group, with which words in brackets, who sends a large one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, LazyText, _l
from trainings.mail.text_rules import NAMELESS, SubjectOrTextMissing, check_subject, check_text
from trainings.registrations.rules import State

MANY = 50  # a message to more people is sent by a second organiser, where the course says so
KEPT = timedelta(days=14)  # how long a message waits for a second organiser
LARGEST = 10 * 1024 * 1024  # bytes of all attachments of one message


class Recipients(StrEnum):
    """To whom a message goes."""

    CONFIRMED = "confirmed"
    OFFERED = "offered"
    RESERVE = "reserve"
    UNDECIDED = "undecided"
    TRAINERS = "trainers"
    FOCAL_POINTS = "focal_points"

    @property
    def label(self) -> LazyText:
        """The choice, for display."""
        return RECIPIENTS_WORDS[self]

    @property
    def states(self) -> frozenset[State]:
        """The states of the registrations meant; none for people who are not candidates."""
        return _STATES.get(self, frozenset())


RECIPIENTS_WORDS: Mapping[Recipients, LazyText] = {
    Recipients.CONFIRMED: _l("Confirmed participants"),
    Recipients.OFFERED: _l("People with an offer who have not answered"),
    Recipients.RESERVE: _l("The reserve list"),
    Recipients.UNDECIDED: _l("Candidates who wait for a decision"),
    Recipients.TRAINERS: _l("Trainers who accepted"),
    Recipients.FOCAL_POINTS: _l("Focal points of the invited countries"),
}
_STATES: Mapping[Recipients, frozenset[State]] = {
    Recipients.CONFIRMED: frozenset({State.CONFIRMED}),
    Recipients.OFFERED: frozenset({State.OFFERED}),
    Recipients.RESERVE: frozenset({State.RESERVE}),
    Recipients.UNDECIDED: frozenset({State.NOMINATED, State.APPLIED, State.ENDORSED}),
}
# Files of sessions are for who takes part or teaches.
WITH_FILES = frozenset({Recipients.CONFIRMED, Recipients.TRAINERS})

_ALL = ("name", "course", "code", "dates", "city", "venue", "contact")
FOR_CANDIDATES = (*_ALL, "number", "page")
FOR_OTHERS = (*_ALL, "course_page")


class MessageTo(Struct, frozen=True):
    """A group of recipients: of which kind, and from which countries and functions (none: all)."""

    recipients: Recipients = Recipients.CONFIRMED
    countries: Sequence[str] = field(default=())
    functions: Sequence[str] = field(default=())

    def means(self, country: str, function: str) -> bool:
        """Whether somebody of this country and function is meant."""
        return (not self.countries or country in self.countries) and (
            not self.functions or function in self.functions
        )

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The group that ``kept`` gave."""
        recipients = Recipients(kept["recipients"])
        return cls(recipients, tuple(kept["countries"]), tuple(kept["functions"]))

    def kept(self) -> dict[str, object]:
        """The group as plain values."""
        return {
            "recipients": str(self.recipients),
            "countries": list(self.countries),
            "functions": list(self.functions),
        }

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words in brackets that a message to them may hold."""
        return FOR_CANDIDATES if self.recipients.states else FOR_OTHERS


class NobodyMeant(Refusal):
    """The group is empty."""

    sentence = _l("Nobody belongs to this group at the moment, so there is nobody to write to.")
    field = "recipients"


class FilesNotForThem(Refusal):
    """Only who takes part or teaches may have files of sessions."""

    sentence = _l("Only confirmed participants and trainers who accepted may get files.")
    field = "files"


class FileNotForThem(Refusal):
    """A file that these recipients may not have, or that is gone."""

    sentence = _l(
        "At least one of these files is not for the people you write to, or has been removed. "
        "Choose the files again."
    )
    field = "files"


class FilesTooLarge(Refusal):
    """More than mail servers take."""

    sentence = _l("These files are too large together for an email. Choose at most 10 MB.")
    field = "files"


class MessageGone(Refusal):
    """Somebody else was faster, or it waited too long."""

    sentence = _l("This message no longer waits: it was sent or deleted in the meantime.")


class SecondOrganiserSends(Refusal):
    """Who wrote a large message does not send it too."""

    sentence = Counted(
        "This goes to %(number)s person. Another organiser has to read and send it.",
        "This goes to %(number)s people. Another organiser has to read and send it.",
        "number",
    )


def check_message(
    to: MessageTo, subjects: Iterable[str], texts: Collection[str], files: Collection[str]
) -> None:
    """Check what is written, before it is known who gets it.

    Raises ``SubjectOrTextMissing``, ``TokenUnknown``, ``TokenInSubject``, ``FilesNotForThem``.
    """
    subjects = list(subjects)
    if not subjects or not texts:
        raise SubjectOrTextMissing
    for subject in subjects:
        check_subject(subject, NAMELESS)
    for text in texts:
        check_text(text, to.tokens)
    if files and to.recipients not in WITH_FILES:
        raise FilesNotForThem
