"""The reserve list: its order, the place shown to each, and who is offered the next seat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from trainings.registrations.listing_rules import reserve_key
from trainings.seats.placing_rules import Block, Group, Held, Placement, after_placing, place


class Waiting(Struct, frozen=True):
    """Someone on the reserve list: their manual place, and when and how they joined it."""

    id: str  # of the registration
    country: str
    function: str
    selected_at: datetime
    priority: int | None = None  # the focal point's rank, 1 is first
    reserve_place: int | None = None  # the organiser's manual order, if set

    @property
    def group(self) -> Group:
        """The group of those who wait for the same seats."""
        return Group(self.country, self.function)


class Promotion(Struct, frozen=True):
    """Somebody to be offered a seat, and the seat."""

    waiting: Waiting
    placement: Placement


def in_order(reserve: Iterable[Waiting]) -> list[Waiting]:
    """The reserve list of a course in its order (``RESERVE_ORDER``)."""
    return sorted(reserve, key=reserve_key)


def places(reserve: Iterable[Waiting]) -> dict[str, int]:
    """The place shown to each person: their number within their country and function, from 1."""
    counts: dict[Group, int] = {}
    shown: dict[str, int] = {}
    for one in in_order(reserve):
        shown[one.id] = counts[one.group] = counts.get(one.group, 0) + 1
    return shown


def all_to_offer(
    reserve: Iterable[Waiting], blocks: Sequence[Block], held: Held
) -> list[Promotion]:
    """Everyone on the reserve list who gets an offer now, placed one after another.

    Gone through once: a group that cannot be placed cannot be placed after another one was, either.
    """
    promotions: list[Promotion] = []
    hopeless: set[Group] = set()
    for one in in_order(reserve):
        if one.group in hopeless:
            continue
        placement = place(blocks, held, *one.group)
        if placement is None:
            hopeless.add(one.group)
            continue
        promotions.append(Promotion(one, placement))
        held = after_placing(held, placement, one.group)
    return promotions
