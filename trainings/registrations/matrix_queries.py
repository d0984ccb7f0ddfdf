"""The seats of a course in numbers: kept, offered, confirmed, free, in reserve; and foreseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, null, select, union_all

from trainings.core.db import db
from trainings.courses.models import Course
from trainings.registrations import seat_queries
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.rules import HOLDS_SEAT, LIVE, State
from trainings.registrations.seating_rules import Block, Cell, Group, after_placing, place


@dataclass(frozen=True)
class MatrixCell:
    """The numbers of one country and function (or of one block that is open to more)."""

    country: str | None
    function: str | None
    kept: int = 0  # seats of the block itself
    offered: int = 0  # seats of the block that are offered
    confirmed: int = 0  # seats of the block that are confirmed, attended among them
    reserve: int = 0  # people of this country and function who wait
    undecided: int = 0  # people of it: nominated, applied, endorsed

    @property
    def taken(self) -> int:
        """The block's seats that somebody holds."""
        return self.offered + self.confirmed

    @property
    def free(self) -> int:
        """The block's seats that nobody holds."""
        return self.kept - self.taken


@dataclass(frozen=True)
class Matrix:
    """The seats of a course by country and function, with what is open to more, and totals."""

    cells: dict[tuple[str | None, str | None], MatrixCell]
    countries: tuple[str, ...]
    functions: tuple[str, ...]

    def cell(self, country: str | None, function: str | None) -> MatrixCell:
        """One cell; none kept where there is no such block."""
        return self.cells.get((country, function), MatrixCell(country, function))

    def row(self, country: str | None) -> MatrixCell:
        """A country's cells added up."""
        return _sum([one for one in self.cells.values() if one.country == country], country, None)

    def column(self, function: str | None) -> MatrixCell:
        """A function's cells added up."""
        same = [one for one in self.cells.values() if one.function == function]
        return _sum(same, None, function)

    def fitting(self, country: str, function: str) -> MatrixCell:
        """The seats that somebody of a country and function could sit on, added up."""
        both = ((country, function), (country, None), (None, function), (None, None))
        return _sum([self.cell(*one) for one in both], country, function)

    @property
    def total(self) -> MatrixCell:
        """All cells added up."""
        return _sum(list(self.cells.values()), None, None)


def _sum(cells: list[MatrixCell], country: str | None, function: str | None) -> MatrixCell:
    return MatrixCell(
        country,
        function,
        *(
            sum(getattr(one, name) for one in cells)
            for name in ("kept", "offered", "confirmed", "reserve", "undecided")
        ),
    )


def matrix(course: Course) -> Matrix:
    """The matrix kept / offered / confirmed / free / reserve of a course; one statement.

    Seats count where they are held: a person on an open seat counts in the open block's cell.
    People who wait count in the cell of their country and function.
    """
    rows = _blocks_and_counts(course.id)
    blocks = {block: Cell(country, function) for block, country, function, state, _ in rows
              if state is None}  # fmt: skip
    numbers: dict[Cell, dict[str, int]] = {}

    def add(cell: Cell, name: str, count: int) -> None:
        here = numbers.setdefault(cell, {})
        here[name] = here.get(name, 0) + count

    if not blocks:
        add(Cell(None, None), "kept", course.capacity)
    for block, country, function, state, count in rows:
        if state is None:
            add(Cell(country, function), "kept", count)
        elif state == State.RESERVE:
            add(Cell(country, function), "reserve", count)
        elif state not in HOLDS_SEAT:
            add(Cell(country, function), "undecided", count)
        else:
            name = "offered" if state == State.OFFERED else "confirmed"
            add(blocks.get(block, Cell(None, None)), name, count)
    cells = {
        (cell.country, cell.function): MatrixCell(cell.country, cell.function, **values)
        for cell, values in numbers.items()
    }
    return Matrix(cells, tuple(course.countries), tuple(course.functions))


def _blocks_and_counts(course_id: str) -> list[tuple[str, str | None, str | None, str | None, int]]:
    """The blocks (no state, their seats), and the people by block, country, function, state."""
    blocks = select(
        SeatBlock.id, SeatBlock.country, SeatBlock.function, null().label("state"), SeatBlock.seats
    ).where(SeatBlock.course_id == course_id)
    people = (
        select(
            func.coalesce(Registration.block_id, ""), Registration.country, Registration.function,
            cast(Registration.state, String), func.count(),
        )
        .where(
            Registration.course_id == course_id,
            Registration.state.in_(sorted(LIVE | HOLDS_SEAT)),
        )
        .group_by(
            Registration.block_id, Registration.country, Registration.function,
            Registration.state,
        )
    )  # fmt: skip
    both: Any = union_all(blocks, people)
    return [tuple(row) for row in db.session.execute(both.execution_options(scope="operation"))]


def foreseen(course: Course, groups: Sequence[Group]) -> list[bool]:
    """Whether each of several people would get a seat if they were selected now, in this order."""
    now = seat_queries.seating(course.id)
    blocks, held = now.blocks, now.held
    if not blocks:
        blocks = (Block("", None, None, course.capacity),)
    seated = []
    for group in groups:
        placement = place(blocks, held, *group)
        seated.append(placement is not None)
        if placement is not None:
            held = after_placing(held, placement, group)
    return seated
