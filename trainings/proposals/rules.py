"""What a timetable is proposed from, what a proposal says, and that nothing in it clashes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from trainings.agenda.rules import COUNTED, SessionKind
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l


class NothingFound(Refusal):
    """A search that the clock ended before it had found any timetable."""

    sentence = _l("No timetable was found in this time. Allow more seconds.")


class Outdated(Refusal):
    """A proposal for an agenda, rooms or trainers that are not as they were when it was asked."""

    sentence = _l(
        "The agenda, or when its rooms and trainers are free, has changed since. Nothing was "
        "changed now: ask for a new proposal."
    )


class NoProposal(Refusal):
    """The acceptance of a proposal that is not there, or not found yet."""

    sentence = _l("There is no proposal to accept any more. Look at the agenda, or ask for one.")


class NothingToPropose(Refusal):
    """A proposal for a course in which everything is on a day."""

    sentence = _l("Everything is on a day already: there is nothing to propose.")


class BeingSearched(Refusal):
    """A proposal while another one is being looked for."""

    sentence = _l("A proposal for this course is being looked for already.")


class SearchState(StrEnum):
    """How far a proposal is."""

    WAITING = "waiting"
    FOUND = "found"
    NONE = "none"  # nothing was found in the time


class Wish(StrEnum):
    """What a proposal should do where it can."""

    PLACED = "placed"
    TRAINER = "trainer"
    TEACHES = "teaches"
    LANGUAGE = "language"
    ROOM = "room"
    SEATS = "seats"
    ALONE = "alone"  # no session beside another
    ORDER = "order"
    MORNING = "morning"  # tests, which are hard, before lunch
    DAYS = "days"  # as much on one day as on another
    ROOM_CHANGES = "room_changes"
    AGENCIES = "agencies"  # as many hours from one agency as from another


# What one break of a wish costs. Those that can be weighed are multiplied by 0 to 3.
COSTS: Mapping[Wish, float] = {
    Wish.PLACED: 10_000,
    Wish.TRAINER: 1_000,
    Wish.ROOM: 1_000,
    Wish.ALONE: 300,
    Wish.LANGUAGE: 60,
    Wish.SEATS: 60,
    Wish.ORDER: 40,
    Wish.MORNING: 20,
    Wish.DAYS: 10,  # for each hour between the fullest and the emptiest day
    Wish.ROOM_CHANGES: 10,
    Wish.AGENCIES: 10,  # for each hour between the agencies
}
SECONDS = 20  # that a search may take
WEIGHED = (Wish.ORDER, Wish.MORNING, Wish.DAYS, Wish.ROOM_CHANGES, Wish.AGENCIES)


class Stretch(NamedTuple):
    """From when until when, in the course's local time."""

    starts: datetime
    ends: datetime

    def meets(self, other: Stretch) -> bool:
        """Whether the two overlap."""
        return self.starts < other.ends and other.starts < self.ends


class Place(NamedTuple):
    """Where one session after the other can stand: a slot of a day that is free."""

    start: datetime
    minutes: int
    morning: bool

    @property
    def stretch(self) -> Stretch:
        """All of it."""
        return Stretch(self.start, self.start + timedelta(minutes=self.minutes))


class Wanted(Struct, frozen=True):
    """A session that is to be scheduled."""

    kind: SessionKind
    minutes: int
    title: str = ""
    module: str | None = None
    position: int | None = None  # of its module in the course
    room: str | None = None  # the only one it may have
    trainers: tuple[str, ...] = ()  # who take part, whoever else could
    observers: tuple[str, ...] = ()  # those of them who do not give it
    languages: tuple[str, ...] = ()  # in which it can be given, in order; none: in any
    key: str | None = None  # of the session that waits

    @property
    def counted(self) -> bool:
        """Whether it needs a trainer."""
        return self.kind in COUNTED

    @property
    def giving(self) -> tuple[str, ...]:
        """Those who are to give it, whoever else could."""
        return tuple(one for one in self.trainers if one not in self.observers)


class Hall(Struct, frozen=True):
    """A room of the venue."""

    id: str
    name: str = ""
    seats: int = 0  # not known
    taken: tuple[Stretch, ...] = ()


class Teacher(Struct, frozen=True):
    """A trainer of the course."""

    id: str
    name: str = ""
    agency: str = ""
    modules: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    accepted: bool = True
    taken: tuple[Stretch, ...] = ()


class Kept(Struct, frozen=True):
    """A session that stands on a day already, and stays there."""

    wanted: Wanted
    start: datetime

    @property
    def stretch(self) -> Stretch:
        """From when until when."""
        return Stretch(self.start, self.start + timedelta(minutes=self.wanted.minutes))


