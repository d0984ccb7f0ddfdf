"""What the page of a course says by itself: what is due, when registration closes, the balance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from trainings.core.i18n import _, ngettext
from trainings.courses.rules import CourseDates, CourseMove, CourseState


@dataclass(frozen=True)
class Numbers:
    """What stands beside the tabs of a course and in its facts."""

    candidates: int = 0
    taken: int = 0  # seats offered, confirmed or attended
    sessions: int = 0
    trainers: int = 0
    certificates: int = 0
    mails_waiting: int = 0


def due_move(state: CourseState, dates: CourseDates, today: date) -> CourseMove | None:
    """The move whose day has come; nobody but an organiser makes it."""
    closes = dates.registration_closes_on
    if state is CourseState.PUBLISHED and closes is not None and closes < today:
        return CourseMove.CLOSE_REGISTRATION
    if state is CourseState.REGISTRATION_CLOSED and dates.starts_on <= today:
        return CourseMove.START
    if state is CourseState.RUNNING and dates.ends_on <= today:
        return CourseMove.COMPLETE
    return None


def next_move(state: CourseState) -> CourseMove | None:
    """The usual next step of a course in this state."""
    return {
        CourseState.DRAFT: CourseMove.PUBLISH,
        CourseState.PUBLISHED: CourseMove.CLOSE_REGISTRATION,
        CourseState.REGISTRATION_CLOSED: CourseMove.START,
        CourseState.RUNNING: CourseMove.COMPLETE,
    }.get(state)


def registration_line(state: CourseState, dates: CourseDates, today: date) -> str:
    """How registration stands, in a few words: *closes in 12 days*."""
    opens, closes = dates.registration_opens_on, dates.registration_closes_on
    if opens is not None and today < opens and state in _BEFORE_CLOSING:
        left = (opens - today).days
        return ngettext("opens tomorrow", "opens in %(num)s days", left)
    if state is CourseState.DRAFT:
        return _("not open yet")
    if state is not CourseState.PUBLISHED or closes is None or closes < today:
        return _("closed")
    left = (closes - today).days
    if left == 0:
        return _("closes today")
    return ngettext("closes tomorrow", "closes in %(num)s days", left)


_BEFORE_CLOSING = frozenset({CourseState.DRAFT, CourseState.PUBLISHED})


@dataclass
class Cell:
    """The seats of one block, or of many added up: how many there are, how many are taken."""

    seats: int = 0
    confirmed: int = 0
    offered: int = 0

    @property
    def taken(self) -> int:
        return self.confirmed + self.offered

    @property
    def free(self) -> int:
        return max(self.seats - self.taken, 0)

    def add(self, other: Cell) -> None:
        """Add the seats of another cell to these."""
        self.seats += other.seats
        self.confirmed += other.confirmed
        self.offered += other.offered


@dataclass
class Row:
    """One country's seats by function (``None``: any function), and who waits."""

    country: str | None  # none: the open seats
    cells: dict[str | None, Cell] = field(default_factory=dict)
    reserve: int = 0

    @property
    def total(self) -> Cell:
        """The country's seats added up."""
        return _sum(self.cells.values())


@dataclass
class Seating:
    """Seats by country and function, as the page of a course draws them."""

    columns: list[str | None]
    rows: list[Row]
    women: int = 0
    with_sex: int = 0
    by_function: dict[str, int] = field(default_factory=dict)
    countries: dict[str, int] = field(default_factory=dict)  # taken seats by people's country

    def column_total(self, function: str | None) -> Cell:
        """The seats of one function added up."""
        return _sum(row.cells[function] for row in self.rows if function in row.cells)

    @property
    def total(self) -> Cell:
        """All seats of the course."""
        return _sum(row.total for row in self.rows)

    @property
    def reserve(self) -> int:
        return sum(row.reserve for row in self.rows)

    @property
    def women_share(self) -> int | None:
        """Percent of women among those whose sex is known; none where nobody's is."""
        return 100 * self.women // self.with_sex if self.with_sex else None


def _sum(cells: Iterable[Cell]) -> Cell:
    total = Cell()
    for cell in cells:
        total.add(cell)
    return total


@dataclass(frozen=True)
class BlockCount:
    """A seat block, and how many sit in it."""

    country: str | None
    function: str | None
    seats: int
    confirmed: int
    offered: int


@dataclass(frozen=True)
class GroupCount:
    """People of one country and function who hold a seat, or wait for one."""

    country: str
    function: str
    taken: int
    women: int
    with_sex: int
    reserve: int


def seating(
    invited: Sequence[str],
    functions: Sequence[str],
    blocks: Iterable[BlockCount],
    groups: Iterable[GroupCount],
) -> Seating:
    """Draw the seats of a course: its countries, then the open seats; functions side by side."""
    blocks, groups = list(blocks), list(groups)
    named = dict.fromkeys([*invited, *(b.country for b in blocks if b.country)])
    rows: dict[str | None, Row] = {code: Row(code) for code in named}
    for block in blocks:
        row = rows.setdefault(block.country, Row(block.country))
        row.cells[block.function] = Cell(block.seats, block.confirmed, block.offered)
    any_function = any(b.function is None and b.country is not None for b in blocks)
    ordered = [row for code, row in rows.items() if code is not None]
    if None in rows:
        ordered.append(rows[None])
    drawn = Seating(columns=[*functions, *([None] if any_function else [])], rows=ordered)
    for group in groups:
        if group.country in rows:
            rows[group.country].reserve += group.reserve
        drawn.women += group.women
        drawn.with_sex += group.with_sex
        drawn.by_function[group.function] = drawn.by_function.get(group.function, 0) + group.taken
        if group.taken:
            drawn.countries[group.country] = drawn.countries.get(group.country, 0) + group.taken
    return drawn
