"""What a print run is made of: which certificates, in which order, with what beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trainings.certificates.rules import Kind
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, folded
from trainings.seating.rules import Place

MOST = 200  # certificates of one print run: the file is joined while somebody waits for it


class Order(StrEnum):
    """In which order certificates, or papers of people, lie in the tray."""

    NAME = "name"
    COUNTRY = "country"
    TABLE = "table"

    @property
    def label(self) -> LazyText:
        """The order as people read it."""
        return ORDER_LABELS[self]

    @classmethod
    def wished(cls, text: str) -> Order:
        """The order that an address or a form asks for; by name where there is no such order."""
        return cls(text) if text in set(cls) else cls.NAME


ORDER_LABELS: Mapping[Order, LazyText] = {
    Order.NAME: _l("By name"),
    Order.COUNTRY: _l("By country, then function, then name"),
    Order.TABLE: _l("By table, then place"),
}


@dataclass(frozen=True)
class Position:
    """Where somebody stands in each of the orders."""

    name: str  # as lists order it: family name first
    tie: str  # what tells two of one name apart
    country: str = ""  # its name
    function: int = 0  # its place among the functions
    place: Place | None = None

    def key(self, order: Order) -> tuple[Any, ...]:
        """What the list is sorted by; without a place one comes last, by name."""
        own = (folded(self.name), self.tie)
        if order is Order.COUNTRY:
            return (folded(self.country), self.function, *own)
        if order is Order.TABLE:
            return (self.place is None, self.place or (), *own)
        return own


@dataclass(frozen=True)
class PrintChoice:
    """What shall be printed of one kind; ``chosen`` is None for all that are ready."""

    kind: Kind = Kind.COMPLETION
    chosen: frozenset[str] | None = None
    order: Order = Order.NAME
    back: bool = False
    check_sheet: bool = False


class NoneChosen(Refusal):
    """A print run of nothing."""

    sentence = _l("Choose at least one certificate to print.")


class TooManyAtOnce(Refusal):
    """More certificates than one print file holds."""

    sentence = _l(
        "%(number)s certificates are too many for one file. Choose at most %(most)s at a time."
    )


def check_number(number: int) -> None:
    """Whether so many certificates may go into one file, or a refusal."""
    if number > MOST:
        raise TooManyAtOnce(number=number, most=MOST)


class NoTablesToOrderBy(Refusal):
    """The order of tables in a course where nobody has a place at one."""

    sentence = _l("Nobody has a place at a table in this course, so choose another order.")
    field = "order"


class NotDrawn(Refusal):
    """A back page or the check sheet that the renderer gave up on."""

    sentence = _l("The back pages or the check sheet could not be drawn. Print without them.")