class Problem(Struct, frozen=True):
    """All that a timetable is proposed from."""

    wanted: tuple[Wanted, ...]
    places: tuple[Place, ...]  # in order of time
    halls: tuple[Hall, ...] = ()
    teachers: tuple[Teacher, ...] = ()
    kept: tuple[Kept, ...] = ()
    people: int = 0
    modules: Mapping[str, str] = field(default_factory=dict)  # titles, in the order of the course
    weights: Mapping[Wish, int] = field(default_factory=lambda: dict.fromkeys(WEIGHED, 1))

    def shared(self, place: Place) -> bool:
        """Whether two of the sessions fit into a place one after the other."""
        return sum(sorted(one.minutes for one in self.wanted)[:2]) <= place.minutes

    @property
    def days(self) -> list[date]:
        """The days on which there are places."""
        return sorted({one.start.date() for one in self.places})

    def cost(self, wish: Wish) -> float:
        """What one break of a wish costs here."""
        return COSTS[wish] * (self.weights.get(wish, 1) if wish in WEIGHED else 1)


class Placed(NamedTuple):
    """A session as it is proposed."""

    wanted: Wanted
    start: datetime
    room: str | None = None
    trainers: tuple[str, ...] = ()

    @property
    def stretch(self) -> Stretch:
        """From when until when."""
        return Stretch(self.start, self.start + timedelta(minutes=self.wanted.minutes))


class Unmet(Struct, frozen=True):
    """A wish that a proposal does not meet, and why."""

    wish: Wish
    sentence: LazyText
    reason: LazyText
    values: Mapping[str, object] = field(default_factory=dict)
    day: date | None = None

    def __str__(self) -> str:
        return f"{str(self.sentence) % self.values} {str(self.reason) % self.values}"


class Clash(NamedTuple):
    """A room or a trainer that a proposal needs where they are not free."""

    who: str
    stretch: Stretch


class Ended(StrEnum):
    """What ended the search."""

    ITSELF = "itself"  # nothing (much) better is possible, or enough was tried: it can be repeated
    CLOCK = "clock"  # another time it may end elsewhere


class Proposal(Struct, frozen=True):
    """A timetable that somebody may accept."""

    placed: tuple[Placed, ...]
    ended: Ended
    unmet: tuple[Unmet, ...] = ()


def pieces(wanted: Wanted, longest: int) -> Iterator[Wanted]:
    """A session cut into equal parts that fit a place; the first stays the one that waited."""
    number = -(-wanted.minutes // longest)
    length = -(-wanted.minutes // number // 5) * 5
    rest, key = wanted.minutes, wanted.key
    while rest >= 5:
        yield replace(wanted, minutes=min(rest, length), key=key)
        rest, key = rest - length, None


def free(taken: Collection[Stretch], stretch: Stretch) -> bool:
    """Whether none of what is taken meets a stretch."""
    return not any(one.meets(stretch) for one in taken)


def able(problem: Problem, wanted: Wanted) -> list[Teacher]:
    """Who may give a session: those who teach its module; if there are none, everybody."""
    teach = [one for one in problem.teachers if wanted.module in one.modules]
    return teach or list(problem.teachers)


def gaps(whole: Stretch, taken: Collection[Stretch], shortest: timedelta) -> list[Stretch]:
    """What of a stretch nothing takes, where it is long enough for a session; in order of time."""
    found, now = [], whole.starts
    for one in [*sorted(taken), Stretch(whole.ends, whole.ends)]:
        if one.starts - now >= shortest:
            found.append(Stretch(now, min(one.starts, whole.ends)))
        now = max(now, one.ends)
    return found


def speaks(giver: Teacher, wanted: Wanted) -> bool:
    """Whether a trainer speaks a language in which a session is held, or interpreted."""
    return not wanted.languages or not giver.languages.isdisjoint(wanted.languages)


def possible(problem: Problem, wanted: Wanted) -> list[int]:
    """The places that are long enough, and at which its own room and trainers are free."""
    fixed = [one.taken for one in problem.halls if one.id == wanted.room]
    fixed += [one.taken for one in problem.teachers if one.id in wanted.trainers]
    return [
        number
        for number, place in enumerate(problem.places)
        if place.minutes >= wanted.minutes and all(free(taken, place.stretch) for taken in fixed)
    ]


def check_no_clash(problem: Problem, placed: Sequence[Placed]) -> list[Clash]:
    """Every room and trainer needed twice at a time, or while something else needs them."""
    uses = [
        (who, one.stretch)
        for one in placed
        for who in (*one.trainers, *([one.room] if one.room else []))
    ]
    others = [
        (who, one.stretch)
        for one in problem.kept
        for who in (*one.wanted.trainers, *([one.wanted.room] if one.wanted.room else []))
    ]
    others += [(hall.id, one) for hall in problem.halls for one in hall.taken]
    others += [(giver.id, one) for giver in problem.teachers for one in giver.taken]
    pairs = [(one, other) for one, other in combinations(uses, 2)]
    pairs += [(one, other) for one in uses for other in others]
    return [Clash(*one) for one, other in pairs if one[0] == other[0] and one[1].meets(other[1])]
