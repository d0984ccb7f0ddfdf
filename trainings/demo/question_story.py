"""What the demo's next course asks, and what some of its people have answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from trainings.courses import queries as courses
from trainings.demo import queries
from trainings.demo.candidate_story import Call, People
from trainings.people.queries import mail_index
from trainings.questions import answer_operations, operations
from trainings.questions import queries as asked
from trainings.questions.answer_rules import Typed
from trainings.questions.rules import AskedOf, Asking, KeptFor, Option, QuestionKind, SeenBy
from trainings.questions.usual_rules import UsualSet
from trainings.registrations.rules import State

_DAYS = ("arrives", "leaves", "passport_until")  # counted from the first day of the course


def ask(call: Call) -> None:
    """Write the questions of the course, and add the usual ones."""
    if asked.questions(call.course_id):
        return
    for one in queries.data("questions")["own"]:
        operations.add(call.course_id, _asking(one), call.organiser)
    operations.add_usual(call.course_id, list(UsualSet), call.organiser)


def _asking(one: Mapping[str, Any]) -> Asking:
    return Asking(
        QuestionKind(one["kind"]),
        AskedOf(one["asked_of"]),
        SeenBy(one["seen_by"]),
        KeptFor.QUARTER,
        one["titles"],
        one.get("hints", {}),
        one["required"],
        options=tuple(
            Option(str(number), texts) for number, texts in enumerate(one.get("options", ()), 1)
        ),
    )


def answer(call: Call, people: People, days: int) -> None:
    """Let the first of the confirmed answer, each as far as they know yet."""
    first = courses.by_id(call.course_id).starts_on
    rows, own = asked.questions(call.course_id), queries.data("questions")["own"]
    known = {one["titles"]["en"]: one["code"] for one in own}
    there = queries.standings(call.course_id)
    confirmed = [
        (it.number, one["email"])
        for one in people
        if (it := there.get(mail_index(one["email"]) or "")) and it.state is State.CONFIRMED
    ]
    moments = call.moments(days, "20:30")
    answers = queries.data("questions")["answers"]
    for said, (number, mail) in zip(answers, confirmed, strict=False):
        given = {
            row.id: _typed(said, code, first)
            for row in rows
            if (code := str(row.usual or known.get(row.titles["en"], ""))) in said
        }
        with next(moments):
            answer_operations.answer_own(number, given, queries.participant(mail))


def _typed(said: Mapping[str, Any], code: str, first: date) -> Typed:
    value = said[code]
    if code in _DAYS:
        value = first + timedelta(days=value)
    return Typed(value, said.get(f"{code}_more", ""))
