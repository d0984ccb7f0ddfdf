"""Which numbers can be shown without revealing anything about a person; why no test is sent."""

from __future__ import annotations

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

SMALLEST = 5


def told(number: int) -> str:
    """A number for publication: counts below five are not shown (S21)."""
    return "0" if number == 0 else f"< {SMALLEST}" if number < SMALLEST else str(number)


class NoAddress(Refusal):
    """Nobody is emailed without an address."""

    sentence = _l("You have no email address. Add one to your profile first.")
