"""What follows when a course moves to other days, another place or another time zone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Self

from msgspec import Struct, field
from msgspec.structs import replace

from trainings.core.clock import end_of
from trainings.courses.rules import CourseState

# While a course is one of these, people rely on its days.
UNDER_WAY = frozenset({CourseState.PUBLISHED, CourseState.REGISTRATION_CLOSED, CourseState.RUNNING})


class Schedule(Struct, frozen=True):
    """When and where a course is held, as kept from before a change."""

    starts_on: date
    ends_on: date
    venue: str
    city: str
    country: str
    zone: str

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The schedule among the values of a course."""
        return cls(**{name: values[name] for name in cls.__struct_fields__})


class Consequences(Struct, frozen=True):
    """What saving a change would do, and to how many people; shown before it is done."""

    before: Schedule
    after: Schedule
    sessions: int = 0  # that move with the first day, or keep their clock time in a new zone
    shortened: Mapping[str, date] = field(default_factory=dict)  # registration dates, by field
    offers: int = 0  # open ones; their deadlines keep their local time
    offers_shortened: int = 0  # those that would end after the course begins
    offers_until: date | None = None  # when the shortened ones end
    held_shortened: int = 0  # seats held for a country that would be so after the course begins
    held_until: date | None = None  # until when the shortened ones are held
    seats_released: int = 0  # seats kept for countries that are open to all at once
    waiting: int = 0  # people on the reserve list, who are offered the seats released
    confirmed: int = 0
    trainers: int = 0
    focal_points: int = 0
    releases: bool = False  # whether the release date passes by this change

    @property
    def moved(self) -> bool:
        """Whether the days, the place or the zone change."""
        return self.before != self.after

    @property
    def venue_only(self) -> bool:
        """Whether only people who see the venue notice the move."""
        return self.moved and replace(self.before, venue=self.after.venue) == self.after

    @property
    def told(self) -> int:
        """How many people are emailed."""
        return self.confirmed + self.offers + self.trainers + self.focal_points

    @property
    def must_be_agreed(self) -> bool:
        """Whether to ask first: people are told, dates shortened or seats given away by it."""
        less_time = bool(self.shortened) or self.held_shortened > 0
        return self.releases or (self.moved and (self.told > 0 or less_time))

    @property
    def mark(self) -> str:
        """What an agreement is bound to: other consequences have another mark."""
        said = repr((self, sorted(self.shortened.items())))
        return hashlib.sha256(said.encode()).hexdigest()[:22]


def shortened_dates(values: Mapping[str, Any]) -> dict[str, date]:
    """The last day of registration and the release that would pass the first day, with new dates.

    Both then end on the day before the course begins.
    """
    eve = values["starts_on"] - timedelta(days=1)
    ends = ("registration_closes_on", "release_on")
    return {name: eve for name in ends if values[name] > eve}


def release_passes(before: Mapping[str, Any], after: Mapping[str, Any], now: datetime) -> bool:
    """Whether the release date was to come and is over by this change."""

    def over(values: Mapping[str, Any]) -> bool:
        return now > end_of(values["release_on"], values["zone"])

    return over(after) and not over(before)
