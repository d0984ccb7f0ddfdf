"""Assigns seats: placing with moves, offers and their jobs, promotion, the release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import new_key
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.jobs.writes import enqueue as enqueue_job
from trainings.jobs.writes import enqueue_each
from trainings.mailings import writes as mailings
from trainings.registrations import locked_queries, mail_writes, rules, writes
from trainings.registrations.candidate_rules import check_going
from trainings.registrations.models import Registration, SeatBlock, Vacancy
from trainings.registrations.rules import Act, Performer, State
from trainings.seats import placing_rules, queries, waiting_queries
from trainings.seats.hall_writes import Hall
from trainings.seats.offer_rules import (
    check_not_begun,
    last_day_of_offer,
    last_day_of_vacancy,
    reminders_after,
)
from trainings.seats.placing_rules import Group
from trainings.seats.queries import Seating
from trainings.seats.reserve_rules import all_to_offer


def seating_for_update(session: Session, course: Course) -> Seating:
    """Blocks and counts of a course whose row the caller has locked, for placing somebody.

    Seats that nobody distributed are open to all. A release that is due comes first, so that those
    already waiting are served before newcomers.
    """
    if course.released_at is None and _release_due(course):
        fill_seats(session, course)
    now = queries.seating(course.id)
    if not now.blocks:
        session.add(SeatBlock(id=new_key(), course_id=course.id, seats=course.capacity))
        session.flush()
        now = queries.seating(course.id)
    return now


def _release_due(course: Course) -> bool:
    return clock.now() > clock.end_of(course.release_on, course.zone)


def take_seat(
    session: Session, course: Course, group: Group, *, by: str | None
) -> tuple[str, int] | None:
    """A seat for one more person of a group, after the moves that free it; ``None`` if full."""
    (seat,) = take_seats(session, course, [(group, by)])
    return seat


def take_seats(
    session: Session, course: Course, groups: Iterable[tuple[Group, str | None]]
) -> list[tuple[str, int] | None]:
    """Seats for several people, one after the other, each with the account that takes it."""
    hall = Hall(course.id, seating_for_update(session, course))
    sitters = [hall.seat(group, by=by) for group, by in groups]
    writes.move_many(session, hall.moves, by=None)
    return [one.seat if one else None for one in sitters]


def select(
    session: Session, course: Course, numbers: Collection[str], by: Viewer
) -> list[Registration]:
    """Select endorsed candidates of a locked course: a seat for each, or the reserve list if full.

    They are placed by their country's priority, then in the given order.
    """
    check_going(course.state)
    check_not_begun(clock.today(course.zone), course.starts_on)
    found = locked_queries.for_acting(by, Permission.REGISTRATION_SELECT, course.id, numbers)
    for registration in found:
        rules.check(Act.SELECT, registration.state, performer=Performer.ORGANISER)
    found.sort(key=lambda one: (one.priority is None, one.priority or 0))
    _place(session, course, found, by)
    follow_offers(session, found)
    mailings.tell_each(session, course, [mail_writes.by_outcome(one) for one in found])
    schedule_release(session, course)
    return found


def _place(session: Session, course: Course, chosen: list[Registration], by: Viewer) -> None:
    take_vacancies(session, course, [Group(one.country, one.function) for one in chosen])
    hall = Hall(course.id, seating_for_update(session, course))
    until = offer_deadline(course)
    for one in chosen:
        placement = hall.place(Group(one.country, one.function))
        if placement is None:
            hall.move(one, Act.SELECT, State.RESERVE, None)
        else:
            hall.move(one, Act.SELECT, State.OFFERED, placement, until)
    writes.move_many(session, hall.moves, by=by.account_id)


def offer_deadline(course: Course) -> datetime:
    """The deadline of an offer made now: the end of a day at the course, before it begins."""
    today = clock.today(course.zone)
    last = last_day_of_offer(today, course.offer_days, course.starts_on)
    return clock.end_of(last, course.zone)


def follow_offers(session: Session, registrations: Iterable[Registration]) -> None:
    """Queue two reminders and the expiry of each offer; each rechecks the offer when it runs."""
    asked: list[tuple[str, datetime, dict[str, Any]]] = []
    for registration in sorted(registrations, key=lambda one: one.id):  # not by name
        until = registration.offered_until
        if until is None:
            continue
        own = {"registration_id": registration.id}
        reminder = {**own, "until": until.isoformat()}
        asked += [
            ("registrations.remind", moment, {**reminder, "number": number})
            for number, moment in reminders_after(clock.now(), until)
        ]
        asked.append(("registrations.expire", until + timedelta(seconds=1), own))
    enqueue_each(session, asked)


def fill_seats(session: Session, course: Course) -> None:
    """Offer free seats to those on the reserve list, in order.

    After the release date, freed seats go to the open seats first. Nothing is offered once the
    course has begun.
    """
    if clock.today(course.zone) >= course.starts_on:
        return
    if course.released_at is not None or _release_due(course):
        release(session, course, by=None)
    now = queries.seating(course.id)
    if now.free <= 0:
        return
    waiting = waiting_queries.waiting(course.id)
    promotions = all_to_offer(waiting, now.blocks, now.held) if waiting else []
    if not promotions:
        return
    ids = [one.waiting.id for one in promotions]
    found = {one.id: one for one in locked_queries.with_persons(course.id, {State.RESERVE}, ids)}
    hall, until = Hall(course.id, now), offer_deadline(course)
    for promotion in promotions:
        registration = found[promotion.waiting.id]
        hall.move(registration, Act.PROMOTE, State.OFFERED, promotion.placement, until)
    writes.move_many(session, hall.moves, by=None)
    offered = [found[one] for one in ids]
    follow_offers(session, offered)
    mailings.tell_each(session, course, [mail_writes.offered(one) for one in offered])


def release(session: Session, course: Course, *, by: str | None) -> None:
    """Release the free seats of country blocks to the open seats; the trail records their origin.

    After the first time, seats that become free later are released in the same way.
    """
    now = queries.seating(course.id)
    change = placing_rules.release(now.blocks, now.held)
    rows = {row.id: row for row in queries.blocks(course.id)}
    sizes = {one: seats + now.vacant[one] for one, seats in change.sizes.items()}
    renumber(session, [one for one, seats in sizes.items() if seats < rows[one].seats])
    for block_id, seats in sizes.items():
        rows[block_id].seats = seats
    if change.given and not any(b.country is None and b.function is None for b in now.blocks):
        session.add(SeatBlock(id=new_key(), course_id=course.id, seats=change.open_seats))
    first = course.released_at is None
    if first:
        course.released_at = clock.now()
    session.flush()
    if first or change.given:
        record(
            session,
            "seats.release",
            "course",
            course.id,
            by=by,
            course_id=course.id,
            given=[[one.cell.country, one.cell.function, one.seats] for one in change.given],
        )


def hold_seat(
    session: Session, course: Course, left: Group, block_id: str, *, by: str | None
) -> None:
    """Hold a seat that somebody left for others of their group.

    The reserve list gets it when nobody was given it in time, or at once if it is late for that.
    """
    day = last_day_of_vacancy(clock.today(course.zone), course.offer_days, course.starts_on)
    if day is None:
        return
    until = clock.end_of(day, course.zone)
    session.add(
        Vacancy(id=new_key(), course_id=course.id, block_id=block_id, until=until, **left._asdict())
    )
    enqueue_job(
        session, "registrations.promote", at=until + timedelta(seconds=1), course_id=course.id
    )
    record(
        session,
        "seats.hold",
        "course",
        course.id,
        by=by,
        course_id=course.id,
        until=day.isoformat(),
        **left._asdict(),
    )


def move_vacancies(session: Session, course: Course, zone_before: str) -> None:
    """Let seats that are held stay so until the same day where the course is now.

    Like open offers: until the day before the course begins at the latest.
    """
    moved = queries.moved_vacancies(course.id, zone_before, course.zone, course.starts_on)
    for one in moved:
        until = clock.end_of(one.after, course.zone)
        if until != one.vacancy.until:
            one.vacancy.until = until
            enqueue_job(
                session,
                "registrations.promote",
                at=until + timedelta(seconds=1),
                course_id=course.id,
            )
    session.flush()


def take_vacancies(session: Session, course: Course, groups: Collection[Group]) -> int:
    """Free the seats held for these people, who are about to be placed; returns how many."""
    found = queries.vacancies_for(course.id, groups)
    for one in found:
        session.delete(one)
    session.flush()
    return len(found)


def renumber(session: Session, block_ids: Collection[str]) -> None:
    """Move the people in some blocks to the lowest seat numbers, before the blocks shrink."""
    if not block_ids:
        return
    counts: Counter[str | None] = Counter()
    changed = []
    for holder in queries.holders_of(block_ids):  # by number, so that each new one is free
        counts[holder.block_id] += 1
        if holder.seat_no != counts[holder.block_id]:
            changed.append({"id": holder.id, "seat_no": counts[holder.block_id]})
            set_committed_value(holder, "seat_no", counts[holder.block_id])
    if changed:
        session.execute(update(Registration), changed)


def schedule_release(session: Session, course: Course) -> None:
    """Queue the release of a course; if asked twice, or moved, it happens once."""
    if course.released_at is None:
        enqueue_job(
            session,
            "registrations.release",
            at=clock.end_of(course.release_on, course.zone) + timedelta(seconds=1),
            unique_key=f"release:{course.id}",
            course_id=course.id,
        )


def copy_blocks(session: Session, from_course_id: str, course: Course) -> int:
    """Copy the seat distribution of another course to a new one; returns how many blocks.

    Nothing is copied if the blocks would not add up to its capacity or belong to nobody invited.
    """
    sizes = queries.kept_before_release(from_course_id)
    invited = all(
        cell.country in (None, *course.countries) and cell.function in (None, *course.functions)
        for cell in sizes
    )
    if not invited or sum(sizes.values()) != course.capacity:
        return 0
    session.add_all(
        SeatBlock(
            id=new_key(),
            course_id=course.id,
            country=cell.country,
            function=cell.function,
            seats=seats,
        )
        for cell, seats in sizes.items()
    )
    session.flush()
    return len(sizes)
