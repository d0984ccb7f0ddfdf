"""Where a finding or lesson can go, who may change it, and what of a programme is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.core.text import clean
from trainings.courses.programme_rules import LessonState

LONGEST_NOTE = 1000


class LessonStanding(NamedTuple):
    """Where a lesson is, why, and what came of it: a module, a course, a topic of law."""

    state: LessonState = LessonState.OPEN
    note: str = ""
    module_id: str | None = None
    course_id: str | None = None
    topic: str | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> LessonStanding:
        """The standing that a step has kept."""
        return cls(**{**kept, "state": LessonState(kept["state"])})


class Cause(StrEnum):
    """How a lesson came to change its state."""

    PERSON = "person"
    PLANNED = "planned"
    CANCELLED = "cancelled"
    UNDONE = "undone"

    @property
    def label(self) -> LazyText:
        """What happened, as the history says it."""
        return CAUSES[self]


CAUSES: Mapping[Cause, LazyText] = {
    Cause.PERSON: _l("Status changed"),
    Cause.PLANNED: _l("Answered when a course was planned"),
    Cause.CANCELLED: _l("Opened again because the course was cancelled"),
    Cause.UNDONE: _l("Last change taken back"),
}


class DropReasonMissing(Refusal):
    """Nobody could say later why it was dropped."""

    sentence = _l("Say why it is dropped.")
    field = "note"


class NothingCameOfIt(Refusal):
    """Taken up, but by nothing."""

    sentence = _l("Choose what came of it: a module, a course or a topic of law.")
    field = "module_id"


class ModuleGone(Refusal):
    """The module that would teach it was removed."""

    sentence = _l("This module has been removed. Choose another one.")
    field = "module_id"


class CourseGone(Refusal):
    """The course that would take it up was cancelled, or belongs to another programme."""

    sentence = _l("This course has been cancelled or no longer belongs to the programme.")
    field = "course_id"


class TopicGone(Refusal):
    """No such topic of law."""

    sentence = _l("Choose a topic of the register of laws.")
    field = "topic"


class LessonNotYours(Refusal):
    """Somebody else sees to it."""

    sentence = _l(
        "Only its owner and the organisers of the agency that owns the programme can change this."
    )


class OpeningNotYours(Refusal):
    """The viewer organises none of the programme's courses."""

    sentence = _l(
        "Only organisers of the programme’s courses, and of the agency that owns the programme, "
        "can open lessons."
    )


class ProgrammeNotDrawn(Refusal):
    """The engine gave up on it."""

    sentence = _l("The programme could not be drawn as a PDF. Try again later.")


class OwnedByAnother(Refusal):
    """Somebody was faster, or it is not the viewer's to give up."""

    sentence = _l("Somebody else owns this. It can be taken on once they have given it up.")


class NotTheLastChange(Refusal):
    """It was changed again in the meantime, or the change was taken back already."""

    sentence = _l("This change is not the last one any more, so it cannot be taken back.")


class AnsweredElsewhere(Refusal):
    """The lesson was taken up by another course, or dropped, in the meantime."""

    sentence = _l("Somebody has taken up or dropped this lesson in the meantime.")


def checked(wanted: LessonStanding) -> LessonStanding:
    """A standing without what does not belong to its state.

    Raises ``DropReasonMissing``, ``NothingCameOfIt``, ``TextRefused``.
    """
    note = clean(wanted.note, LONGEST_NOTE, lines=True)
    if wanted.state is LessonState.TAKEN_UP:
        if not (wanted.module_id or wanted.course_id or wanted.topic):
            raise NothingCameOfIt
        return wanted._replace(note=note)
    if wanted.state is LessonState.DROPPED and not note:
        raise DropReasonMissing
    return LessonStanding(wanted.state, note)


def can_be_undone(last: int, cause: Cause, number: int) -> bool:
    """Whether a change is the last one, and none that takes another back."""
    return number == last and cause is not Cause.UNDONE


# The time line


class Span(NamedTuple):
    """A phase, or a programme that follows, in time; an end may not be known."""

    first: date | None
    last: date | None


class Bar(Struct, frozen=True):
    """A span as drawn: where it begins and how long it is, in percent of the width."""

    at: float
    width: float


class TimeLine(Struct, frozen=True):
    """What is drawn: a bar for each span that has days, the two ends of the line, and today."""

    bars: Sequence[Bar | None]
    first: date
    last: date
    today: float | None


NARROWEST = 1.5  # percent: a week among years would be seen no more


def in_months(span: Span) -> Span:
    """A span to the month, for those who do not see the days."""
    first, last = span
    following = (last.replace(day=28) + timedelta(days=4)).replace(day=1) if last else None
    return Span(
        first.replace(day=1) if first else None,
        following - timedelta(days=1) if following else None,
    )


def drawn(spans: Sequence[Span], today: date) -> TimeLine | None:
    """The time line of spans; nothing where none has a day."""
    days = [day for span in spans for day in span if day is not None]
    if not days:
        return None
    first, last = min(days), max(days)
    whole = (last - first).days + 1
    bars: list[Bar | None] = []
    for begins, ends in spans:
        known = begins or ends
        if known is None:
            bars.append(None)
            continue
        start, end = begins or known, ends or known
        width = max(100 * ((end - start).days + 1) / whole, NARROWEST)
        at = min(100 * (start - first).days / whole, 100 - width)
        bars.append(Bar(round(max(at, 0), 2), round(min(width, 100), 2)))
    seen = 100 * ((today - first).days + 0.5) / whole
    return TimeLine(bars, first, last, round(seen, 2) if 0 <= seen <= 100 else None)


def over(spans: Sequence[Span]) -> Span:
    """From the first to the last day of several spans."""
    firsts = [one.first or one.last for one in spans if one.first or one.last]
    lasts = [one.last or one.first for one in spans if one.first or one.last]
    return Span(
        min((day for day in firsts if day), default=None),
        max((day for day in lasts if day), default=None),
    )
