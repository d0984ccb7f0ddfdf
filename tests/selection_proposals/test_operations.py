"""A selection is asked for, found by the worker, and accepted in one act or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories, racing
from tests.registrations import acting
from tests.selection_proposals.desk import Desk, kept, unit
from trainings.accounts.models import AccountGrant
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.jobs.models import Job
from trainings.registrations import locked_queries
from trainings.registrations.rules import State
from trainings.seats import operations as seats
from trainings.selection import operations as selection
from trainings.selection_proposals import choice_solver, operations, queries
from trainings.selection_proposals.models import SelectionDecision, SelectionMinima
from trainings.selection_proposals.rules import (
    SEAT,
    Change,
    MinimumUnread,
    NoProposal,
    NothingFound,
    Outdated,
    SearchState,
)


def test_asked_found_and_accepted(each_app: Flask, desk: Desk) -> None:
    desk.ask()
    found = kept()
    assert found is not None and found.standing is SearchState.WAITING
    assert db.session.scalars(select(Job.task)).all().count("selection_proposals.look") == 1
    key = found.id
    db.session.close()
    operations.look(key)
    assert desk.taken() == {"first", "second", "officer"}
    assert set(desk.states().values()) == {"endorsed"}, "nothing changes until somebody accepts"
    assert factories.mails("registration_offer") == []
    db.session.close()
    assert operations.accept(desk.course, desk.by) == 3
    assert kept() is None
    assert desk.states() == {
        "first": "offered",
        "second": "offered",
        "third": "endorsed",
        "officer": "offered",
        "colleague": "endorsed",
    }
    assert len(factories.mails("registration_offer")) == 3
    (decision,) = db.session.scalars(select(SelectionDecision)).all()
    rows = queries.decided(decision)
    assert [one.taken for one in rows] == [True] * 3 + [False] * 2
    assert decision.by == desk.by.account_id
    told = {one.number: one.reason for one in rows}
    assert told[desk.numbers["third"]].went_to[-1] == ("BO", 2, None)


def test_minima_are_kept_for_the_course_and_change_the_choice(each_app: Flask, desk: Desk) -> None:
    desk.propose(women="60%", judge="2")
    assert desk.taken() == {"first", "third", "colleague"}
    minima = db.session.get_one(SelectionMinima, desk.course)
    assert minima.asked == {"women": "60%", "judge": "2"}
    desk.propose(women=" ")
    assert queries.minima_kept(desk.course) == {}


def test_units_and_other_courses_count(each_app: Flask, desk: Desk) -> None:
    for name in ("first", "second"):
        unit(desk.numbers[name], {"first": "Juzgado 1º ", "second": "juzgado  1º"}[name])
    desk.propose(unit="1")
    assert desk.taken() == {"first", "third", "officer"}
    earlier = factories.course("OLD26", starts_in=-300)
    person = acting.registration(desk.numbers["officer"]).person_id
    acting.add_registration(earlier, person, State.ATTENDED, "AR", "police")
    desk.propose(years="2")
    assert desk.taken() == {"first", "second", "colleague"}
    desk.propose(first="3")
    assert desk.taken() == {"first", "second", "colleague"}


def test_a_course_that_the_asker_does_not_see_is_not_told(each_app: Flask, desk: Desk) -> None:
    earlier = factories.course("OLD26", lead="UNODC", agencies=("UNODC",), starts_in=-300)
    person = acting.registration(desk.numbers["officer"]).person_id
    acting.add_registration(earlier, person, State.ATTENDED, "AR", "police")
    desk.propose(years="2")
    assert "officer" in desk.taken()
    colleague = acting.organiser("UNODC")
    db.session.close()
    with pytest.raises(Outdated):  # who sees that course would be shown another proposal
        operations.accept(desk.course, colleague)
    assert operations.accept(desk.course, desk.by) == 3


def change_seats(desk: Desk) -> None:
    seats.set_blocks(desk.course, {("BO", "judge"): 1, (None, None): 2}, desk.by)


def select_one(desk: Desk) -> None:
    selection.select(desk.course, [desk.numbers["third"]], desk.by)


def reject_none_but_add(desk: Desk) -> None:
    acting.standing(desk.course, State.ENDORSED, country="PE", function="judge", priority=1)


def change_unit(desk: Desk) -> None:
    unit(desk.numbers["colleague"], "Comisaría")


@pytest.mark.parametrize("change", [change_seats, select_one, reject_none_but_add, change_unit])
def test_what_changed_since_makes_it_outdated(
    each_app: Flask, desk: Desk, change: Callable[[Desk], None]
) -> None:
    desk.propose()
    change(desk)
    before = desk.states()
    db.session.close()
    with pytest.raises(Outdated):
        operations.accept(desk.course, desk.by)
    assert desk.states() == before and kept() is not None
    assert db.session.scalar(select(func.count()).select_from(SelectionDecision)) == 0


def test_what_is_asked_last_counts_and_what_is_discarded_is_gone(
    each_app: Flask, desk: Desk
) -> None:
    first, second = desk.ask(), desk.ask(women="60%")
    operations.look(first)  # the worker comes too late
    found = kept()
    assert found is not None and found.id == second and found.standing is SearchState.WAITING
    db.session.close()
    with pytest.raises(NoProposal):
        operations.accept(desk.course, desk.by)
    operations.discard(desk.course, desk.by)
    operations.look(second)
    assert kept() is None


def test_where_nobody_waits_the_minima_are_kept(each_app: Flask, desk: Desk) -> None:
    course = factories.course("EMPTY1")
    assert operations.ask(course, {"women": "40 %", "judge": ""}, desk.by) is False
    assert queries.minima_kept(course) == {"women": "40%"} and kept() is None
    db.session.close()
    with pytest.raises(MinimumUnread):
        operations.ask(course, {"women": "many"}, desk.by)


def test_a_conflict_is_an_answer(each_app: Flask, desk: Desk) -> None:
    desk.propose(women="70%", judge="2")
    found = kept()
    assert found is not None and found.standing is SearchState.CONFLICT
    conflict = queries.opened(found).conflict
    assert [(one.what, str(one.possible)) for one in conflict] == [("women", "66%"), ("judge", "1")]
    db.session.close()
    with pytest.raises(NoProposal):
        operations.accept(desk.course, desk.by)


def test_nothing_found_in_the_time_is_an_answer(
    each_app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_given: object) -> None:
        raise NothingFound

    key = desk.ask()
    monkeypatch.setattr(choice_solver, "choose", none)
    operations.look(key)
    found = kept()
    assert found is not None and found.standing is SearchState.NONE


def test_who_lost_the_right_meanwhile_gets_nothing(each_app: Flask, desk: Desk) -> None:
    key = desk.ask()
    with transaction() as session:
        for grant in session.scalars(
            select(AccountGrant).where(AccountGrant.account_id == desk.by.account_id)
        ):
            grant.ended_at = clock.now()
    operations.look(key)
    found = kept()
    assert found is not None and found.standing is SearchState.NONE and found.found is None


def test_only_who_selects_may_ask_and_accept(each_app: Flask, desk: Desk) -> None:
    desk.propose()
    for other in (acting.focal_point("BO"), factories.account(Role.TRAINER, course_id=desk.course)):
        for act in (
            lambda who: operations.ask(desk.course, {}, who),
            lambda who: operations.accept(desk.course, who),
            lambda who: operations.discard(desk.course, who),
            lambda who: operations.wonder(desk.course, desk.numbers["third"], who),
        ):
            with pytest.raises(NotFound):
                act(other)
    assert kept() is not None


def test_what_would_have_to_change_is_found_by_the_worker(each_app: Flask, desk: Desk) -> None:
    desk.propose()
    number = desk.numbers["third"]
    for _twice in range(2):
        operations.wonder(desk.course, number, desk.by)
    assert db.session.scalars(select(Job.task)).all().count("selection_proposals.answer") == 1
    operations.wonder(desk.course, desk.numbers["first"], desk.by)  # taken: nothing to ask
    found = kept()
    assert found is not None
    (key,) = queries.opened(found).asked
    proposal = found.id
    db.session.close()
    operations.answer(proposal, key)
    found = kept()
    assert found is not None
    asked = queries.opened(found).asked[key]
    assert asked is not None and Change(SEAT) in asked
    operations.discard(desk.course, desk.by)
    operations.answer(proposal, key)  # too late
    assert kept() is None


def test_a_release_that_is_due_gives_nobody_a_place_on_the_reserve_list(
    each_app: Flask, desk: Desk
) -> None:
    """Somebody on the reserve list gets the released seat first: the proposal does not hold."""
    desk.propose(judge="2")
    waiting, _person = acting.standing(desk.course, State.RESERVE, country="PE", function="judge")
    with transaction() as session:
        course = session.get_one(Course, desk.course)
        course.release_on = clock.today(course.zone) - timedelta(days=1)
    before = desk.states()
    db.session.close()
    with pytest.raises(Outdated):
        operations.accept(desk.course, desk.by)
    assert desk.states() == before and acting.state(waiting) is State.RESERVE


def test_two_accept_and_each_is_offered_one_seat(
    each_app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.propose()
    answers = accepted_by_two(each_app, desk, monkeypatch)
    assert sum(isinstance(one, NoProposal) for one in answers) == 1, answers
    assert len(factories.mails("registration_offer")) == 3


def test_without_the_lock_both_go_on(
    each_app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.propose()
    racing.take_locks_off(monkeypatch, courses, locked_queries)
    answers = accepted_by_two(each_app, desk, monkeypatch)
    assert not any(isinstance(one, NoProposal) for one in answers), answers


def accepted_by_two(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    other = acting.organiser()
    db.session.close()
    acts: list[Callable[[], object]] = [
        lambda: operations.accept(desk.course, desk.by),
        lambda: operations.accept(desk.course, other),
    ]
    return racing.both_look(app, monkeypatch, operations, "_standing", acts)
