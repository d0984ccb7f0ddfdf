"""The network in a browser: nothing sticks out, axe is content, an answer by keyboard alone."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests import factories
from tests.browsing import HOUSE, faults_in_sight, serve
from tests.networks import asking
from tests.networks.asking import GROUPS
from trainings.networks import operations, queries
from trainings.networks.rules import Often, WaveKind

pytestmark = pytest.mark.browser


def test_nothing_sticks_out_and_axe_is_content(app: Flask, client: FlaskClient, page: Page) -> None:
    course, by = asking.course(), asking.organiser()
    asking.hold(course, by, named=GROUPS[:1])
    asking.end(course)
    asking.hold(course, by, WaveKind.END)
    operations.send(course, WaveKind.THREE, by)
    token, _cell = asking.links(course, WaveKind.THREE)[0]
    factories.sign_in(client, by)
    serve(client, page)
    here, wrong = "/courses/BUE27/network", []
    for path in (
        here,
        f"{here}?wave=start",
        f"{here}/plan",
        f"{here}/six/send",
        f"/network/{token}",
    ):
        page.goto(f"{HOUSE}{path}")
        wrong += [(path, one) for one in faults_in_sight(page)]
    assert wrong == []


def test_an_answer_by_keyboard(app: Flask, client: FlaskClient, page: Page) -> None:
    course, by = asking.course(), asking.organiser()
    operations.send(course, WaveKind.START, by)
    token, _cell = asking.links(course)[0]
    serve(client, page)
    page.goto(f"{HOUSE}/network/{token}")
    page.locator("#group_BO_police").focus()
    page.keyboard.press("ArrowDown")
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you. We have your answer")).to_be_visible()
    said = queries.answer_of(asking.wave_of(course).id, asking.registrations(course)[0][0])
    assert said is not None and said.named == {("BO", "police"): Often.ONCE}
