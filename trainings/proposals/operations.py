"""Proposes a timetable; nothing of the agenda changes until somebody accepts it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete

from trainings.agenda import act_queries, act_writes, booking_writes
from trainings.agenda.act_rules import ActKind
from trainings.agenda.act_writes import Enacted
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Viewer
from trainings.jobs.writes import enqueue
from trainings.proposals import queries, reason_rules
from trainings.proposals.giving_rules import Rooms, Trainers
from trainings.proposals.models import TimetableProposal
from trainings.proposals.rules import (
    SECONDS,
    BeingSearched,
    Ended,
    NoProposal,
    NothingFound,
    NothingToPropose,
    Outdated,
    Placed,
    Problem,
    Proposal,
    SearchState,
    Wish,
)
from trainings.proposals.slot_rules import Slots
from trainings.scheduling.frame_rules import Frame
from trainings.solving import solver
from trainings.solving.rules import Effort

SEED = 1
# less than any one wish costs; what is not found in so many nodes seldom is
EFFORT = Effort(gap=0.01, enough=4.0, nodes=100)


def propose(problem: Problem, seconds: float, seed: int = SEED) -> Proposal:
    """Put what is wanted into places, then into rooms, then to trainers.

    In steps, because the times decide whether rooms and trainers suffice at all, and are chosen
    so that they do; which of them is then a choice of its own. Raises ``NothingFound``.
    """
    until = time.monotonic() + seconds
    placed: list[Placed] = []
    by_clock = False
    steps = (
        lambda: Slots(problem),
        lambda: Rooms(problem, placed),
        lambda: Trainers(problem, placed),
    )
    for make in steps:
        step = make()
        left = max(until - time.monotonic(), 0.5)
        share = 0.8 if isinstance(step, Slots) else 1
        solved = solver.solve(step.program, left * share, seed, EFFORT)
        if step.program.costs and not solved.values:
            raise NothingFound
        placed = sorted(step.read(solved.values), key=lambda one: (one.start, one.wanted.title))
        by_clock = by_clock or solved.by_clock
    ended = Ended.CLOCK if by_clock else Ended.ITSELF
    return Proposal(tuple(placed), ended, tuple(reason_rules.unmet(problem, placed)))


def ask(
    course_id: str, days: Sequence[date], frame: Frame, weights: Mapping[Wish, int], by: Viewer
) -> None:
    """Let a timetable be looked for, for what a course has to schedule; instead of one before.

    Raises ``BeingSearched``, ``NothingToPropose``, ``FrameUnfit``, and what ``course_to_change``
    raises.
    """
    with transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        before = queries.proposal_of(course_id)
        if before is not None and before.standing is SearchState.WAITING:
            raise BeingSearched
        problem = queries.problem_of(queries.plan_of(course_id), days, frame, weights)
        if not problem.wanted:
            raise NothingToPropose
        if before is not None:
            session.delete(before)
            session.flush()
        asked = TimetableProposal(
            id=new_key(),
            course_id=course.id,
            account_id=by.account_id,
            standing=SearchState.WAITING,
            days=[day.isoformat() for day in days],
            frame=queries.plain_frame(frame),
            weights={str(wish): weight for wish, weight in weights.items()},
            seconds=SECONDS,
            digest="",
            placed=[],
            by_clock=False,
            asked_at=clock.now(),
        )
        session.add(asked)
        enqueue(session, "proposals.look", proposal_id=asked.id)
        record(
            session, "agenda.propose", "course", course_id, by=by.account_id, course_id=course_id
        )


def look(proposal_id: str) -> None:
    """Look for the timetable that was asked for; nothing where it was discarded meanwhile."""
    asked = db.session.get(TimetableProposal, proposal_id)
    if asked is None or asked.standing is not SearchState.WAITING:
        return
    problem, seconds = queries.problem_asked(asked), asked.seconds
    db.session.close()
    try:
        found = propose(problem, seconds)
    except NothingFound:
        found = None
    with transaction() as session:
        kept = session.get(TimetableProposal, proposal_id, with_for_update=True)
        if kept is None:
            return
        kept.standing = SearchState.FOUND if found else SearchState.NONE
        kept.ended_at = clock.now()
        if found is not None:
            kept.digest = queries.digest(problem)
            kept.placed = queries.plain_placed(problem, found.placed)
            kept.by_clock = found.ended is Ended.CLOCK


def accept(course_id: str, names: Mapping[bool, Mapping[str, str]], by: Viewer) -> Enacted | None:
    """Put what was proposed into the agenda, in one act, with the breaks of its frame.

    ``names``: the titles of a break and (under true) of lunch. Raises ``NoProposal``,
    ``Outdated``, and what ``act_writes.enact`` raises.
    """
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        asked = _found(course_id)
        plan = queries.plan_of(course_id)
        problem = queries.problem_asked(asked, plan)
        if queries.digest(problem) != asked.digest:
            raise Outdated
        after = queries.entries_proposed(plan, problem, asked, names)
        rows = act_queries.rows(course.id, [key for key in plan.entries if key in after])
        done = act_writes.enact(session, course, ActKind.PROPOSE, rows, after, by)
        session.delete(asked)
        return done


def discard(course_id: str, by: Viewer) -> None:
    """Forget what was proposed, or stop waiting for it."""
    with transaction() as session:
        act_writes.course_to_change(course_id, by)
        session.execute(delete(TimetableProposal).where(TimetableProposal.course_id == course_id))


def _found(course_id: str) -> TimetableProposal:
    asked = queries.proposal_of(course_id)
    if asked is None or asked.standing is not SearchState.FOUND:
        raise NoProposal
    return asked
