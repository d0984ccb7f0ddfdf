"""The conditions for a course to change state, as a checklist for the organiser."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from trainings.core.conditions import Condition, all_met
from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, _l
from trainings.courses.rules import CourseMove, CourseState, check_move


class CourseFacts(Struct, frozen=True):
    """Everything the conditions check, as plain values; ``today`` is in the course's time zone."""

    today: date
    starts_on: date | None = None
    ends_on: date | None = None
    registration_closes_on: date | None = None
    has_title: bool = False
    has_place: bool = False
    capacity: int = 0
    seats_in_blocks: int = 0
    undecided: int = 0  # nominated, applied or endorsed
    open_offers: int = 0
    confirmed: int = 0
    sessions: int = 0  # of kind module or test
    sessions_without_trainer: int = 0
    sessions_unmarked: int = 0  # of kind module or test, where somebody's attendance is not marked
    asks_test: bool = False  # certificates of completion ask for the test
    tests: int = 0  # sessions of kind test
    results_missing: int = 0  # of people who attended, in all tests
    unnamed: int = 0  # confirmed people who have not confirmed the name for the certificate
    clashes: int = 0
    certificates: int = 0  # issued, whatever their status
    has_reason: bool = True  # required to cancel


class ConditionsUnmet(Refusal):
    """Something on the checklist is still open."""

    sentence = _l("The course cannot move on yet: %(condition)s")


def checklist(move: CourseMove, facts: CourseFacts) -> list[Condition]:
    """What a move requires, each line met or not and with what to do about it."""
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
    """The state a move leads to if its conditions are met; raises a refusal otherwise."""
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
        Condition(_l("The course has a city."), facts.has_place, _l("Add the city.")),
        Condition(
            _l("The dates are set and in the future."),
            facts.starts_on is not None
            and facts.ends_on is not None
            and facts.today <= facts.starts_on <= facts.ends_on,
            _l("Set the first and last day. The first day cannot be in the past."),
        ),
        Condition(
            _l("The seats add up to the capacity (%(seats)s of %(capacity)s)."),
            add_up,
            _l("Allocate %(capacity)s seats. So far, %(seats)s are allocated."),
            values=(("seats", facts.seats_in_blocks), ("capacity", facts.capacity)),
        ),
        _closing_day_ahead(facts),
        Condition(
            _l("The agenda has sessions."),
            facts.sessions > 0,
            _l("Candidates like to see an agenda, but you can add it later."),
            binding=False,
        ),
    ]


def _closing_day_ahead(facts: CourseFacts) -> Condition:
    closes = facts.registration_closes_on
    return Condition(
        _l("The last day of registration has not passed."),
        closes is None or closes >= facts.today,
        _l("Choose a later last day of registration."),
    )


def _to_close_registration(facts: CourseFacts) -> list[Condition]:
    closes = facts.registration_closes_on
    return [
        Condition(
            _l("The last day of registration has passed."),
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
            _l("The first day has come, so registration stays closed."),
        ),
        _closing_day_ahead(facts),
    ]


def _to_start(facts: CourseFacts) -> list[Condition]:
    return [
        Condition(
            _l("The first day has come."),
            facts.starts_on is not None and facts.today >= facts.starts_on,
            _l("You can start the course on its first day."),
        ),
        Condition(
            Counted(
                "%(confirmed)s person has confirmed.",
                "%(confirmed)s people have confirmed.",
                "confirmed",
            ),
            facts.confirmed > 0,
            _l("Nobody has confirmed a seat."),
            values=(("confirmed", facts.confirmed),),
        ),
        Condition(
            _l("The agenda has sessions."), facts.sessions > 0, _l("Add sessions to the agenda.")
        ),
        Condition(
            _l("No room or trainer is booked twice at the same time."),
            facts.clashes == 0,
            Counted(
                "There is %(clashes)s clash in the agenda.",
                "There are %(clashes)s clashes in the agenda.",
                "clashes",
            ),
            binding=False,
            values=(("clashes", facts.clashes),),
        ),
        Condition(
            _l("Every session has a trainer."),
            facts.sessions_without_trainer == 0,
            Counted(
                "%(sessions)s session has no trainer.",
                "%(sessions)s sessions have no trainer.",
                "sessions",
            ),
            binding=False,
            values=(("sessions", facts.sessions_without_trainer),),
        ),
        *([_test_planned(facts)] if facts.asks_test else []),
        Condition(
            _l("Every application is decided."),
            facts.undecided == 0,
            Counted(
                "%(undecided)s application is waiting for a decision.",
                "%(undecided)s applications are waiting for a decision.",
                "undecided",
            ),
            binding=False,
            values=(("undecided", facts.undecided),),
        ),
        _no_open_offers(facts, binding=False),
    ]


