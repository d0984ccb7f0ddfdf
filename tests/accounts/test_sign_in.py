"""Signing in with mail and password: nothing tells who has an account, nobody can lock one."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from trainings.accounts import staff_operations, writes
from trainings.accounts.models import Account, AccountGrant, Throttle, WebSession
from trainings.accounts.rules import ACCOUNT_HERE
from trainings.core import clock, password_hash
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer

IN_USE = {
    name: vars(password_hash)[name] for name in ("_hasher", "_NOBODYS")
}  # not the tests' quick
PASSWORD = "una frase larga que nadie sabe"
MAIL = "ada@staff.example"


@pytest.fixture
def ada(app: Flask) -> Viewer:
    made = factories.account(Role.ANALYST, mail=MAIL)
    factories.set_password(made, PASSWORD)
    return made


def sign_in(
    client: FlaskClient, mail: str = MAIL, password: str = PASSWORD, address: str = "192.0.2.1"
) -> TestResponse:
    return client.post(
        "/sign-in",
        data={"mail": mail, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def sessions() -> list[WebSession]:
    return list(db.session.query(WebSession).order_by(WebSession.started_at))


def test_argon2id_as_strong_as_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in IN_USE.items():
        monkeypatch.setattr(password_hash, name, value)
    kept = password_hash.hashed(PASSWORD)
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$", kept)
    assert found is not None
    assert password_hash._NOBODYS.startswith(found[0])  # an unknown account takes as long
    assert int(found[1]) >= 64 * 1024 and int(found[2]) >= 3
    assert password_hash.matches(PASSWORD, kept)
    assert not password_hash.matches(PASSWORD + "x", kept)


def test_no_password_opens_an_account_without_one() -> None:
    assert not password_hash.matches("", None)
    assert not password_hash.matches(PASSWORD, None)


def test_there_is_no_account_at_first(app: Flask) -> None:
    assert db.session.query(Account).count() == 0
    assert db.session.query(AccountGrant).count() == 0


def test_the_right_password_lets_in(client: FlaskClient, ada: Viewer) -> None:
    answer = sign_in(client)
    assert answer.status_code == 303 and answer.location == "/"
    assert client.get("/profile").status_code == 200
    assert sessions()[0].account_id == ada.account_id


def test_capitals_and_spaces_in_the_address_do_not_matter(client: FlaskClient, ada: Viewer) -> None:
    assert sign_in(client, mail=" ADA@Staff.Example ").status_code == 303


def test_known_unknown_and_disabled_get_the_same_bytes(client: FlaskClient, ada: Viewer) -> None:
    eve = factories.account(Role.ANALYST, mail="eve@staff.example")
    factories.set_password(eve, PASSWORD)
    staff_operations.switch_off(eve.account_id or "", by=ada.account_id or "")
    # somebody without a password, somebody who is no staff, nobody at all
    factories.account(Role.ANALYST, mail="new@staff.example")
    factories.account(mail="par@staff.example")
    tries = {
        "known": sign_in(client, password="a wrong one, but long"),
        "disabled": sign_in(client, mail="eve@staff.example"),
        "no password": sign_in(client, mail="new@staff.example"),
        "participant": sign_in(client, mail="par@staff.example"),
        "unknown": sign_in(client, mail="xyz@staff.example"),
    }
    assert {answer.status_code for answer in tries.values()} == {200}
    # what was typed stays in the field, and each form has its own token
    moving = rb'\w{3}@staff\.example|name="csrf_token" (type="hidden" )?value="[^"]+"'
    bodies = {re.sub(moving, b"", answer.data) for answer in tries.values()}
    assert len(bodies) == 1
    # the visitor's cookie is signed with the time, so only its presence counts
    headers = {
        tuple((name, "" if name == "Set-Cookie" else value) for name, value in answer.headers)
        for answer in tries.values()
    }
    assert len(headers) <= 2  # the first answer of a visit sets the cookie
    assert len({tuple(pair for pair in found if pair[0] != "Set-Cookie") for found in headers}) == 1
    assert sessions() == []


def test_a_password_is_hashed_once_whoever_it_is(
    client: FlaskClient, ada: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []

    def count(password: str, _kept: str | None) -> bool:
        lengths.append(len(password))
        return False

    monkeypatch.setattr(password_hash, "matches", count)
    for mail in (MAIL, "xyz@staff.example"):
        sign_in(client, mail=mail, password="x" * 100_000)
    assert lengths == [200, 200]


def test_a_new_id_at_every_sign_in(client: FlaskClient, ada: Viewer) -> None:
    client.set_cookie("session_id", "planted-by-somebody-else")
    sign_in(client)
    first = client.get_cookie("session_id")
    assert first is not None and first.value != "planted-by-somebody-else"
    assert len(first.value) >= 43  # 256 bits
    stored = sessions()[0].token_hash
    assert first.value not in stored and len(stored) == 64
    client.get("/sign-in")  # signed in already: goes on, the session stays
    assert sessions()[0].ended_at is None


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: FlaskClient, ada: Viewer) -> None:
    cookie = next(c for c in sign_in(client).headers.getlist("Set-Cookie") if "session_id" in c)
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_on_https_the_cookies_are_bound_to_the_host(make_app: Callable[..., Flask]) -> None:
    app = make_app(BASE_URL="https://trainings.example")
    with app.app_context():
        made = factories.account(Role.ANALYST, mail=MAIL)
        factories.set_password(made, PASSWORD)
        client = app.test_client()
        answer = client.post(
            "/sign-in",
            data={"mail": MAIL, "password": PASSWORD},
            base_url="https://trainings.example",
        )
        cookies = [c for c in answer.headers.getlist("Set-Cookie") if "Max-Age=0" not in c]
        assert any(cookie.startswith("__Host-session=") for cookie in cookies)
        for cookie in cookies:
            assert cookie.startswith("__Host-") and "; Secure" in cookie
            assert "HttpOnly" in cookie and "Domain" not in cookie and "Path=/" in cookie


def test_wrong_tries_have_to_wait_and_longer_each_time(client: FlaskClient, ada: Viewer) -> None:
    for _ in range(5):
        assert sign_in(client, password="wrong").status_code == 200
    refused = sign_in(client)  # even the right one
    assert refused.status_code == 429 and b"Please wait" in refused.data
    with clock.shifted(timedelta(seconds=3)):
        assert sign_in(client, password="wrong").status_code == 200
        assert sign_in(client).status_code == 429
    with clock.shifted(timedelta(minutes=1)):
        assert sign_in(client).status_code == 303


def test_waiting_is_the_same_for_who_is_unknown(client: FlaskClient, app: Flask) -> None:
    answers = [sign_in(client, mail="xyz@staff.example").status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 200, 429]


def test_strangers_lock_nobody_out(client: FlaskClient, app: Flask, ada: Viewer) -> None:
    at_home = app.test_client()
    assert sign_in(at_home, address="198.51.100.7").status_code == 303
    at_home.post("/sign-out")
    for number in range(30):  # from many networks, until the account as a whole must wait
        sign_in(client, password="wrong", address=f"203.0.113.{number}")
    assert sign_in(client, address="203.0.113.200").status_code == 429
    # the browser that was signed in before is not in their queue
    assert sign_in(at_home, address="198.51.100.7").status_code == 303
    # from a new place the mailed link opens, and so does the password a minute later
    token = factories.link(ada)
    assert app.test_client().post(f"/sign-in/link/{token}").status_code == 303
    with clock.shifted(timedelta(seconds=61)):
        new_place = app.test_client()
        assert sign_in(new_place, address="198.51.100.99").status_code == 303


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords compared at once, while the clock stands: only who has to wait is asked."""
    monkeypatch.setattr(password_hash, "matches", lambda typed, _kept: typed == PASSWORD)
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.usefixtures("quick")
def test_strangers_in_the_same_network_do_not_hold_up_a_known_browser(
    client: FlaskClient, app: Flask, ada: Viewer
) -> None:
    at_work = app.test_client()
    sign_in(at_work)
    at_work.post("/sign-out")
    for number in range(41):
        sign_in(client, mail=f"n{number}@staff.example")
    assert sign_in(app.test_client()).status_code == 429
    assert sign_in(at_work).status_code == 303


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("purpose", ["sign_in", "password"])
def test_a_link_makes_a_browser_known_too(
    client: FlaskClient, app: Flask, ada: Viewer, purpose: str
) -> None:
    at_home = app.test_client()
    typed = {"password": PASSWORD, "repeated": PASSWORD}
    token = factories.link(ada, purpose)
    assert at_home.post(f"/sign-in/link/{token}", data=typed).status_code == 303
    at_home.post("/sign-out")
    for number in range(30):
        sign_in(client, password="wrong", address=f"203.0.113.{number}")
    assert sign_in(app.test_client(), address="198.51.100.8").status_code == 429
    assert sign_in(at_home, address="198.51.100.7").status_code == 303


