"""The seats of a course in numbers: kept, offered, confirmed, free, reserve; and a forecast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sqlalchemy import String, cast, func, literal, null, select, union_all

from trainings.core import clock
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.registrations.models import Registration, SeatBlock, Vacancy
from trainings.registrations.rules import HOLDS_SEAT, LIVE, State
from trainings.seats import queries
from trainings.seats.placing_rules import Block, Cell, Group, Holders, after_placing, place
from trainings.seats.waiting_rules import Awaiting, Fitting, next_step

# a block or its people: block, country, function, state, number
_Line = tuple[str, str | None, str | None, str | None, int]
_VACANT = "vacant"  # in the place of a state: nobody sits there


@dataclass(frozen=True)
class MatrixCell:
    """The numbers for one country and function (or for one block open to more)."""

    country: str | None
    function: str | None
    kept: int = 0  # seats of the block itself
    offered: int = 0  # seats of the block that are offered
    confirmed: int = 0  # seats of the block that are confirmed, attended among them
    reserve: int = 0  # people of this country and function on the reserve list
    vacant: int = 0  # seats of the block that are held for somebody after their holder left
    undecided: int = 0  # candidates of this group: nominated, applied, endorsed

    @property
    def taken(self) -> int:
        """The block's seats that somebody holds."""
        return self.offered + self.confirmed

    @property
    def free(self) -> int:
        """The block's seats that nobody holds and that are not held for anybody."""
        return self.kept - self.taken - self.vacant


class Seeking(Awaiting, Protocol):
    """A candidate, with the facts that decide which seats they can have."""

    @property
    def country(self) -> str: ...
    @property
    def function(self) -> str: ...


@dataclass(frozen=True)
class Matrix:
    """The seats of a course by country and function, with the open blocks, and totals."""

    cells: dict[tuple[str | None, str | None], MatrixCell]
    countries: tuple[str, ...]
    functions: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    held: Mapping[Holders, int] = field(default_factory=dict)
    columns: dict[Cell, MatrixCell] = field(default_factory=dict)  # what ``seen`` shows
    fits: dict[Cell, Fitting] = field(default_factory=dict, init=False, compare=False, repr=False)

    def cell(self, country: str | None, function: str | None) -> MatrixCell:
        """One cell; zero seats if there is no such block."""
        return self.cells.get((country, function), MatrixCell(country, function))

    def row(self, country: str | None) -> MatrixCell:
        """A country's cells added up."""
        return _sum([one for one in self.cells.values() if one.country == country], country, None)

    def seen(self, country: str | None, function: str | None) -> MatrixCell:
        """One cell as tables show it: a seat open to any function counts with its holder's.

        Only the free ones stand under any function, so that rows and columns add up.
        """
        return self.columns.get(Cell(country, function), MatrixCell(country, function))

    def column(self, function: str | None) -> MatrixCell:
        """A function's cells added up, those of its people who sit on open seats too."""
        same = [one for one in self.columns.values() if one.function == function]
        return _sum(same, None, function)

    def fitting(self, country: str, function: str) -> Fitting:
        """The seats currently possible for people of a country and function."""
        found = self.fits.get(Cell(country, function))
        if found is None:
            both = ((country, function), (country, None), (None, function), (None, None))
            seats = _sum([self.cell(*one) for one in both], country, function)
            could_sit = place(self.blocks, self.held, country, function) is not None
            found = Fitting(seats.kept, seats.offered, could_sit)
            self.fits[Cell(country, function)] = found
        return found

    def next_step(self, one: Seeking, zone: str, *, endorses: bool = False) -> str:
        """What comes next for someone on the course: the same on every list and page."""
        seats = self.fitting(one.country, one.function)
        return next_step(one, seats, clock.now(), zone, endorses=endorses)

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
            for name in ("kept", "offered", "confirmed", "reserve", "vacant", "undecided")
        ),
    )


def matrix(course: Course) -> Matrix:
    """The matrix kept / offered / confirmed / free / reserve of a course; one statement.

    Seats count where they are held: a person on an open seat counts in the open block's cell
    (``cell``), and in tables in the open row under their function (``seen``).
    People who wait count in the cell of their country and function.
    """
    return matrices([course])[course.id]


def matrices(courses: Sequence[Course]) -> dict[str, Matrix]:
    """The matrices of several courses by id, all in one statement."""
    rows: dict[str, list[_Line]] = {course.id: [] for course in courses}
    for course_id, *line in _blocks_and_counts(list(rows)):
        rows[course_id].append(tuple(line))
    return {course.id: _matrix(course, rows[course.id]) for course in courses}


