"""The pages of questions and answers in a browser: nothing bars them, also on a narrow phone."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests import factories
from tests.browsing import HOUSE, faults_in_sight, serve
from tests.questions import asking
from tests.registrations import acting
from trainings.questions import operations
from trainings.questions.rules import AskedOf, QuestionKind
from trainings.questions.usual_rules import UsualSet

pytestmark = pytest.mark.browser


def test_nothing_bars_the_pages(app: Flask, client: FlaskClient, page: Page) -> None:
    desk = asking.desk()
    operations.add_usual(desk.course, list(UsualSet), desk.by)
    for kind in QuestionKind:
        desk.ask(kind, asked_of=AskedOf.CANDIDATE, hints={"en": "A hint", "es": "Una ayuda"})
    about = desk.ask(asked_of=AskedOf.FOCAL_POINT)
    desk.answer(text := desk.ask(), "A bus")
    desk.send(file := desk.ask(QuestionKind.FILE))
    here = "/courses/BUE27"
    answers = f"{here}/registrations/{desk.number}/answers"
    mine = f"/my/registrations/{desk.number}/questions"
    serve(client, page)
    for who, paths in (
        (
            desk.by,
            [
                f"{here}/questions",
                f"{here}/questions/new?kind=one",
                f"{here}/questions/new?kind=yes_no",
                f"{here}/questions/{text}",
                f"{here}/questions/{text}/remove",
                f"{here}/answers",
                answers,
                f"{answers}/edit",
                f"{here}/lists/rooming",
            ],
        ),
        (acting.focal_point(), [f"{here}/nominations/{desk.number}/questions"]),
        (desk.person, [mine, f"{mine}/{file}", f"{mine}/{file}/remove"]),
    ):
        factories.sign_in(client, who)
        for path in paths:
            page.goto(HOUSE + path)
            assert faults_in_sight(page, (320, 1280)) == [], path
    assert about


def test_by_keyboard_a_participant_answers(app: Flask, client: FlaskClient, page: Page) -> None:
    desk = asking.desk()
    choice, words = desk.ask(QuestionKind.ONE), desk.ask()
    factories.sign_in(client, desk.person)
    serve(client, page)
    page.goto(f"{HOUSE}/my/registrations/{desk.number}/questions")
    page.locator(f'[name="answer_{choice}"]').first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("By bus")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()
    assert asking.kept() == {choice: "1", words: "By bus"}
