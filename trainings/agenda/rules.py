"""The hours of a course: kinds of session, local times, what clashes, planned minutes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, localized


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


@dataclass(frozen=True)
class SessionData:
    """A session as it was typed: local times of the course's place."""

    day: date
    starts_at: time
    ends_at: time
    kind: SessionKind
    titles: Mapping[str, str] = field(default_factory=dict)
    module_id: str | None = None
    room_id: str | None = None
    new_room: str = ""  # a room of the venue that is not on the list yet
    trainers: tuple[str, ...] = ()  # course trainers, invited or accepted


class AgendaClosed(Refusal):
    """Who was there and for how many hours is settled when a course has ended."""

    sentence = _l("The course is over: its agenda no longer changes.")


class ModuleMissing(Refusal):
    """A session of a module that names none, or one that the course does not teach."""

    sentence = _l("Choose one of the modules of the course.")
    field = "module_id"


class TitleMissing(Refusal):
    """A session that nobody could tell from another."""

    sentence = _l("Give the session a title in at least one language.")
    field = "titles"


class RoomUnknown(Refusal):
    """A room that the venue does not have."""

    sentence = _l("Choose a room from the list, or type a new one.")
    field = "room_id"


class TrainerNotAsked(Refusal):
    """Sessions are given by trainers who are invited to the course or have accepted."""

    sentence = _l("One of these trainers is not invited to the course, or has declined.")
    field = "trainers"


class MarksTaken(Refusal):
    """A session for which attendance was taken stays."""

    sentence = _l("Attendance was taken in this session, so it cannot be removed.")


class Busy(Refusal):
    """A room or a trainer is needed twice at the same time."""


class RoomBusy(Busy):
    """The room is taken by a session that the reader may see."""

    sentence = _l("%(room)s is taken on %(day)s from %(start)s to %(end)s by “%(other)s”.")
    field = "room_id"


class RoomBusyElsewhere(Busy):
    """The room is taken by a course that the reader may not see."""

    sentence = _l("%(room)s is busy in another course on %(day)s from %(start)s to %(end)s.")
    field = "room_id"


class TrainerBusy(Busy):
    """The trainer gives a session that the reader may see."""

    sentence = _l("%(trainer)s is giving “%(other)s” on %(day)s from %(start)s to %(end)s.")
    field = "trainers"


class TrainerBusyElsewhere(Busy):
    """The trainer gives a session of a course that the reader may not see."""

    sentence = _l("%(trainer)s is busy in another course on %(day)s from %(start)s to %(end)s.")
    field = "trainers"


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


def shown_title(
    titles: Mapping[str, str], module_titles: Mapping[str, str] | None, kind: SessionKind
) -> str:
    """What a session is called: by its own title, else its module's, else its kind."""
    return localized(titles) or localized(module_titles) or str(kind.label)


def check_content(data: SessionData, modules: Collection[str]) -> None:
    """Whether a session says what it is about, or a refusal."""
    if data.kind is SessionKind.MODULE and not data.module_id:
        raise ModuleMissing
    if data.module_id and data.module_id not in modules:
        raise ModuleMissing
    if data.kind is SessionKind.OTHER and not any(data.titles.values()):
        raise TitleMissing


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
