"""One column of a certificate's row changed by SQL, or two rows swapped: none is vouched for."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import factories
from tests.register.other_hands import Case, named
from trainings.register import register_mac as vouching
from trainings.register.models import Certificate
from trainings.register.trust_rules import Trust
from trainings.verification.rules import Verdict

# What the code leaves out, and why.
EXEMPT = {
    "mac": "the code itself",
    "content": "sealed for its row under data_key: another one does not open",
    "ended_note": "sealed for its row: another one does not open",
    "failed": "the rendering was given up; says nothing of the certificate",
}


@pytest.fixture
def case(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Case:
    return Case(each_app, monkeypatch)


CHANGES = {
    "minutes": "9999",
    "ready_at": "'2020-01-01 00:00:00'",
    "issued_by": "'nobody'",
    "serial_key": "'ABC'",
    "serial": "'A-BC'",
    "language": "'pt_BR'",
    "kind": "'attendance'",
    "issued_at": "'2020-01-01 00:00:00'",
    "ended_on": "'2020-01-01'",
    "data_key": "NULL",
    "file_name": "'0'",
    "signed": "NOT signed",
    "course_titles": "'{}'",
    "agencies": "'[]'",
    "acts": "5",
    "acts_mac": "''",
    "mac": "''",
    "ended_reason": "'other'",
    "ended_at": "'2020-01-01 00:00:00'",
    "status": "'superseded'",
    "digest": "'0'",
    "course_trainer_id": None,
    "token": None,
    "id": None,  # see below
    "course_id": ":course",
    "person_id": ":person",
    "registration_id": "NULL",
    "successor_id": ":second",
}


@pytest.mark.parametrize("column", [name for name in CHANGES if CHANGES[name]])
def test_a_column_changed(case: Case, column: str) -> None:
    values = {
        "id": case.row.id,
        "second": case.second.id,
        "person": case.second.person_id,
        "course": factories.course("OTHER26"),
    }
    statement = f"UPDATE certificate SET {column} = {CHANGES[column]} WHERE id = :id"
    case.other.do(statement, **named(statement, **values))
    assert vouching.standing(case.now()) is Trust.UNSURE
    assert not case.verdicts() & {Verdict.GENUINE, Verdict.SUPERSEDED}


def test_every_column_is_covered_or_says_why_not() -> None:
    there = {column.name for column in Certificate.__table__.columns}
    assert set(vouching.COVERED) | set(EXEMPT) == there
    assert not set(vouching.COVERED) & set(EXEMPT)
    assert set(CHANGES) == set(vouching.COVERED) | {"mac"}


@pytest.mark.parametrize("swapped", ["person_id", "registration_id", "token"])
def test_two_swapped(case: Case, swapped: str) -> None:
    one, two = case.row, case.second
    hold = "NULL" if swapped != "token" else "'-'"
    change = f"UPDATE certificate SET {swapped} = :value WHERE id = :id"
    case.other.do(f"UPDATE certificate SET {swapped} = {hold} WHERE id = :id", id=one.id)
    case.other.do(change, value=getattr(one, swapped), id=two.id)
    case.other.do(change, value=getattr(two, swapped), id=one.id)
    found = vouching.standings(case.rows())
    assert found[one.id] is found[two.id] is Trust.UNSURE
    assert Verdict.GENUINE not in case.verdicts()
