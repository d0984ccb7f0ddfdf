"""What a page asks for by itself keeps no session alive, and ends once its reader is out."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from tests import factories
from tests.browsing import HOUSE, serve
from trainings.accounts.models import WebSession
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer

ROOT = Path(__file__).parent.parent.parent
COURSE = "/courses/BUE27/certificates"
# Triggers behind which nobody need be.
BY_ITSELF = re.compile(r'hx-trigger="[^"]*\b(?:every|load|revealed|intersect)\b')
ASKS = re.compile(r"\bfetch\(|XMLHttpRequest|EventSource|WebSocket|sendBeacon|setInterval|\.ajax\(")
UNATTENDED = {"unattended": "yes"}


def templates() -> dict[str, str]:
    folder = ROOT / "templates"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.html")
    }


def tag_at(text: str, place: int) -> str:
    """The start tag around a place, without the brackets that stand in {{ }} and {% %}."""
    start = text.rindex("<", 0, place)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", lambda found: found[0].replace(">", ""), text[start:])


def test_every_element_that_asks_by_itself_says_so() -> None:
    found = [
        (name, tag_at(text, match.start()).partition(">")[0])
        for name, text in templates().items()
        for match in BY_ITSELF.finditer(text)
    ]
    assert len(found) >= 4
    assert [name for name, tag in found if "unattended()" not in tag] == []


def test_a_page_that_loads_itself_again_says_so() -> None:
    found = {
        name: text.count("http-equiv") for name, text in templates().items() if "http-equiv" in text
    }
    assert found == {"_parts.html": 1}
    assert (
        'http-equiv="refresh" content="{{ seconds }}; url={{ here_with(unattended=\'yes\') }}'
        in (templates()["_parts.html"])
    )


def test_no_script_of_ours_asks_by_itself() -> None:
    scripts = list((ROOT / "static" / "js").rglob("*.js"))
    assert len(scripts) > 5
    texts = {path.name: path.read_text(encoding="utf-8") for path in scripts}
    asking = {name for name, text in texts.items() if ASKS.search(text)}
    # acts.js and upload.js send what somebody did; editor.js looks what others did, and says so
    # each time (that it does is seen in a browser: tests/scheduling/test_editor.py). screen.js has
    # no session that it could keep alive, and says so all the same.
    assert asking == {"acts.js", "editor.js", "screen.js", "upload.js"}
    assert texts["upload.js"].count('request.open("POST"') == texts["upload.js"].count(".open(")
    for name in ("editor.js", "screen.js"):
        assert texts[name].count("await fetch(") == 1
        assert 'unattended: "yes"' in texts[name].lower()


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> Viewer:
    factories.course()
    made = factories.account(Role.ORGANISER, agency="IOM")
    factories.set_password(made, "a sentence of fifteen")
    factories.sign_in(client, made)
    return made


def inside(client: FlaskClient, minutes: int) -> bool:
    with clock.shifted(timedelta(minutes=minutes)):
        return client.get("/profile", headers=UNATTENDED).status_code == 200


@pytest.mark.parametrize(
    "path",
    [f"{COURSE}/progress?kind=attendance", f"{COURSE}?kind=attendance", f"{COURSE}/specimen"],
)
@pytest.mark.parametrize("how", ["header", "address"])
def test_it_keeps_no_session_alive(client: FlaskClient, lead: Viewer, path: str, how: str) -> None:
    headers = {**UNATTENDED, "HX-Request": "true"} if how == "header" else {}
    if how == "address":
        path += ("&" if "?" in path else "?") + "unattended=yes"
    for minutes in range(1, 30, 4):
        with clock.shifted(timedelta(minutes=minutes)):
            assert client.get(path, headers=headers).status_code in (200, 404), path
    assert inside(client, 29)
    assert not inside(client, 31)


def test_what_somebody_does_there_is_use(client: FlaskClient, lead: Viewer) -> None:
    with clock.shifted(timedelta(minutes=20)):
        assert client.get(f"{COURSE}?kind=attendance").status_code == 200
    assert inside(client, 45)
    with clock.shifted(timedelta(minutes=45)):  # a form on a page that had loaded itself again
        client.post("/profile/details?unattended=yes", data={"family_name": "", "language": "en"})
    assert inside(client, 70)


def test_a_click_on_such_a_page_is_use(client: FlaskClient, lead: Viewer) -> None:
    page = client.get("/courses?unattended=yes").get_data(as_text=True)
    assert "unattended=yes" not in page.partition("<main")[2]


def test_once_signed_out_it_says_so_and_asks_no_more(client: FlaskClient, lead: Viewer) -> None:
    headers = {**UNATTENDED, "HX-Request": "true", "HX-Current-URL": f"{HOUSE}{COURSE}?kind=x"}
    with clock.shifted(timedelta(minutes=31)):
        answer = client.get(f"{COURSE}/progress", headers=headers)
    assert answer.status_code == 286  # htmx asks no more
    assert answer.headers["HX-Retarget"] == "#notes"
    text = answer.get_data(as_text=True)
    assert "You have been signed out." in text and "<html" not in text
    assert f"/sign-in?next={COURSE}?kind%3Dx" in text


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_done_in_place_leads_to_the_way_in_and_back(
    client: FlaskClient, lead: Viewer, method: str
) -> None:
    """The whole page goes: no sign-in page lands in the cell of a table."""
    headers = {"HX-Request": "true", "HX-Current-URL": f"{HOUSE}/courses/BUE27/tables"}
    with clock.shifted(timedelta(minutes=31)):
        answer = getattr(client, method)(f"{COURSE}?kind=attendance", headers=headers)
        assert answer.status_code == 401 and answer.get_data() == b""
        way = answer.headers["HX-Redirect"]
        assert way == "/sign-in?next=/courses/BUE27/tables"
        said = "nothing was saved" in client.get(way).get_data(as_text=True)
    assert said is (method == "post")


@pytest.mark.parametrize(
    "address", ["http://[", "", "javascript:alert(1)", "http://evil.example//evil.example/x", "/é"]
)
def test_the_way_back_stays_on_this_site(client: FlaskClient, lead: Viewer, address: str) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": address.encode("utf-8").decode("latin-1")}
    with clock.shifted(timedelta(minutes=31)):
        answer = client.post(f"{COURSE}?kind=attendance", headers=headers)
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/"


def test_in_place_with_a_token_of_before_the_page_is_opened_again(
    app: Flask, client: FlaskClient, lead: Viewer
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    headers = {"HX-Request": "true", "HX-Current-URL": f"{HOUSE}/courses/BUE27/agenda"}
    answer = client.post(f"{COURSE}?kind=attendance", headers=headers)
    assert answer.status_code == 400
    assert answer.headers["HX-Redirect"] == "/courses/BUE27/agenda"
    assert "This page has expired" not in answer.get_data(as_text=True)


@pytest.mark.browser
def test_in_a_browser_the_bar_moves_and_the_session_ends(
    app: Flask, client: FlaskClient, lead: Viewer, page: Page
) -> None:
    """Elements ask with the mark; after the end the page says so by itself, and stays as it is."""
    asked: list[str | None] = []
    page.on(
        "request",
        lambda request: (
            asked.append(request.headers.get("unattended"))
            if request.headers.get("hx-request")
            else None
        ),
    )
    serve(client, page)
    page.goto(f"{HOUSE}/courses/BUE27/certificates/look?kind=attendance")
    expect(page.locator(".specimen-place svg, .specimen-place img").first).to_be_attached()
    assert asked and set(asked) == {"yes"}
    with transaction() as session:
        session.execute(update(WebSession).values(ended_at=clock.now()))
    assert db.session.scalars(select(WebSession)).one().ended_at is not None
    page.get_by_role("radio", name="Modern").check()
    expect(page.locator("#notes")).to_contain_text("You have been signed out.")
    expect(page.get_by_role("link", name="Sign in to continue")).to_be_visible()
    expect(page.get_by_role("heading", name="Certificate design")).to_be_visible()
