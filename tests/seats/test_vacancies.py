"""A focal point withdraws or replaces one of theirs; the seat is held before it goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from tests.seats.test_races import at_once, no_lock
from trainings.core import clock
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import Course
from trainings.jobs.models import Job
from trainings.mail import queries as mail
from trainings.mail.models import OutboxMail
from trainings.registrations.rules import ActRefused, ReasonMissing, State
from trainings.seats import matrix_queries, queries
from trainings.seats import operations as seat_operations
from trainings.seats.answer_operations import SeatTo, give_held_seats, withdraw
from trainings.seats.held_rules import HeldSeatLost
from trainings.seats.offer_rules import CourseBegun, NoVacancy, SeatOfOthers, last_day_of_vacancy
from trainings.seats.placing_rules import BlockBelowHolders
from trainings.selection import operations as selection

__all__ = ["no_lock"]


def mails(event: str) -> list[str]:
    db.session.close()
    found = db.session.scalars(select(OutboxMail).where(OutboxMail.event == event))
    return [mail.opened(one).body for one in found]


def full_course() -> tuple[str, str, str]:
    """One seat for Bolivia's judges and one open; both taken, another judge waits."""
    course = factories.course(capacity=2)
    acting.share_out(course, {("BO", "judge"): 1})
    holder, _ = acting.standing(course, State.CONFIRMED)
    acting.standing(course, State.CONFIRMED, country="PE")
    waits, _ = acting.standing(course, State.RESERVE)
    return course, holder, waits


def test_a_confirmed_seat_is_held_for_the_country_then_goes_to_the_reserve(each_app: Flask) -> None:
    course, holder, waits = full_course()
    withdraw(holder, "Posted to another unit", acting.focal_point("BO"), seat_to=SeatTo.HELD)
    assert acting.state(holder) is State.WITHDRAWN and acting.state(waits) is State.RESERVE
    assert "Posted to another unit" in mails("registration_withdrawn")[0]
    (held,) = queries.vacancies(course)
    assert (held.country, held.function) == ("BO", "judge")
    cell = matrix_queries.matrix(db.session.get_one(Course, course)).cell("BO", "judge")
    assert (cell.kept, cell.taken, cell.vacant, cell.free) == (1, 0, 1, 0)
    until = held.until
    jobs = db.session.scalars(select(Job.run_at).where(Job.task == "registrations.promote"))
    assert until + timedelta(seconds=1) in list(jobs)
    db.session.close()
    seat_operations.promote(course)
    assert acting.state(waits) is State.RESERVE
    with clock.at(until + timedelta(seconds=1)):
        seat_operations.promote(course)
        seat_operations.promote(course)
    assert acting.state(waits) is State.OFFERED


def test_the_held_seat_goes_to_another_of_the_country(each_app: Flask) -> None:
    course, holder, waits = full_course()
    focal = acting.focal_point("BO")
    withdraw(holder, "Ill", focal, seat_to=SeatTo.HELD)
    other, _ = acting.standing(course, State.ENDORSED, function="police")
    with pytest.raises(NoVacancy):
        give_held_seats(course, [other], focal)
    stranger = acting.focal_point("PE")
    with pytest.raises(NotFound):
        give_held_seats(course, [waits], stranger)
    give_held_seats(course, [waits], focal)
    assert acting.state(waits) is State.OFFERED and len(mails("registration_offer")) == 1
    late, _ = acting.standing(course, State.ENDORSED)
    with pytest.raises(NoVacancy):
        give_held_seats(course, [late], focal)
    assert acting.state(late) is State.ENDORSED and not queries.vacancies(course)


def test_a_candidate_whom_the_organiser_selects_takes_the_seat_held_for_their_group(
    each_app: Flask,
) -> None:
    course, holder, _ = full_course()
    withdraw(holder, "Ill", acting.focal_point("BO"), seat_to=SeatTo.HELD)
    peru, _ = acting.standing(course, State.ENDORSED, country="PE")
    judge, _ = acting.standing(course, State.ENDORSED)
    done = selection.select(course, [peru, judge], acting.organiser())
    assert done.offered == (judge,) and done.reserve == (peru,)


def test_somebody_is_replaced_in_one_act(each_app: Flask) -> None:
    course, holder, _ = full_course()
    before = acting.registration(holder)
    seat = (before.block_id, before.seat_no)
    one, _ = acting.standing(course, State.ENDORSED)
    police, _ = acting.standing(course, State.ENDORSED, function="police")
    foreign, _ = acting.standing(course, State.ENDORSED, country="PE")
    nominated, _ = acting.standing(course, State.NOMINATED)
    focal = acting.focal_point("BO")
    for number, refusal in ((police, SeatOfOthers), (foreign, NotFound), (nominated, ActRefused)):
        with pytest.raises(refusal):
            withdraw(holder, "Ill", focal, seat_to=number)
        assert acting.state(holder) is State.CONFIRMED
    withdraw(holder, "Ill", focal, seat_to=one)
    after = acting.registration(one)
    assert (after.state, (after.block_id, after.seat_no)) == (State.OFFERED, seat)
    assert after.offered_until and len(mails("registration_offer")) == 1
    withdraw(one, "Never mind", acting.organiser(), seat_to=SeatTo.RESERVE)
    assert acting.state(one) is State.WITHDRAWN
    assert "Never mind" not in "".join(mails("registration_withdrawn"))


