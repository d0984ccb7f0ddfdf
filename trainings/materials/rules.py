"""Materials: who may have which files, and how much room there is for them.

See docs/decisions/2026-11-28-materials.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.uploads.rules import FileKind, megabytes


class Audience(StrEnum):
    """Who may have a file; each also those before it."""

    STAFF = "staff"
    TRAINERS = "trainers"
    AFTER = "after"
    PARTICIPANTS = "participants"

    @property
    def label(self) -> LazyText:
        """The choice, for display."""
        return AUDIENCE_LABELS[self]


AUDIENCE_LABELS: Mapping[Audience, LazyText] = {
    Audience.STAFF: _l("Organisers only"),
    Audience.TRAINERS: _l("Trainers"),
    Audience.AFTER: _l("Participants, once the session is over"),
    Audience.PARTICIPANTS: _l("Participants"),
}


class Relation(StrEnum):
    """How somebody stands to a course, for its files."""

    STAFF = "staff"  # organises it
    TRAINER = "trainer"  # accepted to teach
    PARTICIPANT = "participant"  # confirmed a seat


def may_have(audience: Audience, standings: Collection[Relation], *, over: bool) -> bool:
    """Whether somebody may have a file; ``over``: its session has ended."""
    if Relation.STAFF in standings:
        return True
    if Relation.TRAINER in standings:
        return audience is not Audience.STAFF
    if Relation.PARTICIPANT in standings:
        return audience is Audience.PARTICIPANTS or (audience is Audience.AFTER and over)
    return False


class NoRoomLeft(Refusal):
    """All files together beyond the bound."""

    sentence = _l(
        "There is no room left for this file: all files here may have up to %(most)s MB together, "
        "and %(left)s MB are left. Remove files that nobody needs any more."
    )
    field = "file"


class Kept(Struct, frozen=True):
    """A file that was taken and sealed: what its row says."""

    name: str  # without the ending
    kind: FileKind
    size: int
    file: str  # where its content is
    key: bytes
    scanned: bool


class Item(Struct, frozen=True):
    """A file as a page shows it."""

    id: str
    name: str
    kind: FileKind
    size: int
    version: int
    audience: Audience
    scanned: bool
    changed_at: datetime
    of_module: bool

    @property
    def file_name(self) -> str:
        """What it is called when it leaves."""
        return f"{self.name}.{self.kind.endings[0]}"


def check_room(size: int, used: int, most: int) -> None:
    """Refuse a file for which there is no room beside the others."""
    if used + size > most:
        raise NoRoomLeft(most=megabytes(most), left=megabytes(most - used))
