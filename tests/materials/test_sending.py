"""Sending files: small and large, by a plain form and with a bar, refused before they are sent."""

from __future__ import annotations

import http.client
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests import browsing, factories, teaching
from tests.materials import making
from tests.serving.in_process import Served, served
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.materials import operations
from trainings.materials.models import Material
from trainings.materials.rules import Audience
from trainings.web import bodies
from trainings.web.spool import Spool

MB = 1024 * 1024
MOST = 12  # MB of one file


class Site(NamedTuple):
    """The application behind its front, as in production, with a course and who organises it."""

    app: Flask
    server: Served
    lead: Viewer
    course: str
    session: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def cookie(self, viewer: Viewer) -> str:
        """The session of somebody, as their browser sends it."""
        client = self.app.test_client()
        factories.sign_in(client, viewer)
        found = client.get_cookie("session_id")
        assert found is not None
        return found.value

    def send(self, who: Viewer, content: bytes, **fields: str) -> tuple[int, str]:
        """Send a file by a form, as a browser does; the status and the answer."""
        line = secrets.token_hex(8)
        values = {"session_id": self.session, "audience": "participants", **fields}
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in values.items()
        ]
        file = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        body = "".join(parts).encode() + file.encode() + content + f"\r\n--{line}--\r\n".encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={line}",
            "Cookie": f"session_id={self.cookie(who)}",
        }
        try:
            connection.request("POST", "/courses/BUE27/materials/new", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def site_of(make_app: Callable[..., Flask]) -> Iterator[Site]:
    found: list[Flask] = []
    with served(lambda environ, begin: found[0](environ, begin)) as here:
        app = make_app(BASE_URL=f"http://127.0.0.1:{here.port}", TRAININGS_MATERIAL_MB=str(MOST))
        found.append(app)
        here.front._largest = app.config["MAX_CONTENT_LENGTH"]
        here.front._allowed = lambda environ: bodies.asked_before(app, environ)
        folder = app.extensions["settings"].instance
        here.front._spool = lambda: cast("Any", Spool(folder))
        with app.app_context():
            lead = making.organiser()
            course, session = making.course_with_session(lead, agencies=("IOM",))
            yield Site(app, here, lead, course, session)
            db.session.remove()


@pytest.fixture
def site(make_app: Callable[..., Flask]) -> Iterator[Site]:
    with site_of(make_app) as made:
        yield made


def test_a_large_file_comes_through_the_front_and_goes_out_again(site: Site) -> None:
    content = making.PDF + secrets.token_bytes(MB) * 10
    status, _page = site.send(site.lead, content)
    assert status == 303
    (row,) = db.session.scalars(select(Material)).all()
    assert row.size == len(content)
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)
    path, cookie = f"/materials/{row.id}/file", f"session_id={site.cookie(site.lead)}"
    connection.request("GET", path, headers={"Cookie": cookie})
    assert connection.getresponse().read() == content
    connection.request("GET", path, headers={"Cookie": cookie, "Range": f"bytes={9 * MB}-"})
    part = connection.getresponse()
    assert (part.status, part.read()) == (206, content[9 * MB :])
    connection.close()
    assert site.server.front._held.total == 0
    assert site.server.front._spooled == 0


def test_who_may_not_send_is_not_listened_to(site: Site) -> None:
    """The body is dropped as it comes: nothing of it is kept, and no more is said than ever."""
    content = making.PDF + bytes(8 * MB)
    for who in (making.organiser("UNODC"), factories.account()):
        status, page = site.send(who, content)
        assert status == 413
        assert "Files can be up to 5 MB" in page
    assert making.contents(site.app) == []


def test_a_file_beyond_the_bound_is_told_how_large_it_may_be(site: Site) -> None:
    status, page = site.send(site.lead, making.PDF + bytes(MOST * MB))
    assert status == 200
    assert f"One file may have up to {MOST} MB." in page
    status, page = site.send(site.lead, making.PDF + bytes((MOST + 4) * MB))
    assert status == 413
    assert f"Files can be up to {MOST} MB." in page
    assert making.contents(site.app) == []