def _test_planned(facts: CourseFacts) -> Condition:
    return Condition(
        _l("The test that certificates require is in the agenda."),
        facts.tests > 0,
        _l("Add a session of the kind “Test” to the agenda, or stop requiring the test."),
        binding=False,
    )


def _results_entered(facts: CourseFacts) -> Condition:
    return Condition(
        _l("The test results are entered for everyone who attended."),
        facts.results_missing == 0,
        Counted(
            "%(results)s result is missing. You can also enter it later.",
            "%(results)s results are missing. You can also enter them later.",
            "results",
        ),
        binding=False,
        values=(("results", facts.results_missing),),
    )


def _names_confirmed(facts: CourseFacts) -> Condition:
    return Condition(
        _l("Everyone has confirmed the name for the certificate."),
        facts.unnamed == 0,
        Counted(
            "%(names)s person has not, and gets no certificate until then. Remind them.",
            "%(names)s people have not, and get no certificate until then. Remind them.",
            "names",
        ),
        binding=False,
        values=(("names", facts.unnamed),),
    )


def _no_open_offers(facts: CourseFacts, *, binding: bool) -> Condition:
    return Condition(
        _l("No offer is waiting for a reply."),
        facts.open_offers == 0,
        Counted(
            "%(offers)s offer is waiting for a reply.",
            "%(offers)s offers are waiting for a reply.",
            "offers",
        ),
        binding=binding,
        values=(("offers", facts.open_offers),),
    )


def _to_complete(facts: CourseFacts) -> list[Condition]:
    return [
        Condition(
            _l("The last day has come."),
            facts.ends_on is not None and facts.today >= facts.ends_on,
            _l("You can complete the course on its last day."),
        ),
        Condition(
            _l("Attendance is taken in every session."),
            facts.sessions_unmarked == 0,
            Counted(
                "Attendance is missing in %(sessions)s session.",
                "Attendance is missing in %(sessions)s sessions.",
                "sessions",
            ),
            values=(("sessions", facts.sessions_unmarked),),
        ),
        *([_test_planned(facts), _results_entered(facts)] if facts.asks_test else []),
        _names_confirmed(facts),
        _no_open_offers(facts, binding=True),
    ]


def _to_reopen(facts: CourseFacts) -> list[Condition]:
    return [
        Condition(
            _l("No certificate has been issued."),
            facts.certificates == 0,
            Counted(
                "%(certificates)s certificate has been issued, so the course stays completed.",
                "%(certificates)s certificates have been issued, so the course stays completed.",
                "certificates",
            ),
            values=(("certificates", facts.certificates),),
        )
    ]


def _to_cancel(facts: CourseFacts) -> list[Condition]:
    return [
        Condition(_l("A reason is given."), facts.has_reason, _l("Give a reason.")),
        Condition(
            _l("No certificate has been issued."),
            facts.certificates == 0,
            Counted(
                "%(certificates)s certificate has been issued, so the course cannot be cancelled.",
                "%(certificates)s certificates have been issued, so the course cannot be "
                "cancelled.",
                "certificates",
            ),
            values=(("certificates", facts.certificates),),
        ),
    ]
