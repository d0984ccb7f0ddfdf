"""Applications that are sent at the same moment: one transaction, the same outcome for each."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import func, select

from tests import counting, factories
from tests.registrations import acting
from trainings.audit import operations as audits
from trainings.core.db import db
from trainings.core.group_commit import Apart
from trainings.core.permissions import Viewer
from trainings.jobs.models import Job
from trainings.mail.models import OutboxMail
from trainings.participants import apply_operations
from trainings.participants.apply_operations import Sending
from trainings.registrations.candidate_rules import CountryNotInvited
from trainings.registrations.models import HistoryStep, Registration, SeatBlock
from trainings.registrations.rules import AlreadyRegistered, State

SEED = random.SystemRandom().randrange(10**6)
SEATS = {("BO", "judge"): 2, ("PE", None): 2, (None, "police"): 2}


def people(count: int) -> list[Viewer]:
    return [factories.account(staff=False, name=("", "")) for _ in range(count)]


def queue(count: int, chance: random.Random) -> list[Sending]:
    return [
        Sending(
            acting.application(
                given_name=f"Nº {number}",
                country=chance.choice(["BO", "PE", "CL"]),
                function=chance.choice(["judge", "police"]),
            ),
            who,
        )
        for number, who in enumerate(people(count))
    ]


def course(code: str) -> str:
    made = acting.at_once(code, capacity=9)
    acting.share_out(made, SEATS)
    return made


def standing(course_id: str, numbers: Sequence[str]) -> list[State]:
    rows = {one.number: one for one in _registrations(course_id)}
    return [rows[number].state for number in numbers]


def _registrations(course_id: str) -> Sequence[Registration]:
    db.session.close()
    return db.session.scalars(
        select(Registration)
        .where(Registration.course_id == course_id)
        .execution_options(scope="operation")
    ).all()


def seated(course_id: str) -> Counter[tuple[str | None, str | None, str, str]]:
    """How many of each group sit in each block."""
    cells = {
        one.id: (one.country, one.function) for one in db.session.scalars(select(SeatBlock)).all()
    }
    return Counter(
        (*cells[one.block_id], one.country, one.function)
        for one in _registrations(course_id)
        if one.block_id
    )


def test_together_is_the_same_as_one_after_the_other(each_app: Flask) -> None:
    print(f"seed {SEED}")
    for number in range(4):
        sent = queue(14, random.Random(SEED + number))
        together, apart = course(f"TG{number}"), course(f"AP{number}")
        first = apply_operations._send_all(together, sent, ())
        second = [apply_operations._send_all(apart, [one], ())[0] for one in sent]
        assert standing(together, first) == standing(apart, second)
        assert seated(together) == seated(apart)
        places = [(one.block_id, one.seat_no) for one in _registrations(together) if one.block_id]
        assert len(set(places)) == len(places) >= 3  # those open to all are always taken
    assert audits.verify() is None


def test_each_keeps_their_own_history_mail_and_deadlines(each_app: Flask) -> None:
    made = course("TG27")
    sent = queue(5, random.Random(SEED))
    numbers = apply_operations._send_all(made, sent, ())
    rows = {one.number: one for one in _registrations(made)}
    for number, one in zip(numbers, sent, strict=True):
        row = rows[number]
        assert row.person_id == one.by.person_id
        step = db.session.scalars(
            select(HistoryStep).where(HistoryStep.registration_id == row.id)
        ).one()
        assert (step.act, step.by) == ("apply", one.by.account_id)
    mails = db.session.scalars(select(OutboxMail.person_id)).all()
    assert sorted(mails) == sorted(one.by.person_id or "" for one in sent)
    ends = select(func.count()).select_from(Job).where(Job.task == "registrations.expire")
    assert db.session.scalar(ends) == 5


def test_who_waits_longest_comes_first_on_the_reserve_list(app: Flask) -> None:
    made = acting.at_once(capacity=1)
    sent = [Sending(acting.application(), who) for who in people(5)]
    numbers = apply_operations._send_all(made, sent, ())
    waiting = sorted(
        (one for one in _registrations(made) if one.state is State.RESERVE),
        key=lambda one: (one.selected_at, one.id),
    )
    assert [one.number for one in waiting] == numbers[1:]


def test_one_who_is_not_invited_keeps_all_from_being_stored(app: Flask) -> None:
    made = course("TG27")
    sent = queue(3, random.Random(SEED))
    sent[1] = replace(sent[1], application=replace(sent[1].application, country="DE"))
    with pytest.raises(CountryNotInvited):
        apply_operations._send_all(made, sent, ())
    assert not _registrations(made)


def test_one_who_stands_there_already_keeps_all_from_being_stored(app: Flask) -> None:
    made = course("TG27")
    sent = queue(3, random.Random(SEED))
    apply_operations._send_all(made, sent[2:], ())
    with pytest.raises(AlreadyRegistered):
        apply_operations._send_all(made, sent, ())
    assert len(_registrations(made)) == 1


def test_the_same_person_is_not_served_twice_together(app: Flask) -> None:
    made = course("TG27")
    (one,) = queue(1, random.Random(SEED))
    with pytest.raises(Apart):
        apply_operations._send_all(made, [one, one], ())


def test_more_people_take_no_more_statements(each_app: Flask) -> None:
    made = course("TG27")
    sent = queue(12, random.Random(SEED))
    counts = []
    for portion in (sent[:2], sent[2:]):
        with counting.statements() as asked:
            apply_operations._send_all(made, portion, ())
        counts.append(len(asked))
    assert max(counts) <= 27, counts  # the most where somebody has to change seats
