"""What a selection is proposed from, looked up; what was proposed and decided, opened."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainings.candidate_reviews import queries as reviews
from trainings.candidate_reviews.rules import totals_that_count
from trainings.core import sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.names import folded
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.registrations import queries as registrations
from trainings.registrations.models import Registration
from trainings.registrations.rules import HOLDS_SEAT, TAKES_PART, State
from trainings.seats import queries as seats
from trainings.seats.placing_rules import Block, Group
from trainings.selection_proposals.models import (
    SelectionDecision,
    SelectionMinima,
    SelectionProposal,
)
from trainings.selection_proposals.reason_rules import Reason, reason_from
from trainings.selection_proposals.rules import (
    FIRST,
    YEARS,
    Amount,
    Change,
    Eligible,
    Impossible,
    Minima,
    Problem,
    Traits,
    minima_from,
    near,
)

SELECT = Permission.REGISTRATION_SELECT


def problem_of(course: Course, minima: Minima, by: Viewer) -> Problem:
    """What is to be solved for a course, as far as the viewer's scope reaches.

    Of other courses, only those count whose participants the viewer may see. Units are opened
    to be compared; nothing of them is shown.
    """
    rows = db.session.execute(
        select(
            Registration.id,
            Registration.person_id,
            Registration.country,
            Registration.function,
            Registration.sex,
            Registration.unit,
            Registration.state,
            Registration.priority,
        )
        .where(
            registrations.within_course(by, SELECT, course.id),
            Registration.state.in_([State.ENDORSED, *sorted(HOLDS_SEAT)]),
        )
        .order_by(Registration.created_at, Registration.id)
        .execution_options(scope="viewer")
    ).all()
    units = registrations.units((row.id, row.unit) for row in rows)
    earlier = _other_courses(course, by)
    years = minima[YEARS].number if YEARS in minima else 0
    counting = _scores(course, rows)
    eligible: list[Eligible] = []
    seated: list[Traits] = []
    for order, row in enumerate(rows):
        others = earlier.get(row.person_id, [])
        facts: dict[str, Any] = {
            "country": row.country,
            "function": row.function,
            "woman": row.sex == "F",
            "first": not any(starts < course.starts_on for starts in others),
            "unit": " ".join(folded(units[row.id]).split()),
        }
        if row.state is not State.ENDORSED:
            seated.append(Traits(**facts))
            continue
        again = any(near(course.starts_on, starts, years) for starts in others)
        eligible.append(
            Eligible(
                **facts,
                id=row.id,
                place=row.priority,
                order=order,
                again=again,
                score=counting.get(row.id),
            )
        )
    now = seats.seating(course.id)
    return Problem(
        eligible=tuple(eligible),
        blocks=now.blocks or (Block("", None, None, course.capacity),),
        held=now.held,
        seated=tuple(seated),
        vacancies=tuple(
            (Group(one.country, one.function), one.block_id) for one in seats.vacancies(course.id)
        ),
        minima=minima,
    )


def _scores(course: Course, rows: Sequence[Any]) -> dict[str, int]:
    """Both readers' scores added, by registration, where they count."""
    totals = {
        key: one.total for key, one in reviews.readings(course.id).items() if one.total is not None
    }
    waiting = [(row.id, row.country) for row in rows if row.state is State.ENDORSED]
    return totals_that_count(totals, waiting)


def _other_courses(course: Course, by: Viewer) -> dict[str, list[date]]:
    """When other courses begin in which the course's people take or took part, by person."""
    here = aliased(Registration)
    people = select(here.person_id).where(here.course_id == course.id)
    rows = db.session.execute(
        select(Registration.person_id, Course.starts_on)
        .join(Course, Course.id == Registration.course_id)
        .where(
            registrations.within(by, Permission.REGISTRATION_READ),
            Registration.course_id != course.id,
            Registration.state.in_(sorted(TAKES_PART)),
            Registration.person_id.in_(people),
        )
        .execution_options(scope="viewer")
    )
    found: dict[str, list[date]] = {}
    for person_id, starts_on in rows:
        found.setdefault(person_id, []).append(starts_on)
    return found


def digest(problem: Problem) -> str:
    """A short text that differs wherever a selection would be proposed from something else."""

    def asked(one: Any) -> Any:
        return one if FIRST in problem.minima else replace(one, first=False)

    facts = (
        [asked(one) for one in problem.eligible],
        sorted(map(repr, map(asked, problem.seated))),
        problem.blocks,
        sorted(problem.held.items()),
        problem.vacancies,
    )
    return sealed.blind_index("selection", repr(facts))


