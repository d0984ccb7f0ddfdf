"""The timetable in a browser: by mouse, by keyboard, without a network, with a second organiser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, Page, expect

from tests import factories, teaching
from tests.browsing import HOUSE, faults_in_sight, serve
from tests.scheduling.conftest import Table
from trainings.agenda import operations as agenda
from trainings.agenda.rules import SessionKind
from trainings.core.db import db
from trainings.scheduling import operations

pytestmark = pytest.mark.browser

SLOT = 30  # pixels of half an hour


class Sight:
    """The page with the timetable of the table's course, as an organiser sees it."""

    def __init__(self, table: Table, page: Page) -> None:
        self.table, self.page, self.acts = table, page, 0
        self.asked: list[str] = []
        page.on("request", lambda one: self.asked.append(one.url.removeprefix(HOUSE)))

    def open(self) -> None:
        self.page.goto(f"{HOUSE}/courses/BUE27/agenda")
        expect(self.page.locator(".timetable")).to_be_visible()

    def session(self, title: str) -> Locator:
        return self.page.locator(".ec-event:not(.ec-preview)", has_text=title).first

    def button(self, title: str) -> Locator:
        return self.session(title).locator("button")

    def still(self) -> None:
        """Wait until what the last act brought has come."""
        expect(self.page.locator("[data-grid]")).not_to_have_attribute("aria-busy", "true")

    def saved(self) -> None:
        expect(self.page.locator("[data-status]")).to_have_text("All saved")
        self.still()

    def drag(self, what: Locator, right: float = 0, down: float = 0, edge: bool = False) -> None:
        self.still()
        what.scroll_into_view_if_needed()
        box = what.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + (box["height"] - 2 if edge else 12)
        self.pull(x, y, x + right, y + down)

    def drag_onto(self, what: Locator, target: Locator, down: float = 10) -> None:
        self.still()
        what.scroll_into_view_if_needed()
        box, there = what.bounding_box(), target.bounding_box()
        assert box and there
        x, y = box["x"] + 20, box["y"] + 10
        self.pull(x, y, there["x"] + there["width"] / 2, there["y"] + down)

    def pull(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self.acts += 1
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move((x + to_x) / 2, (y + to_y) / 2, steps=4)
        mouse.move(to_x, to_y, steps=4)
        mouse.up()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.acts += 1
            self.page.keyboard.press(key)

    def click(self, what: Locator) -> None:
        self.acts += 1
        what.click()


@pytest.fixture
def by_hand(app: Flask, client: FlaskClient, page: Page) -> Iterator[Sight]:
    table = Table()
    factories.sign_in(client, table.by)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 1100})
    serve(client, page)
    sight = Sight(table, page)
    yield sight
    assert faults == []


def test_dragged_resized_and_taken_back(by_hand: Sight) -> None:
    table = by_hand.table
    by_hand.open()
    by_hand.drag(by_hand.session("Court"), down=4 * SLOT)
    expect(by_hand.session("Court")).to_contain_text("12:45–14:15")
    by_hand.saved()
    assert table.span(table.noon) == "12:45-14:15"
    by_hand.drag(by_hand.session("Court"), down=SLOT, edge=True)
    expect(by_hand.session("Court")).to_contain_text("12:45–14:45")
    by_hand.saved()
    assert table.span(table.noon) == "12:45-14:45"
    by_hand.page.reload()
    for span in ("12:45–14:15", "10:45–12:15"):
        by_hand.page.locator("[data-undo]").click()
        expect(by_hand.session("Court")).to_contain_text(span)
    by_hand.page.locator("[data-redo]").click()
    expect(by_hand.session("Court")).to_contain_text("12:45–14:15")


