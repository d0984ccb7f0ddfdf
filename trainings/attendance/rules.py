"""Rules for attendance: the marks of a session, and the hours they add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, LazyText, _l, _lp, ngettext
from trainings.core.states import Tone, Worded

Kept = TypeVar("Kept", bound=Worded)  # a mark, or a result


class Mark(Worded):
    """The mark of one person in one session."""

    PRESENT = "present", _lp("attendance", "Present"), Tone.GREEN
    LATE = "late", _lp("attendance", "Late"), Tone.AMBER
    ABSENT = "absent", _lp("attendance", "Absent"), Tone.RED
    EXCUSED = "excused", _lp("attendance", "Excused"), Tone.BLUE

    @property
    def key(self) -> str:
        """The key that chooses this mark on a keyboard: a letter of its word."""
        return str(_KEYS[self])


_KEYS: Mapping[Mark, LazyText] = {
    Mark.PRESENT: _lp("key for present", "P"),
    Mark.LATE: _lp("key for late", "L"),
    Mark.ABSENT: _lp("key for absent", "A"),
    Mark.EXCUSED: _lp("key for excused", "E"),
}


def counted(mark: Mark, number: int) -> str:
    """How many people have a mark, in words: *57 present*, *57 presentes*."""
    return {
        Mark.PRESENT: ngettext("%(num)s present", "%(num)s present", number),
        Mark.LATE: ngettext("%(num)s late", "%(num)s late", number),
        Mark.ABSENT: ngettext("%(num)s absent", "%(num)s absent", number),
        Mark.EXCUSED: ngettext("%(num)s excused", "%(num)s excused", number),
    }[mark]


NOTHING: Mapping[str, Any] = MappingProxyType({})  # no page was shown, so nothing can be stale
COUNTS = frozenset({Mark.PRESENT, Mark.LATE})  # count in full; absent and excused do not


class Share(Struct, frozen=True):
    """How much of the planned hours one person attended."""

    attended: int  # minutes
    planned: int
    missed: int = 0  # absent or excused; the remainder is still to come or not marked yet

    @property
    def percent(self) -> int:
        """The share to show, rounded down: it never says 80 if 80 is not reached."""
        return self.attended * 100 // self.planned if self.planned > 0 else 0

    def reaches(self, threshold: int) -> bool:
        """Whether the share reaches the threshold (per cent).

        Compared in integers, so that exactly 80 % counts. If nothing was planned, nothing is
        reached.
        """
        return self.planned > 0 and self.attended * 100 >= threshold * self.planned

    def can_reach(self, threshold: int) -> bool:
        """Whether the share reaches the threshold, or still can."""
        return Share(self.planned - self.missed, self.planned).reaches(threshold)


class AttendanceClosed(Refusal):
    """Marks cannot change once the course has ended, because certificates depend on them."""

    sentence = _l(
        "The course is over, so its attendance can no longer change. Organisers can reopen the "
        "course until certificates are issued."
    )


class NotYet(Refusal):
    """A session that has not taken place yet cannot be marked."""

    sentence = _l("You can take attendance for this session from %(day)s.")


class ChangedMeanwhile(Refusal):
    """Marks or results that somebody else changed after the page showed them.

    ``kept`` is what is stored now, by registration: None where there is nothing any more.
    """

    sentence = Counted(
        "Somebody else changed one person’s entry. Nothing was saved: look below, and save again.",
        "Somebody else changed the entries of %(people)s people. Nothing was saved: look below, "
        "and save again.",
        "people",
    )

    def __init__(self, kept: Mapping[str, Worded | None]) -> None:
        super().__init__(people=len(kept))
        self.kept = kept


class OneChangedMeanwhile(Refusal):
    """The same for one person, whose entry was about to be saved in place."""

    sentence = _l("In the meantime somebody else chose “%(kept)s”. Choose again if that is wrong.")


def changes(
    wanted: Mapping[str, Kept | None],
    before: Mapping[str, Kept | None],
    seen: Mapping[str, Kept | None],
) -> dict[str, Kept | None]:
    """What there is to change, by registration.

    ``before``: what is stored; ``seen``: what the page showed, for those of whom it says so.
    Raises :class:`ChangedMeanwhile` where these differ, unless both want the same.
    """
    changed = {key: new for key, new in wanted.items() if new != before[key]}
    meanwhile = {key: before[key] for key in changed if seen.get(key, before[key]) != before[key]}
    if meanwhile:
        raise ChangedMeanwhile(meanwhile)
    return changed


class NotTaken(Refusal):
    """Attendance is not taken in a break."""

    sentence = _l("Attendance is not taken in breaks.")


def day_in_view(days: Sequence[date], today: date, wanted: str = "") -> date:
    """Which of a course's days a phone shows first: the one asked for, today, the next, the last.

    ``days`` are in order; ``wanted`` comes from the address and may be anything.
    """
    asked = next((day for day in days if day.isoformat() == wanted), None)
    return asked or next((day for day in days if day >= today), days[-1])


def check_open(kind_is_break: bool, over: bool, day: date, today: date) -> None:
    """Refuse to change marks of a session that cannot change now."""
    if over:
        raise AttendanceClosed
    if kind_is_break:
        raise NotTaken
    if day > today:
        raise NotYet(day=day)