@pytest.mark.usefixtures("quick")
def test_a_known_browser_has_to_wait_for_its_own_wrong_tries(app: Flask, ada: Viewer) -> None:
    at_home = app.test_client()
    sign_in(at_home)
    at_home.post("/sign-out")
    answers = [sign_in(at_home, password="wrong").status_code for _ in range(7)]
    assert answers[0] == 200 and answers[-1] == 429


def test_one_network_cannot_try_many_accounts(client: FlaskClient, app: Flask) -> None:
    answers = {sign_in(client, mail=f"n{i}@staff.example").status_code for i in range(41)}
    assert answers == {200, 429}
    assert sign_in(client, mail="x@staff.example", address="192.0.2.2").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "expected"), [("0", "127.0.0.1"), ("1", "198.51.100.1"), ("2", "203.0.113.9")]
)
def test_forwarded_addresses_count_only_from_the_configured_proxies(
    make_app: Callable[..., Flask], proxies: str, expected: str
) -> None:
    app = make_app(TRAININGS_PROXIES=proxies)
    seen: list[str | None] = []
    with app.app_context():
        app.before_request(lambda: seen.append(_remote()))
        app.test_client().get(
            "/sign-in",
            headers={
                "X-Forwarded-For": "203.0.113.9, 198.51.100.1",
                "X-Forwarded-Host": "evil.example",
            },
        )
    assert seen == [expected]


