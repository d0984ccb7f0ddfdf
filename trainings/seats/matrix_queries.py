"""The seats of a course in numbers: kept, offered, confirmed, free, reserve; and a forecast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from trainings.core import clock
from trainings.courses.models import Course
from trainings.registrations.headcount_queries import Alike, Headcount, headcounts
from trainings.registrations.rules import HOLDS_SEAT, LIVE, State
from trainings.seats import queries
from trainings.seats.placing_rules import Block, Cell, Group, Holders, after_placing, place
from trainings.seats.waiting_rules import Awaiting, Fitting, next_step


class MatrixCell(Struct, frozen=True):
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


class Matrix(Struct, frozen=True, dict=True):
    """The seats of a course by country and function, with the open blocks, and totals."""

    cells: dict[tuple[str | None, str | None], MatrixCell]
    countries: tuple[str, ...]
    functions: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    held: Mapping[Holders, int] = field(default_factory=dict)
    columns: dict[Cell, MatrixCell] = field(default_factory=dict)  # what ``seen`` shows

    @cached_property
    def fits(self) -> dict[Cell, Fitting]:
        """What ``fitting`` found already."""
        return {}

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
    """The matrix kept / offered / confirmed / free / reserve of a course.

    Seats count where they are held: a person on an open seat counts in the open block's cell
    (``cell``), and in tables in the open row under their function (``seen``).
    People who wait count in the cell of their country and function.
    """
    return matrices([course])[course.id]


def matrices(courses: Sequence[Course]) -> dict[str, Matrix]:
    """The matrices of several courses by id, asked for together."""
    found = headcounts([course.id for course in courses])
    return {course.id: _matrix(course, found[course.id]) for course in courses}


def _matrix(course: Course, numbers: Headcount) -> Matrix:
    blocks = [Block(*one) for one in numbers.blocks] or [Block("", None, None, course.capacity)]
    cells = {block.id: block.cell for block in blocks}
    counted, seen = _Counts(), _Counts()
    held: dict[Holders, int] = {}
    for block in blocks:
        for counts in (counted, seen):
            counts.add(cells[block.id], "kept", block.seats)
    now = clock.now()
    for one in numbers.held:
        if one.until >= now:
            for counts in (counted, seen):
                counts.add(cells[one.block_id], "vacant", one.number)
    for group in numbers.people:
        if group.state in HOLDS_SEAT:
            _add_seated(group, cells, counted, seen, held)
        elif group.state in LIVE:
            name = "reserve" if group.state is State.RESERVE else "undecided"
            for counts in (counted, seen):
                counts.add(Cell(group.country, group.function), name, group.number)
    numbered = counted.cells()
    return Matrix(
        {(cell.country, cell.function): one for cell, one in numbered.items()},
        tuple(course.countries),
        tuple(course.functions),
        tuple(replace(one, seats=one.seats - numbered[one.cell].vacant) for one in blocks),
        held,
        seen.cells(),
    )


def _add_seated(
    group: Alike,
    cells: Mapping[str, Cell],
    counted: _Counts,
    seen: _Counts,
    held: dict[Holders, int],
) -> None:
    """Count people on their seats; a seat open to any function is seen under their own."""
    name = "offered" if group.state is State.OFFERED else "confirmed"
    seat = Holders(group.block_id or "", group.country, group.function)
    cell = cells.get(seat.block, Cell(None, None))
    counted.add(cell, name, group.number)
    shown = Cell(cell.country, cell.function or group.function)
    seen.add(shown, name, group.number)
    seen.add(cell, "kept", -group.number)
    seen.add(shown, "kept", group.number)
    held[seat] = held.get(seat, 0) + group.number


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


class Foreseen(Struct, frozen=True):
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
