"""How a choice is balanced: by trait, by unit, by country and function, against the minima."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainings.core.i18n import _
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.rules import FIRST, UNIT, WOMEN, Traits, rule_words, trait_words


@dataclass(frozen=True)
class Line:
    """Something counted: of those who have a seat now, and once the choice is accepted."""

    label: str
    now: int
    after: int
    share: int | None = None  # of all who have a seat then, in percent
    asked: str = ""  # the minimum in words
    lacks: bool = False  # the choice does not keep it


def lines(choice: Choice, functions: Mapping[str, str]) -> list[Line]:
    """Everyone, women, first-timers, each function, and the most of one unit."""
    before, after = list(choice.problem.seated), [*choice.problem.seated, *choice.taken]
    minima = choice.problem.minima
    found, broken = [Line(_("Everyone"), len(before), len(after))], choice.broken()
    for what in (WOMEN, FIRST, *functions):
        number = sum(one.counts(what) for one in after)
        asked = rule_words(what, minima[what], functions) if what in minima else ""
        label = trait_words(what, functions)
        found.append(
            Line(
                label[:1].upper() + label[1:],
                sum(one.counts(what) for one in before),
                number,
                100 * number // len(after) if after else None,
                asked,
                what in broken,
            )
        )
    asked = rule_words(UNIT, minima[UNIT], functions) if UNIT in minima else ""
    most = _most(before), _most(after)
    lacks = UNIT in minima and most[1] > minima[UNIT].number
    found.append(Line(_("Most of one unit"), *most, None, asked, lacks))
    return found


def _most(people: Sequence[Traits]) -> int:
    return max(Counter(one.team for one in people if one.team).values(), default=0)


@dataclass(frozen=True)
class Cell:
    """People of a country and function with a seat: now, and once the choice is accepted."""

    now: int
    after: int

    @property
    def more(self) -> int:
        """How many the choice adds."""
        return self.after - self.now


def table(choice: Choice) -> dict[tuple[str | None, str | None], Cell]:
    """By country and function; under none, the sums."""
    before: Counter[tuple[str | None, str | None]] = Counter()
    added: Counter[tuple[str | None, str | None]] = Counter()
    for counts, people in ((before, choice.problem.seated), (added, choice.taken)):
        for one in people:
            counts.update(
                [
                    (one.country, one.function),
                    (one.country, None),
                    (None, one.function),
                    (None, None),
                ]
            )
    return {key: Cell(before[key], before[key] + added[key]) for key in {*before, *added}}
