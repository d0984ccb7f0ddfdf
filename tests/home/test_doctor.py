"""``flask doctor``: says what is wrong, and looks at the database even where emails cannot go."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from tests import factories
from trainings.accounts.models import AccountGrant
from trainings.core import startup_checks
from trainings.core.db import transaction
from trainings.core.permissions import Role
from trainings.home import cli


@pytest.fixture(autouse=True)
def without_a_cage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_cage", lambda _settings: [])


def said(app: Flask) -> str:
    return app.test_cli_runner().invoke(args=["doctor"]).output


def test_a_forged_role_is_named_whatever_else_is_wrong(app: Flask) -> None:
    factories.account(Role.ANALYST)
    before = said(app)
    assert "FAULT  Mail server" in before
    assert "ok     Every certificate" in before and "ok     Every account" in before
    with transaction() as session:  # past the models, as whoever writes to the database does
        session.execute(update(AccountGrant).values(role="data_protection"))
    after = said(app)
    assert "FAULT  Every account" in after and "1 were not written by us: account_grant" in after


def test_a_database_of_another_schema_is_not_looked_at(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(startup_checks, "fault", lambda: "the schema is old")
    assert "Every account" not in said(app)
