"""Brings the demo's candidates through their registrations, each step as who would take it.

Every step looks where the person stands and leaves alone who has taken it already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from trainings.core import clock
from trainings.core.permissions import Viewer
from trainings.demo import queries
from trainings.demo.queries import Standing
from trainings.demo.rules import moment
from trainings.people.queries import mail_index
from trainings.registrations import (
    application_operations,
    nomination_operations,
    offer_operations,
    person_operations,
    selection_operations,
)
from trainings.registrations.candidate_rules import Application, Candidate, Details
from trainings.registrations.rules import State

People = Sequence[Mapping[str, Any]]
_APART = timedelta(minutes=3)
_BEFORE_SELECTION = frozenset({State.NOMINATED, State.APPLIED})


@dataclass(frozen=True)
class Call:
    """A course that calls for candidates, and who works on it."""

    course_id: str
    code: str
    zone: str
    first: date
    organiser: Viewer
    focal_points: Mapping[str, Viewer]

    def moments(self, days: int, hour: str = "09:00") -> Iterator[Any]:
        """The clock at that time of that day, and a little later each time."""
        at = moment(self.first + timedelta(days=days), hour, self.zone)
        while True:
            yield clock.at(at)
            at += _APART


def _standing(call: Call, people: People) -> list[tuple[Mapping[str, Any], Standing | None]]:
    there = queries.standings(call.course_id)
    return [(one, there.get(mail_index(one["email"]) or "")) for one in people]


def _in(call: Call, people: People, states: Iterable[State]) -> list[tuple[Any, Standing]]:
    wanted = frozenset(states)
    return [(one, it) for one, it in _standing(call, people) if it and it.state in wanted]


def nominate(call: Call, people: People, days: Mapping[str, int]) -> None:
    """Let each country's focal point nominate its candidates, in their order."""
    for country, on in days.items():
        theirs = [one for one in people if one["country"] == country]
        moments = call.moments(on)
        for rank, (one, there) in enumerate(_standing(call, theirs), 1):
            if there is None:
                with next(moments):
                    nomination_operations.nominate(
                        call.course_id, _candidate(one, rank), call.focal_points[country]
                    )


def _candidate(one: Mapping[str, Any], rank: int) -> Candidate:
    return Candidate(
        given_name=one["given"],
        family_name=one["family"],
        mail=one["email"],
        country=one["country"],
        function=one["function"],
        unit=one["unit"],
        phone=one.get("phone", ""),
        document=one.get("document", ""),
        born=one["born"],
        sex=one["sex"],
        language=one["language"],
        needs=one.get("needs", ""),
        priority=one.get("rank", rank),
    )


def _consents(number: int) -> tuple[str, ...]:
    return ("notice",) if number % 3 == 2 else ("notice", "directory")


def complete(call: Call, people: People, days: int) -> None:
    """Let the nominated give their details and agree to how they are used."""
    moments = call.moments(days, "18:00")
    for number, (one, there) in enumerate(_standing(call, people)):
        if there is not None and not there.complete:
            details = Details(
                given_name=one["given"],
                family_name=one["family"],
                unit=one["unit"],
                phone=one.get("phone", ""),
                document=one.get("document", ""),
                born=one["born"],
                sex=one["sex"],
                language=one["language"],
                needs=one.get("needs", ""),
                consents=_consents(number),
            )
            with next(moments):
                who = queries.participant(one["email"])
                person_operations.complete_details(there.number, details, who)


def apply(call: Call, people: People, days: Mapping[str, int]) -> None:
    """Let people apply by themselves, by the link that is mailed to them."""
    for country, on in days.items():
        theirs = [one for one in people if one["country"] == country]
        moments = call.moments(on, "20:00")
        for number, (one, there) in enumerate(_standing(call, theirs)):
            if there is None:
                with next(moments):
                    application_operations.start_application(
                        call.code, one["email"], one["language"]
                    )
                    who = queries.participant(one["email"])
                    application_operations.apply(
                        call.course_id, _application(one, _consents(number)), who
                    )


