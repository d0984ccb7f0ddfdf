"""Programmes in a browser: nothing sticks out, axe is content, all of it by keyboard."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests import factories, teaching
from tests.browsing import HOUSE, faults_in_sight, serve
from tests.programmes import keeping
from tests.programmes.keeping import CODE
from trainings.courses.programme_rules import LessonState

pytestmark = pytest.mark.browser
LONG = "Donaudampfschifffahrtsgesellschaftskapitän " * 8 + "x" * 120


def test_nothing_sticks_out_and_axe_is_content(app: Flask, client: FlaskClient, page: Page) -> None:
    by = keeping.organiser()
    programme = keeping.programme(by)
    keeping.fill(programme, 3, 6, LONG)
    course = keeping.course(programme)
    module = teaching.module()
    teaching.teach(course, module)
    taken, dropped = keeping.lesson(by, LONG), keeping.lesson(by, LONG)
    keeping.take_up(by, taken, module_id=module, course_id=course)
    keeping.drop(by, dropped, LONG)
    waiting = keeping.lesson(by, LONG)
    keeping.programme(by, keeping.NEXT, follows=CODE)
    factories.sign_in(client, by)
    serve(client, page)
    here = f"/programmes/{CODE}"
    wrong = []
    for path in (
        here,
        f"{here}/lessons/{taken}",
        f"{here}/lessons/{dropped}/state",
        f"{here}/lessons/new",
        "/courses/BUE27/lessons",
        "/courses/BUE27/lessons/new",
        f"/courses/BUE27/lessons/{waiting}",
    ):
        page.goto(f"{HOUSE}{path}")
        wrong += [(path, one) for one in faults_in_sight(page, (390, 1280, 1920))]
    assert wrong == []


def test_a_lesson_is_answered_by_keyboard(app: Flask, client: FlaskClient, page: Page) -> None:
    by = keeping.organiser()
    course = keeping.course(keeping.programme(by))
    module = teaching.module()
    teaching.teach(course, module)
    lesson = keeping.lesson(by)
    factories.sign_in(client, by)
    serve(client, page)
    page.goto(f"{HOUSE}/courses/BUE27/lessons/{lesson}")
    page.locator("main input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.keyboard.press("Enter")
    page.wait_for_selector("#asked")
    assert keeping.standing(lesson).state is LessonState.TAKEN_UP
