"""Selecting, offering, answering, withdrawing, on both databases with real commits."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.jobs.models import Job
from trainings.mail.models import OutboxMail
from trainings.registrations import queries
from trainings.registrations.candidate_rules import CourseEnded, DeadlinePast
from trainings.registrations.listing_rules import Step
from trainings.registrations.rules import (
    ActRefused,
    OfferClosed,
    ReasonMissing,
    SelectionRefused,
    State,
    WalkInRefused,
)
from trainings.seats import answer_operations, offer_operations
from trainings.seats.offer_rules import NoFreeSeat, NotTakingPlace
from trainings.selection import operations as selection_operations


def mails(event: str) -> int:
    db.session.close()
    return (
        db.session.scalar(
            select(func.count()).select_from(OutboxMail).where(OutboxMail.event == event)
        )
        or 0
    )


def acts(number: str) -> list[tuple[str, str | None, str]]:
    found = acting.registration(number)
    return [(move.act, move.before, move.after) for move in queries.history(found.id)]


def test_selecting_offers_seats_then_fills_the_reserve(each_app: Flask) -> None:
    """Bolivia keeps one seat for a judge; one more is open: the third judge waits."""
    course = factories.course(capacity=3)
    acting.share_out(course, {("BO", "judge"): 1, ("BO", "police"): 1})
    numbers = [acting.standing(course, State.ENDORSED, priority=rank)[0] for rank in (3, 1, 2)]
    by = acting.organiser()
    outcome = selection_operations.select(course, numbers, by)
    assert set(outcome.offered) == {numbers[1], numbers[2]}
    assert outcome.reserve == (numbers[0],)
    first = acting.registration(numbers[1])
    assert first.state is State.OFFERED and first.seat_no == 1 and first.offered_until
    assert acting.state(numbers[0]) is State.RESERVE
    assert acts(numbers[0])[-1] == ("select", "endorsed", "reserve")
    assert (mails("registration_offer"), mails("registration_reserve")) == (2, 1)
    entries = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.act == "registration.select")
        .order_by(AuditEntry.number)
    ).all()
    assert len(entries) == 3 and {one.by for one in entries} == {by.account_id}


def test_an_offer_ends_at_the_end_of_a_day_there_and_is_followed_by_jobs(each_app: Flask) -> None:
    course = factories.course(offer_days=7)
    number, _ = acting.standing(course, State.ENDORSED)
    selection_operations.select(course, [number], acting.organiser())
    until = acting.registration(number).offered_until
    zone = "America/Argentina/Buenos_Aires"
    assert until == clock.end_of(clock.today(zone) + timedelta(days=7), zone)
    jobs = db.session.scalars(select(Job).where(Job.task != "mail.send").order_by(Job.run_at)).all()
    assert [job.task for job in jobs] == [
        "registrations.remind",
        "registrations.remind",
        "registrations.expire",
        "registrations.release",
    ]
    assert jobs[0].run_at == until - timedelta(days=3)
    assert jobs[2].run_at == until + timedelta(seconds=1)


def test_an_offer_never_outlasts_the_eve_of_the_course(app: Flask) -> None:
    course = factories.course(
        starts_in=3, offer_days=7, registration_closes_on=clock.today(factories.ZONE)
    )
    number, _ = acting.standing(course, State.ENDORSED)
    selection_operations.select(course, [number], acting.organiser())
    until = acting.registration(number).offered_until
    starts = db.session.get_one(Course, course).starts_on
    zone = "America/Argentina/Buenos_Aires"
    assert until == clock.end_of(starts - timedelta(days=1), zone)


def test_people_change_seats_so_that_nobody_waits_beside_one(each_app: Flask) -> None:
    """A Bolivian judge sits on the open seat; she moves when another country needs that."""
    course = factories.course(capacity=2)
    acting.share_out(course, {("BO", None): 1})
    first, _ = acting.standing(course, State.CONFIRMED, country="BO")
    second, _ = acting.standing(course, State.CONFIRMED, country="BO")
    third, _ = acting.standing(course, State.ENDORSED, country="PE")
    by = acting.organiser()
    assert selection_operations.select(course, [third], by).reserve == (third,)
    answer_operations.withdraw(first, "ill", by)  # the seat of the country's block frees
    assert acting.state(third) is State.OFFERED
    assert acts(second)[-1] == ("reseat", "confirmed", "confirmed")
    assert mails("registration_withdrawn") == 1
    assert mails("registration_offer") == 1  # and nobody else was told of anything
    assert mails("registration_confirmed") == 0


@pytest.mark.parametrize("ending", ["withdraw", "decline", "expire", "unselect"])
def test_a_seat_that_frees_is_offered_in_the_same_transaction(each_app: Flask, ending: str) -> None:
    course = factories.course(capacity=1)
    holder, person = acting.standing(course, State.OFFERED)
    early = clock.now() - timedelta(days=2)
    waits, _ = acting.standing(course, State.RESERVE, selected_at=early)
    later, _ = acting.standing(course, State.RESERVE)
    by = acting.organiser()
    if ending == "withdraw":
        answer_operations.withdraw(holder, "", person)
    elif ending == "decline":
        answer_operations.decline(holder, person)
    elif ending == "unselect":
        selection_operations.unselect(course, [holder], by)
    else:
        with clock.shifted(timedelta(days=8)):
            offer_operations.expire(acting.registration(holder).id)
    assert acting.state(waits) is State.OFFERED
    assert acting.state(later) is State.RESERVE
    assert acts(waits)[-1] == ("promote", "reserve", "offered")
    assert acting.seats_taken(course) == 1
    assert acting.registration(holder).block_id is None


def test_the_organisers_order_decides_who_is_next(each_app: Flask) -> None:
    course = factories.course(capacity=1)
    holder, person = acting.standing(course, State.CONFIRMED)
    early = clock.now() - timedelta(days=2)
    first, _ = acting.standing(course, State.RESERVE, selected_at=early)
    second, _ = acting.standing(course, State.RESERVE)
    by = acting.organiser()
    selection_operations.move_on_reserve(course, second, Step.UP, by)
    answer_operations.withdraw(holder, "", person)
    assert (acting.state(first), acting.state(second)) == (State.RESERVE, State.OFFERED)
    with pytest.raises(ActRefused):
        selection_operations.move_on_reserve(course, second, Step.FIRST, by)


def test_accepting_confirms_until_the_deadline_and_not_after(each_app: Flask) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.OFFERED)
    late, late_person = acting.standing(course, State.OFFERED)
    answer_operations.accept(number, person)
    assert acting.state(number) is State.CONFIRMED
    assert mails("registration_confirmed") == 1
    with pytest.raises(OfferClosed):
        answer_operations.accept(number, person)
    with clock.shifted(timedelta(days=8)), pytest.raises(OfferClosed):
        answer_operations.accept(late, late_person)
    assert acting.state(late) is State.OFFERED


def test_more_time_can_be_given_and_the_old_expiry_then_does_nothing(each_app: Flask) -> None:
    course = factories.course()
    number, _ = acting.standing(course, State.OFFERED)
    by = acting.organiser()
    today = clock.today("America/Argentina/Buenos_Aires")
    selection_operations.extend_offer(course, number, today + timedelta(days=20), by)
    key = acting.registration(number).id
    with clock.shifted(timedelta(days=8)):
        offer_operations.expire(key)
    assert acting.state(number) is State.OFFERED
    with clock.shifted(timedelta(days=22)):
        offer_operations.expire(key)
        offer_operations.expire(key)
    assert acting.state(number) is State.EXPIRED
    assert mails("registration_expired") == 1
    for wrong in (today - timedelta(days=1), today + timedelta(days=61), date.max):
        other, _ = acting.standing(course, State.OFFERED)
        with pytest.raises(DeadlinePast):
            selection_operations.extend_offer(course, other, wrong, by)


def test_a_reminder_goes_out_once_and_not_after_an_answer(each_app: Flask) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.OFFERED)
    found = acting.registration(number)
    until = found.offered_until
    assert until is not None
    with clock.at(until - timedelta(days=2)):
        offer_operations.remind(found.id, 1, until.isoformat())
        offer_operations.remind(found.id, 1, until.isoformat())
        assert mails("registration_reminder") == 1
        offer_operations.remind(
            found.id, 2, (until - timedelta(hours=5)).isoformat()
        )  # of an older deadline
        assert mails("registration_reminder") == 1
        answer_operations.accept(number, person)
        offer_operations.remind(found.id, 2, until.isoformat())
    assert mails("registration_reminder") == 1


def test_an_invited_person_is_offered_a_seat_or_waits(each_app: Flask) -> None:
    course = factories.course(capacity=1)
    by = acting.organiser()
    one = selection_operations.invite(course, acting.candidate(), by)
    two = selection_operations.invite(course, acting.candidate(), by)
    assert (acting.state(one), acting.state(two)) == (State.OFFERED, State.RESERVE)


def during(course: str) -> AbstractContextManager[None]:
    """On the first day of a course."""
    starts_on = db.session.scalar(select(Course.starts_on).where(Course.id == course))
    assert starts_on
    return clock.at(clock.end_of(starts_on, factories.ZONE) - timedelta(hours=12))


def test_who_came_is_seated_at_once_or_not_at_all(each_app: Flask) -> None:
    course, by = factories.course(capacity=1), acting.organiser()
    with during(course):
        number = selection_operations.walk_in(course, acting.candidate(), by)
        found = acting.registration(number)
        assert (found.state, found.seat_no) == (State.CONFIRMED, 1)
        assert acts(number) == [("walk_in", None, "confirmed")]
        assert mails("registration_confirmed") == 1
        with pytest.raises(NoFreeSeat):
            selection_operations.walk_in(course, acting.candidate(), by)
    assert mails("registration_confirmed") == 1


@pytest.mark.parametrize("state", [State.ENDORSED, State.RESERVE])
def test_who_waited_is_seated_on_the_day(each_app: Flask, state: State) -> None:
    course, by = factories.course(capacity=2), acting.organiser()
    waited, other, third = (acting.standing(course, state)[0] for _ in range(3))
    with during(course):
        with pytest.raises(NoFreeSeat):  # all of them or nobody
            selection_operations.seat_on_the_day(course, [waited, other, third], by)
        assert acting.state(waited) is state
        selection_operations.seat_on_the_day(course, [waited, other], by)
    assert [acting.state(one) for one in (waited, other, third)] == [
        State.CONFIRMED,
        State.CONFIRMED,
        state,
    ]
    assert {acting.registration(one).seat_no for one in (waited, other)} == {1, 2}


@pytest.mark.parametrize("days", [-1, 5])
def test_nobody_is_seated_on_another_day(each_app: Flask, days: int) -> None:
    course, by = factories.course(), acting.organiser()
    waited, _ = acting.standing(course, State.RESERVE)
    with during(course), clock.shifted(timedelta(days=days)):
        with pytest.raises(NotTakingPlace):
            selection_operations.walk_in(course, acting.candidate(), by)
        with pytest.raises(NotTakingPlace):
            selection_operations.seat_on_the_day(course, [waited], by)


def test_who_was_not_endorsed_is_not_seated_on_the_day(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    number, _ = acting.standing(course, State.APPLIED)
    with during(course), pytest.raises(WalkInRefused):
        selection_operations.seat_on_the_day(course, [number], by)


def test_withdrawing_somebody_else_takes_the_organiser_a_reason(each_app: Flask) -> None:
    course = factories.course()
    number, _ = acting.standing(course, State.CONFIRMED)
    by = acting.organiser()
    with pytest.raises(ReasonMissing):
        answer_operations.withdraw(number, "  ", by)
    answer_operations.withdraw(number, "changed units", by)
    found = acting.registration(number)
    assert found.state is State.WITHDRAWN
    step = queries.history(found.id)[-1]
    assert queries.reason_of(step) == "changed units"
    assert b"changed units" not in (step.reason or b"")


@pytest.mark.parametrize("before", list(State))
def test_only_the_endorsed_are_selected(app: Flask, before: State) -> None:
    course = factories.course()
    number, _ = acting.standing(course, before)
    by = acting.organiser()
    if before is State.ENDORSED:
        selection_operations.select(course, [number], by)
        assert acting.state(number) is State.OFFERED
        return
    other, _ = acting.standing(course, State.ENDORSED)
    with pytest.raises(SelectionRefused):
        selection_operations.select(course, [other, number], by)
    assert acting.state(number) is before
    assert acting.state(other) is State.ENDORSED  # all or nothing


def test_who_may_not_is_told_that_there_is_nothing(app: Flask) -> None:
    """The right for another course, agency or country counts nothing here."""
    course = factories.course(agencies=("IOM",))
    elsewhere = factories.course("OTHER", lead="UNODC", agencies=("UNODC",))
    number, person = acting.standing(course, State.ENDORSED)
    offered, offered_person = acting.standing(course, State.OFFERED)
    strangers = [
        acting.organiser("UNODC"),
        acting.focal_point("PE"),
        factories.account("trainer", course_id=course),
        factories.account("organiser", course_id=elsewhere),
        factories.account("administrator"),
        person,
    ]
    for stranger in strangers:
        with pytest.raises(NotFound):
            selection_operations.select(course, [number], stranger)
        with pytest.raises(NotFound):
            answer_operations.accept(offered, stranger)
        with pytest.raises(NotFound):
            answer_operations.withdraw(offered, "why", stranger)
    with pytest.raises(NotFound):  # of the right course, under another
        selection_operations.select(elsewhere, [number], acting.organiser("UNODC"))
    assert acting.state(offered) is State.OFFERED
    answer_operations.decline(offered, offered_person)


@pytest.mark.parametrize("to", [CourseState.COMPLETED, CourseState.CANCELLED])
def test_nothing_moves_on_a_course_that_has_ended(app: Flask, to: CourseState) -> None:
    course = factories.course()
    number, _ = acting.standing(course, State.ENDORSED)
    offered, person = acting.standing(course, State.OFFERED)
    acting.end(course, to)
    with pytest.raises(CourseEnded):
        selection_operations.select(course, [number], acting.organiser())
    with pytest.raises(CourseEnded):
        answer_operations.accept(offered, person)
    assert acting.state(offered) is State.OFFERED
