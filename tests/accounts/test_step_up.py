"""What gives rights asks for a fresh sign-in: a browser left open hands nobody a role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import asking, factories
from trainings.accounts.models import AccountGrant
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer

INVITED = {
    "given_name": "Luz",
    "family_name": "Ensayo",
    "mail": "luz@staff.example",
    "language": "en",
    "role": "analyst",
}


def _grants() -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(AccountGrant)) or 0


@pytest.fixture
def bea(app: Flask) -> Viewer:
    return factories.account(Role.ANALYST, mail="bea@staff.example")


@pytest.mark.parametrize(
    ("path", "who", "sent"),
    [
        ("/staff/invite", Role.ADMINISTRATOR, INVITED),
        ("/staff/{bea}/roles/new", Role.ADMINISTRATOR, {"role": "data_protection"}),
        ("/courses/BUE27/organisers", Role.ORGANISER, {"mail": "bea@staff.example"}),
    ],
)
def test_only_soon_after_signing_in(
    client: FlaskClient, bea: Viewer, path: str, who: Role, sent: dict[str, str]
) -> None:
    factories.course()
    by = factories.account(who, agency="IOM") if who is Role.ORGANISER else factories.account(who)
    path = path.format(bea=bea.account_id)
    before = _grants()
    with clock.shifted(-timedelta(minutes=6)):
        factories.sign_in(client, by)
    for answer in (client.get(path), client.post(path, data=sent)):
        assert answer.status_code == 303
        assert "again=yes" in answer.location
    assert "Nothing was saved. Please sign in again first." in asking.page(client, "/profile")
    assert _grants() == before
    factories.sign_in(client, by)
    asking.page(client, path)
    asking.send(client, path, **sent)
    assert _grants() == before + 1
