"""What a course asks: kinds of questions, who is asked, who sees the answers, until when (S46).

See docs/decisions/2026-11-28-questions.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.courses.rules import CourseState
from trainings.registrations.rules import LIVE, State

MOST = 60  # questions of one course
MOST_OPTIONS = 40  # of one question
LONGEST_TITLE, LONGEST_HELP, LONGEST_OPTION = 200, 500, 100
LONGEST_SHORT, LONGEST_LONG = 200, 2000
MOST_BYTES = 5 * 1024 * 1024  # of a file that somebody sends as an answer
ENDED_KEPT = timedelta(days=7)  # how long details of somebody who no longer comes are kept


class QuestionKind(StrEnum):
    """What is answered."""

    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    ONE = "one"
    SEVERAL = "several"
    YES_NO = "yes_no"
    FILE = "file"

    @property
    def label(self) -> LazyText:
        """The kind in words."""
        return KIND_LABELS[self]


KIND_LABELS: Mapping[QuestionKind, LazyText] = {
    QuestionKind.SHORT: _l("Short text"),
    QuestionKind.LONG: _l("Long text"),
    QuestionKind.NUMBER: _l("Whole number"),
    QuestionKind.DATE: _l("Date"),
    QuestionKind.ONE: _l("One of several options"),
    QuestionKind.SEVERAL: _l("Several of the options"),
    QuestionKind.YES_NO: _l("Yes or no, with a follow-up question"),
    QuestionKind.FILE: _l("File"),
}
WITH_OPTIONS = frozenset({QuestionKind.ONE, QuestionKind.SEVERAL})
FILTERED = frozenset({QuestionKind.ONE, QuestionKind.SEVERAL, QuestionKind.YES_NO})


class AskedOf(StrEnum):
    """Who answers."""

    CANDIDATE = "candidate"
    FOCAL_POINT = "focal_point"
    SELECTED = "selected"

    @property
    def label(self) -> LazyText:
        """Who answers, in words."""
        return ASKED_LABELS[self]


ASKED_LABELS: Mapping[AskedOf, LazyText] = {
    AskedOf.CANDIDATE: _l("Every candidate"),
    AskedOf.FOCAL_POINT: _l("The focal point, about each candidate"),
    AskedOf.SELECTED: _l("Only people with a confirmed seat"),
}
STATES: Mapping[AskedOf, frozenset[State]] = {
    AskedOf.CANDIDATE: LIVE,
    AskedOf.FOCAL_POINT: LIVE,
    AskedOf.SELECTED: frozenset({State.CONFIRMED}),
}
OWN = (AskedOf.CANDIDATE, AskedOf.SELECTED)  # answered by the person
_STILL_THERE = LIVE | {State.ATTENDED}


class SeenBy(StrEnum):
    """Who sees the answers, besides whoever gave them; each also those before it."""

    LEAD = "lead"
    ORGANISERS = "organisers"
    FOCAL_POINTS = "focal_points"

    @property
    def label(self) -> LazyText:
        """Who sees the answers, in words."""
        return SEEN_LABELS[self]

    @property
    def told(self) -> LazyText:
        """The same, as whoever answers about themselves is told."""
        if self is SeenBy.FOCAL_POINTS:
            return _l("All organisers, and the focal point of your country")
        return self.label


SEEN_LABELS: Mapping[SeenBy, LazyText] = {
    SeenBy.LEAD: _l("The organisers of the lead agency"),
    SeenBy.ORGANISERS: _l("All organisers of the course"),
    SeenBy.FOCAL_POINTS: _l("All organisers, and the focal point of the person’s country"),
}


class KeptFor(StrEnum):
    """How long answers are kept after the last day of the course."""

    COURSE = "course"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def label(self) -> LazyText:
        """How long, in words."""
        return KEPT_LABELS[self]

    @property
    def days(self) -> int:
        """After how many days they are erased."""
        return _DAYS[self]


KEPT_LABELS: Mapping[KeptFor, LazyText] = {
    KeptFor.COURSE: _l("Until the day after the course"),
    KeptFor.MONTH: _l("30 days after the course"),
    KeptFor.QUARTER: _l("90 days after the course"),
    KeptFor.YEAR: _l("One year after the course"),
}
_DAYS = {KeptFor.COURSE: 1, KeptFor.MONTH: 30, KeptFor.QUARTER: 90, KeptFor.YEAR: 365}


class Option(Struct, frozen=True):
    """One of the options of a question: the code that answers keep, and its texts."""

    code: str
    texts: Mapping[str, str]


class Asking(Struct, frozen=True):
    """A question as its organisers wrote it; texts by language.

    ``follow_ups``: what is asked of who answers *yes*. ``going_on``: whether it is asked now.
    """

    kind: QuestionKind
    asked_of: AskedOf
    seen_by: SeenBy
    kept_for: KeptFor
    titles: Mapping[str, str]
    hints: Mapping[str, str]
    required: bool = False
    going_on: bool = True
    options: Sequence[Option] = ()
    follow_ups: Mapping[str, str] | None = None


class FollowUpMissing(Refusal):
    """*Yes*, without what is asked then."""

    sentence = _l("You answered “Yes”. Please answer this too: %(question)s")


class AnswerMissing(Refusal):
    """A required question of an application was left empty."""

    sentence = _l("Please answer: %(question)s")


class NotAsked(Refusal):
    """The question is not asked of this person now."""

    sentence = _l("This question is not asked any more.")


class CourseIsOver(Refusal):
    """After the course nothing is answered."""

    sentence = _l("The course is over, so its questions can no longer be answered.")


class NobodyMissing(Refusal):
    """Nobody can be reminded now."""

    sentence = _l(
        "There is nobody to email: either no answers are missing, or everyone was emailed within "
        "the last day."
    )


def check_asked(asking: Asking, state: State, course: CourseState, over: bool) -> None:
    """Refuse an answer that nobody asks for now. ``over``: the last day has passed."""
    if over or course in (CourseState.COMPLETED, CourseState.CANCELLED):
        raise CourseIsOver
    if not asking.going_on or state not in STATES[asking.asked_of]:
        raise NotAsked


def erased_on(kept_for: KeptFor, ends_on: date) -> date:
    """The day on which answers are erased."""
    return ends_on + timedelta(days=kept_for.days)


def no_longer_comes(state: State) -> bool:
    """Whether details that are asked only of who comes are no longer needed."""
    return state not in _STILL_THERE


def sees(seen_by: SeenBy, *, lead: bool, focal_point: bool) -> bool:
    """Whether somebody sees the answers: an organiser of the lead agency or not, or a focal point.

    ``focal_point``: only as one; the organisers of other agencies are neither.
    """
    if focal_point:
        return seen_by is SeenBy.FOCAL_POINTS
    return lead or seen_by is not SeenBy.LEAD
