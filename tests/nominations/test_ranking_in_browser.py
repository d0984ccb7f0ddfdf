"""A focal point's list in a browser: ranked by dragging and by the arrow keys; nothing bars it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests import factories
from tests.browsing import HOUSE, barriers, serve
from tests.registrations import acting
from trainings.core.db import transaction
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.registrations.rules import State

pytestmark = pytest.mark.browser


@pytest.fixture
def listed(app: Flask, client: FlaskClient, page: Page) -> Iterator[tuple[Page, list[str]]]:
    """The list of three candidates in their order, open in a browser."""
    course = factories.course()
    numbers = [acting.standing(course, State.ENDORSED, priority=place)[0] for place in (1, 2, 3)]
    factories.sign_in(client, acting.focal_point("BO"))
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    serve(client, page)
    page.goto(f"{HOUSE}/courses/BUE27/nominations")
    yield page, numbers
    assert complaints == []


def order(page: Page, *numbers: str) -> None:
    """Wait until the list is in this order."""
    for place, number in enumerate(numbers):
        box = page.locator("[data-rank] tbody tr").nth(place).locator("[data-row-check]")
        expect(box).to_have_value(number)


def test_dragged_to_another_place(listed: tuple[Page, list[str]]) -> None:
    page, (one, two, three) = listed
    first, last = (page.locator(f"#rank-{number}").bounding_box() for number in (one, three))
    assert first is not None and last is not None
    page.mouse.move(last["x"] + 5, last["y"] + 5)
    page.mouse.down()
    page.mouse.move(first["x"] + 5, first["y"] - 9, steps=4)
    expect(page.locator("tr.rank-above")).to_have_count(1)
    page.mouse.up()
    order(page, three, one, two)
    assert acting.registration(three).priority == 1
    page.locator(f"#rank-{three}").hover()
    page.mouse.down()
    page.mouse.move(first["x"], last["y"] + 90, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    order(page, three, one, two)


def test_moved_by_the_arrow_keys_and_the_focus_stays(listed: tuple[Page, list[str]]) -> None:
    page, (one, two, three) = listed
    assert barriers(page) == []
    handle = page.locator(f"#rank-{one}")
    handle.focus()
    page.keyboard.press("ArrowDown")
    order(page, two, one, three)
    expect(page.locator(f"#rank-{one}")).to_be_focused()
    page.keyboard.press("ArrowDown")
    order(page, two, three, one)
    page.keyboard.press("ArrowDown")  # it is the last
    order(page, two, three, one)
    assert [acting.registration(each).priority for each in (two, three, one)] == [1, 2, 3]


def test_each_handle_says_where_its_candidate_is(listed: tuple[Page, list[str]]) -> None:
    page, (one, two, three) = listed
    page.locator(f"#rank-{one}").press("ArrowDown")
    order(page, two, one, three)
    expect(page.locator(f"#rank-{one}")).to_have_accessible_name(re.compile("^Priority 2, "))


def test_a_button_that_leads_nowhere_looks_so(listed: tuple[Page, list[str]]) -> None:
    page, (one, two, _three) = listed
    faint = [
        page.locator(f"#up-{number}").evaluate("one => getComputedStyle(one).opacity < 1")
        for number in (one, two)
    ]
    assert faint == [True, False]


def test_on_paper_is_nothing_to_press(listed: tuple[Page, list[str]]) -> None:
    page, (one, _two, _three) = listed
    presses = page.locator("main :is(button, .btn, input, .change, .back)").filter(visible=True)
    page.emulate_media(media="print")
    expect(presses).to_have_count(0)
    page.goto(f"{HOUSE}/courses/BUE27/nominations/{one}")
    expect(page.locator("h1")).to_be_visible()
    expect(presses).to_have_count(0)


def test_a_refusal_is_said_where_the_list_is_changed_in_place(
    listed: tuple[Page, list[str]],
) -> None:
    page, (one, two, three) = listed
    with transaction() as session:
        session.scalars(select(Course)).one().state = CourseState.CANCELLED
    page.locator(f"#rank-{one}").press("ArrowDown")
    expect(page.locator("#notes")).to_contain_text("This course has ended")
    order(page, one, two, three)
