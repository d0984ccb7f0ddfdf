"""Takes the demo's candidates through registration, each step as the person who would do it.

Every step checks where a person stands and skips those who have already taken it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from trainings.core import clock
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.demo import queries
from trainings.demo.queries import Progress
from trainings.demo.rules import moment
from trainings.nominations import operations as nomination_operations
from trainings.nominations_import import layout_rules, reading_rules
from trainings.nominations_import import operations as list_operations
from trainings.nominations_import import queries as list_queries
from trainings.participants import apply_operations
from trainings.participants import operations as person_operations
from trainings.people.queries import mail_index
from trainings.registrations.candidate_rules import Application, Details
from trainings.registrations.rules import State
from trainings.seats import answer_operations, offer_operations
from trainings.selection import operations as selection_operations
from trainings.spreadsheets.rules import Sheet

People = Sequence[Mapping[str, Any]]
_APART = timedelta(minutes=3)
_BEFORE_SELECTION = frozenset({State.NOMINATED, State.APPLIED})


class Call(Struct, frozen=True):
    """A course that is looking for candidates, and the staff who work on it."""

    course_id: str
    code: str
    zone: str
    first: date
    organiser: Viewer
    focal_points: Mapping[str, Viewer]

    def moments(self, days: int, hour: str = "09:00") -> Iterator[Any]:
        """Set the clock to a time on a day, a little later for each step."""
        at = moment(self.first + timedelta(days=days), hour, self.zone)
        while True:
            yield clock.at(at)
            at += _APART


def _standing(call: Call, people: People) -> list[tuple[Mapping[str, Any], Progress | None]]:
    there = queries.standings(call.course_id)
    return [(one, there.get(mail_index(one["email"]) or "")) for one in people]


def _in(call: Call, people: People, states: Iterable[State]) -> list[tuple[Any, Progress]]:
    wanted = frozenset(states)
    return [(one, it) for one, it in _standing(call, people) if it and it.state in wanted]


_COLUMNS = {  # of the lists that the authorities send, with what the demo's data call it
    "Prioridad": "rank",
    "Apellidos": "family",
    "Nombres": "given",
    "Sexo (F/M)": "sex",
    "Fecha de nacimiento": "born",
    "Función": "function",
    "Institución / unidad": "unit",
    "Correo electrónico": "email",
    "Teléfono": "phone",
    "N.º de pasaporte": "document",
    "Observaciones": "needs",
}


def nominate(call: Call, people: People, days: Mapping[str, int]) -> None:
    """Enter each country's list of candidates as its focal point, in their order."""
    for country, on in days.items():
        theirs = [one for one in people if one["country"] == country]
        new = [
            {"rank": rank, **one}
            for rank, (one, there) in enumerate(_standing(call, theirs), 1)
            if there is None
        ]
        if new:
            with next(call.moments(on)):
                _enter(call, new, country)


def _enter(call: Call, people: People, country: str) -> None:
    """Enter people as they would stand in a list that their authority sent."""
    by = call.focal_points[country]
    rows = [[str(one.get(name, "")) for name in _COLUMNS.values()] for one in people]
    found = layout_rules.listed([Sheet(country, [list(_COLUMNS), *rows])])
    asked = list_queries.call_of(courses.by_id(call.course_id))
    columns = layout_rules.meanings(found, asked.names_function)
    read = reading_rules.read(found, columns, asked, country)
    asking = [row.label for row in read if row.asked]
    if asking:
        raise ValueError(f"{call.code}, {country}: rows {', '.join(asking)} leave a question")
    list_operations.enter(call.course_id, {row.label: row.candidate for row in read}, [], by)


def complete(call: Call, people: People, days: int) -> None:
    """Complete the details and consents of nominated people."""
    moments = call.moments(days, "18:00")
    for one, there in _standing(call, people):
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
                consents=("notice",),
            )
            with next(moments):
                who = queries.participant(one["email"])
                person_operations.complete_details(there.number, details, who)


