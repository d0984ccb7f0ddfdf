"""When an offer of a seat ends, and when its reminders go out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

REMINDERS = (timedelta(days=3), timedelta(days=1))  # before the deadline


class CourseBegun(Refusal):
    """An offer of a seat on a course that has begun."""

    sentence = _l("The course has started, so no more seats can be offered.")


class NotTakingPlace(Refusal):
    """Somebody is seated on the day, on a day that is none of the course."""

    sentence = _l("People can be seated on the day only while the course takes place.")


class NoFreeSeat(Refusal):
    """There is no free seat that this person could have."""

    sentence = _l("No seat is free for this country and function.")


class NoVacancy(Refusal):
    """Nobody's seat is held for candidates of this country and function."""

    sentence = _l("No seat is held for a candidate of this country and function.")


class SeatOfOthers(Refusal):
    """The seat is kept for another country or function than the replacement's."""

    sentence = _l("This seat is kept for another country or function. Choose somebody it fits.")
    field = "seat_to"


def check_not_begun(today: date, starts_on: date) -> None:
    """Check that seats can still be offered: until the day before the course starts."""
    if today >= starts_on:
        raise CourseBegun


def takes_place(today: date, starts_on: date, ends_on: date) -> bool:
    """Whether today is one of the days of a course."""
    return starts_on <= today <= ends_on


def check_takes_place(today: date, starts_on: date, ends_on: date) -> None:
    """Check that the course takes place today: only then are people seated who simply came."""
    if not takes_place(today, starts_on, ends_on):
        raise NotTakingPlace


def last_day_of_offer(today: date, offer_days: int, starts_on: date) -> date:
    """The last day to accept an offer made today: some days on, but before the course."""
    return max(today, min(today + timedelta(days=offer_days), starts_on - timedelta(days=1)))


def last_day_of_vacancy(today: date, offer_days: int, starts_on: date) -> date | None:
    """The last day on which a seat that somebody left is held for their country and function.

    Early enough for an offer to the next on the reserve list; ``None`` if there is no such day.
    """
    last = min(today, starts_on - timedelta(days=1 + 2 * offer_days)) + timedelta(days=offer_days)
    return last if last >= today else None


def moved_last_day(last_day: date, starts_on: date, today: date) -> date:
    """The last day of an open offer, or of a seat that is held, after its course has moved.

    The same date as before, but the day before the course begins at the latest (today, if that
    is over).
    """
    return min(last_day, max(today, starts_on - timedelta(days=1)))


def reminders_after(now: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """The reminders of an offer that are still to come: the number and the moment of each."""
    moments = ((number, until - ahead) for number, ahead in enumerate(REMINDERS, 1))
    return [(number, moment) for number, moment in moments if moment > now]
