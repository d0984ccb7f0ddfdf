"""The look in a browser: by keyboard, on a phone, without script, under the real policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import flask_bootstrap
import pytest
import wtforms as wtf
from flask import Flask, render_template_string
from playwright.sync_api import Browser, Page, Route, expect
from wtforms.validators import DataRequired, InputRequired

from tests.browsing import barriers, faults_in_sight
from trainings.attendance.rules import Mark
from trainings.core.config import ROOT
from trainings.registrations.rules import State
from trainings.web.forms import Form
from trainings.web.page_frame import CSP

pytestmark = pytest.mark.browser

HOUSE = "http://look.example"
FRAME = """{% extends "base.html" %}
{% from "_parts.html" import page_head, facts, tabs, panel, todo, presence, presence_help,
   progress, day_grid, page_styles, step_header, summary_list, checks, history, note %}
{% from "_forms.html" import form_for, field, choices, buttons, matrix %}
{% from "_tables.html" import table, bulk_bar, filters, filter_select, pagination %}
{% block title %}A page{% endblock %}
{% block head %}{{ page_styles("agenda") }}{{ page_styles("attendance") }}{% endblock %}
{% block content %}<h1>A page</h1>BODY{% endblock %}"""

ATTENDANCE = """{% call form_for(form) %}{{ presence_help(marks) }}<ul class="presences">
{% for name in ("Ana", "Luz", "Rui") %}
<li>{{ presence(marks, "mark-%s"|format(loop.index), name, url="/marks") }}</li>{% endfor %}</ul>
{{ buttons("Save the attendance") }}{% endcall %}"""

ROWS = """{% set columns = [{"key": "name", "label": "Name", "head": true},
  {"key": "state", "label": "State"}, {"key": "seats", "label": "Seats", "number": true}] %}
{% call filters("/") %}{{ filter_select("state", "State", [("offered", "Offered")]) }}{% endcall %}
{% call form_for(form, choosing=true) %}
{% call(row, c) table(columns, [{"id": 1, "name": "Ana"}, {"id": 2, "name": "Luz"}], "People",
   choose={"name": "ids", "value": "id", "label": "name"}) %}
{{ td(c.name, row.name) }}{{ td(c.state, pill(states.OFFERED)) }}
{{ td(c.seats, seat_bar(2, 1, 4)) }}
{% endcall %}
{% call bulk_bar() %}<button type="submit" class="btn btn-primary">Offer seats</button>{% endcall %}
{% endcall %}"""

PARTS = """{{ facts([("Seats", "54/60"), ("State", pill(states.CONFIRMED))]) }}
{{ tabs([{"label": "Agenda", "url": "#", "active": true, "number": 3}]) }}
{% call panel("What is missing", "By Monday") %}
{{ todo([{"label": "Rooms", "value": 2}]) }}{% endcall %}
{{ note("Your offer ends tomorrow.", "warning") }}{{ progress(3, 6, "Certificates") }}
{{ summary_list([{"label": "Unit", "value": "One", "url": "#"}]) }}
{{ checks([{"label": "Hours", "met": true}, {"label": "Test", "met": false, "note": "Monday"}]) }}
{{ history([{"when": "Monday", "text": "Offered"}]) }}
{{ day_grid("Monday", [{"start": 540, "end": 600, "time": "09:00", "title": "Opening", "room": 0},
   {"start": 600, "end": 615, "time": "10:00", "title": "Pause", "kind": "break"}], ["A", "B"]) }}
{% for state in states %}
{{ pill(state) }}{% endfor %}"""


class Question(Form):
    country = wtf.SelectField(
        "Country",
        choices=[
            wtf.SelectChoice(code, name)
            for code, name in (
                ("", "Choose"),
                ("ar", "Argentina"),
                ("bo", "Bolivia"),
                ("br", "Brazil"),
            )
        ],
        validators=[DataRequired("Choose the country.")],
    )
    function = wtf.RadioField(
        "Function",
        choices=[wtf.SelectChoice("police", "Police"), wtf.SelectChoice("judge", "Judge")],
        validators=[InputRequired("Choose the function.")],
    )


class Seats(Form):
    one = wtf.IntegerField("One", default=2)
    two = wtf.IntegerField("Two", default=1)


QUESTION = """{{ step_header(2, 6, "/") }}{% call form_for(form) %}
{{ field(form.country, search=true) }}
{{ choices(form.function, hints={"judge": "Of any court"}) }}
{{ buttons("Continue", "Save and continue later", "later") }}{% endcall %}"""
MATRIX = """{% call form_for(form) %}
{{ matrix("Seats", "Country", ["Police"], [("Bolivia", [form.one]), ("Peru", [form.two])],
   capacity=6) }}
{{ buttons("Save the seats") }}{% endcall %}"""


def asset(path: str) -> Path:
    if path.startswith("/bootstrap/static/"):
        folder = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
        return folder / path.removeprefix("/bootstrap/static/")
    return ROOT / path.removeprefix("/")


Show = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def show(app: Flask, page: Page) -> Iterator[Show]:
    """Shows a page made of the house's parts; returns the POSTs it sends, as they come."""
    posts: list[tuple[str, str]] = []
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    shown = ""

    def answer(route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(HOUSE).partition("?")[0]
        if request.method == "POST":
            posts.append((path, request.post_data or ""))
            route.fulfill(status=204)
        elif path.startswith(("/static/", "/bootstrap/")):
            kind = guess_type(path)[0] or "application/octet-stream"
            route.fulfill(body=asset(path).read_bytes(), content_type=kind)
        else:
            route.fulfill(
                body=shown, content_type="text/html", headers={"Content-Security-Policy": CSP}
            )

    def go(
        body: str,
        form: type[Form] = Form,
        check: bool = False,
        on: Page = page,
        language: str = "en",
    ) -> Any:
        nonlocal shown
        spoken = {"Accept-Language": language.replace("_", "-")}
        method = "POST" if check else "GET"
        with app.test_request_context("/", method=method, headers=spoken):
            filled = form()
            if check:
                assert not filled.validate()
            shown = render_template_string(
                FRAME.replace("BODY", body), form=filled, live=True, marks=list(Mark), states=State
            )
        on.route("**/*", answer)
        on.goto(f"{HOUSE}/")
        return posts

    yield go
    assert complaints == []


PAGES: dict[str, tuple[str, type[Form], bool]] = {
    "attendance": (ATTENDANCE, Form, False),
    "rows": (ROWS, Form, False),
    "parts": (PARTS, Form, False),
    "question": (QUESTION, Question, False),
    "refused question": (QUESTION, Question, True),
    "seats": (MATRIX, Seats, False),
}


class Upload(Form):
    file = wtf.FileField("File")


CONTRAST = """chooser => {
  const luminance = colour => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).slice(0, 3).map(part => {
      const share = part / 255
      return share <= .04045 ? share / 12.92 : ((share + .055) / 1.055) ** 2.4
    })
    return .2126 * red + .7152 * green + .0722 * blue
  }
  const style = getComputedStyle(chooser, "::file-selector-button")
  if (!/^rgb\\(/.test(style.backgroundColor)) throw Error(style.backgroundColor)
  const [less, more] = [style.color, style.backgroundColor].map(luminance).sort((a, b) => a - b)
  return (more + .05) / (less + .05)
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_on_the_file_chooser_can_be_read(show: Show, page: Page, scheme: Any) -> None:
    """They were white on white in the dark."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    show("{% call form_for(form, upload=true) %}{{ field(form.file) }}{% endcall %}", Upload)
    chooser = page.locator("input[type=file]")
    assert chooser.evaluate(CONTRAST) >= 4.5
    chooser.hover()
    assert chooser.evaluate(CONTRAST) >= 4.5


@pytest.mark.parametrize("name", PAGES)
def test_nothing_bars_the_way(show: Show, page: Page, name: str) -> None:
    show(*PAGES[name])
    assert faults_in_sight(page) == []


def test_one_pale_word_is_found_among_many_alike(page: Page) -> None:
    """Looking at samples misses neither a paler word nor one on a darker ground, wherever."""
    dark = "<p><b>Dark</b></p>" * 20
    pale = "<p><b style='color: #bbb'>Pale</b></p>"
    ground = "<div style='background: #333'><p><b>Ground</b></p></div>"
    page.set_content(f"<body style='color: #222; background: #fff'>{dark}{pale}{ground}{dark}")
    found = [one for one in barriers(page) if one.startswith("color-contrast")]
    assert [word for one in found for word in ("Dark", "Pale", "Ground") if word in one] == [
        "Pale",
        "Ground",
    ]


def test_attendance_goes_by_letters(show: Show, page: Page) -> None:
    posts = show(ATTENDANCE)
    page.locator("input[name=mark-1]").first.focus()
    for letter in "pla":
        with page.expect_response("**/marks"):
            page.keyboard.press(letter)
    assert [body for _, body in posts] == [
        f"mark-{number}={mark}&was-mark-{number}="
        for number, mark in enumerate(("present", "late", "absent"), 1)
    ]
    page.keyboard.press("ArrowUp")
    expect(page.locator("input[name=mark-2][value=late]")).to_be_focused()


def test_a_refused_form_leads_to_its_fields(show: Show, page: Page) -> None:
    show(QUESTION, Question, check=True)
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Choose the function.").click()
    expect(page.get_by_label("Police")).to_be_focused()


def test_a_long_list_is_searched_by_typing(show: Show, page: Page) -> None:
    show(QUESTION, Question)
    search = page.get_by_role("combobox", name="Country")
    search.click()
    search.press_sequentially("boliv")
    expect(page.get_by_role("option", name="Bolivia")).to_be_visible()
    expect(page.get_by_role("option", name="Brazil")).to_have_count(0)
    expect(page.get_by_role("option", name="Argentina")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("select[name=country]")).to_have_value("bo")


def test_a_second_click_sends_nothing(show: Show, page: Page) -> None:
    posts = show(QUESTION, Question)
    button = page.get_by_role("button", name="Save and continue later")
    with page.expect_request(lambda request: request.method == "POST"):
        button.click()
    button.click(force=True)
    page.get_by_role("button", name="Continue", exact=True).click(force=True)
    assert len(posts) == 1
    assert "later" in posts[0][1]


def test_seats_add_up_as_you_type(show: Show, page: Page) -> None:
    show(MATRIX, Seats)
    note = page.locator("#matrix-state")
    expect(note).to_have_text("3 seats allocated out of 6. 3 are left to allocate.")
    page.get_by_label("Bolivia, Police").fill("5")
    expect(note).to_have_text("6 seats allocated out of 6. None is left to allocate.")
    page.get_by_label("Peru, Police").fill("9")
    expect(note).to_have_text("14 seats allocated out of 6. That is 8 seats too many.")


def test_all_rows_are_chosen_at_once(show: Show, page: Page) -> None:
    show(ROWS)
    page.get_by_label("Choose all").check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.get_by_label("Choose Ana").uncheck()
    expect(page.get_by_text("1 chosen")).to_be_visible()


TWO_PARTS = """{% set columns = [{"key": "name", "label": "Name", "head": true},
  {"key": "file", "label": "File"}] %}
{% call(row, c) table(columns, [1], "People") %}{{ td(c.name, "Ana") }}
{% call td(c.file) %}<a href="#a" id="one">One</a> <span class="nowrap" id="two">Two</span>
{% endcall %}{% endcall %}"""


def test_two_parts_of_a_line_stay_apart_on_a_phone(show: Show, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    show(TWO_PARTS)
    one, two = (page.locator(f"#{name}").bounding_box() for name in ("one", "two"))
    assert one and two
    assert two["x"] - (one["x"] + one["width"]) >= 3


def swap(page: Page, part: str) -> None:
    """Let the part be answered anew, itself and all that is in it."""
    page.locator(part).evaluate("part => part.setAttribute('data-old', '')")
    page.get_by_role("button", name="Again").click()
    expect(page.locator("[data-old]")).to_have_count(0)


def again(part: str) -> str:
    return (
        f'<button type="button" hx-get="/" hx-select="{part}" hx-target="{part}"'
        ' hx-swap="outerHTML">Again</button>'
    )


def test_rows_that_are_swapped_in_are_chosen_at_once(show: Show, page: Page) -> None:
    part = "form[data-choosing]"
    show(again(part) + ROWS)
    swap(page, part)
    page.get_by_label("Choose all").check()
    expect(page.get_by_label("Choose Luz")).to_be_checked()
    expect(page.get_by_text("2 chosen")).to_be_visible()


def test_a_seat_table_that_is_swapped_in_adds_up_once(show: Show, page: Page) -> None:
    show(again("#matrix") + MATRIX, Seats)
    note = page.locator("#matrix-state")
    swap(page, "#matrix")
    page.get_by_label("Bolivia, Police").fill("4")
    expect(note).to_have_text("5 seats allocated out of 6. 1 is left to allocate.")
    page.get_by_label("Bolivia, Police").press("Enter")  # one row on, not two
    expect(page.get_by_label("Peru, Police")).to_be_focused()


@pytest.mark.parametrize(
    ("language", "none", "one"),
    [
        ("en", "0 chosen", "1 chosen"),
        ("es", "0 elementos marcados", "1 elemento marcado"),
        ("fr", "0 ligne choisie", "1 ligne choisie"),
        ("pt_BR", "0 item marcado", "1 item marcado"),
    ],
)
def test_what_is_counted_as_you_choose_agrees_with_its_number(
    show: Show, page: Page, language: str, none: str, one: str
) -> None:
    show(ROWS, language=language)
    count = page.locator("[data-chosen]")
    expect(count).to_have_text(none)
    page.locator("[data-row-check]").first.check()
    expect(count).to_have_text(one)


def test_everything_is_there_without_script(show: Show, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    show(QUESTION, Question, on=plain)
    expect(plain.get_by_label("Country")).to_be_visible()
    show(ATTENDANCE, on=plain)
    plain.get_by_role("group", name="Luz").get_by_label("Late").check()
    show(ROWS, on=plain)
    expect(plain.get_by_label("Choose all")).to_be_hidden()
    expect(plain.get_by_label("Choose Ana")).to_be_visible()
    context.close()
