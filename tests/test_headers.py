"""What every answer carries, whatever the address, the method, the visitor or the fault."""

import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import factories
from trainings.core.permissions import Role
from trainings.web.access import public

# By hand, not from the program: this is what a browser must be told.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; worker-src 'self'; manifest-src 'self'"
)
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What visitors read, who have no session, may be kept by their browser alone, if it asks each time.
READ = dict.fromkeys(
    (f"{method} {path}" for path in ("/", "/courses", "/privacy") for method in ("GET", "HEAD")),
    ("private, no-cache",),
)
STATIC = {"static", "bootstrap.static"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# Changes a cookie of its own and nothing else: tests/web/test_visitor_pages.py has its rules.
WITHOUT_TOKEN = {"/language"}
INLINE = re.compile(r"<style|<script(?![^>]*\ssrc=)|\sstyle\s*=|<[^>]+\son[a-z]+\s*=|javascript:")


def address(rule: Rule) -> str:
    """The rule with something in each of its gaps."""
    path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
    path = re.sub(r"<int:\w+>", "7", path)
    return re.sub(r"<(?:[a-z]+:)?(\w+)>", r"some-\1", path)


def check(answer: TestResponse, where: str, *kept: str) -> None:
    """``kept``: what the browser may be told of keeping it, if not to keep nothing."""
    for name, value in ALWAYS.items():
        assert answer.headers.get(name) == value, (where, name)
    assert answer.headers["Cache-Control"] in (kept or ("no-store",)), where
    if answer.mimetype == "text/html":
        assert INLINE.search(answer.get_data(as_text=True)) is None, where


def test_every_route_answers_with_the_headers(app: Flask) -> None:
    """With whatever method, to nobody in particular; the matrix looks at all visitors' answers."""
    client = app.test_client(use_cookies=False)
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            if rule.endpoint not in STATIC and rule.endpoint != "accounts.sign_out":
                answer = client.open(address(rule), method=method)
                where = f"{method} {rule.rule}"
                check(answer, where, *READ.get(where, ()))
                unready = rule.endpoint == "home_health.ready"  # there is no mail server here
                assert answer.status_code < 500 or unready, (method, rule.rule)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
def test_faults_carry_them_too(app: Flask, client: FlaskClient, status: int) -> None:
    app.config.update(PROPAGATE_EXCEPTIONS=False)

    @public
    def fault() -> Response:
        if status == 500:
            raise RuntimeError("Ada Ejemplo")
        if status == 503:
            raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))
        abort(status)

    app._got_first_request = False
    app.add_url_rule("/fault", view_func=fault)
    answer = client.get("/fault")
    assert answer.status_code == status
    check(answer, str(status))
    assert "<form" not in answer.get_data(as_text=True)
    assert "Ejemplo" not in answer.get_data(as_text=True)
    if status == 503:
        assert int(answer.headers["Retry-After"]) > 0


def test_what_is_static_may_be_kept(client: FlaskClient) -> None:
    answer = client.get("/static/css/tokens.css")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_on_https_browsers_are_told_to_stay_there(make_app: Callable[..., Flask]) -> None:
    for base, expected in (("https://t.example", "max-age=31536000"), ("http://t.example", None)):
        client = make_app(BASE_URL=base).test_client()
        assert client.get("/healthz").headers.get("Strict-Transport-Security") == expected


@pytest.fixture
def guarded(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An app that asks for the form's token, as the real one does."""
    made = make_app()
    made.config["WTF_CSRF_ENABLED"] = True
    with made.app_context():
        yield made


@pytest.mark.parametrize("visitor", ["nobody", "organiser"])
def test_no_unsafe_request_counts_without_the_forms_token(guarded: Flask, visitor: str) -> None:
    client = guarded.test_client()
    if visitor == "organiser":
        factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    tried = 0
    for rule in guarded.url_map.iter_rules():
        if rule.rule in WITHOUT_TOKEN:
            continue
        for method in UNSAFE & (rule.methods or set()):
            for token in ("", "IjAwMDAi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"):
                answer = client.open(address(rule), method=method, data={"csrf_token": token})
                assert answer.status_code == 400, (method, rule.rule)
                assert b"This page has expired" in answer.data
                tried += 1
    assert tried > 20


def test_with_the_token_it_counts(guarded: Flask) -> None:
    client = guarded.test_client()
    sent = {"csrf_token": _token(client.get("/sign-in")), "mail": "a@b.example", "password": "x"}
    answer = client.post("/sign-in", data=sent)
    assert b"The email address or the password is not correct." in answer.data
    other = guarded.test_client()  # another browser cannot use it
    assert other.post("/sign-in", data=sent).status_code == 400


def test_a_token_of_another_browser_does_not_count(guarded: Flask) -> None:
    """Not even where its cookie was planted: of who is signed in, the token follows the session."""
    stranger, victim = guarded.test_client(), guarded.test_client()
    planted = _token(stranger.get("/sign-in"))
    visit = stranger.get_cookie("visit")
    factories.sign_in(victim, factories.account(Role.ORGANISER, agency="IOM"))
    own = _token(victim.get("/profile"))
    assert visit is not None and own != planted
    victim.set_cookie("visit", visit.value)
    assert victim.post("/sign-out", data={"csrf_token": planted}).status_code == 400
    victim.set_cookie("visit", visit.value)
    assert victim.post("/sign-out", data={"csrf_token": own}).status_code == 303


def test_a_token_from_before_signing_in_does_not_count_after(guarded: Flask) -> None:
    client = guarded.test_client()
    before = _token(client.get("/sign-in"))
    factories.sign_in(client, factories.account())
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400


def _token(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    assert found is not None
    return found[1]
