"""Long lists, shown a page at a time."""

from __future__ import annotations


def pages(total: int, size: int) -> int:
    """How many pages of a size there are; at least one."""
    return max(1, -(-total // size))


def within(page: int, total: int, size: int) -> int:
    """The page that was asked for, or the nearest one that exists."""
    return max(1, min(page, pages(total, size)))
