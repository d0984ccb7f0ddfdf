"""What has to be so before a course moves on, as a list that an organiser can work through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trainings.core.conditions import Condition, all_met
from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.courses.rules import CourseMove, CourseState, check_move


@dataclass(frozen=True)
class CourseFacts:
    """Everything the conditions look at, as plain values; ``today`` is the course zone's."""

    today: date
    starts_on: date | None = None
    ends_on: date | None = None
    registration_closes_on: date | None = None
    has_title: bool = False
    has_place: bool = False
    capacity: int = 0
    seats_in_blocks: int = 0
    undecided: int = 0  # nominated, applied, endorsed
    open_offers: int = 0
    confirmed: int = 0
    sessions: int = 0  # of kind module or test
    sessions_without_trainer: int = 0
    sessions_unmarked: int = 0  # of kind module or test, where somebody has no mark
    asks_test: bool = False  # certificates of completion ask for the test
    tests: int = 0  # sessions of kind test
    results_missing: int = 0  # of people who were there, in all tests
    clashes: int = 0
    certificates: int = 0  # issued, of any status
    has_reason: bool = True  # cancelling asks for one


class ConditionsUnmet(Refusal):
    """Something on the checklist is still open."""

    sentence = _l("The course cannot move on yet: %(condition)s")


def checklist(move: CourseMove, facts: CourseFacts) -> list[Condition]:
    """What a move asks for, each line met or not and with what to do about it."""
    return {
        CourseMove.PUBLISH: _to_publish,
        CourseMove.CLOSE_REGISTRATION: _to_close_registration,
        CourseMove.REOPEN_REGISTRATION: _to_reopen_registration,
        CourseMove.START: _to_start,
        CourseMove.COMPLETE: _to_complete,
        CourseMove.REOPEN: _to_reopen,
        CourseMove.CANCEL: _to_cancel,
    }[move](facts)


def check_course(move: CourseMove, state: CourseState, facts: CourseFacts) -> CourseState:
    """The state a move leads to, its conditions met; raises a refusal otherwise."""
    after = check_move(move, state)
    conditions = checklist(move, facts)
    if not all_met(conditions):
        first = next(one for one in conditions if one.binding and not one.met)
        raise ConditionsUnmet(condition=first.advice or first.text)
    return after


def _to_publish(facts: CourseFacts) -> list[Condition]:
    add_up = facts.capacity > 0 and facts.seats_in_blocks == facts.capacity
    return [
        Condition(_l("The course has a title."), facts.has_title, _l("Give the course a title.")),
        Condition(_l("The course has a place."), facts.has_place, _l("Name the city.")),
        Condition(
            _l("The days are set and lie ahead."),
            facts.starts_on is not None
            and facts.ends_on is not None
            and facts.today <= facts.starts_on <= facts.ends_on,
            _l("Set the first and the last day; the first cannot be past."),
        ),
        Condition(
            _l("The seats add up to the capacity (%(seats)s of %(capacity)s)."),
            add_up,
            _l("Share out %(capacity)s seats; %(seats)s are shared out now."),
            values=(("seats", facts.seats_in_blocks), ("capacity", facts.capacity)),
        ),
        _closing_day_ahead(facts),
        Condition(
            _l("The agenda has sessions."),
            facts.sessions > 0,
            _l("Candidates like to see an agenda; it can also follow later."),
            binding=False,
        ),
    ]


def _closing_day_ahead(facts: CourseFacts) -> Condition:
    closes = facts.registration_closes_on
    return Condition(
        _l("The last day of registration is not past."),
        closes is None or closes >= facts.today,
        _l("Choose a later last day of registration."),
    )


def _to_close_registration(facts: CourseFacts) -> list[Condition]:
    closes = facts.registration_closes_on
    return [
        Condition(
            _l("The last day of registration is over."),
            closes is None or closes < facts.today,
            _l("Registration closes earlier than announced."),
            binding=False,
        )
    ]


