"""Which wishes a proposal does not meet, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from trainings.agenda.rules import SessionKind
from trainings.core.i18n import LazyText, _l
from trainings.proposals.rules import (
    Placed,
    Problem,
    Unmet,
    Wanted,
    Wish,
    able,
    free,
    possible,
    speaks,
)
from trainings.scheduling.warning_rules import ORDER, SMALL_ROOM

NOT_PLACED = _l("“%(session)s” has no place.")
NO_TRAINER = _l("“%(session)s” has no trainer.")
NOT_SPOKEN = _l("%(trainer)s speaks none of the languages of “%(session)s”.")
NOT_TAUGHT = _l("“%(session)s” is given by somebody who does not teach its module.")
NO_ROOM = _l("“%(session)s” has no room.")
BESIDE = _l("“%(session)s” takes place beside another session.")
AFTERNOON = _l("“%(session)s” is in the afternoon.")
UNEVEN_DAYS = _l("The days have between %(least)s and %(most)s minutes.")
CHANGES = _l("Changes of room on this day: %(changes)s.")
UNEVEN_AGENCIES = _l("The trainers of each agency give between %(least)s and %(most)s minutes.")

NO_PLACE = _l("No free time is long enough.")
NEVER_FREE = _l("Its room or its trainers are never free when there is time.")
FULL = _l("There is more to schedule than time for it.")
NOBODY = _l("No trainer has been invited.")
NOBODY_FREE = _l("None of those who may give it is free then.")
NOBODY_TEACHES = _l("None of the course's trainers teaches it.")
ROOMS_TAKEN = _l("All rooms are taken then.")
NO_LARGER = _l("No larger room is free then.")
NO_MORNING = _l("No morning has free time for it.")
KEPT = _l("One of the two is on its day already and stays there.")
NOT_EARLIER = _l("Those who teach it are not free earlier.")
NO_ROOM_ALL_DAY = _l("No room is free all day.")
KEPT_DAY = _l("What is on the days already stays there.")
FEW_TEACH = _l("What they teach and when they are free allows no better, or would cost more.")
OTHERS = _l("Meeting this would have cost other wishes more.")

Missed = Callable[..., Unmet]


def unmet(problem: Problem, placed: Sequence[Placed]) -> list[Unmet]:
    """All wishes that are not met: about what has no place, session by session, about the whole."""
    return [
        *_without_place(problem, placed),
        *(one for each in sorted(placed, key=_time) for one in _of_session(problem, placed, each)),
        *_of_order(problem, placed),
        *_of_days(problem, placed),
        *_of_rooms(problem, placed),
        *_of_agencies(problem, placed),
    ]


def _time(one: Placed) -> tuple[object, str]:
    return one.start, one.wanted.title


def _without_place(problem: Problem, placed: Sequence[Placed]) -> Iterator[Unmet]:
    left = list(problem.wanted)
    for one in placed:
        left.remove(one.wanted)
    for wanted in left:
        if not any(place.minutes >= wanted.minutes for place in problem.places):
            reason = NO_PLACE
        else:
            reason = FULL if possible(problem, wanted) else NEVER_FREE
        yield Unmet(Wish.PLACED, NOT_PLACED, reason, {"session": wanted.title})


def _of_session(problem: Problem, placed: Sequence[Placed], one: Placed) -> Iterator[Unmet]:
    def missed(wish: Wish, sentence: LazyText, reason: LazyText, **values: object) -> Unmet:
        shown = {"session": one.wanted.title, **values}
        return Unmet(wish, sentence, reason, shown, one.start.date())

    yield from _of_trainers(problem, one, missed)
    if problem.halls and one.room is None:
        yield missed(Wish.ROOM, NO_ROOM, ROOMS_TAKEN)
    hall = next((hall for hall in problem.halls if hall.id == one.room), None)
    if hall is not None and 0 < hall.seats < problem.people:
        busy = [other.room for other in placed if other.stretch.meets(one.stretch)]
        larger = [
            other
            for other in problem.halls
            if other.id not in busy
            and (other.seats == 0 or other.seats >= problem.people)
            and free(other.taken, one.stretch)
            and one.wanted.room is None
        ]
        reason = OTHERS if larger else NO_LARGER
        values = {"room": hall.name, "seats": hall.seats, "people": problem.people}
        yield missed(Wish.SEATS, SMALL_ROOM, reason, **values)
    if any(other is not one and other.stretch.meets(one.stretch) for other in placed):
        crowded = len(problem.wanted) > len(problem.places)
        yield missed(Wish.ALONE, BESIDE, FULL if crowded else OTHERS)
    mornings = {place.start for place in problem.places if place.morning}
    if one.wanted.kind is SessionKind.TEST and one.start not in mornings:
        fits = [place for place in possible(problem, one.wanted) if problem.places[place].morning]
        yield missed(Wish.MORNING, AFTERNOON, OTHERS if fits else NO_MORNING)


def _of_trainers(problem: Problem, one: Placed, missed: Missed) -> Iterator[Unmet]:
    if not one.wanted.counted and not one.wanted.trainers:
        return
    giving = [who for who in one.trainers if who not in one.wanted.observers]
    if not giving:
        yield missed(Wish.TRAINER, NO_TRAINER, NOBODY_FREE if problem.teachers else NOBODY)
    givers = {giver.id: giver for giver in problem.teachers}
    for giver in (givers[who] for who in giving if who in givers):
        chosen = giver.id in one.wanted.trainers
        if one.wanted.module is not None and one.wanted.module not in giver.modules and not chosen:
            yield missed(Wish.TEACHES, NOT_TAUGHT, NOBODY_TEACHES)
        if not speaks(giver, one.wanted):
            others = [
                other
                for other in able(problem, one.wanted)
                if speaks(other, one.wanted) and free(other.taken, one.stretch)
            ]
            reason = OTHERS if others and not chosen else NOBODY_FREE
            yield missed(Wish.LANGUAGE, NOT_SPOKEN, reason, trainer=giver.name)


def _of_order(problem: Problem, placed: Sequence[Placed]) -> Iterator[Unmet]:
    first: dict[str, tuple[datetime, Wanted, bool]] = {}
    stand = [(one.start, one.wanted, False) for one in placed]
    stand += [(one.start, one.wanted, True) for one in problem.kept]
    for start, wanted, stays in sorted(stand, key=lambda one: one[0]):
        if wanted.module is not None and wanted.module in problem.modules:
            first.setdefault(wanted.module, (start, wanted, stays))
    following: str | None = None  # of the later ones, the first to begin
    for module in reversed(list(problem.modules)):
        if module not in first:
            continue
        start, wanted, stays = first[module]
        if following is not None and start > first[following][0]:
            values = {"module": problem.modules[module], "other": problem.modules[following]}
            reason = _why_later(problem, wanted, first[following][0])
            if stays or first[following][2]:
                reason = KEPT
            yield Unmet(Wish.ORDER, ORDER, reason, values, start.date())
        if following is None or start < first[following][0]:
            following = module


def _why_later(problem: Problem, wanted: Wanted, before: datetime) -> LazyText:
    """Why a session does not begin before a time."""
    teach = [one for one in able(problem, wanted) if wanted.module in one.modules]
    earlier = [
        problem.places[number]
        for number in possible(problem, wanted)
        if problem.places[number].start < before
    ]
    there = any(free(one.taken, place.stretch) for one in teach for place in earlier)
    return OTHERS if there or not teach else NOT_EARLIER


def _of_days(problem: Problem, placed: Sequence[Placed]) -> Iterator[Unmet]:
    minutes = dict.fromkeys(problem.days, 0)
    stand = [(one.start.date(), one.wanted) for one in placed]
    stand += [(one.start.date(), one.wanted) for one in problem.kept]
    for day, wanted in stand:
        if wanted.counted and day in minutes:
            minutes[day] += wanted.minutes
    longest = max((one.minutes for one in problem.wanted), default=0)
    least, most = min(minutes.values(), default=0), max(minutes.values(), default=0)
    if most - least > longest:
        fullest = max(minutes, key=lambda day: minutes[day])
        full = any(one.start.date() == fullest for one in problem.kept)
        reason = KEPT_DAY if full else OTHERS
        yield Unmet(Wish.DAYS, UNEVEN_DAYS, reason, {"least": least, "most": most})


def _of_rooms(problem: Problem, placed: Sequence[Placed]) -> Iterator[Unmet]:
    for day in sorted({one.start.date() for one in placed}):
        there = sorted(
            (one for one in placed if one.start.date() == day and one.room),
            key=lambda one: one.start,
        )
        at: defaultdict[datetime, set[str | None]] = defaultdict(set)
        for one in there:
            at[one.start].add(one.room)
        rooms = [at[start] for start in sorted(at)]
        changes = sum(not one & other for one, other in pairwise(rooms))
        if changes:
            whole = any(
                all(free(hall.taken, one.stretch) for one in there) for hall in problem.halls
            )
            reason = OTHERS if whole else NO_ROOM_ALL_DAY
            yield Unmet(Wish.ROOM_CHANGES, CHANGES, reason, {"changes": changes}, day)


def _of_agencies(problem: Problem, placed: Sequence[Placed]) -> Iterator[Unmet]:
    agency = {one.id: one.agency for one in problem.teachers}
    minutes = dict.fromkeys(agency.values(), 0)
    for one in placed:
        for who in one.trainers:
            minutes[agency[who]] += one.wanted.minutes
    for kept in problem.kept:
        for who in kept.wanted.trainers:
            if who in agency:
                minutes[agency[who]] += kept.wanted.minutes
    longest = max((one.minutes for one in problem.wanted), default=0)
    least, most = min(minutes.values(), default=0), max(minutes.values(), default=0)
    if most - least > longest:
        values = {"least": least, "most": most}
        yield Unmet(Wish.AGENCIES, UNEVEN_AGENCIES, FEW_TEACH, values)
