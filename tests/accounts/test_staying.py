"""Signed in on one's own device today: by choice, and never for who sees many people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from trainings.accounts import operations, writes
from trainings.accounts.models import WebSession
from trainings.accounts.rules import may_stay
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer

LABEL = "Keep me signed in on this device today"
PASSWORD = "una frase larga que nadie sabe"


def come_in(client: FlaskClient, viewer: Viewer, *, own: bool = True) -> str:
    """Use an emailed link; gives its page as it was shown before."""
    address = f"/sign-in/link/{factories.link(viewer)}"
    shown = client.get(address).get_data(as_text=True)
    assert client.post(address, data={"own": "y"} if own else {}).status_code == 303
    return shown


def inside(client: FlaskClient, **later: float) -> bool:
    with clock.shifted(timedelta(**later)):
        return client.get("/profile").status_code == 200


def trainer(**more: bool) -> Viewer:
    return factories.account(Role.TRAINER, course_id="c" * 22, **more)


@pytest.mark.parametrize(
    ("roles", "stays"),
    [
        ((), True),
        ((Role.TRAINER,), True),
        ((Role.TRAINER, Role.TRAINER), True),
        *(((role,), False) for role in Role if role is not Role.TRAINER),
        ((Role.TRAINER, Role.ORGANISER), False),
    ],
)
def test_who_may(roles: tuple[Role, ...], stays: bool) -> None:
    assert may_stay(roles) is stays


@pytest.mark.parametrize("role", [None, Role.TRAINER])
def test_by_choice_it_is_eight_hours(each_app: Flask, role: Role | None) -> None:
    client = each_app.test_client()
    who = factories.account() if role is None else trainer(staff=False)
    assert LABEL in come_in(client, who)
    assert not inside(client, hours=8, seconds=2)
    assert inside(client, hours=7, minutes=59)
    assert inside(client, hours=11, minutes=59), "used after eight hours, so it goes on"
    assert not inside(client, hours=12, seconds=2), "and ends after twelve, whatever its use"


def test_without_the_choice_it_is_half_an_hour(client: FlaskClient) -> None:
    come_in(client, factories.account(), own=False)
    assert inside(client, minutes=29)
    assert not inside(client, minutes=29 + 31)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TRAINER])
def test_who_sees_many_people_is_not_asked_and_cannot(client: FlaskClient, role: Role) -> None:
    scope = {"country": "BO"} if role is Role.FOCAL_POINT else {}
    assert LABEL not in come_in(client, factories.account(role, **scope))
    assert inside(client, minutes=29)
    assert not inside(client, minutes=29 + 31)


@pytest.mark.parametrize(("role", "minutes"), [(Role.TRAINER, 479), (Role.ORGANISER, 29)])
def test_with_a_password_the_role_decides(client: FlaskClient, role: Role, minutes: int) -> None:
    mail = "somebody@staff.example"
    who = factories.account(role, mail=mail, course_id="c" * 22)
    factories.set_password(who, PASSWORD)
    assert LABEL in client.get("/sign-in").get_data(as_text=True)
    sent = {"mail": mail, "password": PASSWORD, "own": "y"}
    assert client.post("/sign-in", data=sent).status_code == 303
    with clock.shifted(timedelta(minutes=minutes + 2)):
        assert client.get("/profile").status_code == 303
    assert inside(client, minutes=minutes)


def test_who_signs_in_again_to_confirm_stays(client: FlaskClient) -> None:
    mail = "somebody@staff.example"
    who = factories.account(Role.TRAINER, mail=mail, course_id="c" * 22)
    factories.set_password(who, PASSWORD)
    client.post("/sign-in", data={"mail": mail, "password": PASSWORD, "own": "y"})
    assert LABEL not in client.get("/sign-in?again=yes").get_data(as_text=True)
    client.post("/sign-in?again=yes", data={"mail": mail, "password": PASSWORD})
    assert inside(client, hours=7)


def test_another_account_in_the_same_browser_does_not(client: FlaskClient) -> None:
    come_in(client, factories.account())
    come_in(client, factories.account(), own=False)
    assert not inside(client, hours=1)


def test_a_role_over_many_people_ends_it(client: FlaskClient) -> None:
    who = trainer(staff=True)
    come_in(client, who)
    with transaction() as session:
        writes.give_grant(session, who.account_id or "", Role.ANALYST, by=None)
    assert not inside(client, minutes=1)


def test_a_use_that_is_noted_late_does_not_revive_it(client: FlaskClient) -> None:
    come_in(client, factories.account())
    row = db.session.scalars(select(WebSession)).one()
    with clock.shifted(timedelta(hours=8, minutes=1)):
        operations.touch(row.id)
    db.session.expire_all()
    assert db.session.get_one(WebSession, row.id).seen_at == row.started_at


def test_the_profile_says_so(client: FlaskClient) -> None:
    come_in(client, factories.account())
    assert "or after 8 hours where you chose" in client.get("/profile").get_data(as_text=True)
