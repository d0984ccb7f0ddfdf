"""Long lists, shown a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Group = TypeVar("Group")
Row = TypeVar("Row")


def pages(total: int, size: int) -> int:
    """How many pages of a size there are; at least one."""
    return max(1, -(-total // size))


def within(page: int, total: int, size: int) -> int:
    """The page that was asked for, or the nearest one that exists."""
    return max(1, min(page, pages(total, size)))


def reached(groups: Iterable[tuple[Group, int]], page: int, size: int) -> tuple[list[Group], int]:
    """The groups of a long list that a page shows, and how many of the first stand before it.

    ``groups``: in the order of the list, each with its number. Only who belongs to the groups found
    has to be put in order.
    """
    begin, found = (page - 1) * size, list[Group]()
    end = begin + size
    for group, number in groups:
        if not found and begin >= number:
            begin -= number
        elif end > 0:
            found.append(group)
        end -= number
    return found, begin


def portions(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Rows, so many at a time, in their order."""
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part
