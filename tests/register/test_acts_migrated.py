"""Certificates of before the count of acts get theirs from the trail, if that is whole."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade

from tests.certificates import graduates
from tests.register.other_hands import Case
from trainings.certificates import reissue_operations
from trainings.core import sealed
from trainings.core.config import ROOT
from trainings.core.db import db
from trainings.register import operations as register_operations
from trainings.register import register_mac as vouching
from trainings.register.models import Certificate
from trainings.register.rules import EndReason
from trainings.register.trust_rules import Trust


@pytest.fixture
def case(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Case:
    """One revoked, one superseded with its successor, one ready."""
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    made = Case(each_app, monkeypatch)
    made.revoke(made.second)
    reissue_operations.reissue(
        made.course_id, made.third.id, " ".join(graduates.NAMES[2]), EndReason.OTHER, "", made.lead
    )
    db.session.remove()
    return made


def _down() -> None:
    db.session.remove()
    downgrade(revision="0009")


def _up(case: Case) -> dict[str, Trust]:
    upgrade()
    db.session.remove()
    return vouching.standings(case.rows(), strict=True)


def test_all_that_was_sound_is_so_again(case: Case) -> None:
    before = {row.id: (row.acts, row.mac) for row in case.rows()}
    assert sorted(acts for acts, _mac in before.values()) == [1, 1, 2, 2]
    _down()
    assert set(_up(case).values()) == {Trust.SOUND}
    assert {row.id: (row.acts, row.mac) for row in case.rows()} == before
    assert register_operations.verify() is None


def test_what_others_changed_is_not_vouched_for(case: Case) -> None:
    _down()
    case.other.do("UPDATE certificate SET minutes = 9999 WHERE id = :id", id=case.row.id)
    found = _up(case)
    assert found.pop(case.row.id) is Trust.UNSURE
    assert set(found.values()) == {Trust.SOUND}


def test_what_had_been_put_back_is_not_vouched_for(case: Case) -> None:
    """The row as it was before the revocation, under the code of then, which the trail denies."""
    _down()
    columns = "status = 'ready', ended_at = NULL, ended_reason = NULL, mac = :mac"
    case.other.do(
        f"UPDATE certificate SET {columns} WHERE id = :id",
        id=case.second.id,
        mac=_code_before(case.second),
    )
    found = _up(case)
    assert found.pop(case.second.id) is Trust.UNSURE
    assert set(found.values()) == {Trust.SOUND}


def _code_before(old: Certificate) -> str:
    """The code that the row bore before it was revoked, by the rule of before."""
    texts = [json.dumps(said, sort_keys=True) for said in (old.course_titles, old.agencies)]
    return sealed.register_mac(
        old.id,
        old.token,
        old.serial,
        old.kind,
        "ready",
        old.digest,
        old.course_id,
        *texts,
        old.ended_on.isoformat(),
        old.minutes,
        old.signed,
        old.issued_at.isoformat(),
        "",
        None,
    )


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM audit_entry WHERE number = 1",
        "DELETE FROM audit_entry WHERE act = 'certificate.revoke'",
        "DELETE FROM audit_entry WHERE number = (SELECT number FROM audit_head)",
        "UPDATE audit_entry SET act = 'x' WHERE act = 'certificate.revoke'",
    ],
)
def test_of_a_trail_that_is_not_whole_nothing_is_taken(case: Case, attack: str) -> None:
    _down()
    case.other.do(attack)
    assert set(_up(case).values()) == {Trust.UNSURE}
    assert register_operations.verify() is not None
