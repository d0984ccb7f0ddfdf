"""What may be told in numbers without telling of a person."""

from __future__ import annotations

SMALLEST = 5


def told(number: int) -> str:
    """A number as it may leave the house: cells below five are not told (S21)."""
    return "0" if number == 0 else f"< {SMALLEST}" if number < SMALLEST else str(number)
