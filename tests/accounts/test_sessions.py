"""Sessions live on the server: idle, absolute, ended; nothing brings an ended one back."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from trainings.accounts import operations, staff_operations, writes
from trainings.accounts.models import AccountGrant, WebSession
from trainings.accounts.queries import token_hash
from trainings.accounts.rules import Scope
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer


@pytest.fixture
def ada(client: FlaskClient) -> Viewer:
    made = factories.account(Role.ANALYST)
    factories.sign_in(client, made)
    return made


def inside(client: FlaskClient) -> bool:
    return client.get("/profile").status_code == 200


def session() -> WebSession:
    return db.session.query(WebSession).populate_existing().one()


def test_half_an_hour_without_use_ends_it(client: FlaskClient, ada: Viewer) -> None:
    with clock.shifted(timedelta(minutes=30, seconds=1)):
        assert not inside(client)
    with clock.shifted(timedelta(minutes=29)):
        assert inside(client)
    with clock.shifted(timedelta(minutes=58)):
        assert inside(client)  # used after 29 minutes, so it goes on
    with clock.shifted(timedelta(minutes=89)):
        assert not inside(client)


def test_twelve_hours_end_it_whatever_its_use(client: FlaskClient, ada: Viewer) -> None:
    for minutes in range(25, 12 * 60, 25):
        with clock.shifted(timedelta(minutes=minutes)):
            assert inside(client), minutes
    with clock.shifted(timedelta(hours=12, seconds=1)):
        assert not inside(client)


def test_use_is_noted_once_a_minute(
    client: FlaskClient, ada: Viewer, statements: list[str]
) -> None:
    with clock.shifted(timedelta(minutes=2)):
        inside(client)
        statements.clear()
        inside(client)
        assert [line for line in statements if line.startswith(("UPDATE", "INSERT"))] == []
    with clock.shifted(timedelta(minutes=4)):
        statements.clear()
        inside(client)
        assert len([line for line in statements if line.startswith("UPDATE web_session")]) == 1


def test_noting_its_use_does_not_use_up_a_form(client: FlaskClient, ada: Viewer) -> None:
    sent = {"family_name": "Ejemplo", "language": "xx", "form_token": "t" * 22}
    with clock.shifted(timedelta(minutes=2)):
        assert client.post("/profile/details", data=sent).status_code == 200  # refused
    sent["language"] = "es"
    with clock.shifted(timedelta(minutes=4)):
        client.post("/profile/details", data=sent)
    assert b"This was already done" not in client.get("/profile").data


def test_a_request_in_flight_does_not_revive_it(client: FlaskClient, ada: Viewer) -> None:
    found = session()
    before = found.seen_at
    with transaction() as opened:
        writes.end_session(opened, found.id)
    with clock.shifted(timedelta(minutes=5)):
        operations.touch(found.id)
    assert session().seen_at == before and session().ended_at is not None
    assert not inside(client)


def test_noting_the_use_of_an_idle_session_does_not_revive_it(ada: Viewer) -> None:
    found = session()
    with clock.shifted(timedelta(minutes=31)):
        operations.touch(found.id)
    assert session().seen_at == found.started_at


@pytest.mark.parametrize("act", ["give", "take", "disable"])
def test_a_change_of_roles_ends_it(client: FlaskClient, ada: Viewer, act: str) -> None:
    administrator = factories.account(Role.ADMINISTRATOR).account_id or ""
    assert inside(client)
    if act == "give":
        staff_operations.give(
            ada.account_id or "", Role.FOCAL_POINT, Scope(country="BO"), by=administrator
        )
    elif act == "take":
        grant = db.session.query(AccountGrant).filter_by(account_id=ada.account_id).one()
        staff_operations.take(ada.account_id or "", grant.id, by=administrator)
    else:
        staff_operations.switch_off(ada.account_id or "", by=administrator)
    assert not inside(client)


def test_who_takes_a_role_up_themselves_stays_signed_in(client: FlaskClient, ada: Viewer) -> None:
    other = client.application.test_client()
    factories.sign_in(other, ada)
    here = db.session.query(WebSession).order_by(WebSession.id).all()
    mine = next(row.id for row in here if _cookie_opens(client, row))
    with transaction() as opened:
        writes.give_grant(
            opened,
            ada.account_id or "",
            Role.TRAINER,
            by=ada.account_id,
            course_id="c" * 22,
            keep_session=mine,
        )
    assert inside(client) and not inside(other)


def _cookie_opens(client: FlaskClient, row: WebSession) -> bool:
    cookie = client.get_cookie("session_id")
    return cookie is not None and token_hash(cookie.value) == row.token_hash


def test_the_database_does_not_open_a_session(client: FlaskClient, ada: Viewer) -> None:
    client.set_cookie("session_id", session().token_hash)
    assert not inside(client)


def test_what_is_outlived_is_removed(app: Flask, ada: Viewer) -> None:
    factories.link(ada)
    with transaction() as opened:
        writes.count_try(opened, "network|x", operations.NETWORK)
    tables = ("web_session", "one_time_link", "throttle")

    def left() -> list[int]:
        counts = [f"SELECT count(*) FROM {table}" for table in tables]
        return [db.session.execute(db.text(count)).scalar_one() for count in counts]

    operations.tidy()
    assert left() == [1, 1, 1]
    with clock.shifted(timedelta(days=40)):
        operations.tidy()
    assert left() == [0, 0, 0]
