"""What differs between the published agenda and the one that is worked on, and for whom.

Two states are compared, by session; how one became the other does not count, so that what was
changed and changed back is no change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from trainings.agenda.act_rules import Entry, to_plain
from trainings.agenda.grid_rules import Shown
from trainings.agenda.rules import shown_title, speech_words
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, localized
from trainings.rosters.rules import TrainerRole, in_role

Entries = Mapping[str, Entry]
_STEP = 1000


class What(StrEnum):
    """What differs in a session between two versions."""

    NEW = "new"
    CANCELLED = "cancelled"
    YOURS = "yours"  # to a trainer who gives it now
    NOT_YOURS = "not_yours"  # to a trainer who gives it no longer
    ROLE = "role"  # to a trainer who leads, helps or observes, other than before
    MOVED = "moved"
    LENGTH = "length"
    ROOM = "room"
    TRAINERS = "trainers"
    TITLE = "title"
    LANGUAGE = "language"

    @property
    def label(self) -> LazyText:
        """The difference in a word or two."""
        return WHAT_LABELS[self]


WHAT_LABELS: Mapping[What, LazyText] = {
    What.NEW: _l("New session"),
    What.CANCELLED: _l("Session cancelled"),
    What.YOURS: _l("You give this session now"),
    What.NOT_YOURS: _l("You no longer give this session"),
    What.ROLE: _l("Your role"),
    What.MOVED: _l("Moved"),
    What.LENGTH: _l("Other length"),
    What.ROOM: _l("Other room"),
    What.TRAINERS: _l("Other trainers"),
    What.TITLE: _l("Other title"),
    What.LANGUAGE: _l("Other language"),
}


class NothingToPublish(Refusal):
    """An agenda that is as it was published, or that never had a session."""

    sentence = _l("There is nothing to publish: nothing changed since the last version.")


class ChangedMeanwhile(Refusal):
    """An agenda that is not the one that was looked at before publishing."""

    sentence = _l(
        "The agenda has been changed or published since you opened this page. Nothing was sent. "
        "Look at the changes again, then publish."
    )


class Change(Struct, frozen=True):
    """One session that differs: as it was and as it is, none where there was or is none."""

    session: str
    before: Entry | None
    after: Entry | None
    what: tuple[What, ...]
    role: TrainerRole | None = None  # of the trainer who is told of it

    @property
    def entry(self) -> Entry:
        """The session as it is now; as it was, where it is gone."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found


def changes(before: Entries, after: Entries) -> list[Change]:
    """What differs, in the order of the agenda as it is now; what is gone where it was."""
    found = [
        Change(key, before.get(key), after.get(key), what)
        for key in {**before, **after}
        if (what := _differs(before.get(key), after.get(key)))
    ]
    return sorted(found, key=_place)


def _place(change: Change) -> tuple[str, str]:
    return str(change.entry.start), change.session


def _differs(before: Entry | None, after: Entry | None) -> tuple[What, ...]:
    if before is None or after is None:
        return (What.NEW,) if after else (What.CANCELLED,) if before else ()
    moved = before.start != after.start
    found = {
        What.MOVED: moved,
        What.LENGTH: not moved and before.minutes != after.minutes,
        What.ROOM: before.room_id != after.room_id,
        What.TRAINERS: _given_by(before) != _given_by(after),
        What.TITLE: _named(before) != _named(after),
        What.LANGUAGE: (before.languages, before.interpreted)
        != (after.languages, after.interpreted),
    }
    return tuple(what for what, differs in found.items() if differs)


def _given_by(entry: Entry) -> dict[str, TrainerRole]:
    return {one: entry.role_of(one) for one in entry.trainers}


def _named(entry: Entry) -> tuple[str, str | None, dict[str, str]]:
    return entry.kind, entry.module_id, {code: text for code, text in entry.titles.items() if text}


def for_trainer(found: Iterable[Change], course_trainer: str) -> list[Change]:
    """The part of the changes that concerns one trainer: of the sessions they give, or gave."""
    part = []
    for one in found:
        had = one.before is not None and course_trainer in one.before.trainers
        has = one.after is not None and course_trainer in one.after.trainers
        if had and has:
            part.append(_in_role(one, course_trainer))
        elif has:
            what = What.YOURS if one.before else What.NEW
            part.append(_in_role(replace(one, before=None, what=(what,)), course_trainer))
        elif had:
            what = What.NOT_YOURS if one.after else What.CANCELLED
            part.append(replace(one, after=None, what=(what,)))
    return part