def test_dragged_to_another_day_and_in_the_columns_of_rooms_and_trainers(by_hand: Sight) -> None:
    table, page = by_hand.table, by_hand.page
    by_hand.open()
    width = page.locator(".ec-day").first.bounding_box()
    assert width is not None
    by_hand.drag(by_hand.session("Court"), right=width["width"])
    by_hand.saved()
    assert table.span(table.noon) == f"{table.day + timedelta(1):%d} 10:45-12:15"
    heads = [f"{table.day + timedelta(later):%a %-d %b}" for later in range(4)]
    expect(page.locator(".ec-col-head")).to_have_text(heads)
    page.locator("input[value=rooms]").check()
    page.locator("[data-day]").select_option((table.day + timedelta(1)).isoformat())
    by_hand.drag_onto(by_hand.session("Court"), page.locator(".ec-col-head", has_text="Sala A"))
    expect(by_hand.session("Court")).to_contain_text("Sala B")  # dropped on a head: nothing moved
    column = page.locator(".ec-day").nth(0).bounding_box()
    event = by_hand.session("Court").bounding_box()
    assert column and event
    by_hand.drag(by_hand.session("Court"), right=column["x"] + 20 - event["x"])
    expect(by_hand.session("Court")).to_contain_text("Sala A")
    by_hand.saved()
    assert table.entries()[table.noon].room_id == table.hall


def test_what_waits_and_trainers_are_dragged_onto_the_days(by_hand: Sight) -> None:
    table, page = by_hand.table, by_hand.page
    by_hand.open()
    chip = page.locator(".timetable-waiting .timetable-chip", has_text="Module law")
    by_hand.drag_onto(chip, page.locator(".ec-day").nth(2), down=8 * SLOT)
    expect(by_hand.session("Module law")).to_be_visible()
    by_hand.saved()
    expect(page.locator("[data-hours]")).to_contain_text("3 h 00 min")
    made = next(one for one in table.entries().values() if one.module_id == table.law)
    assert made.day == table.day + timedelta(2)
    page.keyboard.press("Escape")
    giver = page.locator(".timetable-giver", has_text="Luis Paz")
    by_hand.drag_onto(giver, by_hand.session("Court"))
    expect(by_hand.session("Court")).to_contain_text("Luis Paz")
    by_hand.saved()
    assert table.entries()[table.noon].trainers == (table.luis,)
    by_hand.click(by_hand.session("Court"))
    page.get_by_label("Role of Luis Paz").select_option("Observer")
    expect(by_hand.session("Court")).to_contain_text("Luis Paz (observer)")
    by_hand.saved()
    assert table.entries()[table.noon].giving == ()
    page.reload()
    expect(by_hand.session("Court")).to_contain_text("Luis Paz (observer)")


def test_a_clash_is_refused_with_ways_out(by_hand: Sight) -> None:
    table, page = by_hand.table, by_hand.page
    by_hand.open()
    by_hand.click(by_hand.session("Court"))
    page.locator("[data-room]").select_option(table.hall)
    by_hand.saved()
    by_hand.drag(by_hand.session("Court"), down=-3 * SLOT)
    note = page.locator("[data-note]")
    expect(note).to_contain_text("Sala A is taken")
    expect(by_hand.session("Court")).to_contain_text("10:45–12:15")
    note.get_by_role("button", name="In Sala B").click()
    expect(by_hand.session("Court")).to_contain_text("09:15–10:45")
    by_hand.saved()
    entry = table.entries()[table.noon]
    assert (table.span(table.noon), entry.room_id) == ("09:15-10:45", table.side)


def test_picked_up_and_moved_by_keyboard_and_given_back(by_hand: Sight) -> None:
    table, page = by_hand.table, by_hand.page
    by_hand.open()
    by_hand.button("Court").focus()
    by_hand.press("Space", "ArrowDown", "ArrowDown", "Shift+ArrowDown")
    said = page.locator("[data-said]")
    expect(said).to_contain_text("11:25 to 12:55")
    by_hand.press("Escape")
    expect(by_hand.session("Court")).to_contain_text("10:45–12:15")
    expect(said).to_contain_text("back where it was")
    by_hand.press("Space", "ArrowRight", "ArrowUp", "Enter")
    by_hand.saved()
    assert table.span(table.noon) == f"{table.day + timedelta(1):%d} 10:40-12:10"
    expect(by_hand.button("Court")).to_be_focused()
    by_hand.press("Space", *["ArrowLeft"] * 3)
    expect(said).to_contain_text("outside the days")
    by_hand.press("Escape", "+", "1", "r")
    by_hand.saved()
    entry = table.entries()[table.noon]
    assert (entry.minutes, entry.trainers, entry.room_id) == (
        95,
        (table.luis,),
        None,
    )  # the first by name
    by_hand.press("Control+z")
    by_hand.saved()
    assert table.entries()[table.noon].room_id == table.side