def test_an_open_seat_passes_to_whoever_of_the_country_it_fits(each_app: Flask) -> None:
    course = factories.course(capacity=1)
    acting.share_out(course, {})
    holder, _ = acting.standing(course, State.OFFERED)
    police, _ = acting.standing(course, State.ENDORSED, function="police")
    withdraw(holder, "Ill", acting.focal_point("BO"), seat_to=police)
    assert acting.state(police) is State.OFFERED


def test_a_focal_point_withdraws_only_their_own_and_says_why(each_app: Flask) -> None:
    _, holder, _ = full_course()
    for stranger in (acting.focal_point("PE"), acting.focal_point("BO", ("police",))):
        with pytest.raises(NotFound):
            withdraw(holder, "Ill", stranger, seat_to=SeatTo.HELD)
    with pytest.raises(ReasonMissing):
        withdraw(holder, " ", acting.focal_point("BO"), seat_to=SeatTo.HELD)
    assert acting.state(holder) is State.CONFIRMED


def test_late_no_seat_is_held_and_once_the_course_began_none_is_passed_on(each_app: Flask) -> None:
    course, holder, waits = full_course()
    starts = db.session.get_one(Course, course).starts_on
    db.session.close()
    other, _ = acting.standing(course, State.ENDORSED)
    with clock.shifted(starts - clock.today(factories.ZONE)), pytest.raises(CourseBegun):
        withdraw(holder, "Ill", acting.focal_point("BO"), seat_to=other)
    with clock.shifted(starts - clock.today(factories.ZONE) - timedelta(days=2)):
        withdraw(holder, "Ill", acting.focal_point("BO"), seat_to=SeatTo.HELD)
        assert not queries.vacancies(course)
    assert acting.state(waits) is State.OFFERED


def test_a_held_seat_moves_to_a_block_that_fits_when_seats_are_moved(each_app: Flask) -> None:
    """Who is then chosen for it sits there; the organisers read why where nothing fits."""
    course, holder, _ = full_course()
    by = acting.organiser()
    withdraw(holder, "Ill", acting.focal_point("BO"), seat_to=SeatTo.HELD)
    seats: dict[tuple[str | None, str | None], int]
    for seats in ({(None, None): 1, ("PE", None): 1}, {(None, None): 1}):
        with pytest.raises(HeldSeatLost) as refused:
            seat_operations.set_blocks(course, seats, by, capacity=sum(seats.values()))
        assert "held for Bolivia, Judge until" in str(refused.value)
    with pytest.raises(BlockBelowHolders):  # people stay where they sit
        seat_operations.set_blocks(course, {("BO", None): 2}, by)

    seat_operations.set_blocks(course, {(None, None): 1, ("BO", None): 1}, by)
    (held,) = queries.vacancies(course)
    moved_to = queries.block(held.block_id)
    assert (moved_to.country, moved_to.function) == ("BO", None)
    db.session.close()
    assert acting.seats_taken(course) == 1, "the seat is still held, and nobody was offered it"
    chosen, _ = acting.standing(course, State.ENDORSED)
    give_held_seats(course, [chosen], acting.focal_point("BO"))
    assert acting.state(chosen) is State.OFFERED


def test_a_release_leaves_a_held_seat(each_app: Flask) -> None:
    course, holder, _ = full_course()
    withdraw(holder, "Ill", acting.focal_point("BO"), seat_to=SeatTo.HELD)
    (held,) = queries.vacancies(course)
    release_on, until = db.session.get_one(Course, course).release_on, held.until
    db.session.close()
    assert release_on
    with clock.at(until - timedelta(minutes=1)):
        seat_operations.promote(course)
    sizes = {(one.country, one.function): one.seats for one in queries.blocks(course)}
    assert sizes[("BO", "judge")] == 1


def held_seat_given(app: Flask) -> tuple[list[object], int]:
    """Four give the one held seat to a candidate each, at once; what came of it, seats offered."""
    course, holder, _ = full_course()
    withdraw(holder, "Ill", acting.focal_point("BO"), seat_to=SeatTo.HELD)
    numbers = [acting.standing(course, State.ENDORSED)[0] for _ in range(4)]
    focal_points = [acting.focal_point("BO") for _ in numbers]
    acts = [
        lambda one=one, who=who: give_held_seats(course, [one], who)
        for one, who in zip(numbers, focal_points, strict=True)
    ]
    came_to = at_once(app, acts, len(acts))
    return came_to, sum(acting.state(one) is State.OFFERED for one in numbers)


def test_one_held_seat_is_given_once(each_app: Flask) -> None:
    came_to, offered = held_seat_given(each_app)
    assert offered == 1 and sum(isinstance(one, NoVacancy) for one in came_to) == 3


def test_without_the_lock_one_held_seat_breaks(no_lock: Flask) -> None:
    came_to, offered = held_seat_given(no_lock)
    assert offered != 1 or sum(isinstance(one, NoVacancy) for one in came_to) != 3


@pytest.mark.parametrize(
    ("days_before", "held_for"), [(30, 7), (21, 7), (15, 7), (12, 4), (8, 0), (7, None), (1, None)]
)
def test_a_seat_is_held_so_long_that_the_next_still_has_time_to_answer(
    days_before: int, held_for: int | None
) -> None:
    today = clock.today(factories.ZONE)
    last = last_day_of_vacancy(today, 7, today + timedelta(days=days_before))
    assert last == (None if held_for is None else today + timedelta(days=held_for))