def _application(one: Mapping[str, Any], consents: tuple[str, ...]) -> Application:
    return Application(
        given_name=one["given"],
        family_name=one["family"],
        country=one["country"],
        function=one["function"],
        unit=one["unit"],
        phone=one.get("phone", ""),
        born=one["born"],
        sex=one["sex"],
        language=one["language"],
        needs=one.get("needs", ""),
        consents=consents,
    )


def endorse(call: Call, people: People, days: int) -> None:
    """Let each country's focal point stand behind its candidates."""
    moments = call.moments(days, "10:00")
    waiting = _in(call, people, _BEFORE_SELECTION)
    for country, focal_point in call.focal_points.items():
        numbers = [it.number for one, it in waiting if one["country"] == country]
        if numbers:
            with next(moments):
                nomination_operations.endorse(call.course_id, numbers, focal_point)


def reject(call: Call, people: People, days: int) -> None:
    """Let the organiser turn people down, each for a reason of their own."""
    moments = call.moments(days, "15:00")
    for one, it in _in(call, people, {*_BEFORE_SELECTION, State.ENDORSED}):
        with next(moments):
            nomination_operations.reject(call.course_id, [it.number], one["reason"], call.organiser)


def select(call: Call, people: People, days: int, hour: str = "11:00") -> None:
    """Let the organiser select among the endorsed: a seat, or the reserve list."""
    numbers = [it.number for _, it in _in(call, people, {State.ENDORSED})]
    if numbers:
        with next(call.moments(days, hour)):
            selection_operations.select(call.course_id, numbers, call.organiser)


def _each(
    call: Call, people: People, days: int, states: Iterable[State],
    act: Callable[[Mapping[str, Any], str, Viewer], None],
) -> None:  # fmt: skip
    """Let each of the people who stand there do something about their registration."""
    moments = call.moments(days, "19:00")
    for one, it in _in(call, people, states):
        with next(moments):
            act(one, it.number, queries.participant(one["email"]))


def accept(call: Call, people: People, days: int) -> None:
    """Let people take the seat that is offered to them."""
    _each(
        call, people, days, {State.OFFERED},
        lambda _one, number, who: selection_operations.accept(number, who),
    )  # fmt: skip


def decline(call: Call, people: People, days: int) -> None:
    """Let people leave the seat that is offered to them to the next."""
    _each(
        call, people, days, {State.OFFERED},
        lambda _one, number, who: selection_operations.decline(number, who),
    )  # fmt: skip


def withdraw(call: Call, people: People, days: int) -> None:
    """Let people take back their candidature or give back their seat."""
    live = {*_BEFORE_SELECTION, State.ENDORSED, State.CONFIRMED}
    _each(
        call, people, days, live,
        lambda one, number, who: selection_operations.withdraw(number, one.get("reason", ""), who),
    )  # fmt: skip


def expire(call: Call, people: People, days: int) -> None:
    """End the offers that people left unanswered."""
    moments = call.moments(days, "00:05")
    for _, it in _in(call, people, {State.OFFERED}):
        with next(moments):
            offer_operations.expire(it.id)


def confirm_names(call: Call, people: People, days: int) -> None:
    """Let people confirm their name as the certificate shall print it."""
    moments = call.moments(days, "21:00")
    for one, it in _in(call, people, {State.CONFIRMED}):
        if not it.named:
            name = one.get("printed", f"{one['given']} {one['family']}")
            with next(moments):
                who = queries.participant(one["email"])
                person_operations.confirm_name(it.number, name, one["language"], who)


def remind(call: Call, people: People, days: int, number: int) -> None:
    """Remind people of the offer that they have not answered yet."""
    moments = call.moments(days, "00:00")
    for _one, it in _in(call, people, {State.OFFERED}):
        if it.until is not None:
            with next(moments):
                offer_operations.remind(it.id, number, it.until)
