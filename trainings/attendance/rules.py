"""Who was there: the marks of a session, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l


class Mark(StrEnum):
    """How one person was seen at one session."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"

    @property
    def label(self) -> LazyText:
        """The mark as people read it."""
        return MARK_LABELS[self]


MARK_LABELS: Mapping[Mark, LazyText] = {
    Mark.PRESENT: _l("present"),
    Mark.LATE: _l("late"),
    Mark.ABSENT: _l("absent"),
    Mark.EXCUSED: _l("excused"),
}
COUNTS = frozenset({Mark.PRESENT, Mark.LATE})  # whole; absent and excused do not


@dataclass(frozen=True)
class Attended:
    """One session for one person: how long it was planned for, whether it counts, the mark."""

    minutes: int
    counted: bool  # a module or a test; breaks never
    mark: Mark | None = None  # none was taken yet


def planned_minutes(sessions: Iterable[Attended]) -> int:
    """The planned minutes of these sessions."""
    return sum(one.minutes for one in sessions if one.counted)


def attended_minutes(sessions: Iterable[Attended]) -> int:
    """The minutes one was there for: present and late count whole, nothing else does."""
    return sum(one.minutes for one in sessions if one.counted and one.mark in COUNTS)


def reaches(attended: int, planned: int, threshold: int) -> bool:
    """Whether the minutes attended are the asked share (per cent) of those planned.

    Compared in integers, so that 80 % is 80 %. Where nothing was planned, nothing is reached.
    """
    return planned > 0 and attended * 100 >= threshold * planned


def percentage(attended: int, planned: int) -> int:
    """The share to show, rounded down: it never says 80 where 80 is not reached."""
    return attended * 100 // planned if planned > 0 else 0


def was_there(marks: Iterable[Mark | None]) -> bool:
    """Whether a confirmed person came at all: *attended* if so, else *no show*."""
    return any(mark in COUNTS for mark in marks)


@dataclass(frozen=True)
class Share:
    """How much of the planned hours one person was there for."""

    attended: int  # minutes
    planned: int
    missed: int = 0  # absent or excused; what is neither is still to come or not marked yet

    @property
    def percent(self) -> int:
        """The share to show, rounded down."""
        return percentage(self.attended, self.planned)

    def reaches(self, threshold: int) -> bool:
        """Whether it is the asked share."""
        return reaches(self.attended, self.planned, threshold)

    def can_reach(self, threshold: int) -> bool:
        """Whether it is the asked share, or can still become it."""
        return reaches(self.planned - self.missed, self.planned, threshold)


class AttendanceClosed(Refusal):
    """Certificates rest on the marks of a course that has ended."""

    sentence = _l(
        "The course is over: its attendance no longer changes. The organisers can reopen the "
        "course until certificates are issued."
    )


class NotYet(Refusal):
    """Nobody was at a session that is still to come."""

    sentence = _l("Attendance for this session can be taken from %(day)s on.")


class NotTaken(Refusal):
    """Nobody is marked in a break."""

    sentence = _l("No attendance is taken in breaks.")


def check_open(kind_is_break: bool, over: bool, day: date, today: date) -> None:
    """Whether marks of a session may change now, or a refusal."""
    if over:
        raise AttendanceClosed
    if kind_is_break:
        raise NotTaken
    if day > today:
        raise NotYet(day=day.isoformat())
