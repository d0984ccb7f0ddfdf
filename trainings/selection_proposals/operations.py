"""Proposes a selection; nobody is offered anything until somebody accepts it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace
from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import db, new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.jobs.writes import enqueue
from trainings.registrations import locked_queries
from trainings.registrations.rules import State
from trainings.seats import writes as seat_writes
from trainings.selection_proposals import choice_solver, queries, reason_rules
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.models import (
    SelectionDecision,
    SelectionMinima,
    SelectionProposal,
)
from trainings.selection_proposals.queries import Decided, Opened
from trainings.selection_proposals.rules import (
    SECONDS,
    Eligible,
    NoProposal,
    NothingFound,
    Outdated,
    Problem,
    SearchState,
    minima_from,
)

SELECT = Permission.REGISTRATION_SELECT


def ask(course_id: str, typed: Mapping[str, str], by: Viewer) -> bool:
    """Keep the minima of a course, and let a selection be looked for; instead of one before.

    Gives whether it is looked for: not where nobody waits for a decision. Raises
    ``MinimumUnread``, ``NotFound``.
    """
    minima = minima_from(typed)
    asked = {what: str(amount) for what, amount in minima.items()}
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        versions.check()
        session.execute(delete(SelectionProposal).where(SelectionProposal.course_id == course.id))
        session.merge(SelectionMinima(course_id=course.id, asked=asked))
        eligible = queries.problem_of(course, minima, by).eligible
        if eligible:
            made = SelectionProposal(
                id=new_key(),
                course_id=course.id,
                account_id=by.account_id,
                standing=SearchState.WAITING,
                asked=asked,
                digest="",
                asked_at=clock.now(),
            )
            session.add(made)
            session.flush()
            enqueue(session, "selection_proposals.look", proposal_id=made.id)
        record(
            session,
            "selection.propose",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            minima=asked,
        )
        return bool(eligible)


def look(proposal_id: str) -> None:
    """Look for the selection that was asked for; nothing where it was discarded meanwhile.

    Who asked must still have the right to select.
    """
    problem = _problem_for_job(proposal_id, SearchState.WAITING)
    found, standing = Opened(), SearchState.NONE
    if problem is not None:
        try:
            chosen = choice_solver.choose(problem, SECONDS)
            if chosen is None:
                found = Opened(conflict=tuple(choice_solver.conflict(problem, SECONDS)))
                standing = SearchState.CONFLICT
            else:
                standing = SearchState.FOUND
                found = Opened(tuple(chosen.taken), chosen.by_clock)
        except NothingFound:
            pass
    with transaction() as session:
        kept = session.get(SelectionProposal, proposal_id, with_for_update=True)
        if kept is None or kept.standing is not SearchState.WAITING:
            return
        kept.standing, kept.ended_at = standing, clock.now()
        if problem is not None:
            kept.digest = queries.digest(problem)
            kept.found = queries.sealed_for(kept.id, found)


def _problem_for_job(proposal_id: str, standing: SearchState) -> Problem | None:
    """What is to be solved, by the rights that whoever asked has now; the connection is given up.

    None where the proposal is gone or in another state, or its asker has lost the right.
    """
    asked = db.session.get(SelectionProposal, proposal_id)
    if asked is None or asked.standing is not standing or asked.account_id is None:
        return None
    by = accounts.viewer_of(asked.account_id)
    try:
        course = courses.course_by_id(by, SELECT, asked.course_id) if by else None
    except NotFound:
        course = None
    problem = None
    if course is not None and by is not None:
        problem = queries.problem_of(course, queries.minima_of(asked), by)
    db.session.close()
    return problem


def wonder(course_id: str, number: str, by: Viewer) -> None:
    """Let it be found out what would have to change so that somebody were taken.

    Raises ``NoProposal``, ``Outdated``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        (registration,) = locked_queries.for_acting(by, SELECT, course.id, [number])
        proposal, problem = _standing(course, by)
        found = queries.opened(proposal)
        able = {one.id for one in problem.eligible} - set(found.taken)
        if registration.id not in able or registration.id in found.asked:
            return
        asked = {**found.asked, registration.id: None}
        proposal.found = queries.sealed_for(proposal.id, replace(found, asked=asked))
        enqueue(
            session,
            "selection_proposals.answer",
            proposal_id=proposal.id,
            registration_id=registration.id,
        )


def answer(proposal_id: str, registration_id: str) -> None:
    """Find out what would have to change; nothing where the proposal is gone or outdated."""
    problem = _problem_for_job(proposal_id, SearchState.FOUND)
    if problem is None or registration_id not in {one.id for one in problem.eligible}:
        return
    changes = tuple(choice_solver.changes(problem, registration_id, SECONDS))
    with transaction() as session:
        kept = session.get(SelectionProposal, proposal_id)
        if kept is None:
            return
        courses.course_for_update(kept.course_id)  # others are asked about under its lock too
        kept = queries.proposal_of(kept.course_id)
        if kept is None or kept.id != proposal_id:
            return
        found = queries.opened(kept)
        asked = {**found.asked, registration_id: changes}
        kept.found = queries.sealed_for(kept.id, replace(found, asked=asked))


def accept(course_id: str, by: Viewer) -> int:
    """Select everyone who is proposed, in one act, and keep why; gives how many.

    The same as selecting them by hand, with its checks and emails. Raises ``NoProposal``,
    ``Outdated``, and what ``seats.writes.select`` raises.
    """
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        proposal, problem = _standing(course, by)
        taken = queries.opened(proposal).taken
        if not taken:
            raise NoProposal
        known = queries.known(course, by, [one.id for one in problem.eligible])
        _keep(session, course, proposal, Choice(problem, taken), known, by)
        session.delete(proposal)
        session.flush()
        found = seat_writes.select(session, course, [known[one].number for one in taken], by)
        if any(one.state is not State.OFFERED for one in found):
            raise Outdated  # a release that was due has given the seats to others
        record(
            session,
            "selection.accept",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            number=len(found),
        )
        return len(found)


def _keep(
    session: Session,
    course: Course,
    proposal: SelectionProposal,
    choice: Choice,
    known: Mapping[str, queries.Known],
    by: Viewer,
) -> None:
    why = reason_rules.reasons(choice)
    key = new_key()
    rows = [
        Decided(one.id, known[one.id].number, one.function, one in choice.taken, why[one.id])
        for one in (*sorted(choice.taken, key=_listed), *sorted(choice.others, key=_listed))
    ]
    session.add(
        SelectionDecision(
            id=key,
            course_id=course.id,
            by=by.account_id or "",
            at=clock.now(),
            asked=proposal.asked,
            reasons=queries.sealed_reasons(key, rows),
        )
    )


def _listed(one: Eligible) -> tuple[str, tuple[int, int, int]]:
    return one.country, one.key


def discard(course_id: str, by: Viewer) -> None:
    """Forget what was proposed, or stop waiting for it."""
    with transaction() as session:
        courses.course_locked(by, SELECT, course_id)
        session.execute(delete(SelectionProposal).where(SelectionProposal.course_id == course_id))


def _standing(course: Course, by: Viewer) -> tuple[SelectionProposal, Problem]:
    """What was found for a locked course, and from what, if it still holds."""
    proposal = queries.proposal_of(course.id)
    if proposal is None or proposal.standing is not SearchState.FOUND:
        raise NoProposal
    problem = queries.problem_of(course, queries.minima_of(proposal), by)
    if queries.digest(problem) != proposal.digest:
        raise Outdated
    return proposal, problem