@pytest.fixture
def lead(client: FlaskClient) -> Viewer:
    made = making.organiser()
    factories.sign_in(client, made)
    return made


def test_the_form_says_what_is_wrong_with_a_file(client: FlaskClient, lead: Viewer) -> None:
    _course, session = making.course_with_session(lead)
    path = f"/courses/BUE27/materials/new?session={session}"
    for file, said in (
        (None, "Choose a file that is not empty."),
        (making.upload(b"PK\3\4", "a.docx"), "This file is damaged"),
        (making.upload(making.png(), "a.pdf"), "is of type .png"),
    ):
        data: dict[str, Any] = {"session_id": session, "audience": "trainers"}
        if file is not None:
            data["file"] = (file.content, file.name)
        page = client.post(path, data=data, content_type="multipart/form-data").text
        assert said in page
        assert re.search(r"<input[^>]*checked[^>]*value=\"trainers\"", page)
    wrong = {"session_id": "elsewhere", "audience": "everyone"}
    page = client.post(path, data=wrong).text
    assert page.count("Choose from the list.") >= 1


def test_a_file_is_renamed_replaced_and_removed_by_its_pages(
    client: FlaskClient, app: Flask, lead: Viewer
) -> None:
    course, session = making.course_with_session(lead)
    key = making.material(course, session, lead)
    page = client.get("/courses/BUE27/materials").text
    assert "Slides.pdf" in page
    assert "not scanned for viruses" in page
    client.post(f"/materials/{key}", data={"name": "Casos", "audience": "after"})
    file = making.upload(making.jpeg(), "x.jpeg")
    client.post(
        f"/materials/{key}/replace",
        data={"file": (file.content, file.name)},
        content_type="multipart/form-data",
    )
    page = client.get("/courses/BUE27/materials").text
    assert "Casos.jpg" in page
    assert "Version 2" in page
    assert "Participants, once the session is over" in page
    assert "deleted here for good" in client.get(f"/materials/{key}/remove").text
    assert len(making.contents(app)) == 1
    client.post(f"/materials/{key}/remove")
    assert making.contents(app) == []
    assert "Casos" not in client.get("/courses/BUE27/materials").text


def test_files_of_a_module_on_its_own_page(client: FlaskClient, lead: Viewer) -> None:
    teaching.module("interviews")
    assert "No files yet" in client.get("/modules/interviews/materials").text
    data = {"audience": "trainers", "file": (making.upload().content, "Guía.pdf")}
    sent = client.post(
        "/modules/interviews/materials/new", data=data, content_type="multipart/form-data"
    )
    assert sent.location == "/modules/interviews/materials"
    assert "Guía.pdf" in client.get("/modules/interviews/materials").text


# in a browser

TEN_SECONDS = 10_000


def opened(site: Site, browser: Browser, **options: Any) -> Page:
    context = browser.new_context(**options)
    context.add_cookies([{"name": "session_id", "value": site.cookie(site.lead), "url": site.url}])
    return context.new_page()


def chosen(page: Page, site: Site, content: bytes) -> None:
    page.goto(f"{site.url}/courses/BUE27/materials/new?session={site.session}")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "Módulo 1.pdf", "mimeType": "application/pdf", "buffer": content}
    )


