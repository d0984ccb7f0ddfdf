"""How lists of registrations are filtered, sorted and paged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct

from trainings.core import paging
from trainings.people.sealed_rules import Identity
from trainings.registrations.rules import State

PAGE = 50


class Sort(StrEnum):
    """The order of a list."""

    WAITING = "waiting"  # what waits for the organisers first
    NUMBER = "number"
    NAME = "name"
    STATE = "state"
    COUNTRY = "country"
    SINCE = "since"


class Column(StrEnum):
    """A column of a list that can be switched on."""

    UNIT = "unit"
    SEX = "sex"
    PRIORITY = "priority"


class Step(StrEnum):
    """A way to move somebody in a manual order."""

    UP = "up"
    DOWN = "down"
    FIRST = "first"


ORDER_OF_STATES = {
    state: place
    for place, state in enumerate(
        (
            State.NOMINATED,
            State.APPLIED,
            State.ENDORSED,
            State.OFFERED,
            State.RESERVE,
            State.CONFIRMED,
            State.ATTENDED,
            State.NO_SHOW,
            State.DECLINED,
            State.EXPIRED,
            State.WITHDRAWN,
            State.REJECTED,
            State.CANCELLED,
        )
    )
}


class OrderKey(NamedTuple):
    """One part of a sort order: the first of these columns that is set, or else this value."""

    names: tuple[str, ...]
    otherwise: int | None = None


_LAST = 1_000_000_000  # those without a place in the order come last

# The one order of a reserve list: the organiser's own order, if set; then by when people were
# selected, then by the focal point's rank; ties are always broken the same way. Python
# (``reserve_key``) and SQL (``listing_queries``) both read it from here.
RESERVE_ORDER = (
    OrderKey(("reserve_place",), _LAST),
    OrderKey(("selected_at", "state_at")),
    OrderKey(("priority",), _LAST),
    OrderKey(("id",)),
)


def reserve_key(one: object) -> tuple[Any, ...]:
    """The sort key of someone on a reserve list."""
    return tuple(
        next(
            (value for name in key.names if (value := getattr(one, name)) is not None),
            key.otherwise,
        )
        for key in RESERVE_ORDER
    )


class Problem(StrEnum):
    """A problem that needs somebody's attention."""

    BOUNCED = "bounced"  # the email address does not work
    INCOMPLETE = "incomplete"  # the person has not given all details
    ENDING = "ending"  # an offer that ends within two days
    UNENDORSED = "unendorsed"  # the focal point has not decided
    UNNAMED = "unnamed"  # the name for the certificate is not confirmed


UNDECIDED = frozenset({State.NOMINATED, State.APPLIED, State.ENDORSED})


class Filters(Struct, frozen=True):
    """The filters of a list; ``text`` is part of a name, an email address, a unit, or a number.

    ``block`` keeps only those who hold a seat in this cell of the seats' table: seats kept for a
    country (or open to all), held by people of a function (or of any). ``only`` keeps these
    registrations, which were found by what is beyond this folder, such as an answer; ``lacking``
    those of whom the course still waits for an answer.
    """

    state: State | None = None
    country: str | None = None
    function: str | None = None
    text: str = ""
    undecided: bool = False
    problem: Problem | None = None
    block: tuple[str | None, str | None] | None = None
    only: frozenset[str] | None = None
    lacking: bool = False

    @property
    def number(self) -> str | None:
        """The beginning of a registration number, if one was typed."""
        typed = self.text.strip().upper()
        return typed if typed.startswith("R-") else None

    @property
    def words(self) -> str | None:
        """What is looked for in names, email addresses and units, if something was typed."""
        typed = self.text.strip()
        return typed if typed and self.number is None else None


UNDECIDED_WORD = "undecided"  # in the place of a state


def filters_of(kept: Mapping[str, str]) -> Filters:
    """The filters that the address of a list says; what means nothing is left out."""
    state, problem = kept.get("state", ""), kept.get("problem", "")
    country, function = kept.get("country", ""), kept.get("function", "")
    where, dash, what = kept.get("seats", "").partition("-")  # BO-judge, any-any
    block = (None if where == "any" else where[:2], None if what == "any" else what[:20])
    return Filters(
        state=State(state) if state in set(State) else None,
        undecided=state == UNDECIDED_WORD,
        country=country if len(country) == 2 else None,
        function=function if function and len(function) <= 20 else None,
        problem=Problem(problem) if problem in set(Problem) else None,
        block=block if dash else None,
    )


class Row(Struct, frozen=True):
    """One line of a list: the registration, and the person's identity."""

    id: str
    number: str
    state: State
    state_at: datetime
    country: str
    function: str
    priority: int | None
    applied: bool
    complete: bool
    offered_until: datetime | None
    name_confirmed: bool
    mail_bounced: bool
    person_id: str
    person: Identity
    reserve_no: int | None = None  # within country and function
    sex: str | None = None
    read_unit: Callable[[], str] = str

    @property
    def unit(self) -> str:
        """The unit as given for this registration; opened only where it is shown."""
        return self.read_unit()

    @property
    def whose(self) -> str:
        """Whose line it is, for who hears it: the name, and the number, for names are shared."""
        return f"{self.person.name}, {self.number}" if self.person.name else self.number


class ListPage(Struct, frozen=True):
    """One page of a list."""

    rows: tuple[Row, ...]
    total: int
    page: int  # from 1
    size: int = PAGE

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return paging.pages(self.total, self.size)

    @property
    def first(self) -> int:
        """The number of the first line shown; 0 if there is none."""
        return (self.page - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last line shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0


def moved(order: Sequence[str], one: str, step: Step) -> list[str]:
    """The order with one member moved; unchanged if it cannot move further."""
    rest = [other for other in order if other != one]
    if len(rest) == len(order):
        return rest
    at = order.index(one)
    place = {Step.UP: max(at - 1, 0), Step.DOWN: at + 1, Step.FIRST: 0}[step]
    return [*rest[:place], one, *rest[place:]]


def moved_before(order: Sequence[str], one: str, other: str) -> list[str]:
    """The order with one member right before another, or at the end where there is no such one."""
    rest = [each for each in order if each != one]
    if len(rest) == len(order):
        return rest
    at = rest.index(other) if other in rest else len(rest)
    return [*rest[:at], one, *rest[at:]]


def finds(wanted: str, name: str, mail: str = "", unit: str = "") -> bool:
    """Whether each typed word begins one of the name or unit, or all is in the address; folded."""
    words = _words(f"{name} {unit}")
    typed = wanted.strip()
    if "@" in typed or "." in typed:
        return typed in mail
    return typed in mail.partition("@")[0] or all(
        any(word.startswith(part) for word in words) for part in _words(wanted)
    )


def _words(text: str) -> list[str]:
    return text.replace("-", " ").replace(",", " ").split()
