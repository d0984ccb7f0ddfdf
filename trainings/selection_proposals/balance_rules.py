"""How a choice is balanced: by trait, by unit, by country and function, against the minima."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from trainings.core.i18n import _
from trainings.seats.placing_rules import Group
from trainings.selection_proposals.rules import (
    FIRST,
    UNIT,
    WOMEN,
    Minima,
    Traits,
    rule_words,
    trait_words,
)


class Line(Struct, frozen=True):
    """Something counted: of those who have a seat now, and once the choice is accepted."""

    label: str
    now: int
    after: int
    share: int | None = None  # of all who have a seat then, in percent
    asked: str = ""  # the minimum in words
    lacks: bool = False  # the choice does not keep it


class Tally(Struct, frozen=True):
    """People counted for a balance: by country and function, by trait, by unit.

    Without first-timers and units where there are more people than they are counted for.
    """

    groups: Counter[Group]
    traits: Mapping[str, int]
    teams: Counter[tuple[str, str]] | None

    @property
    def number(self) -> int:
        """How many they are."""
        return self.groups.total()

    def of(self, what: str) -> int:
        """How many count for something."""
        if what in self.traits:
            return self.traits[what]
        return sum(number for group, number in self.groups.items() if group.function == what)

    def with_more(self, more: Tally) -> Tally:
        """These and more people."""
        known = self.teams is not None and more.teams is not None
        return Tally(
            self.groups + more.groups,
            {what: number + more.traits[what] for what, number in self.traits.items()},
            (self.teams or Counter()) + (more.teams or Counter()) if known else None,
        )

    @property
    def most(self) -> int:
        """How many there are of the unit that has the most."""
        return max((self.teams or Counter()).values(), default=0)


def tally(people: Iterable[Traits]) -> Tally:
    """People counted one by one."""
    all_ = list(people)
    return Tally(
        Counter(one.group for one in all_),
        {what: sum(one.counts(what) for one in all_) for what in (WOMEN, FIRST)},
        Counter(one.team for one in all_ if one.team),
    )


def lines(before: Tally, added: Tally, minima: Minima, functions: Mapping[str, str]) -> list[Line]:
    """Everyone, women, first-timers, each function, the most of one unit, as far as counted."""
    after = before.with_more(added)
    found = [Line(_("Everyone"), before.number, after.number)]
    for what in (*(one for one in (WOMEN, FIRST) if one in after.traits), *functions):
        number = after.of(what)
        asked = rule_words(what, minima[what], functions) if what in minima else ""
        label = trait_words(what, functions)
        found.append(
            Line(
                label[:1].upper() + label[1:],
                before.of(what),
                number,
                100 * number // after.number if after.number else None,
                asked,
                what in minima and minima[what].lacks(number, after.number),
            )
        )
    if after.teams is not None:
        asked = rule_words(UNIT, minima[UNIT], functions) if UNIT in minima else ""
        lacks = UNIT in minima and after.most > minima[UNIT].number
        found.append(Line(_("Most of one unit"), before.most, after.most, None, asked, lacks))
    return found


class Cell(Struct, frozen=True):
    """People of a country and function with a seat: now, and once the choice is accepted."""

    now: int
    after: int

    @property
    def more(self) -> int:
        """How many the choice adds."""
        return self.after - self.now


def table(before: Tally, added: Tally) -> dict[tuple[str | None, str | None], Cell]:
    """By country and function; under none, the sums."""
    now, more = _summed(before), _summed(added)
    return {key: Cell(now[key], now[key] + more[key]) for key in {*now, *more}}


def _summed(people: Tally) -> Counter[tuple[str | None, str | None]]:
    found = Counter[tuple[str | None, str | None]]()
    for (country, function), number in people.groups.items():
        for key in ((country, function), (country, None), (None, function), (None, None)):
            found[key] += number
    return found
