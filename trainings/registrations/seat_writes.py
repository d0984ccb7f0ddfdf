"""Gives seats: placing along moves, offers and their jobs, promotion, the release."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import new_key
from trainings.courses.models import Course
from trainings.jobs.writes import enqueue as enqueue_job
from trainings.jobs.writes import enqueue_each
from trainings.registrations import (
    acting_queries,
    notice_writes,
    seat_queries,
    seating_rules,
    writes,
)
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.reserve_rules import all_to_offer, last_day_of_offer
from trainings.registrations.rules import Act, State
from trainings.registrations.seat_queries import Seating
from trainings.registrations.seating_rules import Group, Placement, after_placing, free_seat_number

REMINDERS = (timedelta(days=3), timedelta(days=1))  # before the deadline


def seating_for_update(session: Session, course: Course) -> Seating:
    """Blocks and counts of a course whose row the caller has locked, for placing somebody.

    Seats that nobody shared out are open to all. A release that is due comes first, so that
    those who wait are served before whoever comes now.
    """
    if course.released_at is None and _release_due(course):
        fill_seats(session, course)
    now = seat_queries.seating(course.id)
    if not now.blocks:
        session.add(SeatBlock(id=new_key(), course_id=course.id, seats=course.capacity))
        session.flush()
        now = seat_queries.seating(course.id)
    return now


def _release_due(course: Course) -> bool:
    return clock.now() > clock.end_of(course.release_on, course.zone)


def take_seat(
    session: Session, now: Seating, group: Group, *, by: str | None
) -> tuple[tuple[str, int] | None, Seating]:
    """A seat for one more of a group, after the moves that free it; ``None`` where full.

    Gives the seat and the counts once its taker sits.
    """
    placement = seating_rules.place(now.blocks, now.held, *group)
    if placement is None:
        return None, now
    held = after_placing(now.held, placement, group)
    if placement.moves or now.numbers is None:
        return make_room(session, placement, by=by), Seating(now.blocks, held)
    taken = now.numbers.get(placement.block, frozenset())
    number = free_seat_number(taken)
    numbers = {**now.numbers, placement.block: taken | {number}}
    return (placement.block, number), Seating(now.blocks, held, numbers)


def make_room(session: Session, placement: Placement, *, by: str | None) -> tuple[str, int]:
    """Carry out the moves of a placement and give the seat that they free."""
    for step in placement.moves:
        someone = seat_queries.last_seated(step.source, step.group)
        writes.reseat(session, someone, _seat_in(step.target), by=by)
    return _seat_in(placement.block)


def _seat_in(block_id: str) -> tuple[str, int]:
    return block_id, free_seat_number(seat_queries.taken(block_id))


def offer_deadline(course: Course) -> datetime:
    """When an offer made now runs out: the end of a day where the course is, before it begins."""
    today = clock.today(course.zone)
    last = last_day_of_offer(today, course.offer_days, course.starts_on)
    return clock.end_of(last, course.zone)


def follow_offer(session: Session, registration: Registration) -> None:
    """Queue the two reminders and the expiry of an offer; each looks again when it runs."""
    until = registration.offered_until
    if until is None:
        return
    own = {"registration_id": registration.id}
    reminder = {**own, "until": until.isoformat()}
    asked: list[tuple[str, datetime, dict[str, Any]]] = [
        ("registrations.remind", until - ahead, {**reminder, "number": number})
        for number, ahead in enumerate(REMINDERS, 1)
        if until - ahead > clock.now()
    ]
    asked.append(("registrations.expire", until + timedelta(seconds=1), own))
    enqueue_each(session, asked)


def fill_seats(session: Session, course: Course) -> list[Registration]:
    """Offer free seats to those who wait, in their order; gives who got one.

    After the release date, seats that freed go to the open seats first.
    """
    if course.released_at is not None or _release_due(course):
        release(session, course, by=None)
    now = seat_queries.seating(course.id)
    if now.free <= 0:
        return []
    waiting = seat_queries.waiting(course.id)
    promotions = all_to_offer(waiting, now.blocks, now.held) if waiting else []
    ids = [one.waiting.registration for one in promotions]
    found = {
        one.id: one for one in acting_queries.with_persons(course.id, {State.RESERVE}, ids)
    } if ids else {}  # fmt: skip
    until = offer_deadline(course)
    for promotion in promotions:
        registration = found[promotion.waiting.registration]
        seat = make_room(session, promotion.placement, by=None)
        writes.move(
            session, registration, Act.PROMOTE, State.OFFERED, by=None, seat=seat,
            offered_until=until,
        )  # fmt: skip
        follow_offer(session, registration)
        notice_writes.offer(session, course, registration)
    return [found[one] for one in ids]


def release(session: Session, course: Course, *, by: str | None) -> None:
    """Give the free seats of country blocks to the open seats; the trail says whose they were.

    After the first time, this is also what happens to seats that free later.
    """
    now = seat_queries.seating(course.id)
    change = seating_rules.release(now.blocks, now.held)
    rows = {row.id: row for row in seat_queries.blocks(course.id)}
    for block_id, seats in change.sizes.items():
        if seats < rows[block_id].seats:
            renumber(session, block_id)
        rows[block_id].seats = seats
    if change.given and not any(b.country is None and b.function is None for b in now.blocks):
        session.add(SeatBlock(id=new_key(), course_id=course.id, seats=change.open_seats))
    first = course.released_at is None
    if first:
        course.released_at = clock.now()
    session.flush()
    if first or change.given:
        record(
            session, "seats.release", "course", course.id, by=by, course_id=course.id,
            given=[[one.cell.country, one.cell.function, one.seats] for one in change.given],
        )  # fmt: skip


def renumber(session: Session, block_id: str) -> None:
    """Let those in a block sit on its lowest numbers, before it shrinks to fit them."""
    holders = seat_queries.holders_of(block_id)
    for number, holder in enumerate(holders, 1):
        if holder.seat_no != number:  # each number is free: they come in order
            holder.seat_no = number
            session.flush()


def schedule_release(session: Session, course: Course) -> None:
    """Queue the release of a course; asked twice, or moved, it happens once."""
    if course.released_at is None:
        enqueue_job(
            session, "registrations.release",
            at=clock.end_of(course.release_on, course.zone) + timedelta(seconds=1),
            unique_key=f"release:{course.id}", course_id=course.id,
        )  # fmt: skip


def copy_blocks(session: Session, from_course_id: str, course: Course) -> int:
    """Share out the seats of a new course as another one did; gives how many blocks.

    None are copied where they would not add up to its capacity or belong to nobody invited.
    """
    sizes = seat_queries.kept_before_release(from_course_id)
    invited = all(
        cell.country in (None, *course.countries) and cell.function in (None, *course.functions)
        for cell in sizes
    )
    if not invited or sum(sizes.values()) != course.capacity:
        return 0
    session.add_all(
        SeatBlock(
            id=new_key(), course_id=course.id, country=cell.country, function=cell.function,
            seats=seats,
        )
        for cell, seats in sizes.items()
    )  # fmt: skip
    session.flush()
    return len(sizes)
