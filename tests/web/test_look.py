"""The look: each state has one word and one colour, and a field's parts belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
import wtforms as wtf
from flask import Flask, render_template_string
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from wtforms import widgets
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from trainings.agenda.rules import SessionKind
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Mark
from trainings.core.config import ROOT
from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, _, ngettext, speaking
from trainings.core.states import Tone, Worded
from trainings.courses.rules import CourseState
from trainings.mail.rules import MailState
from trainings.register.rules import Status
from trainings.registrations.rules import Act, State, allows, check, step_words
from trainings.rosters.rules import Invitation
from trainings.web.forms import Form


class Elements(HTMLParser):
    """Every element of a piece of HTML with its attributes, and the elements left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in {"input", "meta", "link", "br", "hr", "img"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def values(self, attribute: str) -> list[str]:
        return [value for _, found in self.found if (value := found.get(attribute)) is not None]


class Seats(wtf.Form):  # type: ignore[misc]
    police = wtf.IntegerField("Police", default=2)
    judge = wtf.IntegerField("Judge", validators=[NumberRange(0, 9, "Between 0 and 9.")])


class Boxes(wtf.SelectMultipleField):  # type: ignore[misc]
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class Everything(Form):
    title = wtf.StringField("Title", [DataRequired("Write the title.")], description="In full.")
    mail = wtf.EmailField("Mail", [Optional()])
    country = wtf.SelectField(
        "Country",
        choices=[wtf.SelectChoice("", "Choose"), wtf.SelectChoice("bo", "Bolivia")],
        validators=[DataRequired("Choose the country.")],
    )
    function = wtf.RadioField(
        "Function",
        choices=[wtf.SelectChoice("police", "Police")],
        validators=[InputRequired("Choose the function.")],
    )
    languages = Boxes(
        "Languages",
        choices=[wtf.SelectChoice("es", "Spanish")],
        validators=[Length(1, message="Choose one at least.")],
    )
    consent = wtf.BooleanField("I agree", [DataRequired("Tick the box.")])
    notes = wtf.TextAreaField("Notes")
    seats = wtf.FieldList(wtf.FormField(Seats), min_entries=2)


@pytest.fixture
def visit(app: Flask) -> Iterator[Flask]:
    with app.test_request_context("/", method="POST", data={"notes": "kept as typed"}):
        yield app


def render(source: str, **values: Any) -> str:
    return render_template_string(source, **values)


PILL = "{{ pill(state, number=number) }}"
WORDED = sorted(Worded.__subclasses__(), key=lambda states: states.__name__)


def test_all_states_are_looked_at() -> None:
    assert {State, CourseState, Status, Invitation, Mark, Result, MailState} <= set(WORDED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("states", WORDED)
def test_each_state_has_a_word_and_a_colour(
    visit: Flask, states: type[Worded], language: str
) -> None:
    sheets = (ROOT / "static/css").glob("*.css")
    css = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    with speaking(language):
        words = {state: str(state.label) for state in states}
        pills = {state: render(PILL, state=state, number=None) for state in states}
    for state, pill in pills.items():
        assert pill == f'<span class="pill pill-{state.tone}">{escape(words[state])}</span>'
        assert state.tone == Tone.GREY or f".pill-{state.tone} " in css
    assert len(set(words.values())) == len(words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", State)
def test_pill_and_refusal_say_the_same_word(visit: Flask, state: State, language: str) -> None:
    impossible = next(act for act in Act if not allows(act, state))
    with speaking(language):
        with pytest.raises(Refusal) as refused:
            check(impossible, state)
        assert str(state.label) in str(refused.value)
        assert f">{state.label}<" in render(PILL, state=state, number=None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("act", "state"),
    [
        (Act.NOMINATE, State.NOMINATED),
        (Act.ENDORSE, State.ENDORSED),
        (Act.REJECT, State.REJECTED),
        (Act.WITHDRAW, State.WITHDRAWN),
        (Act.CLOSE, State.ATTENDED),
        (Act.CLOSE, State.NO_SHOW),
    ],
)
def test_a_step_that_is_a_state_has_its_word(
    visit: Flask, act: Act, state: State, language: str
) -> None:
    with speaking(language):
        assert step_words(act, state) == str(state.label)


def test_a_state_without_a_word_is_no_state() -> None:
    with pytest.raises(TypeError, match="has no word"):
        Worded("Mute", {"SILENT": "silent"})


def test_a_reserve_is_shown_with_its_number(visit: Flask) -> None:
    assert "Reserve no. 2" in render(PILL, state=State.RESERVE, number=2)
    assert ">Confirmed<" in render(PILL, state=State.CONFIRMED, number=2)


def test_each_kind_of_session_has_its_look() -> None:
    css = (ROOT / "static/css/pages/agenda.css").read_text(encoding="utf-8")
    for kind in SessionKind:
        assert kind == SessionKind.MODULE or f".slot-{kind} " in css


FORM = """{% from "_forms.html" import form_for, field, buttons, matrix %}
{% call form_for(form) %}
{% for f in form if f.name not in ("csrf_token", "form_token", "seats") %}{{ field(f) }}{% endfor %}
{{ matrix("Seats", "Country", ["Police", "Judge"], rows, capacity=8) }}
{{ buttons("Save the course") }}
{% endcall %}"""


def refused_form() -> tuple[Elements, str]:
    form = Everything()
    assert not form.validate()
    rows = [(name, list(entry.form)) for name, entry in zip("AB", form.seats, strict=True)]
    html = render(FORM, form=form, rows=rows)
    return Elements(html), html


def test_every_error_is_linked_to_its_field(visit: Flask) -> None:
    elements, html = refused_form()
    links = [href for href in elements.values("href") if href.startswith("#")]
    ids = elements.values("id")
    assert {
        "#title",
        "#country",
        "#function-0",
        "#languages-0",
        "#consent",
        "#seats-1-judge",
    } <= set(links)
    assert [link for link in links if link[1:] not in ids] == []
    assert len(ids) == len(set(ids))
    for sentence in ("Write the title.", "Choose the function.", "Between 0 and 9."):
        assert sentence in html


def test_hint_and_error_are_read_out_with_the_field(visit: Flask) -> None:
    elements, _ = refused_form()
    ids = elements.values("id")
    described = [part for value in elements.values("aria-describedby") for part in value.split()]
    assert [part for part in described if part not in ids] == []
    title = next(found for _, found in elements.found if found.get("id") == "title")
    assert title["aria-describedby"] == "title-hint title-error"
    assert title["aria-invalid"] == "true"
    labels = elements.values("for")
    named = [
        found
        for tag, found in elements.found
        if tag in ("input", "select", "textarea") and found.get("type") not in ("hidden", "radio")
    ]
    for found in named:
        wrapped = found.get("type") == "checkbox" and found["name"] == "languages"
        assert found["id"] in labels or found.get("aria-label") or wrapped, found


def test_what_was_typed_stays_and_markup_is_whole(visit: Flask) -> None:
    elements, html = refused_form()
    assert "kept as typed" in html
    assert elements.open == []
    assert "required" not in {name for _, found in elements.found for name in found}


def test_user_text_never_becomes_markup(visit: Flask) -> None:
    source = """{% from "_parts.html" import page_head, todo, summary_list, empty, presence %}
    {{ page_head(bad, [(bad, "#")], [{"label": bad, "url": bad}], lead=bad) }}
    {{ todo([{"label": bad, "value": bad, "url": bad}]) }}
    {{ summary_list([{"label": bad, "value": bad, "url": bad}]) }}{{ empty(bad, bad, bad, bad) }}
    {{ presence(marks, "mark", bad, "late", bad) }}"""
    html = render(source, bad="\"><i>'", marks=list(Mark))
    assert "<i>" not in html
    assert Elements(html).open == []


TABLE = """{% from "_tables.html" import table, pagination %}
{% set columns = [{"key": "name", "label": "Name", "head": true, "sort": true},
                  {"key": "seats", "label": "Seats", "number": true}] %}
{% call(row, c) table(columns, rows, "People", sorted_by="name",
                      choose={"name": "ids", "value": "id", "label": "name"}) %}
{{ td(c.name, row.name) }}{{ td(c.seats, seat_bar(2, 1, 4)) }}{% endcall %}
{{ pagination(2, 9) }}"""


CELLS = (  # the column, what is in the cell, and the cell
    ({"label": "Seats"}, 0, '<td role="cell" data-label="Seats">0</td>'),
    ({"label": "Seats"}, "", '<td role="cell" data-label="Seats">–</td>'),
    ({"label": "Seats", "number": True}, 3, '<td role="cell" data-label="Seats" class="n">3</td>'),
    ({"label": "Act", "hide_label": True}, None, '<td role="cell">–</td>'),
    ({"label": '“A” & "B"'}, 1, '<td role="cell" data-label="“A” &amp; &#34;B&#34;">1</td>'),
    ({"label": "Name", "head": True}, "<i>", '<th scope="row" role="rowheader">&lt;i&gt;</th>'),
    ({"label": "Name"}, Markup("<i>"), '<td role="cell" data-label="Name"><i></td>'),
)


@pytest.mark.parametrize(("column", "value", "cell"), CELLS)
def test_a_cell_says_its_column_and_what_it_is_given(
    visit: Flask, column: dict[str, Any], value: Any, cell: str
) -> None:
    assert render("{{ td(column, value) }}", column=column, value=value) == cell


def test_a_cell_takes_what_stands_between(visit: Flask) -> None:
    source = "{% call td(column, classes='wide') %}<b>{{ name }}</b>{% endcall %}"
    html = render(source, column={"label": "Name", "number": True}, name="<i>")
    assert html == '<td role="cell" data-label="Name" class="n wide"><b>&lt;i&gt;</b></td>'
    assert render("{% call td({}) %}{% endcall %}") == '<td role="cell"></td>', "left empty"


def test_what_is_said_in_a_tag_never_becomes_markup(visit: Flask) -> None:
    html = render("{{ tag(bad, bad) }}", bad='"><i>')
    assert html == '<span class="pill pill-&#34;&gt;&lt;i&gt;">&#34;&gt;&lt;i&gt;</span>'


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_filled_with_what_is_escaped_in_a_page_alone(visit: Flask, language: str) -> None:
    """In an email, which is plain text, a name stays as it is written."""
    source = """{{ _("Choose %(what)s", what=name) }}|
    {{- ngettext("One candidate", "%(num)s candidates", 2) }}"""
    with speaking(language):
        said, days = _("Choose %(what)s"), ngettext("One candidate", "%(num)s candidates", 2)
        page = render(source, name="<i>")
        plain = visit.jinja_env.overlay(autoescape=False).from_string(source)
        text = plain.render(name="<i>")
    assert page == f"{said.replace('%(what)s', '&lt;i&gt;')}|{days}"
    assert text == f"{said.replace('%(what)s', '<i>')}|{days}"


def test_a_macro_a_function_and_a_filter_of_the_context_are_called(visit: Flask) -> None:
    """What takes the context gets it; what does not is called without; loops and blocks too."""

    @pass_context
    def inside(context: Context, name: str) -> str:
        return str(context[name])

    source = """{% macro twice(what) %}{{ what }}{{ what }}{% endmacro %}
    {%- for one in [1, 2] %}
    {{- twice(one) }}{{ inside("here") }}{{ plain(one, by=2) }}
    {%- endfor %}"""
    html = render(source, inside=inside, here="x", plain=lambda one, by: one * by)
    assert html == "11x222x4"


def test_what_a_template_is_given_or_sets_stays_with_it(visit: Flask) -> None:
    given = visit.jinja_env.from_string("{{ here }}{{ td({}) }}", globals={"here": "x"})
    assert given.render() == 'x<td role="cell">–</td>'
    assert render("{% set td = here is defined %}{{ td }}") == "False"
    assert render("{{ td({}) }}") == '<td role="cell">–</td>'


def test_a_table_sorts_by_link_and_keeps_the_filter(app: Flask) -> None:
    with app.test_request_context("/healthz?state=offered&sort=name&page=2"):
        html = render(TABLE, rows=[{"id": 7, "name": "Ana"}])
    elements = Elements(html)
    assert elements.open == []
    assert "/healthz?state=offered&amp;sort=-name" in html
    assert "/healthz?state=offered&amp;sort=name&amp;page=3" in html
    assert 'aria-sort="ascending"' in html
    assert 'data-label="Seats"' in html
    assert "3/4" in html
    widths = [found["width"] for tag, found in elements.found if tag == "rect"]
    assert widths == ["100", "50.0", "25.0"]


def test_a_bar_never_leaves_its_frame(visit: Flask) -> None:
    html = render("{{ seat_bar(5, 2, 4) }}")
    drawn = [
        (float(found.get("x") or 0), float(found["width"] or 0))
        for tag, found in Elements(html).found
        if tag == "rect"
    ]
    assert all(x + width <= 100 for x, width in drawn)
    assert "7/4" in html


def test_tabs_show_their_number(visit: Flask) -> None:
    items = [
        {"label": "Agenda", "url": "/a", "number": 16, "active": True},
        {"label": "Settings", "url": "/s"},
    ]
    html = render('{% from "_parts.html" import tabs %}{{ tabs(items) }}', items=items)
    assert re.findall(r'class="count">([^<]*)<', html) == ["16"]
    assert html.count('aria-current="page"') == 1


def test_sessions_one_after_the_other_never_overlap(visit: Flask) -> None:
    source = '{% from "_parts.html" import day_grid %}{{ day_grid("Monday", items, ["A", "B"]) }}'
    times = [(540, 585), (585, 640), (640, 655), (655, 770)]
    items = [{"start": s, "end": e, "time": "", "title": "x", "room": 0} for s, e in times]
    places = re.findall(r"slot slot-module r-(\d+) s-(\d+) k-1", render(source, items=items))
    assert len(places) == len(times)
    rows = [(int(row), int(row) + int(span)) for row, span in places]
    assert all(end <= start for (_, end), (start, _) in pairwise(rows))


def test_an_error_page_carries_no_form(app: Flask) -> None:
    html = app.test_client().get("/no-such-page").get_data(as_text=True)
    assert "<form" not in html
    assert Elements(html.replace("<!DOCTYPE html>", "")).open == []
