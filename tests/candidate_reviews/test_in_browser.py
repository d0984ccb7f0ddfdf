"""The pages of readers, the selection table and a saved view in a browser: nothing bars them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests import factories
from tests.browsing import HOUSE, faults_in_sight, serve
from tests.candidate_reviews import desk as desks
from tests.candidate_reviews.desk import READERS, READING

pytestmark = pytest.mark.browser


def test_nothing_bars_the_pages(app: Flask, client: FlaskClient, page: Page) -> None:
    desk = desks.desk()
    desk.share()
    for reader, score in ((0, 5), (1, 2)):
        desk.score(reader, score, "A note")
    serve(client, page)
    for who, paths in (
        (
            desk.readers[0],
            [READING, f"{READING}/{desk.numbers[0]}", f"{READING}/{desk.numbers[1]}"],
        ),
        (
            desk.by,
            [
                READERS,
                f"{READERS}/{desk.numbers[0]}",
                "/courses/BUE27/selection/table",
                "/courses/BUE27/registrations/views/new?state=undecided",
                "/courses/BUE27/registrations?state=undecided",
            ],
        ),
    ):
        factories.sign_in(client, who)
        for path in paths:
            page.goto(HOUSE + path)
            assert faults_in_sight(page, (320, 1280)) == [], path
