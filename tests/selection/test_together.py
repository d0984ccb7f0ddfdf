"""Many selected in one act stand as if they had been selected one after another."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.audit import operations as audit
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db
from trainings.jobs.models import Job
from trainings.mail import queries as outbox
from trainings.mail.models import OutboxMail
from trainings.registrations.models import HistoryStep, Registration
from trainings.registrations.rules import HOLDS_SEAT, State
from trainings.seats import queries as seats
from trainings.seats import reserve_rules, waiting_queries
from trainings.selection import operations as selections

SEED = random.SystemRandom().randrange(10**6)
COUNTRIES, FUNCTIONS = ("BO", "PE", "CL"), ("judge", "police")


def rows(course: str) -> dict[str, Registration]:
    db.session.close()
    found = db.session.scalars(
        select(Registration)
        .where(Registration.course_id == course)
        .execution_options(scope="operation")
    )
    return {one.number: one for one in found}


def stands(course: str, numbers: list[str]) -> list[tuple[object, ...]]:
    """Where each one stands, in words that two courses share, with what happened to them."""
    found = rows(course)
    cells = {one.id: (one.country, one.function) for one in seats.blocks(course)}
    steps: dict[str, list[tuple[object, ...]]] = {}
    for step in db.session.scalars(
        select(HistoryStep).where(HistoryStep.course_id == course).order_by(HistoryStep.number)
    ):
        block = cells[step.block_id] if step.block_id else None
        steps.setdefault(step.registration_id, []).append(
            (step.act, step.before, step.after, block)
        )
    return [
        (one.state, cells.get(one.block_id or ""), one.seat_no, steps.get(one.id))
        for one in (found[number] for number in numbers)
    ]


def in_reserve(course: str) -> list[str]:
    """The numbers of those who wait, in the order in which they will be offered a seat."""
    by_id = {one.id: one.number for one in rows(course).values()}
    return [by_id[one.id] for one in reserve_rules.in_order(waiting_queries.waiting(course))]


@pytest.mark.parametrize("turn", range(4))
def test_at_once_or_one_by_one_comes_to_the_same(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    print(f"seed {SEED + turn}")
    chance = random.Random(SEED + turn)
    groups = [(chance.choice(COUNTRIES), chance.choice(FUNCTIONS)) for _ in range(24)]
    # none as wide as another: which of two such comes first depends on their random keys
    blocks = {("BO", "judge"): 2, ("BO", None): 4, (None, "judge"): 4}
    by, came = acting.organiser(), []
    for code, together in (("ONE27", False), ("ALL27", True)):
        course = factories.course(code, capacity=16)
        acting.share_out(course, blocks)
        numbers = acting.crowd(course, State.ENDORSED, len(groups), groups=groups)
        for chosen in [numbers] if together else [[one] for one in numbers]:
            selections.select(course, chosen, by)
        came.append((stands(course, numbers), [numbers.index(one) for one in in_reserve(course)]))
    assert came[0] == came[1]


def test_people_selected_together_change_seats_for_each_other(each_app: Flask) -> None:
    """Judges take their country's seats first, and leave these to the police who come after."""
    course = factories.course(capacity=12)
    acting.share_out(course, {("BO", None): 6, (None, "judge"): 6})
    judges = acting.crowd(course, State.ENDORSED, 6)
    police = acting.crowd(course, State.ENDORSED, 6, groups=[("BO", "police")])
    outcome = selections.select(course, [*judges, *police], acting.organiser())
    assert outcome.offered == (*judges, *police)
    found = rows(course)
    cells = {one.id: (one.country, one.function) for one in seats.blocks(course)}
    assert {cells[found[one].block_id or ""] for one in judges} == {(None, "judge")}
    assert {cells[found[one].block_id or ""] for one in police} == {("BO", None)}
    acts = Counter(
        db.session.scalars(select(HistoryStep.act).where(HistoryStep.course_id == course))
    )
    assert acts == {"select": 12, "reseat": 6}


def test_each_step_is_in_the_trail_and_each_mail_has_its_job(each_app: Flask) -> None:
    course, by = factories.course(capacity=20), acting.organiser()
    numbers = acting.crowd(course, State.ENDORSED, 30)
    selections.select(course, numbers, by)
    found = rows(course)
    entries = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.act == "registration.select")
        .order_by(AuditEntry.number)
    ).all()
    assert [one.details["number"] for one in entries] == numbers
    assert {one.by for one in entries} == {by.account_id}
    assert all(one.details["block"] == found[one.details["number"]].block_id for one in entries)
    assert audit.verify() is None
    mails = set(db.session.scalars(select(OutboxMail.id)))
    jobs = db.session.scalars(select(Job).where(Job.task == "mail.send")).all()
    assert sorted(one.payload["mail_id"] for one in jobs) == sorted(mails) and len(mails) == 30
    held = {one.id for one in found.values() if one.state in HOLDS_SEAT}
    ends = db.session.scalars(select(Job).where(Job.task == "registrations.expire")).all()
    assert {one.payload["registration_id"] for one in ends} == held and len(held) == 20


def test_what_is_written_of_many_does_not_tell_in_which_order_they_were_chosen(
    each_app: Flask,
) -> None:
    """A list by name is chosen in the order of names, and nobody with the database is to know."""
    course, by = factories.course(capacity=20), acting.organiser()
    numbers = acting.crowd(course, State.ENDORSED, 30)
    chosen = random.Random(SEED).sample(numbers, len(numbers))
    selections.select(course, chosen, by)
    found = rows(course)
    ids = [found[number].id for number in numbers]
    assert ids == sorted(ids) and chosen != numbers
    steps = select(HistoryStep.registration_id).where(HistoryStep.act == "select")
    assert db.session.scalars(steps.order_by(HistoryStep.number)).all() == ids
    acts = select(AuditEntry.object_id).where(AuditEntry.act == "registration.select")
    assert db.session.scalars(acts.order_by(AuditEntry.number)).all() == ids
    jobs = db.session.scalars(select(Job).order_by(Job.id)).all()
    whose = {mail.id: mail.person_id for mail in db.session.scalars(select(OutboxMail))}
    mailed = [whose[one.payload["mail_id"]] for one in jobs if one.task == "mail.send"]
    assert mailed == [found[number].person_id for number in numbers]
    ends = [one.payload["registration_id"] for one in jobs if one.task == "registrations.expire"]
    assert ends == sorted(ends) and len(ends) == 20


def test_each_is_told_once_in_their_language_by_a_link_of_their_own(
    app: Flask, client: FlaskClient
) -> None:
    course = factories.course(capacity=4)
    numbers = acting.crowd(course, State.ENDORSED, 6)
    selections.select(course, numbers, acting.organiser())
    people = {one.person_id: one for one in rows(course).values()}
    mails = db.session.scalars(select(OutboxMail)).all()
    assert Counter(one.person_id for one in mails) == dict.fromkeys(people, 1)
    assert Counter(one.language for one in mails) == {"es": 4, "pt_BR": 2}
    for mail in mails:
        number = people[mail.person_id or ""].number
        found = re.search(r"http://trainings.example(/\S+)", outbox.opened(mail).body)
        assert found is not None
        client.delete_cookie("session_id")
        client.post(found[1])
        assert client.get(f"/my/registrations/{number}").status_code == 200
        client.delete_cookie("session_id")
        client.post(found[1])  # it opens once
        assert client.get(f"/my/registrations/{number}").status_code == 303
