"""Publishing an agenda in a browser: by keyboard alone, without script, on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests import browsing, factories, teaching
from trainings.agenda import operations as agenda
from trainings.core.permissions import Role

pytestmark = pytest.mark.browser

AGENDA = f"{browsing.HOUSE}/courses/BUE27/agenda"


@pytest.fixture(params=[True, False], ids=["script", "without script"])
def phone(client: FlaskClient, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    by = factories.account(Role.ORGANISER, agency="IOM")
    course = factories.course()
    ruth = teaching.course_trainer(course, teaching.trainer(by), by)
    teaching.participant(course, mail="ana@police.example")
    for hour, name in ((9, "Opening"), (11, "Money trails")):
        data = teaching.slot(
            course,
            f"{hour:02}:00",
            f"{hour + 1:02}:30",
            titles={"en": name, "es": name},
            new_room="Aula Magna",
            trainers=(ruth,),
        )
        key = agenda.add_session(course, data, by)
    teaching.publish(course, by)
    moved = teaching.slot(course, "14:00", "15:30", titles={"en": name}, new_room="Sala B")
    agenda.change_session(course, key, moved, by)
    factories.sign_in(client, by)
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=request.param
    )
    page = context.new_page()
    browsing.serve(client, page)
    yield page
    context.close()


def check_reads_well(phone: Page) -> None:
    """Nothing is wider than the phone, and nothing bars the way; both are asked by script."""
    if phone.evaluate("document.documentElement.classList.contains('js')"):
        assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert browsing.barriers(phone) == []


def test_changes_are_looked_at_and_published_by_keyboard(phone: Page) -> None:
    phone.goto(AGENDA)
    phone.get_by_role("link", name="Look at the changes and publish").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Publish the agenda")
    expect(phone.get_by_text("Room: Sala B instead of Aula Magna").first).to_be_visible()
    check_reads_well(phone)
    phone.get_by_role("button", name="Publish version 2").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Version 2 of the agenda is published.")).to_be_visible()
    expect(phone.get_by_text("The draft is the same.")).to_be_visible()


def test_draft_and_published_are_one_switch(phone: Page) -> None:
    phone.goto(AGENDA)
    expect(phone.get_by_text("1 session differs in the draft.")).to_be_visible()
    check_reads_well(phone)
    phone.get_by_role("link", name="Published", exact=True).click()
    expect(phone.get_by_text("11:00–12:30")).to_be_visible()
    expect(phone.get_by_text("Moved, Other room, Other trainers")).to_be_visible()
    phone.get_by_role("link", name="Draft", exact=True).click()
    expect(phone.get_by_text("14:00–15:30").first).to_be_visible()