def _matrix(course: Course, rows: Sequence[_Line]) -> Matrix:
    blocks = [
        Block(block, country, function, count)
        for block, country, function, state, count in rows
        if state is None
    ] or [Block("", None, None, course.capacity)]
    cells = {block.id: block.cell for block in blocks}
    numbers, seen = _Counts(), _Counts()
    held: dict[Holders, int] = {}
    for block in blocks:
        for counts in (numbers, seen):
            counts.add(cells[block.id], "kept", block.seats)
    for key, country, function, state, count in rows:
        if state is None or country is None or function is None:
            continue
        if state == _VACANT:
            for counts in (numbers, seen):
                counts.add(cells[key], "vacant", count)
            continue
        if state not in HOLDS_SEAT:
            name = "reserve" if state == State.RESERVE else "undecided"
            for counts in (numbers, seen):
                counts.add(Cell(country, function), name, count)
            continue
        name = "offered" if state == State.OFFERED else "confirmed"
        cell = cells.get(key, Cell(None, None))
        numbers.add(cell, name, count)
        shown = Cell(cell.country, cell.function or function)
        seen.add(shown, name, count)
        seen.add(cell, "kept", -count)
        seen.add(shown, "kept", count)
        seat = Holders(key, country, function)
        held[seat] = held.get(seat, 0) + count
    counted = numbers.cells()
    return Matrix(
        {(cell.country, cell.function): one for cell, one in counted.items()},
        tuple(course.countries),
        tuple(course.functions),
        tuple(replace(one, seats=one.seats - counted[one.cell].vacant) for one in blocks),
        held,
        seen.cells(),
    )


class _Counts:
    """Numbers being counted, by cell and by what they count."""

    def __init__(self) -> None:
        self.numbers: dict[Cell, dict[str, int]] = {}

    def add(self, cell: Cell, name: str, count: int) -> None:
        here = self.numbers.setdefault(cell, {})
        here[name] = here.get(name, 0) + count

    def cells(self) -> dict[Cell, MatrixCell]:
        return {
            cell: MatrixCell(cell.country, cell.function, **values)
            for cell, values in self.numbers.items()
        }


def _blocks_and_counts(course_ids: Sequence[str]) -> Sequence[Any]:
    """By course, the blocks (no state, their seats), and the people by block, group and state."""
    blocks = select(
        SeatBlock.course_id,
        SeatBlock.id,
        SeatBlock.country,
        SeatBlock.function,
        null().label("state"),
        SeatBlock.seats,
    ).where(SeatBlock.course_id.in_(course_ids))
    people = (
        select(
            Registration.course_id,
            func.coalesce(Registration.block_id, ""),
            Registration.country,
            Registration.function,
            cast(Registration.state, String),
            func.count(),
        )
        .where(
            Registration.course_id.in_(course_ids),
            Registration.state.in_(sorted(LIVE | HOLDS_SEAT)),
        )
        .group_by(  # as the index has them, so that nothing is sorted
            Registration.course_id,
            Registration.state,
            Registration.country,
            Registration.function,
            Registration.block_id,
        )
    )
    vacant = (
        select(
            Vacancy.course_id,
            Vacancy.block_id,
            Vacancy.country,
            Vacancy.function,
            literal(_VACANT),
            func.count(),
        )
        .where(Vacancy.course_id.in_(course_ids), Vacancy.until >= clock.now())
        .group_by(Vacancy.course_id, Vacancy.block_id, Vacancy.country, Vacancy.function)
    )
    both: Any = union_all(blocks, people, vacant)
    return db.session.execute(both.execution_options(scope="operation")).all()


@dataclass(frozen=True)
class Foreseen:
    """The seat somebody would get now: whose it is, where a seat is used up, how many are left."""

    cell: Cell
    used: Cell  # the same, unless someone moves there to make room
    left: int


def foreseen(
    course: Course, groups: Sequence[Group], now: Matrix | None = None
) -> list[Foreseen | None]:
    """The seat each of several people would get if they were selected now, in this order."""
    if not groups:
        return []
    now = now or matrix(course)
    taken = Counter(one.block_id for one in queries.vacancies_for(course.id, groups))
    blocks = {one.id: replace(one, seats=one.seats + taken[one.id]) for one in now.blocks}
    held = {seat: count for seat, count in now.held.items() if seat.block in blocks}
    free = {key: one.seats for key, one in blocks.items()}
    for seat, count in held.items():
        free[seat.block] -= count
    seated: list[Foreseen | None] = []
    for group in groups:
        placement = place([*blocks.values()], held, *group)
        if placement is None:
            seated.append(None)
            continue
        held = after_placing(held, placement, group)
        used = placement.moves[0].target if placement.moves else placement.block
        free[used] -= 1
        seated.append(Foreseen(blocks[placement.block].cell, blocks[used].cell, free[used]))
    return seated
