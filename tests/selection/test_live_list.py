"""The list of candidates answers while one types, and by its button without script."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from tests import browsing
from tests.registrations import acting
from tests.selection.desk import DESK, named
from trainings.registrations.rules import State

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "without script"])
def test_the_list_answers_what_is_typed(
    client: FlaskClient, course: str, browser: Browser, script: bool
) -> None:
    one, other = (acting.standing(course, State.ENDORSED)[0] for _ in range(2))
    named(one, "Ana", "Rojas")
    named(other, "Luz", "Prado")
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    browsing.serve(client, page)
    page.goto(f"{browsing.HOUSE}{DESK}")
    found = page.locator("#candidates tbody tr")
    expect(found).to_have_count(2)
    text = page.get_by_label("Name, email, unit or number")
    text.press_sequentially("prad")
    if not script:
        page.get_by_role("button", name="Show", exact=True).click()
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Prado")
    expect(page.locator("#found")).to_have_text("One candidate")
    if script:
        expect(text).to_be_focused()
        text.press_sequentially("o")
        expect(text).to_have_value("prado")
    page.get_by_label("Unit", exact=True).check()
    if not script:
        page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#candidates th", has_text="Unit")).to_be_visible()
    assert browsing.barriers(page) == [] if script else True
    context.close()
