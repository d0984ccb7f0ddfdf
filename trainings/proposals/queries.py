"""What a timetable is proposed from, looked up: what waits, free places, rooms, trainers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import select

from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import SessionKind, shown_title
from trainings.core.db import db, new_key
from trainings.core.i18n import localized
from trainings.courses import queries as courses
from trainings.proposals.models import TimetableProposal
from trainings.proposals.rules import (
    WEIGHED,
    Hall,
    Kept,
    Place,
    Placed,
    Problem,
    Stretch,
    Teacher,
    Wanted,
    Wish,
    free,
    gaps,
    pieces,
)
from trainings.proposals.usual_rules import usual_frame
from trainings.rosters.rules import Invitation
from trainings.scheduling import queries
from trainings.scheduling.frame_rules import Frame, laid, slots
from trainings.scheduling.queries import Plan
from trainings.scheduling.rules import USUAL_MINUTES

_SHORTEST = timedelta(minutes=20)  # of free time on a day that is laid out, to be thought of


def problem_of(
    plan: Plan, days: Sequence[date], frame: Frame, weights: Mapping[Wish, int]
) -> Problem:
    """What is to be solved for these days. Raises ``FrameUnfit``."""
    places = places_of(plan, days, frame)
    longest = max((one.minutes for one in places), default=frame.session)
    return Problem(
        wanted=tuple(
            piece
            for one in queries.to_schedule(plan)
            for piece in pieces(_wanted(plan, one.entry, one.key), longest)
        ),
        places=tuple(places),
        halls=tuple(
            Hall(one.id, one.name, one.seats, _stretches(plan.rooms_taken.get(one.id, ())))
            for one in plan.rooms
        ),
        teachers=_teachers(plan),
        kept=tuple(
            Kept(_wanted(plan, entry, key), entry.start)
            for key, entry in plan.entries.items()
            if entry.start is not None and entry.kind is not SessionKind.BREAK
        ),
        people=plan.people,
        modules={one.module_id: localized(one.module.titles) for one in plan.modules},
        weights={wish: weights.get(wish, 1) for wish in WEIGHED},
    )


def usual_frame_of(plan: Plan, days: Sequence[date]) -> Frame:
    """A frame in which what is to be scheduled fits into these days."""
    lengths = [
        piece.minutes
        for one in queries.to_schedule(plan)
        for piece in (
            [_wanted(plan, one.entry, one.key)]
            if one.key
            else pieces(_wanted(plan, one.entry, None), USUAL_MINUTES)
        )
    ]
    return usual_frame(lengths, len(days))


def places_of(plan: Plan, days: Sequence[date], frame: Frame) -> list[Place]:
    """The slots of these days that nothing overlaps, in order of time.

    On a day that has breaks already, its free time between what stands there, from the start of the
    frame to its end, or as long as the day goes.
    """
    found, own = [], days_with_breaks(plan)
    for day in sorted(days):
        taken = [
            Stretch(entry.start, entry.end)
            for entry in plan.entries.values()
            if entry.start is not None and entry.end is not None and entry.day == day
        ]
        if day in own:
            starts = min(datetime.combine(day, frame.starts_at), *(one.starts for one in taken))
            ends = max(datetime.combine(day, frame.ends_at), *(one.ends for one in taken))
            free_time = gaps(Stretch(starts, ends), taken, _SHORTEST)
        else:
            parts = [
                (datetime.combine(day, slot.starts_at), timedelta(minutes=slot.minutes))
                for slot in slots(frame)
                if slot.kind is SessionKind.MODULE
            ]
            every = [Stretch(start, start + length) for start, length in parts]
            free_time = [one for one in every if free(taken, one)]
        found += [
            Place(
                one.starts,
                int((one.ends - one.starts).total_seconds()) // 60,
                one.starts.time() < frame.lunch_at,
            )
            for one in free_time
        ]
    return found


def days_with_breaks(plan: Plan) -> set[date]:
    """The days that are laid out already."""
    breaks = [entry for entry in plan.entries.values() if entry.kind is SessionKind.BREAK]
    return {entry.day for entry in breaks if entry.day is not None}


def _wanted(plan: Plan, entry: Entry, key: str | None) -> Wanted:
    positions = {one.module_id: number for number, one in enumerate(plan.modules)}
    titles = {one.module_id: one.module.titles for one in plan.modules}
    module = entry.module_id or ""
    asked = {one.id for one in plan.trainers}
    return Wanted(
        kind=entry.kind,
        minutes=entry.minutes,
        title=shown_title(entry.titles, titles.get(module), entry.kind),
        module=entry.module_id,
        position=positions.get(module),
        room=entry.room_id if entry.room_id in {one.id for one in plan.rooms} else None,
        trainers=tuple(one for one in entry.trainers if one in asked),
        observers=tuple(one for one in entry.trainers if one not in entry.giving),
        languages=tuple(sorted({*(entry.languages or plan.course.languages), *entry.interpreted})),
        key=key,
    )


def _teachers(plan: Plan) -> tuple[Teacher, ...]:
    return tuple(
        Teacher(
            id=one.id,
            name=f"{{{one.id}}}",
            agency=one.trainer.agency_id,
            modules=frozenset(one.trainer.module_ids),
            languages=frozenset(one.trainer.languages),
            accepted=one.state is Invitation.ACCEPTED,
            taken=_stretches(
                [*plan.trainers_taken.get(one.id, ()), *plan.trainers_away.get(one.id, ())]
            ),
        )
        for one in plan.trainers
    )


def _stretches(taken: Sequence[queries.Taken]) -> tuple[Stretch, ...]:
    return tuple(Stretch(one.starts, one.ends) for one in taken)


def plan_of(course_id: str) -> Plan:
    """The timetable of a course, with its modules."""
    return queries.plan(courses.by_id(course_id))


def proposal_of(course_id: str) -> TimetableProposal | None:
    """What was asked for a course, found or not yet."""
    return db.session.scalar(
        select(TimetableProposal).where(TimetableProposal.course_id == course_id)
    )


def problem_asked(asked: TimetableProposal, plan: Plan | None = None) -> Problem:
    """What a proposal was, or is to be, found from, as the timetable stands now."""
    return problem_of(
        plan or plan_of(asked.course_id),
        [date.fromisoformat(one) for one in asked.days],
        frame_of(asked),
        {Wish(wish): weight for wish, weight in asked.weights.items()},
    )


def plain_frame(frame: Frame) -> list[str | int]:
    """A day frame as it is kept."""
    return [f"{one:%H:%M}" if isinstance(one, time) else one for one in frame]


def frame_of(asked: TimetableProposal) -> Frame:
    """The day frame that was asked for."""
    starts_at, ends_at, session, pause, lunch_at, lunch = asked.frame
    times = (time.fromisoformat(one) for one in (starts_at, ends_at, lunch_at))
    starts, ends, lunch_starts = times
    return Frame(starts, ends, session, pause, lunch_starts, lunch)


def digest(problem: Problem) -> str:
    """A short text that differs wherever a timetable would be proposed from something else."""

    def without_words(one: Wanted) -> Wanted:
        return replace(one, title="")  # it is in the language of who looks

    facts = (
        [without_words(one) for one in problem.wanted],
        problem.places,
        [(one.id, one.seats, one.taken) for one in problem.halls],
        [
            (one.id, sorted(one.modules), sorted(one.languages), one.taken)
            for one in problem.teachers
        ],
        [(without_words(one.wanted), one.start) for one in problem.kept],
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def plain_placed(problem: Problem, placed: Sequence[Placed]) -> list[list[Any]]:
    """What was found, as it is kept: each session by its place among those wanted."""
    left = list(enumerate(problem.wanted))
    found = []
    for one in placed:
        pair = next(pair for pair in left if pair[1] == one.wanted)
        left.remove(pair)
        found.append([pair[0], one.start.isoformat(), one.room, list(one.trainers)])
    return found


def placed_in(problem: Problem, asked: TimetableProposal) -> list[Placed]:
    """What was found, for the same problem."""
    return [
        Placed(problem.wanted[number], datetime.fromisoformat(start), room, tuple(trainers))
        for number, start, room, trainers in asked.placed
    ]


def entries_proposed(
    plan: Plan, problem: Problem, asked: TimetableProposal, names: Mapping[bool, Mapping[str, str]]
) -> dict[str, Entry | None]:
    """The sessions of a proposal as entries of the agenda, and the breaks of its frame."""
    known = plan.entries
    found: dict[str, Entry | None] = {}
    for one in placed_in(problem, asked):
        wanted = one.wanted
        entry = known.get(wanted.key or "") or Entry(
            wanted.kind, wanted.minutes, module_id=wanted.module
        )
        found[wanted.key or new_key()] = replace(
            entry,
            minutes=wanted.minutes,
            day=one.start.date(),
            starts_at=one.start.time(),
            room_id=one.room,
            trainers=tuple(sorted(one.trainers)),
        )
    stands = [*(known.values()), *(entry for entry in found.values() if entry)]
    own = days_with_breaks(plan)
    days = [day for day in map(date.fromisoformat, asked.days) if day not in own]
    pauses = laid(stands, days, slots(frame_of(asked)), [], names)
    return {**found, **{new_key(): one.entry for one in pauses}}
