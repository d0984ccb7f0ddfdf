"""Asks the people of the demo's past course about their working contacts, three times.

Whom somebody names follows from who they are and from a seed: neighbours and their own country at
first, more and farther after the course. "3 months later" is sent after eight weeks, by hand: the
organisers want it for the next course, and the demo ends before its day would come.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from trainings.core import clock
from trainings.core.i18n import in_every_language
from trainings.courses import queries as courses
from trainings.courses.programme_rules import LessonKind, LessonSource
from trainings.demo.candidate_story import Call
from trainings.demo.queries import data
from trainings.networks import operations, queries
from trainings.networks.rules import (
    Cell,
    ContactOutcome,
    Contacts,
    ContactWay,
    Often,
    WaveKind,
    WaveState,
    usual_days,
)
from trainings.programmes import operations as programmes
from trainings.programmes import queries as lessons
from trainings.programmes.operations import Opening

# How likely somebody names a group: of their country, of a neighbour's, of any other.
_LIKELY = {
    WaveKind.START: (0.75, 0.16, 0.04),
    WaveKind.END: (0.8, 0.45, 0.3),
    WaveKind.THREE: (0.8, 0.36, 0.16),
}
_ANSWER = {WaveKind.START: 0.93, WaveKind.END: 0.95, WaveKind.THREE: 0.86}
_NEIGHBOURS = {"AR": "BO BR CL PY UY", "BR": "AR BO CO PE PY UY", "BO": "AR BR CL PE PY"}
_NEIGHBOURS |= {"CL": "AR BO PE", "CO": "BR EC PE", "EC": "CO PE", "PE": "BO BR CL CO EC"}
_NEIGHBOURS |= {"PY": "AR BO BR", "UY": "AR BR"}
_OUTCOMES = {
    WaveKind.START: (0.3, 0.15, 0.1),
    WaveKind.END: (0.4, 0.05, 0.2),
    WaveKind.THREE: (0.6, 0.3, 0.2),
}


def plan_waves(call: Call, days: int) -> None:
    """Set the days on which the waves are sent."""
    if not queries.waves(call.course_id):
        with next(call.moments(days, "11:00")):
            course = courses.by_id(call.course_id)
            today = clock.today(course.zone)
            usual = usual_days(course.starts_on, course.ends_on)
            coming = {kind: max(day, today) for kind, day in usual.items()}
            operations.plan(call.course_id, coming, call.organiser)


def ask(call: Call, kind: WaveKind, days: int, hour: str) -> None:
    """Send a wave."""
    wave = queries.wave(call.course_id, kind)
    if wave is None or wave.state is WaveState.PLANNED:
        with next(call.moments(days, hour)):
            operations.send(call.course_id, kind, call.organiser)


def answer(call: Call, kind: WaveKind, days: int, hour: str) -> None:
    """Let most people answer, and one change their answer."""
    wave = queries.wave(call.course_id, kind)
    if wave is None or wave.state is not WaveState.OPEN or queries.answered(wave.id):
        return
    cells = queries.cells_of(courses.by_id(call.course_id))
    moment = next(call.moments(days, hour))
    with moment:
        at = clock.now()
    before = Counter[Cell]()
    for number, (registration_id, cell) in enumerate(queries.asked_in(wave.id)):
        before[cell] += 1
        chance = random.Random(f"{kind} {cell} {before[cell]}")  # noqa: S311
        if chance.random() < _ANSWER[kind]:
            with clock.at(at + timedelta(minutes=number)):
                token = queries.token(wave.id, registration_id)
                operations.answer(token, _contacts(chance, kind, cell, cells))


def note_finding(call: Call, kind: WaveKind, days: int, hour: str) -> None:
    """Open a finding from a wave."""
    course, texts = courses.by_id(call.course_id), data("networks")["finding"]
    programme = course.programme
    if programme is None or texts["en"] in {
        one.texts["en"] for one in lessons.lessons(programme.id)
    }:
        return
    with next(call.moments(days, hour)):
        opening = Opening(
            LessonKind.FINDING,
            texts,
            source=LessonSource.NETWORK,
            course_id=course.id,
            titles=in_every_language(kind.label),
        )
        programmes.open_lesson(programme.code, opening, call.organiser)


def _contacts(chance: random.Random, kind: WaveKind, own: Cell, cells: list[Cell]) -> Contacts:
    at_home, near, far = _LIKELY[kind]
    named = {}
    for cell in cells:
        likely = at_home if cell[0] == own[0] else near if cell[0] in _NEIGHBOURS[own[0]] else far
        if cell != own and chance.random() < likely * (1.3 if cell[1] == own[1] else 0.8):
            weights = (2, 3, 4) if cell[0] == own[0] else (6, 2, 1)
            (named[cell],) = chance.choices(list(Often), weights)
    ways = {one for one in ContactWay if chance.random() < 0.55}
    came = dict(zip(ContactOutcome, _OUTCOMES[kind], strict=False))
    outcomes = {one for one, likely in came.items() if chance.random() < likely}
    return Contacts(named, frozenset(ways), frozenset(outcomes or {ContactOutcome.NOTHING}))


def remind(call: Call, days: int, hour: str) -> None:
    """What the worker does by itself: remind those who have not answered."""
    if any(one.state is WaveState.OPEN for one in queries.waves(call.course_id).values()):
        with next(call.moments(days, hour)):
            operations.turn()


def close(call: Call, kind: WaveKind, days: int, hour: str) -> None:
    """Close a wave, after which its picture is there."""
    wave = queries.wave(call.course_id, kind)
    if wave is not None and wave.state is WaveState.OPEN:
        with next(call.moments(days, hour)):
            operations.close(call.course_id, kind, call.organiser)
