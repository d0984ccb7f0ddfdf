"""Who writes to the database without the keys lets nobody in by session, role, link, password."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from tests import factories
from trainings.accounts import operations, queries, writes
from trainings.accounts.models import Account, AccountGrant, Door, OneTimeLink, WebSession
from trainings.accounts.operations import Browser
from trainings.accounts.rules import SIGN_IN, LinkUnknown, WrongSignIn
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Permission, Role, Viewer

PASSWORD = "una frase larga que nadie sabe"
HERE = Browser(address="192.0.2.7", device="", session_id=None, known=frozenset())


@pytest.fixture
def chief(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM", mail="chief@staff.example")


@pytest.fixture
def thief(app: Flask) -> Viewer:
    """A participant who can write to the database."""
    return factories.account(staff=False, name=("Eva", "Ladrón"))


def by_sql(statement: str, **values: Any) -> None:
    """Written past the software, without its keys."""
    with transaction() as session:
        changed = session.execute(text(statement), values)
        assert changed.rowcount == 1  # type: ignore[attr-defined]


def inside(client: FlaskClient) -> bool:
    return client.get("/profile").status_code == 200


def test_a_session_that_we_did_not_begin_opens_nothing(
    client: FlaskClient, chief: Viewer, caplog: pytest.LogCaptureFixture
) -> None:
    factories.sign_in(client, chief)
    assert inside(client)
    client.set_cookie("session_id", "my own word")
    by_sql(
        "INSERT INTO web_session (id, token_hash, account_id, started_at, seen_at, ends_at, stays,"
        " confirmed_at, device, code) SELECT :id, :hash, account_id, started_at, seen_at, ends_at,"
        " stays, confirmed_at, device, code FROM web_session",
        id=new_key(),
        hash=hashlib.sha256(b"my own word").hexdigest(),
    )
    with caplog.at_level(logging.ERROR):
        assert not inside(client)
    assert "was not written by us" in caplog.text


def test_my_own_session_is_not_made_anybody_elses(
    client: FlaskClient, chief: Viewer, thief: Viewer
) -> None:
    factories.sign_in(client, thief)
    assert inside(client)
    by_sql("UPDATE web_session SET account_id = :who", who=chief.account_id)
    assert not inside(client)


def test_my_own_account_is_not_made_anybody_elses(
    client: FlaskClient, chief: Viewer, thief: Viewer
) -> None:
    factories.sign_in(client, thief)
    other = factories.account(staff=False)
    by_sql("DELETE FROM account WHERE id = :id", id=other.account_id)
    by_sql(
        "UPDATE account SET person_id = :who WHERE id = :me",
        who=other.person_id,
        me=thief.account_id,
    )
    assert not inside(client)
    assert queries.viewer_of(thief.account_id or "") is None


@pytest.mark.parametrize("way", ["inserted", "moved", "widened", "revived"])
def test_a_role_that_we_did_not_give_counts_nothing(
    client: FlaskClient, thief: Viewer, way: str
) -> None:
    analyst = factories.account(Role.ANALYST)
    me = {"me": thief.account_id}
    if way == "inserted":
        by_sql(
            "INSERT INTO account_grant (id, account_id, role, functions, given_at, code)"
            " SELECT :id, :me, 'data_protection', functions, given_at, code FROM account_grant",
            id=new_key(),
            **me,
        )
    elif way == "moved":
        by_sql("UPDATE account_grant SET account_id = :me", **me)
    elif way == "widened":
        thief = analyst
        by_sql("UPDATE account_grant SET role = 'data_protection'")
    else:
        thief = analyst
        with transaction() as session:
            (grant,) = queries.live_grants(analyst.account_id or "")
            writes.end_grant(session, grant, by=None)
        by_sql("UPDATE account_grant SET ended_at = NULL")
    factories.sign_in(client, thief)
    assert inside(client), "the person is who they are"
    now = queries.viewer_of(thief.account_id or "")
    assert now is not None and now.grants == ()
    assert not now.can(Permission.PERSON_ERASE) and thief.account_id not in queries.staff_viewers()


def test_the_right_roles_of_others_go_on(client: FlaskClient, chief: Viewer) -> None:
    factories.account(Role.ANALYST)
    by_sql("UPDATE account_grant SET role = 'administrator' WHERE role = 'analyst'")
    assert list(queries.staff_viewers()) == [chief.account_id]


def test_anothers_password_does_not_become_mine(app: Flask, chief: Viewer) -> None:
    thief = factories.account(Role.ANALYST, mail="thief@staff.example")
    factories.set_password(chief, "something that only the chief knows")
    factories.set_password(thief, PASSWORD)
    operations.sign_in("thief@staff.example", PASSWORD, HERE)
    by_sql(
        "UPDATE account SET password_hash = (SELECT password_hash FROM account WHERE id = :me)"
        " WHERE id = :who",
        me=thief.account_id,
        who=chief.account_id,
    )
    with pytest.raises(WrongSignIn):
        operations.sign_in("chief@staff.example", PASSWORD, HERE)
    factories.set_password(chief, "one that the chief chose again")
    assert operations.sign_in("chief@staff.example", "one that the chief chose again", HERE)


@pytest.mark.parametrize("way", ["inserted", "moved", "another purpose"])
def test_a_link_that_we_did_not_send_opens_nothing(
    app: Flask, chief: Viewer, thief: Viewer, way: str
) -> None:
    with transaction() as session:
        token = writes.make_link(session, SIGN_IN, thief.account_id)
    assert queries.live_link(token)[1].id == thief.account_id
    if way == "inserted":
        token = "my own word"
        by_sql(
            "INSERT INTO one_time_link (id, token_hash, purpose, account_id, leads_to, data,"
            " created_at, ends_at, code) SELECT :id, :hash, purpose, :who, leads_to, data,"
            " created_at, ends_at, code FROM one_time_link",
            id=new_key(),
            hash=hashlib.sha256(token.encode()).hexdigest(),
            who=chief.account_id,
        )
    elif way == "moved":
        by_sql("UPDATE one_time_link SET account_id = :who", who=chief.account_id)
    else:
        by_sql("UPDATE one_time_link SET purpose = 'password'")
    db.session.close()
    with pytest.raises(LinkUnknown):
        queries.live_link(token)


def test_what_was_not_ours_does_not_become_so_by_a_change_of_ours(
    app: Flask, chief: Viewer, thief: Viewer
) -> None:
    by_sql("UPDATE account SET staff = true WHERE id = :me", me=thief.account_id)
    with transaction() as session:
        session.get_one(Account, thief.account_id).mail_index = "x" * 32
    with transaction() as session:
        session.get_one(Account, thief.account_id).language = "es"
    assert queries.viewer_of(thief.account_id or "") is None
    with transaction() as session:  # of the others, a change of ours is ours
        session.get_one(Account, chief.account_id).mail_index = "y" * 32
    assert queries.viewer_of(chief.account_id or "") is not None


@pytest.mark.parametrize("door", [Account, WebSession, AccountGrant, OneTimeLink])
def test_each_thing_that_a_row_says_is_in_its_code(
    each_app: Flask, client_of_all: None, door: type[Door]
) -> None:
    """What is left out is what changes by itself, or opens nothing."""
    left_out = {
        Account: {"language", "created_at", "disabled_at"},
        WebSession: {"started_at", "seen_at", "ends_at", "ended_at", "stays", "confirmed_at"}
        | {"device"},
        AccountGrant: {"given_by", "given_at", "ended_by"},
        OneTimeLink: {"created_at", "ends_at", "used_at"},
    }
    said = {name for names in door.SAYS.values() for name in names}
    columns = {column.key for column in door.__table__.columns}  # type: ignore[attr-defined]
    assert columns == said | left_out[door] | set(door.SAYS)
    row = db.session.query(door).one()
    assert row.is_ours()
    for code, names in door.SAYS.items():
        for name in names:
            db.session.expire_all()
            row = db.session.query(door).one()
            other = [] if name == "functions" else {"a": 1} if name == "data" else "other"
            db.session.expunge(row)
            setattr(row, name, ["judge"] if other == [] else other)
            if name != "ended_at":
                assert not row.is_ours(), (code, name)


@pytest.fixture
def client_of_all(each_app: Flask) -> None:
    """One row of each kind."""
    made = factories.account(Role.ANALYST)
    factories.sign_in(each_app.test_client(), made)
    with transaction() as session:
        writes.make_link(session, SIGN_IN, made.account_id)


def test_the_software_reads_back_what_it_wrote(each_app: Flask, client_of_all: None) -> None:
    """Whatever the database keeps of dates, lists and truth; and after each change of its own."""
    assert queries.not_ours() == []
    with transaction() as session:
        (grant,) = session.query(AccountGrant).all()
        writes.end_grant(session, grant, by=None)
    with transaction() as session:
        session.query(Account).one().password_hash = "new"
        session.execute(update(OneTimeLink).values(used_at=db.func.now()))
    assert queries.not_ours() == []
    by_sql("UPDATE one_time_link SET leads_to = '/somewhere'")
    db.session.close()
    (found,) = queries.not_ours()
    assert found.startswith("one_time_link ")
