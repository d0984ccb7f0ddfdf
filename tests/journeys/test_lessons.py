"""A new organiser, in Spanish: Spartacus II is planned on from the lessons of Spartacus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.demo import template
from tests.journeys.house import House
from tests.journeys.visitor import PHONE, Visitor
from trainings.core.db import db
from trainings.courses import queries as courses

pytestmark = pytest.mark.browser


@pytest.fixture
def house(demo_template: Path, tmp_path: Path) -> Iterator[House]:
    """A demo of this test's own: it plans a course there."""
    made = House()
    app = template.copied(demo_template, tmp_path, made.url)
    said = (demo_template / template.SAID).read_text(encoding="utf-8")
    made.links = dict(re.findall(r"(?m)^(.+?) {2,}http\S+?(/sign-in/link/\S+)$", said))
    with made.open(app):
        yield made
    with app.app_context():
        db.engine.dispose()


def test_a_course_is_planned_from_lessons_in_spanish(house: House, browser: Browser) -> None:
    organiser = Visitor(house, browser, "es", PHONE)
    organiser.goto(house.links["Organiser (IOM, leads)"])
    organiser.enter()
    organiser.goto("/programmes/SPARTACUS-II")
    organiser.follow("Plan a course")
    like = organiser.page.locator('main [name="source"][value="BUE02"]')
    like.check()
    organiser.page.locator("main form button[type=submit]").first.click()
    code = "BUE03"
    organiser.fill(code=code)
    page = organiser.page
    starts = page.locator('main [name="starts_on"]')
    for _step in range(8):
        if starts.count():
            organiser.fill(starts_on="2028-03-06", ends_on="2028-03-09")
        days = ("registration_opens_on", "registration_closes_on", "release_on")
        for name, day in zip(days, ("2027-10-01", "2028-01-10", "2028-01-20"), strict=True):
            if page.locator(f'main [name="{name}"]').count():
                organiser.fill(**{name: day})
        with page.expect_navigation():
            page.locator("main form button.btn-primary").first.click()
        if "/lessons/" in organiser.at:
            break
    expect(page.get_by_text("Su programa tiene una lección pendiente.")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Lección 1 de 1")
    expect(page.locator("blockquote")).to_contain_text("principio de no punición")
    page.get_by_label("Participación de las víctimas en el proceso judicial").check()
    organiser.press("Save and continue")
    expect(page.locator("#asked")).to_contain_text("Con seguimiento")
    organiser.goto(f"/courses/{code}/desk")
    expect(page.locator("#lessons")).to_contain_text("principio de no punición")
    organiser.goto("/programmes/SPARTACUS")
    page.get_by_role("link", name=re.compile("Llevar la entrevista")).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Deshacer este cambio").click()
    expect(page.locator("#history")).to_contain_text("Se deshizo el último cambio")
    assert organiser.complaints == []
    organiser.context.close()
    assert house.app is not None
    with house.app.app_context():
        assert courses.by_code(code).programme is not None
        db.session.remove()
