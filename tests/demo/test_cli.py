"""The sign-in links that the demo prints."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from trainings.accounts import queries as accounts
from trainings.core import clock
from trainings.demo import cli, queries


def test_somebody_who_applied_with_an_address_of_the_demo_takes_no_link_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = "rosa@court.example"
    with clock.at(clock.now() - timedelta(days=1)):
        theirs = factories.account(staff=False, mail=mail)
    factories.account(staff=False, name=("", ""), mail=mail)
    monkeypatch.setattr(queries, "is_loaded", lambda: True)
    monkeypatch.setattr(cli, "_roles", lambda: iter([("Candidate", mail), ("Trainer", mail)]))
    result = app.test_cli_runner().invoke(args=["demo", "links"])
    assert result.exit_code == 0, result.output
    tokens = [line.split("/")[-1] for line in result.output.splitlines()]
    assert [accounts.live_link(token)[1].id for token in tokens] == [theirs.account_id] * 2