def _in_role(change: Change, course_trainer: str) -> Change:
    """The change as a trainer is told: with their own role, where it is another or not to lead."""
    if change.after is None:
        return change
    now, what = change.after.role_of(course_trainer), list(change.what)
    if change.before is None:
        what += [What.ROLE] * (now is not TrainerRole.LEAD)
    elif now is not change.before.role_of(course_trainer):
        others = [_given_by(entry) for entry in (change.before, change.after)]
        for each in others:
            del each[course_trainer]
        if others[0] == others[1]:
            what.remove(What.TRAINERS)
        what.append(What.ROLE)
    return replace(change, what=tuple(what), role=now)


def to_tell(found: Iterable[Change], local_now: datetime) -> list[Change]:
    """The changes that anybody has to be told: not of what is over, before and after.

    ``local_now``: the time at the course's place, as a clock on the wall shows it.
    """
    return [
        one
        for one in found
        if any(
            entry is not None and entry.end is not None and entry.end > local_now
            for entry in (one.before, one.after)
        )
    ]


def seen(number: int, now: Entries) -> str:
    """A short text by which publishing knows that the agenda is the one that was looked at."""
    plain = {key: to_plain(entry) for key, entry in now.items()}
    said = json.dumps([number, plain], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def cancelled(before: Entries, gone: Entries, now: Entries) -> dict[str, Entry]:
    """The sessions that were published once and are no more, each as it was last."""
    return {key: entry for key, entry in {**gone, **before}.items() if key not in now}


def moved(entries: Entries, days: int) -> dict[str, Entry]:
    """The same sessions, so many days later."""
    return {
        key: replace(entry, day=entry.day + timedelta(days=days)) if entry.day else entry
        for key, entry in entries.items()
    }


def sequence(number: int, acts: int, moves: int) -> int:
    """A number for calendars that grows with each version, and with each move of the course."""
    return (acts + number) * _STEP + min(moves, _STEP - 1)


class Planned(Struct, frozen=True):
    """A session with what it refers to: its module's titles, the room's name, who gives it."""

    id: str
    entry: Entry
    module: Mapping[str, str] | None = None
    room: str = ""
    persons: Mapping[str, TrainerRole] = field(
        default_factory=dict
    )  # who takes part in it, as what

    @property
    def title(self) -> str:
        """What to call it in the reader's language."""
        return shown_title(self.entry.titles, self.module, self.entry.kind)


def shown(planned: Sequence[Planned], names: Mapping[str, str]) -> list[Shown]:
    """Sessions as pages and paper show them; ``names``: of persons, whose reading is logged."""
    return [
        Shown(
            id=one.id,
            day=one.entry.start.date(),
            starts_at=one.entry.start.time(),
            ends_at=one.entry.end.time(),
            kind=one.entry.kind,
            title=one.title,
            module=localized(one.module),
            room=one.room,
            trainers=in_roles(one.persons, names),
            speech=speech_words(one.entry.languages, one.entry.interpreted),
        )
        for one in planned
        if one.entry.start and one.entry.end
    ]


def in_roles(persons: Mapping[str, TrainerRole], names: Mapping[str, str]) -> tuple[str, ...]:
    """The names of a session's trainers, leads first, with the role of those who do not lead."""
    order = list(TrainerRole)
    known = [(order.index(role), names[one], role) for one, role in persons.items() if one in names]
    return tuple(in_role(name, role) for _place, name, role in sorted(known))


def in_order(entries: Entries) -> list[str]:
    """The sessions in order of time."""
    return sorted(entries, key=lambda key: (str(entries[key].start), key))


def references(entries: Collection[Entry]) -> tuple[set[str], set[str], set[str]]:
    """The modules, rooms and course trainers that sessions refer to, by their ids."""
    return (
        {one.module_id for one in entries if one.module_id},
        {one.room_id for one in entries if one.room_id},
        {trainer for one in entries for trainer in one.trainers},
    )
