"""A mixed-integer program in plain values: columns with costs, rows with bounds; when to stop."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from msgspec import Struct


class Effort(Struct, frozen=True):
    """When a search has found enough: so near the best value possible, or after so many nodes."""

    gap: float  # as a share of the best value
    enough: float  # or as a number
    nodes: int  # of the search tree


EXACT = Effort(0.0, 0.9, 2**31 - 1)  # where all costs are whole numbers: nothing is better


class Program:
    """What a solver is given: it makes the sum of the columns' costs as small as it can."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.highs: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[float, float, dict[int, float]]] = []

    def column(self, cost: float = 0.0, high: float = 1.0, *, whole: bool = False) -> int:
        """Add a number between 0 and ``high``; gives its place."""
        self.costs.append(cost)
        self.highs.append(high)
        self.whole.append(whole)
        return len(self.costs) - 1

    def choice(self, cost: float = 0.0) -> int:
        """Add something that is done (1) or not (0); gives its place."""
        return self.column(cost, whole=True)

    def row(self, terms: Iterable[tuple[int, float]], low: float = -inf, high: float = inf) -> None:
        """Keep a sum of columns between two bounds."""
        summed: dict[int, float] = {}
        for column, factor in terms:
            summed[column] = summed.get(column, 0.0) + factor
        self.rows.append((low, high, summed))

    def span(self, sums: Iterable[tuple[float, list[tuple[int, float]]]], cost: float) -> None:
        """Let the distance between the greatest and the least of some sums cost, per unit.

        Each sum has what is in it already, and its terms.
        """
        most, least = self.column(cost, inf), self.column(-cost, inf)
        for had, terms in sums:
            self.row([*terms, (most, -1)], high=-had)
            self.row([*terms, (least, -1)], low=-had)
