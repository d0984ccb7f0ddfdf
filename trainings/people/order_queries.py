"""The order of names, remembered without any name.

Names are sealed, so the database cannot sort by them. A worker remembers in which order the people
of a course, or of another list, were. It holds until the trail says that somebody came, went or has
another name; then only the names of who came or was renamed are opened. See
docs/decisions/2026-11-29-any-size.md.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Select

from trainings.audit import queries as audit
from trainings.audit.queries import Last
from trainings.core import sealed
from trainings.core.db import db, in_transaction
from trainings.core.names import folded
from trainings.people.models import Person

MOST = 50_000  # people in all orders together that a worker remembers
FEW = 32  # new names that are looked up in an order; if more are new, all names are opened
# Acts after which somebody may have another name, or none (tests/trail_watch.py).
RENAMING = frozenset(
    {
        "person.erase",
        "profile.change",
        "registration.apply",
        "registration.approve_change",
        "registration.details",
        "registration.edit",
        "trainer.edit",
        "trainer.merge",
    }
)

_BEGINNING = 40  # bytes of a sealed value: with the nonce, so a name that is written again differs


class _Sealed(NamedTuple):
    """Somebody in a list, with what their name is sealed in."""

    key: str
    who: str
    erased: bool
    given: bytes
    family: bytes
    mark: int


def _mark(who: str, erased: bool, given: bytes, family: bytes) -> int:
    """By what a person with this name is known again: somebody who was renamed has another."""
    return hash((who, erased, given[:_BEGINNING], family[:_BEGINNING]))


class _Order(NamedTuple):
    """The keys of a list in order of name, without any name.

    Those with one name have one place, in order of key. ``stamp``: of whom the list then was.
    ``upto``: after which entry of the trail the names were so. ``whole``: nobody was left out.
    """

    keys: list[str]
    places: array[int]
    marks: array[int]
    stamp: str
    upto: Last
    whole: bool


_orders: OrderedDict[str, _Order] = OrderedDict()  # by list; the last used is last
_turn = Lock()


def in_order(
    found: Select[str, str],
    of: str,
    stamp: str = "",
    *,
    whole: bool = False,
    wanted: Collection[str] | None = None,
) -> list[str]:
    """The keys of people of a list, in order of name; who was erased comes last.

    ``found`` selects each key with the id of its person. ``of``: whose list it is, by the id of a
    course or a word. ``whole``: ``found`` leaves nobody of it out; ``stamp``: another once others
    are on it, so that it need not be looked up who is. ``wanted``: the keys to be put in order, if
    they are known and not all. No name leaves this function; whoever shows any opens it with
    ``reading.open``, which logs the read.
    """
    with _turn:
        kept = _orders.get(of)
    upto = audit.NONE
    if not in_transaction():  # the trail is read before the names: what is done meanwhile is later
        if kept is None or kept.upto == audit.NONE:
            upto = audit.head()
        else:
            upto, same = audit.without_since(RENAMING, kept.upto)
            keys = _among(found, kept, stamp if whole else "", wanted) if same else None
            if keys is not None:
                still = kept if wanted is not None or not whole else _only(kept, keys, stamp)
                _remember(of, still._replace(upto=upto))
                return keys
    ordered = _compared(found, kept)
    keys = [key for _place, key, _same in ordered]
    if whole or kept is None or (len(keys) >= len(kept.keys) and not kept.whole):
        places = array("q", (place for place, _key, _same in ordered))
        marks = array("q", (mark for _place, _key, mark in ordered))
        _remember(of, _Order(keys, places, marks, stamp, upto, whole))
    return keys if wanted is None else _in_that_order(keys, wanted)


def of_course(found: Select[str, str], course_id: str, *, whole: bool = False) -> list[str]:
    """The same for people of a course, whose trail says when others came or went."""
    stamp = "" if in_transaction() else audit.last_of([course_id]).get(course_id, "")
    return in_order(found, course_id, stamp, whole=whole)


def _among(
    found: Select[str, str], kept: _Order, stamp: str, wanted: Collection[str] | None
) -> list[str] | None:
    """Those that are found, or wanted, of a list, in its order; None where it has not all."""
    if wanted is None and stamp and kept.whole and stamp == kept.stamp:
        return kept.keys
    if wanted is None:
        statement = found.with_only_columns(found.selected_columns[0])
        statement = statement.execution_options(scope="operation")
        wanted = db.session.connection().execute(statement).scalars().all()
    keys = _in_that_order(kept.keys, wanted)
    return keys if len(keys) == len(wanted) else None


def _in_that_order(keys: Iterable[str], wanted: Collection[str]) -> list[str]:
    here = set(wanted)
    return [key for key in keys if key in here]


def _only(kept: _Order, keys: list[str], stamp: str) -> _Order:
    """The order of these alone, who are all there are on the list: others have left it."""
    if len(keys) == len(kept.keys):
        return kept._replace(stamp=stamp, whole=True)
    here = set(keys)
    rows = [row for row in zip(kept.keys, kept.places, kept.marks, strict=True) if row[0] in here]
    places = array("q", (place for _key, place, _mark in rows))
    marks = array("q", (mark for _key, _place, mark in rows))
    return _Order(keys, places, marks, stamp, kept.upto, True)


def _compared(found: Select[str, str], kept: _Order | None) -> list[tuple[int, str, int]]:
    """The place, key and mark of each, in order; opens the names that are not known again."""
    columns = (Person.erased_at.is_not(None), Person.given_name, Person.family_name)
    statement = found.join(Person, Person.id == found.selected_columns[1]).add_columns(*columns)
    statement = statement.execution_options(scope="operation")
    rows = db.session.connection().execute(statement).all()  # plain rows, for there are many
    ranks = dict(zip(kept.marks, kept.places, strict=True)) if kept else {}
    marks = [_mark(*row[1:]) for row in rows]
    places = [ranks.get(mark) for mark in marks]
    new = places.count(None)
    if not new:
        known = zip(places, rows, marks, strict=True)
        return sorted((place or 0, row[0], mark) for place, row, mark in known)
    people = [_Sealed._make((*row, mark)) for row, mark in zip(rows, marks, strict=True)]
    if new > FEW:
        groups = _in_order(people)
    else:
        placed = list(zip(places, people, strict=True))
        known_groups = _grouped((place, one) for place, one in placed if place is not None)
        groups = _with((one for place, one in placed if place is None), known_groups)
    return sorted((place, one.key, one.mark) for place, group in enumerate(groups) for one in group)


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


def _remember(of: str, order: _Order) -> None:
    with _turn:
        _orders[of] = order
        _orders.move_to_end(of)
        while len(_orders) > 1 and sum(len(one.keys) for one in _orders.values()) > MOST:
            _orders.popitem(last=False)


def forget() -> None:
    """Forget all orders; only speed depends on them."""
    with _turn:
        _orders.clear()
