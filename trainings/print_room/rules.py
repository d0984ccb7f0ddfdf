"""The choices of a print run: which certificates, in which order, with which extra pages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.core.names import folded
from trainings.register.rules import Kind
from trainings.tables.rules import Place

MOST = 200  # certificates in one print run: somebody waits while the file is joined


class Order(StrEnum):
    """The order of certificates, or of people's papers, in the printer's tray."""

    NAME = "name"
    COUNTRY = "country"
    TABLE = "table"

    @property
    def label(self) -> LazyText:
        """The name of the order, as shown to people."""
        return ORDER_LABELS[self]

    @classmethod
    def wished(cls, text: str) -> Order:
        """The order named in an address or form; by name if there is no such order."""
        return cls(text) if text in set(cls) else cls.NAME


ORDER_LABELS: Mapping[Order, LazyText] = {
    Order.NAME: _l("By name"),
    Order.COUNTRY: _l("By country, then function, then name"),
    Order.TABLE: _l("By table, then place"),
}


class Position(Struct, frozen=True):
    """A person's position in each of the orders."""

    name: str  # in the form that lists sort by: family name first
    tie: str  # tells apart two people with the same name
    country: str = ""  # its name
    function: int = 0  # its place among the functions
    place: Place | None = None

    def key(self, order: Order) -> tuple[Any, ...]:
        """The sort key; those without a place at a table come last, by name."""
        own = (folded(self.name), self.tie)
        if order is Order.COUNTRY:
            return (folded(self.country), self.function, *own)
        if order is Order.TABLE:
            return (self.place is None, self.place or (), *own)
        return own


class PrintChoice(Struct, frozen=True):
    """What to print of one kind; ``chosen`` is None for every certificate that is ready."""

    kind: Kind = Kind.COMPLETION
    chosen: frozenset[str] | None = None
    order: Order = Order.NAME
    back: bool = False
    check_sheet: bool = False


class NoneChosen(Refusal):
    """The print run contains no certificates."""

    sentence = _l("Choose at least one certificate to print.")


class TooManyAtOnce(Refusal):
    """More certificates were chosen than one print file holds."""

    sentence = _l(
        "%(number)s certificates are too many for one file. Choose %(most)s or fewer at a time."
    )


def check_number(number: int) -> None:
    """Check that this many certificates may go into one file; raises a refusal."""
    if number > MOST:
        raise TooManyAtOnce(number=number, most=MOST)


class NoTablesToOrderBy(Refusal):
    """The order by table was asked for, but nobody in the course has a place."""

    sentence = _l("Nobody has a place at a table in this course. Choose another order.")
    field = "order"


class NotDrawn(Refusal):
    """The renderer gave up on a back page or the check sheet."""

    sentence = _l("We could not make the back pages or the checklist. Print without them.")


class NothingToPrint(Refusal):
    """The print file was asked for before any certificate is ready."""

    sentence = _l("No certificate of this course is ready to print yet.")


class NotReady(Refusal):
    """The certificate was issued, but its file is still being made."""

    sentence = _l("Your certificate is being made. Try again in a minute.")
