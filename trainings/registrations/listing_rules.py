"""How lists of registrations are filtered, ordered and cut into pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trainings.core import paging
from trainings.people.rules import Identity
from trainings.registrations.rules import State

PAGE = 50


class Sort(StrEnum):
    """In which order a list stands."""

    NUMBER = "number"
    NAME = "name"
    STATE = "state"
    COUNTRY = "country"
    SINCE = "since"


class Step(StrEnum):
    """How somebody is moved in an order that is made by hand."""

    UP = "up"
    DOWN = "down"
    FIRST = "first"


ORDER_OF_STATES = {state: place for place, state in enumerate((
    State.NOMINATED, State.APPLIED, State.ENDORSED, State.OFFERED, State.RESERVE,
    State.CONFIRMED, State.ATTENDED, State.NO_SHOW, State.DECLINED, State.EXPIRED,
    State.WITHDRAWN, State.REJECTED, State.CANCELLED,
))}  # fmt: skip


class Problem(StrEnum):
    """What somebody should look after."""

    BOUNCED = "bounced"  # the mail address does not work
    INCOMPLETE = "incomplete"  # the person has not given all details
    ENDING = "ending"  # an offer that ends within two days


UNDECIDED = frozenset({State.NOMINATED, State.APPLIED, State.ENDORSED})


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; ``text`` is part of a name, or of a number.

    ``block`` keeps to those who hold a seat kept for this country and function (either empty).
    """

    state: State | None = None
    country: str | None = None
    function: str | None = None
    text: str = ""
    undecided: bool = False
    problem: Problem | None = None
    block: tuple[str | None, str | None] | None = None

    @property
    def number(self) -> str | None:
        """The beginning of a registration's number, where that is what was typed."""
        typed = self.text.strip().upper()
        return typed if typed.startswith("R-") else None

    @property
    def name(self) -> str | None:
        """The part of a name, where that is what was typed."""
        typed = self.text.strip()
        return typed if typed and self.number is None else None


@dataclass(frozen=True)
class Row:
    """One line of a list: the registration, and who it is."""

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


@dataclass(frozen=True)
class Page:
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
        """The number of the first line shown; 0 where there is none."""
        return (self.page - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last line shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0


def moved(order: Sequence[str], one: str, step: Step) -> list[str]:
    """An order with one of its members moved; the same where it cannot go further."""
    rest = [other for other in order if other != one]
    if len(rest) == len(order):
        return rest
    at = order.index(one)
    place = {Step.UP: max(at - 1, 0), Step.DOWN: at + 1, Step.FIRST: 0}[step]
    return [*rest[:place], one, *rest[place:]]


def finds(wanted: str, name: str) -> bool:
    """Whether all typed words begin a word of a name; both folded."""
    words = name.replace("-", " ").replace(",", " ").split()
    return all(
        any(word.startswith(part) for word in words)
        for part in wanted.replace("-", " ").replace(",", " ").split()
    )