def apply(call: Call, people: People, days: Mapping[str, int]) -> None:
    """Send applications as people who were not nominated, using the emailed link."""
    for country, on in days.items():
        theirs = [one for one in people if one["country"] == country]
        moments = call.moments(on, "20:00")
        for one, there in _standing(call, theirs):
            if there is None:
                with next(moments):
                    apply_operations.start_application(call.code, one["email"], one["language"])
                    who = queries.participant(one["email"])
                    apply_operations.apply(call.course_id, _application(one, ("notice",)), who)


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
    """Endorse each country's candidates as its focal point."""
    moments = call.moments(days, "10:00")
    waiting = _in(call, people, _BEFORE_SELECTION)
    for country, focal_point in call.focal_points.items():
        numbers = [it.number for one, it in waiting if one["country"] == country]
        if numbers:
            with next(moments):
                nomination_operations.endorse(call.course_id, numbers, focal_point)


def reject(call: Call, people: People, days: int) -> None:
    """Reject candidates as the organiser, each with their own reason."""
    moments = call.moments(days, "15:00")
    for one, it in _in(call, people, {*_BEFORE_SELECTION, State.ENDORSED}):
        with next(moments):
            nomination_operations.reject(call.course_id, [it.number], one["reason"], call.organiser)


def select(call: Call, people: People, days: int, hour: str = "11:00") -> None:
    """Select among the endorsed as the organiser: a seat or the reserve list."""
    numbers = [it.number for _, it in _in(call, people, {State.ENDORSED})]
    if numbers:
        with next(call.moments(days, hour)):
            selection_operations.select(call.course_id, numbers, call.organiser)


def _each(
    call: Call,
    people: People,
    days: int,
    states: Iterable[State],
    act: Callable[[Mapping[str, Any], str, Viewer], None],
) -> None:
    """Do something about the registration of each of the people in the right state."""
    moments = call.moments(days, "19:00")
    for one, it in _in(call, people, states):
        with next(moments):
            act(one, it.number, queries.participant(one["email"]))


def accept(call: Call, people: People, days: int) -> None:
    """Accept offered seats."""
    _each(
        call,
        people,
        days,
        {State.OFFERED},
        lambda _one, number, who: answer_operations.accept(number, who),
    )


def decline(call: Call, people: People, days: int) -> None:
    """Decline offered seats, which then go to the next in line."""
    _each(
        call,
        people,
        days,
        {State.OFFERED},
        lambda _one, number, who: answer_operations.decline(number, who),
    )


def withdraw(call: Call, people: People, days: int) -> None:
    """Withdraw candidatures or give back seats."""
    live = {*_BEFORE_SELECTION, State.ENDORSED, State.CONFIRMED}
    _each(
        call,
        people,
        days,
        live,
        lambda one, number, who: answer_operations.withdraw(number, one.get("reason", ""), who),
    )


def expire(call: Call, people: People, days: int) -> None:
    """Expire the offers that were not answered."""
    moments = call.moments(days, "00:05")
    for _, it in _in(call, people, {State.OFFERED}):
        with next(moments):
            offer_operations.expire(it.id)


def confirm_names(call: Call, people: People, days: int) -> None:
    """Confirm people's names as the certificate will print them."""
    moments = call.moments(days, "21:00")
    for one, it in _in(call, people, {State.CONFIRMED}):
        if not it.named:
            name = one.get("printed", f"{one['given']} {one['family']}")
            with next(moments):
                who = queries.participant(one["email"])
                person_operations.confirm_name(it.number, name, one["language"], who)


def remind(call: Call, people: People, days: int, number: int) -> None:
    """Remind people about an offer that they have not answered yet."""
    moments = call.moments(days, "00:00")
    for _one, it in _in(call, people, {State.OFFERED}):
        if it.until is not None:
            with next(moments):
                offer_operations.remind(it.id, number, it.until.isoformat())