def _remote() -> str | None:
    assert request.host == "localhost"
    return request.remote_addr


def test_throttles_hold_no_address_in_clear(client: FlaskClient, app: Flask) -> None:
    sign_in(client, password="wrong", address="203.0.113.77")
    keys = [row.key for row in db.session.query(Throttle)]
    assert keys and not [key for key in keys if "203.0" in key or MAIL in key]


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/profile", "/profile"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
    ],
)
def test_going_on_stays_on_this_site(
    client: FlaskClient, ada: Viewer, wanted: str, leads_to: str
) -> None:
    answer = client.post(
        "/sign-in", query_string={"next": wanted}, data={"mail": MAIL, "password": PASSWORD}
    )
    assert answer.location == leads_to


def test_signing_out_ends_the_session(client: FlaskClient, ada: Viewer) -> None:
    sign_in(client)
    kept = client.get_cookie("session_id")
    assert kept is not None
    assert client.post("/sign-out").status_code == 303
    client.set_cookie("session_id", kept.value)
    assert client.get("/profile").location.startswith("/sign-in")


def test_the_first_try_never_waits(ada: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = count()
    begun = clock.now()
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(seconds=next(seconds)))
    with transaction() as session:
        assert not writes.count_try(session, "here|first", ACCOUNT_HERE)
