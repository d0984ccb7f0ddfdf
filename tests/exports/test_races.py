"""Two people decide on one request at once; without the locks, both decisions would count."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask

from tests import factories, racing
from tests.exports import taking
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.exports import operations, queries
from trainings.exports.request_rules import NotWaiting


def decided(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What became of an organiser's approval and an officer's refusal at the same moment."""
    house = taking.house(26)
    officer = factories.account(Role.DATA_PROTECTION)
    number = house.ask()
    acts = [
        partial(operations.decide, number, True, house.second),
        partial(operations.decide, number, False, officer, officer=True),
    ]
    found = racing.both_look(app, monkeypatch, operations, "check_decision", acts)
    return sorted(type(one).__name__ for one in found)


ONE = sorted([type(None).__name__, NotWaiting.__name__])


def test_of_two_decisions_one_counts(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert decided(each_app, monkeypatch) == ONE


def test_without_the_locks_both_would(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    racing.take_locks_off(monkeypatch, courses, queries)
    assert decided(each_app, monkeypatch) != ONE
