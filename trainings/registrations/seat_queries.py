"""Looks up blocks, who holds them, the reserve list, and why somebody waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from trainings.audit.models import AuditEntry
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.registrations import reserve_rules
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.reserve_rules import Waiting
from trainings.registrations.rules import HOLDS_SEAT, LIVE, State
from trainings.registrations.seating_rules import Block, Cell, Group, Holders, place


@dataclass(frozen=True)
class Seating:
    """The blocks of a course and how many of each country and function sit in them."""

    blocks: tuple[Block, ...]
    held: dict[Holders, int]
    numbers: dict[str, frozenset[int]] | None = None  # the seats taken by block, where known

    @property
    def free(self) -> int:
        """The seats that nobody holds."""
        return sum(block.seats for block in self.blocks) - sum(self.held.values())


def blocks(course_id: str) -> Sequence[SeatBlock]:
    """The seat blocks of a course; none until the seats were shared out."""
    return db.session.scalars(
        select(SeatBlock)
        .where(SeatBlock.course_id == course_id)
        .order_by(SeatBlock.id)
        .execution_options(populate_existing=True)
    ).all()


def seating(course_id: str) -> Seating:
    """Blocks and counts as they are; decisions on it are made under the course's lock."""
    found = db.session.execute(
        select(SeatBlock.id, SeatBlock.country, SeatBlock.function, SeatBlock.seats)
        .where(SeatBlock.course_id == course_id)
        .order_by(SeatBlock.id)
    )
    kept = tuple(Block(*row) for row in found)
    rows = db.session.execute(
        select(
            Registration.block_id, Registration.country, Registration.function,
            Registration.seat_no,
        )
        .where(Registration.course_id == course_id, Registration.state.in_(sorted(HOLDS_SEAT)))
        .execution_options(scope="operation")
    )  # fmt: skip
    held: dict[Holders, int] = {}
    numbers: dict[str, set[int]] = {}
    for block, country, function, number in rows:
        if block is not None and number is not None:
            key = Holders(block, country, function)
            held[key] = held.get(key, 0) + 1
            numbers.setdefault(block, set()).add(number)
    return Seating(kept, held, {block: frozenset(taken) for block, taken in numbers.items()})


def taken(block_id: str) -> Sequence[int]:
    """The seat numbers of a block that somebody holds."""
    rows = db.session.scalars(
        select(Registration.seat_no)
        .where(Registration.block_id == block_id)
        .execution_options(scope="operation")
    )
    return [number for number in rows if number is not None]


def holders_of(block_id: str) -> Sequence[Registration]:
    """Who sits in a block, by seat number."""
    return db.session.scalars(
        select(Registration)
        .where(Registration.block_id == block_id)
        .order_by(Registration.seat_no)
        .execution_options(scope="operation")
    ).all()


def last_seated(block_id: str, group: Group) -> Registration:
    """Who of a group came last into a block: the one who changes seats."""
    return db.session.scalars(
        select(Registration)
        .where(
            Registration.block_id == block_id,
            Registration.country == group.country,
            Registration.function == group.function,
        )
        .order_by(Registration.selected_at.desc(), Registration.id.desc())
        .limit(1)
        .execution_options(scope="operation")
    ).one()


def waiting(course_id: str) -> list[Waiting]:
    """Everyone on the reserve list of a course, in no order yet."""
    rows = db.session.execute(
        select(
            Registration.id, Registration.country, Registration.function,
            Registration.selected_at, Registration.state_at, Registration.priority,
            Registration.reserve_place,
        )
        .where(Registration.course_id == course_id, Registration.state == State.RESERVE)
        .execution_options(scope="operation")
    )  # fmt: skip
    return [
        Waiting(key, country, function, selected or since, priority, position)
        for key, country, function, selected, since, priority, position in rows
    ]


