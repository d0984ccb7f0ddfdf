"""Visitors' pages come from memory, are never stale, and are nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, flash, request
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from tests import counting, factories
from tests.web import shown
from tests.web.shown import COURSE, kept, lead, text
from trainings.core.db import transaction
from trainings.core.shown import ASKED, ShownStamp
from trainings.courses.models import Course
from trainings.courses.rules import Visibility
from trainings.web import visitor_pages
from trainings.web.visitor_pages import KeptPage, Memory, PageKey, Version


@pytest.fixture
def course(each_app: Flask) -> str:
    """A public course with a module, whose second agency has not answered; nothing is kept."""
    return shown.course(each_app)


def test_what_is_kept_costs_one_statement(each_app: Flask, course: str) -> None:
    client = each_app.test_client()
    for path in shown.PAGES:
        first = client.get(path)
        with counting.statements() as sent:
            again = client.get(path)
            same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
            head = client.head(path)
        assert sent == [ASKED] * 3, path
        assert again.data == first.data
        assert again.headers == first.headers == head.headers
        assert (same.status_code, same.data, head.data) == (304, b"", b"")
        for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
            assert same.headers[name] == first.headers[name]
        assert first.headers["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "Accept-Language"} <= set(first.headers["Vary"].split(", "))
        other = client.get(path, headers={"If-None-Match": '"another"'})
        assert (other.status_code, other.data) == (200, first.data)


def test_an_unkept_page_costs_one_statement_more_than_it_needs(
    each_app: Flask, course: str
) -> None:
    client = each_app.test_client()
    with counting.statements() as first:
        client.get(COURSE)
    with counting.statements() as passed_by:
        client.get(f"{COURSE}?key=")
    assert first == [ASKED, *passed_by]
    with counting.statements() as sent:
        client.get("/sign-in")
        client.get("/static/css/base.css").close()
    assert sent == []


def test_who_only_reads_gets_no_cookie_and_no_token(app: Flask, course_of_app: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    for _ in range(2):
        for path in shown.PAGES:
            answer = client.get(path)
            assert "Set-Cookie" not in answer.headers, path
            assert b"_token" not in answer.data, path


@pytest.fixture
def course_of_app(app: Flask) -> str:
    shown.pages(app)
    return factories.course(visibility=Visibility.PUBLIC)


def test_nothing_of_who_is_signed_in_is_kept_or_given_from_memory(
    app: Flask, course_of_app: str
) -> None:
    client = app.test_client()
    organiser = lead()
    factories.sign_in(client, organiser)
    for path in shown.PAGES:
        assert client.get(path).headers["Cache-Control"] == "no-store"
    assert kept(app) == []
    visitor = app.test_client()
    tags = {path: visitor.get(path).headers["ETag"] for path in shown.PAGES}
    assert len(kept(app)) == len(shown.PAGES)
    assert not any(b"Sign out" in page.body for page in kept(app))
    for path, tag in tags.items():
        own = client.get(path, headers={"If-None-Match": tag})
        assert own.status_code == 200
        assert b"Sign out" in own.data
        assert own.headers["Cache-Control"] == "no-store"


def test_who_sends_another_cookie_or_more_of_an_address_gets_a_page_of_their_own(
    app: Flask, course_of_app: str
) -> None:
    for cookie in ("visit=x", "session_id=x", "stranger=x", "language=es; visit=x", "=", "\xff"):
        answer = app.test_client(use_cookies=False).get(COURSE, headers={"Cookie": cookie})
        assert answer.headers["Cache-Control"] == "no-store", cookie
    client = app.test_client()
    for more in ({"query_string": "a=b"}, {"headers": {"Authorization": "Bearer x"}}):
        assert client.get(COURSE, **more).headers["Cache-Control"] == "no-store"
    assert client.post(COURSE).status_code == 405
    assert kept(app) == []


def test_no_header_of_one_visitor_is_in_the_page_of_another(app: Flask, course_of_app: str) -> None:
    """But for the language, a kept page is the same whoever asked for it first."""
    client = app.test_client()
    plain = {path: text(client, path) for path in shown.PAGES}
    odd = {
        "Host": "localhost:1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
        "Referer": "https://evil.example/",
        "User-Agent": "evil",
        "Accept": "application/json",
        "HX-Request": "true",
        "HX-Current-URL": "https://evil.example/",
        "HX-Boosted": "true",
        "Unattended": "1",
        "Range": "bytes=0-9",
        "If-Modified-Since": "Sat, 28 Nov 2026 00:00:00 GMT",
        "X-HTTP-Method-Override": "POST",
    }
    for name, value in odd.items():
        for path in shown.PAGES:
            shown.pages(app)
            answer = client.get(path, headers={name: value})
            assert answer.status_code == 200, name
            assert text(client, path) == plain[path], name


def test_what_would_set_a_cookie_is_not_kept(app: Flask, course_of_app: str) -> None:
    def told() -> dict[str, Any]:
        if request.path == COURSE:
            flash("For you alone")
        return {}

    app.template_context_processors[None].append(told)
    try:
        assert "Set-Cookie" in app.test_client().get(COURSE).headers
        assert kept(app) == []
    finally:
        app.template_context_processors[None].remove(told)


def test_each_language_has_its_page_and_english_its_regions(app: Flask, course_of_app: str) -> None:
    with transaction() as session:
        session.execute(update(Course).values(days_shown_to="everyone"))
    client = app.test_client()
    spoken = ("en-GB", "en-US", "es-AR", "es-MX,es;q=0.9", "fr", "pt", "xx", "")
    for _ in range(2):
        pages = {tag: text(client, **{"Accept-Language": tag}) for tag in spoken}
    assert "Apply for a seat" in pages["en-GB"]
    assert pages["en-GB"] != pages["en-US"], "each writes dates in its own way"
    assert 'lang="es"' in pages["es-AR"]
    assert pages["es-AR"] == pages["es-MX,es;q=0.9"]
    assert 'lang="fr"' in pages["fr"]
    assert 'lang="pt-BR"' in pages["pt"]
    assert pages["xx"] == pages[""] == pages["en-GB"]
    assert len(kept(app)) == 5
    client.get(COURSE, headers={"Accept-Language": "es" + ",fr;q=0.5" * 50})
    assert len(kept(app)) == 5


def test_the_chosen_language_stays_and_its_pages_are_kept(app: Flask, course_of_app: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    same_site = {"Sec-Fetch-Site": "same-origin"}
    for headers in (same_site, {}):  # browsers of before 2023 do not say it
        sent = {"language": "es", "next": COURSE}
        answer = client.post("/language", data=sent, headers=headers)
        assert (answer.status_code, answer.location) == (303, COURSE)
        (cookie,) = answer.headers.getlist("Set-Cookie")
        assert cookie == "language=es; HttpOnly; Path=/; SameSite=Lax"
    with counting.statements() as sent_statements:
        pages = [text(client), text(client)]
    assert 'lang="es"' in pages[0]
    assert pages[0] == pages[1]
    assert sent_statements[0] == sent_statements[-1] == ASKED
    assert sent_statements.count(sent_statements[0]) == 2
    assert len(kept(app)) == 1
    client.set_cookie("language", "xx")
    assert 'lang="en"' in text(client)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_chooses_no_language(app: Flask, site: str) -> None:
    headers = {"Sec-Fetch-Site": site}
    answer = app.test_client().post("/language", data={"language": "es"}, headers=headers)
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_memory_has_a_bound() -> None:
    memory = Memory(100_000)
    version = Version("s", 1)
    for number in range(1000):
        memory.put(PageKey(f"/courses/{number}", "en"), KeptPage(version, [], b"x" * 3000))
        assert memory.get(PageKey("/courses/0", "en")) is not None, "just asked for"
        assert memory.size <= 100_000
    assert 10 < len(memory.pages()) < 30
    assert memory.size == sum(page.size for page in memory.pages())
    before = len(memory.pages())
    memory.put(PageKey("/courses", "en"), KeptPage(version, [], b"x" * 30_000))
    assert len(memory.pages()) == before
    memory.put(PageKey("/courses/0", "en"), KeptPage(version, [], b"x" * 30_000))
    assert memory.get(PageKey("/courses/0", "en")) is None, "it stood for what it was before"
    memory.clear()
    assert (memory.size, memory.pages()) == (0, [])


def test_where_the_database_does_not_answer_nothing_is_given_from_memory(
    app: Flask, course_of_app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    assert client.get(COURSE).status_code == 200

    def gone(_engine: Any) -> Version:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(visitor_pages, "version", gone)
    assert client.get(COURSE).status_code == 503


def test_without_its_row_nothing_is_kept(app: Flask, course_of_app: str) -> None:
    with transaction() as session:
        session.execute(ShownStamp.__table__.delete())
    answer = app.test_client().get(COURSE)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert kept(app) == []
