"""Acts on many people: how often they ask the database does not depend on how many they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask

from tests import counting, factories, teaching
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Viewer
from trainings.course_mails import message_operations
from trainings.course_mails.message_operations import Message
from trainings.course_mails.message_rules import MessageTo
from trainings.courses.models import Course
from trainings.nominations import operations as nominations
from trainings.registrations.listing_rules import Step
from trainings.registrations.rules import State
from trainings.rosters import operations as rosters
from trainings.seats import ending_writes
from trainings.seats import operations as seats
from trainings.selection import operations as selections

GROUPS = (("BO", "judge"), ("BO", "police"), ("PE", "judge"), ("CL", "prosecutor"))
BLOCKS = {("BO", "judge"): 2, ("BO", None): 3, ("PE", "judge"): 4}


class Scene(NamedTuple):
    """A course, the people an act is about, and who acts."""

    course: str
    numbers: list[str]
    organiser: Viewer
    focal_point: Viewer


def _ended(act: Callable[..., object], *more: object) -> Callable[[Scene], object]:
    def on(scene: Scene) -> object:
        with transaction() as session:
            return act(session, session.get_one(Course, scene.course), *more, by=None)

    return on


def _select(scene: Scene) -> None:
    selections.select(scene.course, scene.numbers, scene.organiser)


def _unselect(scene: Scene) -> None:
    selections.unselect(scene.course, scene.numbers, scene.organiser)


def _endorse(scene: Scene) -> None:
    nominations.endorse(scene.course, scene.numbers, scene.focal_point)


def _recall(scene: Scene) -> None:
    nominations.recall(scene.course, scene.numbers, scene.focal_point)


def _reject(scene: Scene) -> None:
    nominations.reject(scene.course, scene.numbers, "no visa", scene.organiser)


def _reconsider(scene: Scene) -> None:
    nominations.reconsider(scene.course, scene.numbers, scene.organiser)


def _rank(scene: Scene) -> None:
    nominations.rank(scene.course, scene.numbers, scene.focal_point)


def _order(scene: Scene) -> None:
    selections.move_on_reserve(scene.course, scene.numbers[-1], Step.FIRST, scene.organiser)


def _message(scene: Scene) -> None:
    subjects, texts = {"en": "About {code}"}, {"en": "Hello {name}", "es": "Hola {name}"}
    message_operations.send(scene.course, Message(MessageTo(), subjects, texts), scene.organiser)


def _promote(scene: Scene) -> None:
    seats.promote(scene.course)


def _release(scene: Scene) -> None:
    with transaction() as session:
        session.get_one(Course, scene.course).release_on = clock.today(factories.ZONE)
    seats.release(scene.course)


CASES: dict[str, tuple[State, Callable[[Scene], object], int]] = {
    "select": (State.ENDORSED, _select, 22),
    "unselect": (State.OFFERED, _unselect, 19),
    "endorse": (State.NOMINATED, _endorse, 16),
    "recall": (State.ENDORSED, _recall, 16),
    "reject": (State.ENDORSED, _reject, 16),
    "reconsider": (State.ENDORSED, _reconsider, 18),
    "rank": (State.NOMINATED, _rank, 8),
    "reserve order": (State.RESERVE, _order, 11),  # 9 once everyone has a place
    "message": (State.CONFIRMED, _message, 10),
    "promote": (State.RESERVE, _promote, 19),
    "release": (State.RESERVE, _release, 32),
    "close": (State.CONFIRMED, _ended(ending_writes.close_course, ()), 8),
    "reopen": (State.NO_SHOW, _ended(ending_writes.reopen_course), 11),
    "cancel": (State.ENDORSED, _ended(ending_writes.cancel_all, "no venue"), 11),
}


def asked(code: str, act: str, people: int) -> list[str]:
    """The statements of an act on so many people."""
    before, do, _most = CASES[act]
    groups = GROUPS[:2] if act in ("endorse", "recall", "rank") else GROUPS
    course = factories.course(code, capacity=people + 10)
    acting.share_out(course, BLOCKS)
    numbers = acting.crowd(course, before, people, groups=groups)
    scene = Scene(course, numbers, acting.organiser(), acting.focal_point())
    if act == "reconsider":
        _reject(scene)
    with counting.statements() as sent:
        do(scene)
    return sent


@pytest.mark.parametrize("act", list(CASES))
def test_sixty_people_take_few_statements(each_app: Flask, act: str) -> None:
    few, many = asked("FEW27", act, 12), asked("MANY27", act, 60)
    assert len(many) <= CASES[act][2], "\n".join(many)
    assert len(many) == len(few), "\n".join(many)


def test_changing_seats_for_each_other_takes_one_statement_more(each_app: Flask) -> None:
    counts = []
    for code, half in (("FEW27", 6), ("MANY27", 30)):
        course = factories.course(code, capacity=2 * half)
        acting.share_out(course, {("BO", None): half, (None, "judge"): half})
        judges = acting.crowd(course, State.ENDORSED, half)
        police = acting.crowd(course, State.ENDORSED, half, groups=[("BO", "police")])
        by = acting.organiser()
        with counting.statements() as sent:
            outcome = selections.select(course, [*judges, *police], by)
        assert len(outcome.offered) == 2 * half  # each judge leaves a seat to the police
        counts.append(len(sent))
    assert counts[0] == counts[1] <= CASES["select"][2] + 1


def test_many_trainers_are_invited_at_once(each_app: Flask) -> None:
    by = acting.organiser()
    counts = []
    for code, people in (("FEW27", 3), ("MANY27", 12)):
        course = factories.course(code)
        trainers = [teaching.trainer(by) for _ in range(people)]
        with counting.statements() as sent:
            rosters.invite(course, trainers, by)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 14
