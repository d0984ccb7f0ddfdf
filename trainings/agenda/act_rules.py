"""Acts on the agenda: each session as it was and as it became, so that an act can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from trainings.agenda.rules import SessionKind
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, localized
from trainings.rosters.rules import GIVING, TrainerRole

KEPT_FOR_UNDO = 20  # acts of one person in one course


class ActKind(StrEnum):
    """What somebody did with the agenda."""

    ADD = "add"
    CHANGE = "change"
    MOVE = "move"
    RESIZE = "resize"
    REMOVE = "remove"
    UNSCHEDULE = "unschedule"
    DUPLICATE = "duplicate"
    SPLIT = "split"
    SWAP = "swap"
    SHIFT = "shift"
    FRAME = "frame"
    COPY = "copy"
    ASSIGN = "assign"
    IMPORT = "import"
    PROPOSE = "propose"
    UNDO = "undo"
    REDO = "redo"

    @property
    def label(self) -> LazyText:
        """The act in words, as a list or a button names it."""
        return ACT_LABELS[self]


ACT_LABELS: Mapping[ActKind, LazyText] = {
    ActKind.ADD: _l("Session added"),
    ActKind.CHANGE: _l("Session changed"),
    ActKind.MOVE: _l("Session moved"),
    ActKind.RESIZE: _l("Length changed"),
    ActKind.REMOVE: _l("Session removed"),
    ActKind.UNSCHEDULE: _l("Session taken off its day"),
    ActKind.DUPLICATE: _l("Session duplicated"),
    ActKind.SPLIT: _l("Session split in two"),
    ActKind.SWAP: _l("Two sessions swapped"),
    ActKind.SHIFT: _l("Part of a day moved"),
    ActKind.FRAME: _l("Day laid out"),
    ActKind.COPY: _l("Breaks of a day copied"),
    ActKind.ASSIGN: _l("Room or trainers set"),
    ActKind.IMPORT: _l("Sessions added from a file"),
    ActKind.PROPOSE: _l("Proposal accepted"),
    ActKind.UNDO: _l("Act undone"),
    ActKind.REDO: _l("Act done again"),
}


class ChangedSince(Refusal):
    """A session that is not as the act that is to be undone, or done again, left it."""

    sentence = _l(
        "“%(session)s” has been changed since, so this cannot be done by itself any more."
    )


class NothingToUndo(Refusal):
    """Somebody with no act of their own left to undo."""

    sentence = _l("There is nothing of yours to undo.")


class NothingToRedo(Refusal):
    """Somebody who undid nothing, or did something else since."""

    sentence = _l("There is nothing of yours to do again.")


class Entry(Struct, frozen=True):
    """A session as an act finds it or leaves it; without a day it waits to be scheduled."""

    kind: SessionKind
    minutes: int
    day: date | None = None
    starts_at: time | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    module_id: str | None = None
    room_id: str | None = None
    trainers: tuple[str, ...] = ()  # course trainers, in order of id
    roles: Mapping[str, TrainerRole] = field(default_factory=dict)  # of those who do not lead
    languages: tuple[str, ...] = ()  # in which it is held; none: those of the course
    interpreted: tuple[str, ...] = ()  # into which it is interpreted

    @property
    def giving(self) -> tuple[str, ...]:
        """Those of its trainers who give it: all but observers."""
        return tuple(one for one in self.trainers if self.role_of(one) in GIVING)

    def role_of(self, trainer: str) -> TrainerRole:
        """How one of its trainers takes part."""
        return self.roles.get(trainer, TrainerRole.LEAD)

    @property
    def start(self) -> datetime | None:
        """When it begins, in local time; none where it waits."""
        if self.day is None or self.starts_at is None:
            return None
        return datetime.combine(self.day, self.starts_at)

    @property
    def end(self) -> datetime | None:
        """When it ends, in local time; none where it waits."""
        return None if self.start is None else self.start + timedelta(minutes=self.minutes)


def to_plain(entry: Entry) -> dict[str, Any]:
    """An entry as it is kept with its act."""
    return {
        "kind": str(entry.kind),
        "minutes": entry.minutes,
        "day": entry.day and entry.day.isoformat(),
        "start": entry.starts_at and f"{entry.starts_at:%H:%M}",
        "titles": dict(entry.titles),
        "module": entry.module_id,
        "room": entry.room_id,
        "trainers": sorted(entry.trainers),
        "roles": {key: str(role) for key, role in sorted(entry.roles.items())},
        "languages": list(entry.languages),
        "interpreted": list(entry.interpreted),
    }


def of_plain(kept: Mapping[str, Any]) -> Entry:
    """The entry that was kept with an act."""
    return Entry(
        kind=SessionKind(kept["kind"]),
        minutes=kept["minutes"],
        day=date.fromisoformat(kept["day"]) if kept["day"] else None,
        starts_at=time.fromisoformat(kept["start"]) if kept["start"] else None,
        titles=kept["titles"],
        module_id=kept["module"],
        room_id=kept["room"],
        trainers=tuple(kept["trainers"]),
        roles=roles_of(kept.get("roles", {})),
        languages=tuple(kept.get("languages", ())),
        interpreted=tuple(kept.get("interpreted", ())),
    )


def roles_of(kept: Mapping[str, str]) -> dict[str, TrainerRole]:
    """The roles of those who do not lead, as they were kept."""
    return {key: TrainerRole(role) for key, role in kept.items()}


def without_leads(roles: Mapping[str, TrainerRole]) -> dict[str, TrainerRole]:
    """Roles as an entry holds them: of those who do not lead."""
    return {key: role for key, role in roles.items() if role is not TrainerRole.LEAD}


def check_as_left(now: Mapping[str, Entry | None], left: Mapping[str, Entry | None]) -> None:
    """Refuse to take an act back once a session it touched was changed. Raises ``ChangedSince``."""
    for key, entry in left.items():
        known = now.get(key)
        if known != entry:
            titles = (known or entry or Entry(SessionKind.OTHER, 0)).titles
            kind = (known or entry or Entry(SessionKind.OTHER, 0)).kind
            raise ChangedSince(session=localized(titles) or str(kind.label))
