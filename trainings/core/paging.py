"""Long lists, shown a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Row = TypeVar("Row")


def pages(total: int, size: int) -> int:
    """How many pages of a size there are; at least one."""
    return max(1, -(-total // size))


def within(page: int, total: int, size: int) -> int:
    """The page that was asked for, or the nearest one that exists."""
    return max(1, min(page, pages(total, size)))


def portions(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Rows, so many at a time, in their order."""
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part