def test_titles_and_times_are_typed_in_place(by_hand: Sight) -> None:
    table, page = by_hand.table, by_hand.page
    by_hand.open()
    by_hand.button("Court").focus()
    by_hand.press("Enter")
    page.keyboard.type("Mock trial")
    by_hand.press("Enter")
    expect(by_hand.session("Mock trial")).to_be_visible()
    by_hand.saved()
    page.locator("#timetable-end").fill("12:30")
    page.locator("#timetable-end").blur()
    expect(by_hand.session("Mock trial")).to_contain_text("10:45–12:30")
    by_hand.saved()
    entry = table.entries()[table.noon]
    assert (entry.titles["en"], entry.minutes) == ("Mock trial", 105)
    room = page.get_by_label("Room", exact=True)
    room.select_option("A room that is not on the list…")
    expect(page.get_by_label("Name of the room")).to_be_focused()
    page.keyboard.type("Sala de mapas")
    by_hand.press("Enter")
    by_hand.saved()
    expect(by_hand.session("Mock trial")).to_contain_text("Sala de mapas")
    expect(room).to_have_value(table.entries()[table.noon].room_id or "")
    expect(page.get_by_label("Name of the room")).to_be_hidden()


def test_without_a_network_it_is_said_kept_and_sent_by_itself(by_hand: Sight) -> None:
    table, page = by_hand.table, by_hand.page
    by_hand.open()
    page.route("**/agenda/acts/**", lambda route: route.abort())
    by_hand.drag(by_hand.session("Court"), down=4 * SLOT)
    expect(page.locator("[data-status]")).to_contain_text("Not saved yet")
    expect(by_hand.session("Court")).to_contain_text("12:45–14:15")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert table.noon in kept
    assert "Court" not in kept
    assert table.span(table.noon) == "10:45-12:15"
    page.unroute("**/agenda/acts/**")
    by_hand.saved()
    assert table.span(table.noon) == "12:45-14:15"


def test_what_another_organiser_does_appears_and_theirs_is_not_overwritten(by_hand: Sight) -> None:
    table, page = by_hand.table, by_hand.page
    other = table.colleague()
    by_hand.open()
    operations.move(table.course, table.shown(table.morning), table.at("14:00"), other)
    db.session.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(by_hand.session("Session at 09:00")).to_contain_text("14:00–15:30")
    operations.move(table.course, table.shown(table.noon), table.at("16:00"), other)
    db.session.close()
    by_hand.drag(by_hand.session("Court"), right=10, down=2 * SLOT)
    expect(page.locator("[data-note]")).to_contain_text("Somebody else changed")
    expect(by_hand.session("Court")).to_contain_text("16:00–17:30")
    page.get_by_role("button", name="Do mine again").click()
    expect(by_hand.session("Court")).to_contain_text("11:45–13:15")
    by_hand.saved()
    assert table.span(table.noon) == "11:45-13:15"


def test_a_poll_opens_no_name(by_hand: Sight) -> None:
    by_hand.open()
    with by_hand.page.expect_response("**/plan?state=*"):
        by_hand.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    asked = [one for one in by_hand.asked if "/agenda/plan" in one]
    assert sum("names=" in one for one in asked) == 1
    assert sum("unattended=" in one for one in asked) >= 1


def buenos_aires(by_hand: Sight) -> None:
    """An empty course with eight modules of three hours, nine trainers, four rooms."""
    table = by_hand.table
    for key in (table.morning, table.pause, table.noon):
        agenda.remove_session(table.course, key, table.by)
    modules = [table.module, table.law, *(teaching.module(f"m{number}") for number in range(6))]
    teaching.teach(table.course, *modules)
    for module in modules:
        operations.plan_module(table.course, module, 180, table.by)
    for number in range(7):
        trainer = teaching.trainer(table.by, name=("Trainer", f"No{number}"))
        teaching.course_trainer(table.course, trainer, table.by)
    db.session.close()


