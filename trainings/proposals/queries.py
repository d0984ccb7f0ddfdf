"""What a timetable is proposed from, looked up: what waits, free places, rooms, trainers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import SessionKind, shown_title
from trainings.core.i18n import localized
from trainings.proposals.rules import (
    WEIGHED,
    Hall,
    Kept,
    Place,
    Problem,
    Stretch,
    Teacher,
    Wanted,
    Wish,
    pieces,
)
from trainings.proposals.usual_rules import usual_frame
from trainings.rosters.rules import Invitation
from trainings.scheduling import queries
from trainings.scheduling.frame_rules import Frame, slots
from trainings.scheduling.queries import Plan
from trainings.scheduling.rules import USUAL_MINUTES


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
    """The slots of these days that nothing overlaps, in order of time."""
    taken = [
        Stretch(entry.start, entry.end)
        for entry in plan.entries.values()
        if entry.start is not None and entry.end is not None
    ]
    found = []
    for day in sorted(days):
        for slot in slots(frame):
            start = datetime.combine(day, slot.starts_at)
            stretch = Stretch(start, start + timedelta(minutes=slot.minutes))
            if slot.kind is SessionKind.MODULE and not any(one.meets(stretch) for one in taken):
                found.append(Place(start, slot.minutes, slot.starts_at < frame.lunch_at))
    return found


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
        key=key,
    )


def _teachers(plan: Plan) -> tuple[Teacher, ...]:
    languages = set(plan.course.languages)
    return tuple(
        Teacher(
            id=one.id,
            name=f"{{{one.id}}}",
            agency=one.trainer.agency_id,
            modules=frozenset(one.trainer.module_ids),
            speaks=bool(languages & set(one.trainer.languages)),
            accepted=one.state is Invitation.ACCEPTED,
            taken=_stretches(
                [*plan.trainers_taken.get(one.id, ()), *plan.trainers_away.get(one.id, ())]
            ),
        )
        for one in plan.trainers
    )


def _stretches(taken: Sequence[queries.Taken]) -> tuple[Stretch, ...]:
    return tuple(Stretch(one.starts, one.ends) for one in taken)
