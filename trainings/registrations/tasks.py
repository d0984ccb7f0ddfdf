"""Background work of registrations: reminders, expiry, release, promotion; each looks again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from trainings.registrations import offer_operations, seat_operations


def remind(registration_id: str, number: int, until: str) -> None:
    """Remind somebody of an offer that is still open."""
    offer_operations.remind(registration_id, number, datetime.fromisoformat(until))


def expire(registration_id: str) -> None:
    """End an offer that nobody answered."""
    offer_operations.expire(registration_id)


def release(course_id: str) -> None:
    """Give the seats kept for countries to all."""
    seat_operations.release(course_id)


def promote(course_id: str) -> None:
    """Offer free seats to those who wait."""
    seat_operations.promote(course_id)


TASKS: dict[str, Callable[..., None]] = {
    "registrations.remind": remind,
    "registrations.expire": expire,
    "registrations.release": release,
    "registrations.promote": promote,
}
