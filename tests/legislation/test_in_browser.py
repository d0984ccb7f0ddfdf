"""Laws in a browser: nothing sticks out, one country a screen by keys, axe is content."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests import factories
from tests.browsing import HOUSE, faults_in_sight, serve
from tests.legislation import keeping
from tests.legislation.keeping import OFFENCE, PLACE, answer
from trainings.legislation import operations

pytestmark = pytest.mark.browser

LONG = answer(
    "Prison, 4 to 8 years; " + "x" * 120, note="A note.", source_url=f"https://{'a' * 60}.example"
)
PAGES = (
    "",
    "?q=prison",
    "/BO",
    "/BO/offence",
    "/BO/offence/edit",
    "/compare",
    "/compare?countries=AR,BO,BR&base=AR",
    "/topics/penalty_basic",
    "/topics/palermo",
    "/import",
    "/correspondents",
)


@pytest.fixture
def visit(app: Flask, client: FlaskClient, page: Page) -> Iterator[Callable[[str], Page]]:
    keeping.enter(
        (*PLACE, OFFENCE),
        ("AR", "penalty_basic", LONG),
        ("BO", "penalty_basic", answer("Prison, not less than 25 years; up to 8 years.")),
        ("AR", "palermo", answer("Ratified: 19 November 2002.", year=2002)),
        ("BR", "means_required", answer("Yes.")),
    )
    by = keeping.focal_point()
    operations.propose(PLACE, LONG, keeping.correspondent())
    factories.sign_in(client, by)
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    serve(client, page)

    def go(path: str) -> Page:
        page.goto(f"{HOUSE}/legislation{path}")
        return page

    yield go
    assert complaints == []


def test_nothing_sticks_out_and_axe_is_content(visit: Callable[[str], Page]) -> None:
    wrong = [(path, one) for path in PAGES for one in faults_in_sight(visit(path), (360, 1280))]
    assert wrong == []


def test_on_a_phone_keys_and_links_go_from_country_to_country(
    visit: Callable[[str], Page], page: Page
) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 800})
    visit("/compare?countries=AR,BO,BR&topics=penalty_basic")
    row = page.locator(".law-row")
    row.focus()
    expect(page.locator("#penalty_basic-AR")).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#penalty_basic-BO")).to_be_in_viewport(ratio=0.9)
    row.locator("#penalty_basic-BO a[rel=next]").click()
    expect(page.locator("#penalty_basic-BR")).to_be_in_viewport(ratio=0.9)
    section = page.locator("#penalty_basic").bounding_box()
    assert section is not None and section["height"] >= 700, "a topic fills the screen"


def test_without_script_the_choice_and_the_drawing_are_there(
    visit: Callable[[str], Page], page: Page
) -> None:
    visit("/topics/penalty_basic")
    bars = page.locator(".law-picture rect.law-usual")
    assert bars.count() == 2
    box = bars.first.bounding_box()
    assert box is not None and box["width"] > 20
