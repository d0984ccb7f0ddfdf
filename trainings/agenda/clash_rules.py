"""Clashes in the agenda: a room or a trainer that two sessions need at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from trainings.agenda.rules import SessionKind
from trainings.core.errors import Refusal
from trainings.core.i18n import _l


class Busy(Refusal):
    """A room or a trainer is needed twice at the same time."""


class RoomBusy(Busy):
    """The room is taken by a session that the reader may see."""

    sentence = _l("%(room)s is taken on %(day)s from %(start)s to %(end)s by “%(other)s”.")
    field = "room_id"


class RoomBusyElsewhere(Busy):
    """The room is taken by a course that the reader may not see."""

    sentence = _l("%(room)s is in use by another course on %(day)s from %(start)s to %(end)s.")
    field = "room_id"


class TrainerBusy(Busy):
    """The trainer gives a session that the reader may see."""

    sentence = _l("%(trainer)s is teaching “%(other)s” on %(day)s from %(start)s to %(end)s.")
    field = "trainers"


class TrainerBusyElsewhere(Busy):
    """The trainer gives a session of a course that the reader may not see."""

    sentence = _l("%(trainer)s is busy with another course on %(day)s from %(start)s to %(end)s.")
    field = "trainers"


class TakenMeanwhile(Busy):
    """A room or a trainer that somebody else took in the same moment."""

    sentence = _l(
        "A room or a trainer was taken by somebody else a moment ago. Nothing was changed: "
        "look again."
    )


class Slot(Struct, frozen=True):
    """A session reduced to time, room and trainers; its times are UTC."""

    session: str
    kind: SessionKind
    starts: datetime
    ends: datetime
    room: str | None = None
    trainers: frozenset[str] = field(default_factory=frozenset)

    @property
    def needs(self) -> frozenset[str]:
        """The room and trainers, each of which can be in one place only."""
        return self.trainers | ({self.room} if self.room is not None else frozenset())


class What(StrEnum):
    """What is needed twice at the same time."""

    ROOM = "room"
    TRAINER = "trainer"


class Clash(Struct, frozen=True):
    """A room or a trainer that two sessions need at the same time."""

    what: What
    id: str
    first: str
    second: str


def overlap(one: Slot, other: Slot) -> bool:
    """Whether two sessions overlap; one that begins when the other ends does not."""
    return one.starts < other.ends and other.starts < one.ends


def clashes(slots: Iterable[Slot]) -> list[Clash]:
    """Every room and every trainer needed by two sessions at once, in order of time."""
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
