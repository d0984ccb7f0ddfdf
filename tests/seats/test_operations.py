"""Sharing out the seats and releasing them, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.jobs.models import Job
from trainings.registrations.candidate_rules import (
    CountryNotInvited,
    CourseEnded,
    FunctionNotInvited,
)
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.listing_rules import UNDECIDED
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.seats import answer_operations, matrix_queries, waiting_queries
from trainings.seats import operations as seat_operations
from trainings.seats import queries as seat_queries
from trainings.seats.placing_rules import (
    BlockBelowHolders,
    CapacityMissing,
    SeatsDoNotAddUp,
    SeatsNegative,
)
from trainings.selection import operations as selection_operations

ZONE = "America/Argentina/Buenos_Aires"


def kept(course: str) -> dict[tuple[str | None, str | None], int]:
    db.session.close()
    return {(b.country, b.function): b.seats for b in seat_queries.blocks(course) if b.seats}


def test_seats_are_shared_out_anew_and_the_trail_says_what_changed(each_app: Flask) -> None:
    course = factories.course(capacity=6)
    by = acting.organiser()
    bolivia = {("BO", "police"): 2, ("BO", "prosecutor"): 2, ("BO", "judge"): 1, ("BO", None): 1}
    seat_operations.set_blocks(course, bolivia, by)
    assert kept(course) == bolivia
    less = {("BO", "police"): 1, (None, None): 5}
    seat_operations.set_blocks(course, less, by)
    assert kept(course) == less
    seat_operations.set_blocks(course, {(None, None): 8}, by, capacity=8)
    assert kept(course) == {(None, None): 8}
    assert db.session.get_one(Course, course).capacity == 8
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "seats.edit").order_by(AuditEntry.number)
    ).all()
    assert ["BO", "police", 2, 1] in entries[1].details["changed"]


@pytest.mark.parametrize(
    ("seats", "capacity", "refusal"),
    [
        ({(None, None): 5}, None, SeatsDoNotAddUp),
        ({(None, None): 7}, None, SeatsDoNotAddUp),
        ({(None, None): 8, ("BO", None): -2}, None, SeatsNegative),
        ({("FR", None): 1, (None, None): 5}, None, CountryNotInvited),
        ({(None, "coroner"): 1, (None, None): 5}, None, FunctionNotInvited),
        ({}, 0, CapacityMissing),
    ],
)
def test_seats_that_cannot_be_are_refused(
    app: Flask, seats: seat_operations.Seats, capacity: int | None, refusal: type[Exception]
) -> None:
    course = factories.course(capacity=6)
    with pytest.raises(refusal):
        seat_operations.set_blocks(course, seats, acting.organiser(), capacity=capacity)
    assert kept(course) == {}


def test_a_block_never_shrinks_below_who_sits_there(each_app: Flask) -> None:
    course = factories.course(capacity=4)
    acting.share_out(course, {("BO", None): 2})
    one, person = acting.standing(course, State.CONFIRMED)
    two, _ = acting.standing(course, State.CONFIRMED)
    by = acting.organiser()
    with pytest.raises(BlockBelowHolders):
        seat_operations.set_blocks(course, {("BO", None): 1, (None, None): 3}, by)
    answer_operations.withdraw(one, "", person)
    seat_operations.set_blocks(course, {("BO", None): 1, (None, None): 3}, by)
    assert acting.registration(two).seat_no == 1  # no seat beyond the size of its block


def test_new_seats_are_offered_at_once(each_app: Flask) -> None:
    course = factories.course(capacity=1)
    acting.standing(course, State.CONFIRMED)
    waits, _ = acting.standing(course, State.RESERVE)
    seat_operations.set_blocks(course, {(None, None): 2}, acting.organiser(), capacity=2)
    assert acting.state(waits) is State.OFFERED


def test_only_the_lead_agency_shares_out_seats(app: Flask) -> None:
    course = factories.course(capacity=2, lead="IOM")
    for stranger in (acting.organiser("UNODC"), acting.focal_point()):
        with pytest.raises(NotFound):
            seat_operations.set_blocks(course, {(None, None): 2}, stranger)
    acting.end(course, CourseState.COMPLETED)
    with pytest.raises(CourseEnded):
        seat_operations.set_blocks(course, {(None, None): 2}, acting.organiser())


def released(course: str) -> list[list[object]]:
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "seats.release").order_by(AuditEntry.number)
    )
    return [given for entry in entries for given in entry.details["given"]]


def test_at_the_end_of_the_release_date_there_free_seats_open(each_app: Flask) -> None:
    day = clock.today(ZONE) + timedelta(days=20)
    course = factories.course(capacity=3, release_on=day)
    acting.share_out(course, {("BO", None): 2, (None, "police"): 1})
    acting.standing(course, State.CONFIRMED, country="BO")
    waits, _ = acting.standing(course, State.RESERVE, country="PE")
    last_second = datetime(day.year, day.month, day.day, 2, 59, 59, tzinfo=UTC) + timedelta(days=1)
    with clock.at(last_second - timedelta(seconds=5)):
        seat_operations.release(course)
        assert acting.state(waits) is State.RESERVE
        assert released(course) == []
    with clock.at(last_second + timedelta(seconds=2)):
        seat_operations.release(course)
        seat_operations.release(course)
    assert acting.state(waits) is State.OFFERED
    assert kept(course) == {("BO", None): 1, (None, "police"): 1, (None, None): 1}
    assert released(course) == [["BO", None, 1]]  # once, and whose it was


def test_the_release_follows_its_date_when_that_moves(app: Flask) -> None:
    day = clock.today(ZONE) + timedelta(days=20)
    course = factories.course(release_on=day)
    seat_operations.release(course)
    job = db.session.scalars(select(Job).where(Job.task == "registrations.release")).one()
    assert job.run_at == clock.end_of(day, ZONE) + timedelta(seconds=1)


def test_seats_that_free_after_the_release_go_to_all(each_app: Flask) -> None:
    day = clock.today(ZONE) + timedelta(days=1)
    course = factories.course(capacity=1, release_on=day)
    acting.share_out(course, {("BO", None): 1})
    holder, person = acting.standing(course, State.CONFIRMED, country="BO")
    waits, _ = acting.standing(course, State.RESERVE, country="PE")
    with clock.shifted(timedelta(days=3)):
        seat_operations.release(course)
        assert acting.state(waits) is State.RESERVE
        answer_operations.withdraw(holder, "", person)
    assert acting.state(waits) is State.OFFERED
    assert kept(course) == {(None, None): 1}
    assert released(course) == [["BO", None, 1]]


def test_a_release_that_is_due_is_not_waited_for(app: Flask) -> None:
    """Should the worker be down, whoever acts next releases first; those who wait come first."""
    day = clock.today(ZONE) + timedelta(days=1)
    course = factories.course(capacity=1, release_on=day)
    acting.share_out(course, {("BO", None): 1})
    waits, _ = acting.standing(course, State.RESERVE, country="PE")
    late, _ = acting.standing(course, State.ENDORSED, country="PE")
    with clock.shifted(timedelta(days=3)):
        selection_operations.select(course, [late], acting.organiser())
    assert (acting.state(waits), acting.state(late)) == (State.OFFERED, State.RESERVE)


def test_the_matrix_adds_up(each_app: Flask) -> None:
    course = factories.course(capacity=4)
    acting.share_out(course, {("BO", "judge"): 1, ("PE", None): 2})
    acting.standing(course, State.CONFIRMED)
    acting.standing(course, State.OFFERED)  # a second judge of Bolivia: on the open seat
    acting.standing(course, State.RESERVE)
    acting.standing(course, State.ENDORSED, country="PE")
    found = matrix_queries.matrix(db.session.get_one(Course, course))
    judge = found.cell("BO", "judge")
    numbers = (judge.kept, judge.confirmed, judge.offered, judge.free, judge.reserve)
    assert numbers == (1, 1, 0, 0, 1)
    opened = found.cell(None, None)
    assert (opened.kept, opened.offered, opened.free) == (1, 1, 0)
    total = found.total
    assert (total.kept, total.taken, total.free, total.reserve) == (4, 2, 2, 1)
    assert found.row("PE").kept == 2 and found.row("PE").undecided == 1
    shown = found.seen(None, "judge")  # the one on the open seat, in the open row
    assert (shown.kept, shown.offered, shown.free) == (1, 1, 0)
    assert found.seen(None, None).kept == 0 and found.seen("PE", None).free == 2
    judges, anyone = found.column("judge"), found.column(None)
    assert (judges.kept, judges.taken, judges.reserve) == (2, 2, 1)
    assert (anyone.kept, anyone.taken) == (2, 0)
    assert judges.kept + anyone.kept == total.kept and judges.taken + anyone.taken == total.taken
    people = headcount(course)
    assert (people.seats, people.number([State.CONFIRMED]), people.number(UNDECIDED)) == (4, 1, 1)


def test_who_waits_can_be_told_why(app: Flask) -> None:
    course = factories.course(capacity=2)
    acting.share_out(course, {("BO", "judge"): 1, ("PE", None): 1})
    acting.standing(course, State.OFFERED)
    early = clock.now() - timedelta(days=1)
    acting.standing(course, State.RESERVE, selected_at=early)
    waits, _ = acting.standing(course, State.RESERVE)
    who = acting.registration(waits)
    assert waiting_queries.reserve_place(who) == (2, 2)
    assert _said(course, who) == (
        "the only suitable seat is taken; one of them is offered, not confirmed"
    )


def _said(course: str, who: Registration) -> str:
    found = matrix_queries.matrix(db.session.get_one(Course, course))
    return found.next_step(who, "UTC")


def test_what_was_asked_of_a_matrix_does_not_make_it_another(app: Flask) -> None:
    course = db.session.get_one(Course, acting.at_once())
    asked, new = matrix_queries.matrix(course), matrix_queries.matrix(course)
    assert asked.fitting("BO", "judge") == asked.fitting("BO", "judge")
    assert asked == new and repr(asked) == repr(new)


def test_a_seat_that_others_can_free_by_moving_is_a_seat(app: Flask) -> None:
    """The list counted free seats where the page of one person tried to place them."""
    course = factories.course(capacity=2)
    acting.share_out(course, {("BO", None): 1, (None, "judge"): 1})
    acting.standing(course, State.CONFIRMED, country="BO", function="judge")
    waits, _ = acting.standing(course, State.RESERVE, country="BO", function="police")
    assert _said(course, acting.registration(waits)) == "can be offered a free seat"


def test_before_seats_are_shared_out_all_are_open(app: Flask) -> None:
    course = factories.course(capacity=1)
    waits, _ = acting.standing(course, State.RESERVE)
    assert _said(course, acting.registration(waits)) == "can be offered a free seat"
