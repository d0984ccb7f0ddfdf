"""Looks up seat blocks and the people in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import bindparam, select

from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db
from trainings.registrations.models import Registration, SeatBlock, Vacancy
from trainings.registrations.rules import HOLDS_SEAT, LIVE
from trainings.seats.offer_rules import moved_last_day
from trainings.seats.placing_rules import Block, Cell, Group, Holders


class Seating(Struct, frozen=True):
    """The blocks of a course and how many of each country and function sit in them.

    The blocks are smaller by the seats that somebody left and that are held for their group.
    """

    blocks: tuple[Block, ...]
    held: dict[Holders, int]
    numbers: dict[str, frozenset[int]]  # the seats taken, by block
    vacant: Counter[str]  # the seats held for a group, by block

    @property
    def free(self) -> int:
        """The seats that nobody holds."""
        return sum(block.seats for block in self.blocks) - sum(self.held.values())


def blocks(course_id: str) -> Sequence[SeatBlock]:
    """The seat blocks of a course; none until the seats were distributed."""
    return db.session.scalars(
        select(SeatBlock)
        .where(SeatBlock.course_id == course_id)
        .order_by(SeatBlock.id)
        .execution_options(populate_existing=True)
    ).all()


def block(block_id: str) -> Block:
    """One seat block, with its whole size."""
    row = db.session.get_one(SeatBlock, block_id)
    return Block(row.id, row.country, row.function, row.seats)


def vacancies(course_id: str) -> Sequence[Vacancy]:
    """The seats that somebody left and that are still held for their country and function."""
    return db.session.scalars(_VACANCIES, {"course": course_id, "now": clock.now()}).all()


_VACANCIES = (
    select(Vacancy)
    .where(Vacancy.course_id == bindparam("course"), Vacancy.until >= bindparam("now"))
    .order_by(Vacancy.until, Vacancy.id)
)


class MovedVacancy(NamedTuple):
    """A seat that is held on a course that moves: until which day before, and after."""

    vacancy: Vacancy
    before: date
    after: date


def moved_vacancies(
    course_id: str, zone_before: str, zone: str, starts_on: date
) -> list[MovedVacancy]:
    """The seats that are held on a course that moves to another zone or first day."""
    today = clock.today(zone)
    days = [
        (one, one.until.astimezone(ZoneInfo(zone_before)).date()) for one in vacancies(course_id)
    ]
    return [MovedVacancy(one, day, moved_last_day(day, starts_on, today)) for one, day in days]


def vacancies_for(course_id: str, groups: Collection[Group]) -> list[Vacancy]:
    """The held seats that these people take if they are chosen now: one each, if there is one."""
    return _taken_by(groups, vacancies(course_id))


def _taken_by(groups: Collection[Group], held: Sequence[Vacancy]) -> list[Vacancy]:
    left = Counter(groups)
    found = []
    for one in held:
        group = Group(one.country, one.function)
        if left[group] > 0:
            left[group] -= 1
            found.append(one)
    return found


def seating(course_id: str, *, taking: Collection[Group] = ()) -> Seating:
    """Current blocks and counts; decisions based on them need the course's lock.

    ``taking``: as if these people took the seats held for their groups.
    """
    all_held = vacancies(course_id)
    taken = {one.id for one in _taken_by(taking, all_held)}
    vacant = Counter(one.block_id for one in all_held if one.id not in taken)
    found = db.session.execute(_BLOCKS, {"course": course_id})
    kept = tuple(
        Block(key, country, function, seats - vacant[key])
        for key, country, function, seats in found
    )
    rows = db.session.execute(_HOLDERS, {"course": course_id})
    held: dict[Holders, int] = {}
    numbers: dict[str, set[int]] = {}
    for block, country, function, number in rows:
        if block is not None and number is not None:
            key = Holders(block, country, function)
            held[key] = held.get(key, 0) + 1
            numbers.setdefault(block, set()).add(number)
    taken_numbers = {block: frozenset(seats) for block, seats in numbers.items()}
    return Seating(kept, held, taken_numbers, vacant)


_BLOCKS = (
    select(SeatBlock.id, SeatBlock.country, SeatBlock.function, SeatBlock.seats)
    .where(SeatBlock.course_id == bindparam("course"))
    .order_by(SeatBlock.id)
)
_HOLDERS = (
    select(Registration.block_id, Registration.country, Registration.function, Registration.seat_no)
    .where(
        Registration.course_id == bindparam("course"), Registration.state.in_(sorted(HOLDS_SEAT))
    )
    .execution_options(scope="operation")
)


def holders_of(block_ids: Collection[str]) -> Sequence[Registration]:
    """The people in some blocks, by seat number."""
    return db.session.scalars(
        select(Registration)
        .where(Registration.block_id.in_(list(block_ids)))
        .order_by(Registration.block_id, Registration.seat_no)
        .execution_options(scope="operation")
    ).all()


def holders_in(course_id: str) -> Sequence[Registration]:
    """The people with a seat in a course."""
    return db.session.scalars(
        select(Registration)
        .where(Registration.course_id == course_id, Registration.block_id.is_not(None))
        .execution_options(scope="operation")
    ).all()


def kept_before_release(course_id: str) -> dict[Cell, int]:
    """The seat distribution of a course before free seats were released to the open seats."""
    sizes = {Cell(row.country, row.function): row.seats for row in blocks(course_id)}
    given = db.session.scalars(
        select(AuditEntry.details).where(
            AuditEntry.course_id == course_id, AuditEntry.act == "seats.release"
        )
    )
    for details in given:
        for country, function, seats in details.get("given", []):
            sizes[Cell(country, function)] = sizes.get(Cell(country, function), 0) + seats
            sizes[Cell(None, None)] = sizes.get(Cell(None, None), 0) - seats
    return {cell: seats for cell, seats in sizes.items() if seats > 0}


def belongings(course_id: str) -> tuple[set[str], set[str]]:
    """The countries and functions that seats or live candidates of a course belong to."""
    rows = db.session.execute(
        select(SeatBlock.country, SeatBlock.function)
        .where(SeatBlock.course_id == course_id, SeatBlock.seats > 0)
        .union(
            select(Registration.country, Registration.function).where(
                Registration.course_id == course_id,
                Registration.state.in_(sorted(LIVE | HOLDS_SEAT)),
            )
        )
        .execution_options(scope="operation")
    ).all()
    return {row[0] for row in rows if row[0]}, {row[1] for row in rows if row[1]}
