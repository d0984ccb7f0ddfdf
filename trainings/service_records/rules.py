"""What a service record says, added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.rosters.rules import GIVING, TrainerRole


class Rating(NamedTuple):
    """How participants rated the trainers of a course, all together: 1 to 5, and by how many."""

    mean: float
    people: int


class Service(Struct):
    """What a trainer did in one course: the sessions that are over."""

    course_id: str
    titles: Mapping[str, str]
    code: str
    city: str
    country: str
    starts_on: date
    ends_on: date
    sessions: dict[TrainerRole, int] = field(default_factory=dict)
    minutes: int = 0  # of those given: led, or as co-trainer
    modules: list[Mapping[str, str]] = field(default_factory=list)  # titles, of those given
    rating: Rating | None = None

    @property
    def given(self) -> int:
        """How many sessions they gave."""
        return sum(number for role, number in self.sessions.items() if role in GIVING)

    def in_role(self, role: TrainerRole) -> int:
        """In how many sessions they took part in a role."""
        return self.sessions.get(role, 0)


class Sum(NamedTuple):
    """All courses together."""

    courses: int
    sessions: int  # given
    observed: int
    minutes: int


class Held(NamedTuple):
    """A session that is over, and how the trainer took part in it."""

    course_id: str
    role: TrainerRole
    minutes: int
    module: tuple[str, Mapping[str, str]] | None  # id and titles


def add_up(services: Mapping[str, Service], held: Iterable[Held]) -> list[Service]:
    """The services with their sessions, latest course first; those without a session are left out.

    A module is named once for each course, in the order in which it was first given.
    """
    named: set[tuple[str, str]] = set()
    for one in held:
        service = services[one.course_id]
        service.sessions[one.role] = service.in_role(one.role) + 1
        if one.role not in GIVING:
            continue
        service.minutes += one.minutes
        if one.module is not None and (one.course_id, one.module[0]) not in named:
            named.add((one.course_id, one.module[0]))
            service.modules.append(one.module[1])
    found = [one for one in services.values() if one.sessions]
    return sorted(found, key=lambda one: (one.starts_on, one.code), reverse=True)


def total(services: Iterable[Service]) -> Sum:
    """The sums over all courses."""
    every = list(services)
    return Sum(
        len(every),
        sum(one.given for one in every),
        sum(one.in_role(TrainerRole.OBSERVER) for one in every),
        sum(one.minutes for one in every),
    )


class NothingServed(Refusal):
    """A record of somebody who has not taken part in any session yet."""

    sentence = _l("None of your sessions is over yet, so there is nothing to write.")


class RecordNotDrawn(Refusal):
    """The renderer could not produce the record."""

    sentence = _l(
        "We could not make the file. Try again. If it happens again, tell whoever runs this system."
    )
