"""The day frame that is proposed where nobody says one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from trainings.agenda.rules import SessionKind
from trainings.scheduling.frame_rules import Frame, slots


def usual_frame(lengths: Sequence[int], days: int) -> Frame:
    """A day frame into which sessions of these lengths fit, if one of at most ten hours does.

    Lunch follows as many whole sessions as end by half past one; the day ends as early after
    four as it can.
    """
    longest = min(max(lengths, default=90), 150)
    cut = [min(one, longest) for one in lengths]
    frames = [
        _frame(starts_at, length, after)
        for starts_at in (9 * 60, 8 * 60 + 30)
        for length in range(longest, longest + 35, 5)
        for after in (1, 2, 3, 4)
    ]
    within = [one for one in frames if time(16) <= one.ends_at <= time(18, 45)] or frames[:1]
    fits = [one for one in within if _bins(cut, one.session) <= days * _places(one)]
    return fits[0] if fits else max(within, key=_places)


def _frame(starts_at: int, length: int, after: int) -> Frame:
    pause, lunch = 15, 60
    before = max((13 * 60 + 30 - starts_at + pause) // (length + pause), 1)
    lunch_at = starts_at + before * (length + pause) - pause
    ends_at = lunch_at + lunch + after * (length + pause) - pause
    ends_at = min(ends_at, 24 * 60 - 1)  # such a day is too long, and is not taken
    return Frame(_time(starts_at), _time(ends_at), length, pause, _time(lunch_at), lunch)


def _places(frame: Frame) -> int:
    return sum(one.kind is SessionKind.MODULE for one in slots(frame))


def _bins(lengths: Sequence[int], size: int) -> int:
    """How many places these lengths need, put into the first that has room, longest first."""
    spare: list[int] = []
    for length in sorted(lengths, reverse=True):
        for number, left in enumerate(spare):
            if length <= left:
                spare[number] -= length
                break
        else:
            spare.append(size - length)
    return len(spare)


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
