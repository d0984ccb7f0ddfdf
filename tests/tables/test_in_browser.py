"""The tables in a browser: a row opens in place, nothing sticks out on a phone, axe is content."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests import factories, teaching
from tests.browsing import HOUSE, faults_in_sight, serve
from tests.tables.rooms import Hall
from trainings.tables.rules import Place

pytestmark = pytest.mark.browser

LONG = ("María de los Ángeles Guadalupe", "Fernández de Córdova y Villavicencio-Mamani")


@pytest.fixture
def hall(app: Flask, client: FlaskClient) -> Hall:
    made = Hall(9)
    teaching.participant(made.course, name=LONG)
    made.set(3, 6)
    factories.sign_in(client, made.by)
    return made


@pytest.fixture
def visit(hall: Hall, client: FlaskClient, page: Page) -> Iterator[Callable[[str], Page]]:
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    serve(client, page)

    def go(query: str = "") -> Page:
        page.goto(f"{HOUSE}/courses/BUE27/tables{query}")
        return page

    yield go
    assert complaints == []


def test_one_is_moved_in_place_and_back(hall: Hall, visit: Callable[[str], Page]) -> None:
    before = hall.places()
    one = hall.at(Place(2, 1))
    page = visit("")
    row = page.locator(f"#{one}")
    row.get_by_role("link", name="Move").click()
    select = row.locator("select")
    expect(select).to_be_focused()
    expect(select).to_have_value("2-1")
    assert "?move" not in page.url, "only the row was fetched"
    select.select_option("3-6")
    row.get_by_role("button", name="Move").click()
    expect(row.get_by_role("button", name="Undo")).to_be_visible()
    assert hall.places() == before | {one: Place(3, 6)}
    row.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The place has been changed.")).to_be_visible()
    expect(row.locator(".place-no")).to_contain_text("1")
    assert hall.places() == before


def test_nothing_sticks_out_and_axe_is_content(hall: Hall, visit: Callable[[str], Page]) -> None:
    hall.confirm(40)
    one = hall.at(Place(1, 1))
    for query in ("", f"?move={one}", f"?moved={one}&whom={one}&back=2-6"):
        assert faults_in_sight(visit(query), (320, 390, 1280)) == [], query
