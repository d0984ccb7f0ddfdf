"""The order of names, remembered without any name.

Names are sealed, so the database cannot sort by them. A worker remembers in which order the people
of a course, or of another list, were; the next page of the list opens only the names of who came
since or was renamed. See docs/decisions/2026-11-29-any-size.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import groupby
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Select

from trainings.core import sealed
from trainings.core.db import db
from trainings.core.names import folded
from trainings.people.models import Person

MOST = 50_000  # people in all orders together that a worker remembers
FEW = 32  # new names that are looked up in an order; if more are new, all names are opened

_BEGINNING = 40  # bytes of a sealed value: with the nonce, so a name that is written again differs


class _Sealed(NamedTuple):
    """Somebody in a list, with what their name is sealed in."""

    key: str
    who: str
    erased: bool
    given: bytes
    family: bytes


def _mark(who: str, erased: bool, given: bytes, family: bytes) -> int:
    """By what a person with this name is known again: somebody who was renamed has another."""
    return hash((who, erased, given[:_BEGINNING], family[:_BEGINNING]))


_ranks: OrderedDict[str, dict[int, int]] = OrderedDict()  # by list; the last used is last
_turn = Lock()


def ranked(found: Select[str, str], of: str) -> list[tuple[int, str]]:
    """The keys of people of a list, each with its place in order of name; one name, one place.

    ``found`` selects each key with the id of its person. ``of``: whose list it is, by the id of a
    course or a word. Who was erased comes last. No name leaves
    this function; whoever shows any opens it with ``reading.open``, which logs the read.
    """
    columns = (Person.erased_at.is_not(None), Person.given_name, Person.family_name)
    statement = found.add_columns(*columns).execution_options(scope="operation")
    rows = db.session.connection().execute(statement).all()  # plain rows, for there are many
    with _turn:
        ranks = _ranks.get(of, {})
    places = [ranks.get(_mark(*row[1:])) for row in rows]
    new = places.count(None)
    if not new:
        return [(place or 0, row[0]) for place, row in zip(places, rows, strict=True)]
    people = [_Sealed(*row) for row in rows]
    if new > FEW:
        groups = _in_order(people)
    else:
        placed = list(zip(places, people, strict=True))
        known = _grouped((place, one) for place, one in placed if place is not None)
        groups = _with((one for place, one in placed if place is None), known)
    if len(people) >= len(ranks):
        _remember(of, groups)
    return [(place, one.key) for place, group in enumerate(groups) for one in group]


def _grouped(placed: Iterable[tuple[Any, _Sealed]]) -> list[list[_Sealed]]:
    """People by what they are placed by, those at the same place together."""
    ordered = sorted(placed, key=lambda one: one[0])
    return [[one for _place, one in group] for _, group in groupby(ordered, lambda one: one[0])]


def _in_order(people: Sequence[_Sealed]) -> list[list[_Sealed]]:
    unseal = sealed.unsealer()
    return _grouped((_name(one, unseal), one) for one in people)


def _with(fresh: Iterable[_Sealed], groups: list[list[_Sealed]]) -> list[list[_Sealed]]:
    """The same order with others in it; opens the names on the way to each place alone."""
    unseal = sealed.unsealer()
    for one in fresh:
        name = _name(one, unseal)
        place = bisect_left(groups, name, key=lambda group: _name(group[0], unseal))
        if place < len(groups) and _name(groups[place][0], unseal) == name:
            groups[place].append(one)
        else:
            groups.insert(place, [one])
    return groups


def _name(one: _Sealed, unseal: sealed.Unsealer) -> tuple[bool, str]:
    """What somebody is sorted by."""
    if one.erased:
        return True, ""
    first = unseal(one.given, f"person|given_name|{one.who}") if one.given else ""
    last = unseal(one.family, f"person|family_name|{one.who}") if one.family else ""
    return False, folded(f"{last}, {first}".strip(", "))


def _remember(of: str, groups: Sequence[Sequence[_Sealed]]) -> None:
    ranks = {_mark(*one[1:]): place for place, group in enumerate(groups) for one in group}
    with _turn:
        _ranks[of] = ranks
        _ranks.move_to_end(of)
        while len(_ranks) > 1 and sum(map(len, _ranks.values())) > MOST:
            _ranks.popitem(last=False)


def forget() -> None:
    """Forget all orders; only speed depends on them."""
    with _turn:
        _ranks.clear()