def whole(table: Table) -> None:
    """Sixteen sessions on four days with breaks, each with a room and a trainer."""
    entries = list(table.entries().values())
    sessions = [one for one in entries if one.kind is SessionKind.MODULE]
    assert len(sessions) == 16
    assert {one.day for one in sessions} == {table.day + timedelta(n) for n in range(4)}
    assert all(one.room_id and one.trainers for one in sessions)
    assert sum(one.kind is SessionKind.BREAK for one in entries) == 12


def day_label(table: Table, day: int) -> str:
    return f"{table.day + timedelta(day):%A %-d %B %Y}"


def loads(by_hand: Sight) -> int:
    return sum(one.endswith("/agenda") for one in by_hand.asked)


def test_four_days_by_mouse_in_at_most_40_acts(by_hand: Sight) -> None:
    page, table = by_hand.page, by_hand.table
    buenos_aires(by_hand)
    by_hand.open()
    by_hand.click(page.get_by_role("button", name="Lay out days").first)
    by_hand.click(page.locator("dialog").get_by_role("button", name="Lay out days"))
    expect(page.locator(".ec-event.session-module")).to_have_count(16)
    by_hand.saved()
    for day in range(4):
        by_hand.click(by_hand.session(f"{day_label(table, day)}").locator(".session-title"))
        by_hand.click(page.get_by_role("button", name="Choose all of its day"))
        by_hand.acts += 2  # a list is opened, and a line of it chosen
        page.locator("[data-room]").select_option(table.hall)
        by_hand.saved()
    page.locator(".session-module .session-in").first.focus()
    by_hand.press("Escape")
    found = table.entries().items()
    sessions = [key for key, one in found if one.kind is SessionKind.MODULE]
    for number, key in enumerate(sessions):
        giver = page.locator(".timetable-giver").nth(number % 9)
        by_hand.drag_onto(giver, page.locator(f'[data-session="{key}"].session-in'))
        by_hand.saved()
    whole(table)
    assert by_hand.acts <= 40
    assert loads(by_hand) == 1


def test_four_days_by_keyboard_in_at_most_120_keys(by_hand: Sight) -> None:
    page, table = by_hand.page, by_hand.table
    buenos_aires(by_hand)
    by_hand.open()
    page.locator("input[name=view]").first.focus()
    by_hand.press("f", "Enter")
    expect(page.locator(".ec-event.session-module")).to_have_count(16)
    by_hand.saved()
    expect(page.locator(".session-in").first).to_be_focused()
    for _day in range(4):
        by_hand.press("a", "r", "ArrowRight")
        by_hand.saved()
    by_hand.press("Escape", *["ArrowLeft"] * 3)
    order = sorted(table.entries().values(), key=lambda one: one.start or table.at("00:00"))
    given = 0
    for number, one in enumerate(order):
        if one.kind is SessionKind.MODULE:
            by_hand.press(str(given % 9 + 1))
            given += 1
        if number < len(order) - 1:
            by_hand.press("ArrowDown")
    by_hand.saved()
    whole(table)
    assert by_hand.acts <= 120
    assert loads(by_hand) == 1


def test_nothing_bars_the_way(by_hand: Sight) -> None:
    by_hand.open()
    by_hand.click(by_hand.session("Court"))
    assert faults_in_sight(by_hand.page, (1280,)) == []
    by_hand.page.get_by_role("button", name="Lay out days").first.click()
    assert faults_in_sight(by_hand.page, (1280,)) == []


def test_in_another_zone_whose_clock_changes_nothing_moves_by_itself(
    app: Flask, client: FlaskClient, browser: Browser
) -> None:
    table = Table()
    factories.sign_in(client, table.by)
    context = browser.new_context(
        viewport={"width": 1280, "height": 1100}, timezone_id="Australia/Lord_Howe"
    )
    page = context.new_page()
    serve(client, page)
    sight = Sight(table, page)
    sight.open()
    sight.drag(sight.session("Court"), down=2 * SLOT)
    sight.saved()
    assert table.span(table.noon) == "11:45-13:15"
    context.close()
