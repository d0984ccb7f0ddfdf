"""The reserve list: its one order, the place shown to each, and who is offered the next seat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from trainings.registrations.seating_rules import (
    Block,
    Group,
    Held,
    Placement,
    after_placing,
    place,
)


@dataclass(frozen=True)
class Waiting:
    """Someone on the reserve list: where the organiser put them, when and how they came there."""

    registration: str
    country: str
    function: str
    selected_at: datetime
    priority: int | None = None  # the focal point's rank, 1 is first
    position: int | None = None  # the organiser's order, where one was made

    @property
    def group(self) -> Group:
        """Those who wait for the same seats."""
        return Group(self.country, self.function)


@dataclass(frozen=True)
class Promotion:
    """The next one to be offered a seat, and where."""

    waiting: Waiting
    placement: Placement


def in_order(reserve: Iterable[Waiting]) -> list[Waiting]:
    """The reserve list of a course in its one order.

    The organiser's order; who has no position in it comes after, by time of selection, then by
    the focal point's rank (who has none comes after those who have).
    """

    def key(one: Waiting) -> tuple[bool, int, datetime, bool, int, str]:
        unplaced, unranked = one.position is None, one.priority is None
        return (
            unplaced,
            one.position or 0,
            one.selected_at,
            unranked,
            one.priority or 0,
            one.registration,
        )

    return sorted(reserve, key=key)


def places(reserve: Iterable[Waiting]) -> dict[str, int]:
    """The place shown to each one: their number within their country and function, from 1."""
    counts: dict[Group, int] = {}
    shown: dict[str, int] = {}
    for one in in_order(reserve):
        shown[one.registration] = counts[one.group] = counts.get(one.group, 0) + 1
    return shown


def next_to_offer(
    reserve: Iterable[Waiting], blocks: Sequence[Block], held: Held
) -> Promotion | None:
    """The first in order who can be placed now, or ``None``."""
    hopeless: set[Group] = set()
    for one in in_order(reserve):
        if one.group in hopeless:
            continue
        placement = place(blocks, held, one.country, one.function)
        if placement is not None:
            return Promotion(one, placement)
        hopeless.add(one.group)
    return None


def all_to_offer(
    reserve: Iterable[Waiting], blocks: Sequence[Block], held: Held
) -> list[Promotion]:
    """Everyone on the reserve list who gets an offer now, each placed after the one before."""
    waiting = in_order(reserve)
    promotions: list[Promotion] = []
    while (promotion := next_to_offer(waiting, blocks, held)) is not None:
        promotions.append(promotion)
        waiting.remove(promotion.waiting)
        held = after_placing(held, promotion.placement, promotion.waiting.group)
    return promotions


def last_day_of_offer(today: date, offer_days: int, starts_on: date) -> date:
    """The day to whose end an offer made today holds: some days on, but before the course."""
    return max(today, min(today + timedelta(days=offer_days), starts_on - timedelta(days=1)))