def minima_kept(course_id: str) -> dict[str, str]:
    """The minima of a course as they were typed last; none at first."""
    kept = db.session.get(SelectionMinima, course_id)
    return dict(kept.asked) if kept else {}


def proposal_of(course_id: str) -> SelectionProposal | None:
    """What was asked for a course, found or not yet."""
    wanted = select(SelectionProposal).where(SelectionProposal.course_id == course_id)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


class Opened(Struct, frozen=True):
    """What was found, opened: who is taken, or what conflicts; who was asked about."""

    taken: tuple[str, ...] = ()
    by_clock: bool = False
    conflict: tuple[Impossible, ...] = ()
    asked: Mapping[str, tuple[Change, ...] | None] = field(default_factory=dict)


def opened(proposal: SelectionProposal) -> Opened:
    """What was found by a proposal."""
    if proposal.found is None:
        return Opened()
    kept = json.loads(sealed.unseal(proposal.found, f"selection_proposal|found|{proposal.id}"))
    return Opened(
        tuple(kept["taken"]),
        kept["by_clock"],
        tuple(
            Impossible(what, _amount(asked), None if possible is None else _amount(possible))
            for what, asked, possible in kept["conflict"]
        ),
        {
            who: None if found is None else tuple(_change(*one) for one in found)
            for who, found in kept["asked"].items()
        },
    )


def sealed_for(proposal_id: str, found: Opened) -> bytes:
    """What was found, as it is kept."""
    kept = {
        "taken": sorted(found.taken),
        "by_clock": found.by_clock,
        "conflict": [
            (one.what, str(one.asked), None if one.possible is None else str(one.possible))
            for one in found.conflict
        ],
        "asked": {
            who: None
            if changes is None
            else [(one.what, None if one.asked is None else str(one.asked)) for one in changes]
            for who, changes in found.asked.items()
        },
    }
    return sealed.seal(json.dumps(kept), f"selection_proposal|found|{proposal_id}")


def _amount(written: str) -> Amount:
    return Amount(int(written.removesuffix("%")), written.endswith("%"))


def _change(what: str, asked: str | None) -> Change:
    return Change(what, None if asked is None else _amount(asked))


def minima_of(proposal: SelectionProposal | SelectionDecision) -> dict[str, Amount]:
    """The minima that were asked."""
    return minima_from(proposal.asked)


class Decided(Struct, frozen=True):
    """One person of a decision: their registration, whether they were taken, and why."""

    registration_id: str
    number: str
    function: str
    taken: bool
    reason: Reason


def decisions(course_id: str) -> list[SelectionDecision]:
    """The proposals that were accepted for a course, the latest first."""
    return list(
        db.session.scalars(
            select(SelectionDecision)
            .where(SelectionDecision.course_id == course_id)
            .order_by(SelectionDecision.at.desc(), SelectionDecision.id)
        )
    )


def decision(course_id: str, decision_id: str) -> SelectionDecision:
    """One of them. Raises ``NotFound``."""
    found = db.session.get(SelectionDecision, decision_id)
    if found is None or found.course_id != course_id:
        raise NotFound
    return found


def decided(one: SelectionDecision) -> list[Decided]:
    """Each person of a decision, opened: those taken first, by place."""
    kept = json.loads(sealed.unseal(one.reasons, f"selection_decision|reasons|{one.id}"))
    return [
        Decided(registration_id, number, function, taken, reason_from(why))
        for registration_id, number, function, taken, why in kept
    ]


def sealed_reasons(decision_id: str, rows: Iterable[Decided]) -> bytes:
    """The people of a decision, as they are kept."""
    kept = [
        (one.registration_id, one.number, one.function, one.taken, one.reason.plain) for one in rows
    ]
    return sealed.seal(json.dumps(kept), f"selection_decision|reasons|{decision_id}")


class Known(Struct, frozen=True):
    """A registration as far as a proposal names it."""

    id: str
    number: str
    person_id: str


def known(course: Course, by: Viewer, ids: Collection[str]) -> dict[str, Known]:
    """The numbers and people of registrations, within the viewer's scope, by id."""
    rows = db.session.execute(
        select(Registration.id, Registration.number, Registration.person_id)
        .where(registrations.within_course(by, SELECT, course.id), Registration.id.in_(list(ids)))
        .execution_options(scope="viewer")
    )
    return {row.id: Known(*row) for row in rows}
