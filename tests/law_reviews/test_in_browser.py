"""The comparison of a course in a browser: nothing sticks out, axe is content."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests import factories
from tests.browsing import HOUSE, faults_in_sight, serve
from tests.legislation import keeping
from tests.legislation.keeping import OFFENCE, PLACE
from trainings.law_reviews import operations

pytestmark = pytest.mark.browser


def test_nothing_sticks_out_and_axe_is_content(app: Flask, client: FlaskClient, page: Page) -> None:
    keeping.enter((*PLACE, OFFENCE), ("AR", "offence", OFFENCE))
    by = keeping.organiser()
    course = factories.course(countries=["AR", "BO"])
    operations.plan(course, ["AR", "BO"], ["offence", "consent"], by)
    operations.freeze(course, by)
    operations.plan(course, ["AR", "BO"], ["offence"], by)
    factories.sign_in(client, by)
    serve(client, page)
    wrong = []
    for path in ("", "/1/offence", "/1/consent"):
        page.goto(f"{HOUSE}/courses/BUE27/laws{path}")
        wrong += [(path, one) for one in faults_in_sight(page, (360, 1280, 1920))]
    assert wrong == []