def reserve(course_id: str) -> Sequence[Registration]:
    """The reserve list of a course in its order, persons still sealed."""
    found = {
        one.id: one
        for one in db.session.scalars(
            select(Registration)
            .where(Registration.course_id == course_id, Registration.state == State.RESERVE)
            .options(joinedload(Registration.person, innerjoin=True))
            .execution_options(scope="operation")
        )
    }
    order = reserve_rules.in_order(_waiting(one) for one in found.values())
    return [found[one.registration] for one in order]


def _waiting(one: Registration) -> Waiting:
    return Waiting(
        one.id, one.country, one.function, one.selected_at or one.state_at, one.priority,
        one.reserve_place,
    )  # fmt: skip


def reserve_places(course_id: str) -> dict[str, int]:
    """The place that each one on the reserve list is shown, by registration id."""
    return reserve_rules.places(waiting(course_id))


def _counts(course_id: str) -> list[tuple[str | None, str, str, State, int]]:
    rows = db.session.execute(
        select(
            Registration.block_id, Registration.country, Registration.function,
            Registration.state, func.count(),
        )
        .where(
            Registration.course_id == course_id,
            Registration.state.in_(sorted(LIVE | HOLDS_SEAT)),
        )
        .group_by(
            Registration.block_id, Registration.country, Registration.function,
            Registration.state,
        )
        .execution_options(scope="operation")
    )  # fmt: skip
    return [(block, country, function, state, count)
            for block, country, function, state, count in rows]  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What the checklist of a course and the desk want to know of its registrations."""

    seats_in_blocks: int
    nominated: int = 0
    applied: int = 0
    endorsed: int = 0
    reserve: int = 0
    offered: int = 0
    confirmed: int = 0
    attended: int = 0
    no_show: int = 0

    @property
    def undecided(self) -> int:
        """Those about whom nobody has decided."""
        return self.nominated + self.applied + self.endorsed


def facts(course_id: str) -> Facts:
    """The numbers of a course by state; its seats count as open until they were shared out."""
    rows = db.session.execute(
        select(Registration.state, func.count())
        .where(Registration.course_id == course_id)
        .group_by(Registration.state)
        .execution_options(scope="operation")
    )
    counts = {str(state): count for state, count in rows}
    seats = db.session.execute(
        select(func.sum(SeatBlock.seats), func.count()).where(SeatBlock.course_id == course_id)
    ).one()
    if seats[1] == 0:
        capacity = db.session.scalar(select(Course.capacity).where(Course.id == course_id)) or 0
    else:
        capacity = int(seats[0])
    names = ("nominated", "applied", "endorsed", "reserve", "offered", "confirmed", "attended",
             "no_show")  # fmt: skip
    return Facts(capacity, **{name: counts.get(name, 0) for name in names})


@dataclass(frozen=True)
class WhyWaiting:
    """Why somebody has no seat: their place, the seats they could have, who holds those."""

    place: int  # among those of the same country and function, from 1
    waiting: int  # how many of the same country and function wait
    seats: int  # in the blocks that they fit
    offered: int
    confirmed: int
    could_sit: bool  # a seat is free: the next move gives it


def why_waiting(registration: Registration) -> WhyWaiting | None:
    """Why somebody on the reserve list waits; ``None`` for anyone else."""
    if registration.state is not State.RESERVE:
        return None
    group = Group(registration.country, registration.function)
    now = seating(registration.course_id)
    fitting = {block.id for block in now.blocks if block.fits(group)}
    counts: dict[bool, int] = {True: 0, False: 0}
    for block, _country, _function, state, count in _counts(registration.course_id):
        if block in fitting:
            counts[state is State.OFFERED] += count
    everyone = waiting(registration.course_id)
    return WhyWaiting(
        place=reserve_rules.places(everyone).get(registration.id, 0),
        waiting=sum(1 for one in everyone if one.group == group),
        seats=sum(block.seats for block in now.blocks if block.id in fitting),
        offered=counts[True],
        confirmed=counts[False],
        could_sit=place(now.blocks, now.held, *group) is not None,
    )


def kept_before_release(course_id: str) -> dict[Cell, int]:
    """How the seats of a course were shared out before what was free went to the open seats."""
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
