"""The hours of a course: kinds of session, local times, what clashes, planned minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l


class SessionKind(StrEnum):
    """What happens in a slot of the agenda."""

    MODULE = "module"
    TEST = "test"
    BREAK = "break"
    OTHER = "other"

    @property
    def label(self) -> LazyText:
        """The kind as people read it."""
        return KIND_LABELS[self]


KIND_LABELS: Mapping[SessionKind, LazyText] = {
    SessionKind.MODULE: _l("Module"),
    SessionKind.TEST: _l("Test"),
    SessionKind.BREAK: _l("Break"),
    SessionKind.OTHER: _l("Other"),
}
COUNTED = frozenset({SessionKind.MODULE, SessionKind.TEST})  # whose minutes are planned hours


# Local time


class TimeRefused(Refusal):
    """A time of day that cannot be used."""

    field = "starts_at"


class TimeDoesNotExist(TimeRefused):
    """The clocks are turned forward over it."""

    sentence = _l("%(time)s does not exist on %(day)s in %(zone)s: the clocks are turned forward.")


class TimeExistsTwice(TimeRefused):
    """The clocks are turned back over it."""

    sentence = _l("%(time)s comes twice on %(day)s in %(zone)s: the clocks are turned back.")


class ZoneUnknown(Refusal):
    """A time zone that nobody knows."""

    sentence = _l("The time zone “%(zone)s” is not known.")
    field = "zone"


def to_utc(local: datetime, zone: str) -> datetime:
    """A wall-clock time of the course's place as UTC; refuses what is missing or comes twice."""
    if local.tzinfo is not None:
        raise ValueError("a wall-clock time has no zone of its own")
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as missing:
        raise ZoneUnknown(zone=zone) from missing
    wall = local.replace(fold=0)
    first = wall.replace(tzinfo=place).astimezone(UTC)
    second = wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    shown = {"time": f"{wall:%H:%M}", "day": f"{wall:%Y-%m-%d}", "zone": zone}
    if first.astimezone(place).replace(tzinfo=None, fold=0) != wall:
        raise TimeDoesNotExist(**shown)
    if first != second:
        raise TimeExistsTwice(**shown)
    return first


# Sessions


class EndsBeforeStart(TimeRefused):
    """A session that ends when it begins, or earlier."""

    sentence = _l("A session must end after it starts.")
    field = "ends_at"


class OutsideCourse(TimeRefused):
    """A session on a day that the course does not have."""

    sentence = _l("This is outside the course, which lasts from %(first)s to %(last)s.")


def check_session(starts_at: datetime, ends_at: datetime, first: date, last: date) -> None:
    """Whether a session (wall-clock times) lies within the days of its course, or a refusal."""
    if ends_at <= starts_at:
        raise EndsBeforeStart
    if starts_at.date() < first or ends_at.date() > last:
        raise OutsideCourse(first=first.isoformat(), last=last.isoformat())


@dataclass(frozen=True)
class Slot:
    """A session as far as time, room and trainers go; its times are UTC."""

    session: str
    kind: SessionKind
    starts: datetime
    ends: datetime
    room: str | None = None
    trainers: frozenset[str] = field(default_factory=frozenset)


class What(StrEnum):
    """What is needed twice at the same time."""

    ROOM = "room"
    TRAINER = "trainer"


@dataclass(frozen=True)
class Clash:
    """A room or a trainer that two sessions need at the same time."""

    what: What
    id: str
    first: str
    second: str


def overlap(one: Slot, other: Slot) -> bool:
    """Whether two sessions share a moment; one that begins when the other ends does not."""
    return one.starts < other.ends and other.starts < one.ends


def clashes(slots: Iterable[Slot]) -> list[Clash]:
    """Every room and every trainer that two sessions need at the same time, in order of time."""
    order = sorted(slots, key=lambda slot: (slot.starts, slot.ends, slot.session))
    found: list[Clash] = []
    for index, one in enumerate(order):
        for other in order[index + 1 :]:
            if not overlap(one, other):
                break  # nor does any later one
            if one.room is not None and one.room == other.room:
                found.append(Clash(What.ROOM, one.room, one.session, other.session))
            found.extend(
                Clash(What.TRAINER, trainer, one.session, other.session)
                for trainer in sorted(one.trainers & other.trainers)
            )
    return found


def minutes(slot: Slot) -> int:
    """How long a session lasts, in whole minutes."""
    return int((slot.ends - slot.starts).total_seconds()) // 60


def planned_minutes(slots: Iterable[Slot]) -> int:
    """The planned minutes of a course: its modules and tests; breaks never."""
    return sum(minutes(slot) for slot in slots if slot.kind in COUNTED)
