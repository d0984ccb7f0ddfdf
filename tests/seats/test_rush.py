"""Three hundred people at their browsers, four web workers, one of them killed: 20 seats."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, killing, rushing
from tests.registrations import acting
from tests.running import Running, answering
from trainings.core.db import db
from trainings.mail.models import OutboxMail
from trainings.registrations.models import HistoryStep, Registration
from trainings.registrations.rules import HOLDS_SEAT, State

SEED = random.SystemRandom().randrange(10**6)
CODE, SEATS, A_COUNTRY = "RUSH27", 20, 5
COUNTRIES = ("AR", "BO", "BR", "CL", "PE", "PY")
PEOPLE, AT_ONCE, WITHDRAW, DOUBLE = 300, 60, 60, 60
EVENTS = {
    State.OFFERED: "registration_offer",
    State.RESERVE: "registration_reserve",
    State.WITHDRAWN: "registration_withdrawn",
}


@pytest.fixture
def four_workers(each_app: Flask, key_file: Path, tmp_path: Path) -> Iterator[list[Running]]:
    """Two web servers of two workers each, on the same data."""
    settings = each_app.extensions["settings"]
    twin = tmp_path / "twin"
    twin.symlink_to(settings.instance)
    given = {"TRAININGS_KEYS": str(key_file), "DATABASE_URL": settings.database_url}
    served = [
        Running(folder, *killing.KEEPER, "web", **given) for folder in (settings.instance, twin)
    ]
    try:
        for one in served:
            killing.until(lambda url=one.url: killing.answers(url))
        yield served
    finally:
        for one in served:
            one.end()


def rows(course: str) -> list[Registration]:
    db.session.close()
    return list(
        db.session.scalars(
            select(Registration)
            .where(Registration.course_id == course)
            .execution_options(scope="operation")
        )
    )


def mails_and_steps(course: str) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """The emails that were written, and those that the steps of all registrations call for."""
    person = {one.id: one.person_id for one in rows(course)}
    written = Counter(
        (person_id or "", event)
        for person_id, event in db.session.execute(select(OutboxMail.person_id, OutboxMail.event))
    )
    steps = db.session.scalars(
        select(HistoryStep)
        .where(HistoryStep.course_id == course)
        .execution_options(scope="operation")
    )
    due = Counter(
        (person[step.registration_id], EVENTS[step.after])
        for step in steps
        if step.after is not step.before  # a change of seat alone is told to nobody
    )
    return written, due


def out_of_order(course: str, people: list[rushing.Applicant]) -> list[tuple[str, str]]:
    """Pairs on the reserve list: the one ahead was sent after the other was acknowledged."""
    asked = {one.number: one for one in people}
    waiting = [asked[one] for one in acting.reserve(course)]
    return [
        (ahead.number, behind.number)
        for place, ahead in enumerate(waiting)
        for behind in waiting[place + 1 :]
        if ahead.sent > behind.acknowledged
    ]


def test_three_hundred_for_twenty_seats_of_five_a_country(
    each_app: Flask, four_workers: list[Running]
) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    course = acting.at_once(CODE, capacity=SEATS)
    acting.share_out(course, {(one, None): 3 for one in COUNTRIES})
    people = [
        rushing.applicant(
            each_app,
            four_workers[place % 2].url,
            CODE,
            course,
            factories.account(staff=False, name=("", "")),
            COUNTRIES[place % len(COUNTRIES)],
        )
        for place in range(PEOPLE)
    ]
    rushing.all_at_once([one.open for one in people], AT_ONCE)
    leaving = chance.sample(people, WITHDRAW)
    acts = [lambda one=one: (one.send(), one in leaving and one.withdraw()) for one in people]
    acts += [one.send for one in chance.sample(people, DOUBLE)]
    chance.shuffle(acts)
    victim = chance.choice(answering(four_workers[0].port))
    acts.insert(PEOPLE // 2, lambda: os.kill(victim, signal.SIGKILL))
    rushing.all_at_once(acts, AT_ONCE)

    found = rows(course)
    assert {status for one in people for status in one.statuses} <= {200, 303}
    assert sorted(one.number for one in found) == sorted(one.number for one in people)
    seated = [one for one in found if one.state in HOLDS_SEAT]
    assert len(seated) == len({(one.block_id, one.seat_no) for one in seated}) == SEATS
    assert max(Counter(one.country for one in seated).values()) <= A_COUNTRY
    gone = {one.number for one in found if one.state is State.WITHDRAWN}
    assert gone == {one.number for one in leaving}
    written, due = mails_and_steps(course)
    assert written == due
    assert out_of_order(course, people) == []
