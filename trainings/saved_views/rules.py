"""What a saved view keeps, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

# What is kept of the list's address. What was searched for is not: it may be a name.
KEPT = ("state", "country", "function", "problem", "answer", "seats", "columns", "sort")
MOST = 30  # views of one owner on one course
LONGEST_NAME, LONGEST_VALUE = 60, 60


class NameTaken(Refusal):
    """A second view of the same name in the same place."""

    sentence = _l("There is already a view of this name. Choose another name.")
    field = "name"


class TooManyViews(Refusal):
    """More views than anybody can look through."""

    sentence = _l("There are thirty views already. Delete one that you no longer need.")


class NothingToKeep(Refusal):
    """A view that would keep no filter, column or order."""

    sentence = _l("Choose a filter, a column or an order first: a view of everything is the list.")


class View(Struct, frozen=True):
    """A saved view, opened."""

    id: str
    name: str
    shared: bool  # for everyone who organises the course
    asked: Mapping[str, str]


def asked_of(query: Mapping[str, str]) -> dict[str, str]:
    """What of a list's address is kept."""
    found = {name: (query.get(name) or "")[:LONGEST_VALUE] for name in KEPT}
    if found["sort"] == "waiting":  # the usual order
        found["sort"] = ""
    return {name: value for name, value in found.items() if value}


def check_name(name: str, others: Iterable[View]) -> None:
    """Raises ``NameTaken`` where one of the others has the name."""
    if name.casefold() in {one.name.casefold() for one in others}:
        raise NameTaken