@pytest.mark.browser
def test_a_bar_says_how_far_it_is_and_the_list_follows(site: Site, browser: Browser) -> None:
    page = opened(site, browser)
    chosen(page, site, making.PDF + bytes(3 * MB))
    slow = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", {**conditions, "uploadThroughput": 700_000})
    page.get_by_role("button", name="Add file").click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(page.get_by_role("button", name="Stop sending")).to_be_focused()
    expect(bar).not_to_have_attribute("value", "0")
    expect(page.get_by_role("status").filter(has_text="Sent:")).to_be_visible()
    expect(page.get_by_role("link", name="Módulo 1.pdf", exact=True)).to_be_visible(timeout=30_000)
    expect(page.locator("#notes")).to_contain_text("The file has been added.")
    assert page.url.endswith("/courses/BUE27/materials")
    assert browsing.barriers(page) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="Módulo 1.pdf", exact=True).click()
    assert saved.value.suggested_filename == "Módulo 1.pdf"
    assert Path(saved.value.path()).stat().st_size == len(making.PDF) + 3 * MB
    page.context.close()


@pytest.mark.browser
def test_it_can_be_stopped_and_sent_again(site: Site, browser: Browser) -> None:
    page = opened(site, browser)
    chosen(page, site, making.PDF + bytes(2 * MB))
    slow = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", {**conditions, "uploadThroughput": 50_000})
    page.get_by_role("button", name="Add file").click()
    page.get_by_role("button", name="Stop sending").click()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    slow.send(
        "Network.emulateNetworkConditions", {**conditions, "offline": True, "uploadThroughput": -1}
    )
    page.get_by_role("button", name="Add file").click()
    expect(page.get_by_role("alert")).to_contain_text("the connection failed")
    slow.send("Network.emulateNetworkConditions", {**conditions, "uploadThroughput": -1})
    page.get_by_role("button", name="Add file").click()
    expect(page.get_by_role("link", name="Módulo 1.pdf", exact=True)).to_be_visible()
    page.context.close()


@pytest.mark.browser
def test_what_is_too_large_is_not_sent_and_a_refusal_is_shown(site: Site, browser: Browser) -> None:
    page = opened(site, browser)
    chosen(page, site, making.PDF + bytes((MOST + 1) * MB))
    posts: list[str] = []
    page.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
    page.get_by_role("button", name="Add file").click()
    expect(page.get_by_role("alert")).to_contain_text(f"up to {MOST} MB")
    assert posts == []
    chosen(page, site, b"PK\3\4 no office file")
    page.get_by_role("radio", name="Trainers", exact=True).check()
    page.get_by_role("button", name="Add file").click()
    expect(page.locator("[data-problem]")).to_contain_text("This file is damaged")
    expect(page.locator("[data-problem]")).to_be_focused()
    expect(page.get_by_role("radio", name="Trainers", exact=True)).to_be_checked()
    assert browsing.barriers(page) == []
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "es"])
def test_by_a_plain_form_on_a_phone(site: Site, browser: Browser, language: str) -> None:
    page = opened(
        site,
        browser,
        java_script_enabled=False,
        locale=language,
        viewport={"width": 390, "height": 844},
    )
    page.goto(f"{site.url}/courses/BUE27/materials/new?session={site.session}")
    page.locator("input[type=file]").set_input_files(
        {"name": "Guía.pdf", "mimeType": "application/pdf", "buffer": making.PDF + bytes(7 * MB)}
    )
    page.get_by_role(
        "button", name={"en": "Add file", "es": "Agregar el archivo"}[language]
    ).click()
    expect(page.get_by_role("link", name="Guía.pdf", exact=True)).to_be_visible()
    page.context.close()


@pytest.mark.browser
def test_others_who_look_see_a_new_version(site: Site, browser: Browser) -> None:
    key = operations.add_to_session(
        site.course, site.session, making.upload(), Audience.STAFF, site.lead
    )
    page = opened(site, browser)
    page.clock.install()
    page.goto(f"{site.url}/courses/BUE27/materials")
    expect(page.get_by_role("link", name="Slides.pdf", exact=True)).to_be_visible()
    operations.replace(key, making.upload(making.png(), "a.png"), site.lead)
    page.clock.run_for(TEN_SECONDS)  # each, it asks
    expect(page.get_by_role("link", name="Slides.png", exact=True)).to_be_visible()
    page.context.close()