def _to_reopen_registration(facts: CourseFacts) -> list[Condition]:
    return [
        Condition(
            _l("The course has not started."),
            facts.starts_on is None or facts.today < facts.starts_on,
            _l("The first day has come; registration stays closed."),
        ),
        _closing_day_ahead(facts),
    ]


def _to_start(facts: CourseFacts) -> list[Condition]:
    return [
        Condition(
            _l("The first day has come."),
            facts.starts_on is not None and facts.today >= facts.starts_on,
            _l("The course can be started on its first day."),
        ),
        Condition(
            _l("Somebody has confirmed (%(confirmed)s)."),
            facts.confirmed > 0,
            _l("Nobody has confirmed a seat."),
            values=(("confirmed", facts.confirmed),),
        ),
        Condition(
            _l("The agenda has sessions."), facts.sessions > 0, _l("Put sessions into the agenda.")
        ),
        Condition(
            _l("No room and no trainer is needed twice at the same time."),
            facts.clashes == 0,
            _l("Clashes in the agenda: %(clashes)s."),
            binding=False,
            values=(("clashes", facts.clashes),),
        ),
        Condition(
            _l("Every session has a trainer."),
            facts.sessions_without_trainer == 0,
            _l("Sessions without a trainer: %(sessions)s."),
            binding=False,
            values=(("sessions", facts.sessions_without_trainer),),
        ),
        *([_test_planned(facts)] if facts.asks_test else []),
        Condition(
            _l("Every candidature is decided."),
            facts.undecided == 0,
            _l("Candidatures that wait for a decision: %(undecided)s."),
            binding=False,
            values=(("undecided", facts.undecided),),
        ),
        _no_open_offers(facts, binding=False),
    ]


def _test_planned(facts: CourseFacts) -> Condition:
    return Condition(
        _l("The test that certificates ask for stands in the agenda."),
        facts.tests > 0,
        _l("Put a session of the kind “Test” into the agenda, or no longer ask for the test."),
        binding=False,
    )


def _results_entered(facts: CourseFacts) -> Condition:
    return Condition(
        _l("The results of the test are entered for everyone who was there."),
        facts.results_missing == 0,
        _l("Results that are missing: %(results)s. They can be entered later, too."),
        binding=False,
        values=(("results", facts.results_missing),),
    )


def _no_open_offers(facts: CourseFacts, *, binding: bool) -> Condition:
    return Condition(
        _l("No offer is waiting for an answer."),
        facts.open_offers == 0,
        _l("Offers that wait for an answer: %(offers)s."),
        binding=binding,
        values=(("offers", facts.open_offers),),
    )


def _to_complete(facts: CourseFacts) -> list[Condition]:
    return [
        Condition(
            _l("The last day has come."),
            facts.ends_on is not None and facts.today >= facts.ends_on,
            _l("The course can be completed on its last day."),
        ),
        Condition(
            _l("Attendance is taken in every session."),
            facts.sessions_unmarked == 0,
            _l("Sessions where attendance is missing: %(sessions)s."),
            values=(("sessions", facts.sessions_unmarked),),
        ),
        *([_test_planned(facts), _results_entered(facts)] if facts.asks_test else []),
        _no_open_offers(facts, binding=True),
    ]


def _to_reopen(facts: CourseFacts) -> list[Condition]:
    return [
        Condition(
            _l("No certificate has been issued."),
            facts.certificates == 0,
            _l("Certificates are issued (%(certificates)s); the course stays completed."),
            values=(("certificates", facts.certificates),),
        )
    ]


def _to_cancel(facts: CourseFacts) -> list[Condition]:
    return [
        Condition(_l("A reason is given."), facts.has_reason, _l("Please give a reason.")),
        Condition(
            _l("No certificate has been issued."),
            facts.certificates == 0,
            _l("Certificates are issued (%(certificates)s); the course cannot be cancelled."),
            values=(("certificates", facts.certificates),),
        ),
    ]
