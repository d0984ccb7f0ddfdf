"""The small parts of pages that are functions: all that they are given is written as text."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup, escape

from trainings.core.i18n import speaking
from trainings.web import templating
from trainings.web.templating import (
    link_to,
    option,
    pick,
    seat_bar,
    share_bar,
    span,
    strip,
    tag,
    td,
)

HOSTILE = "<b>&'\"\u2028"
SAFE = str(escape(HOSTILE))
CHOOSE = {"name": "numbers", "value": "number", "label": "whose"}


@pytest.mark.parametrize(
    "written",
    [
        td({"label": HOSTILE}, HOSTILE, classes=HOSTILE),
        td({"label": HOSTILE, "head": True}, HOSTILE),
        td({"label": ""}, caller=lambda: HOSTILE),
        span(HOSTILE, HOSTILE),
        link_to(HOSTILE, HOSTILE, HOSTILE),
        tag(HOSTILE, HOSTILE),
        option(HOSTILE, HOSTILE),
        share_bar(1, 2, HOSTILE, HOSTILE),
        strip([(HOSTILE, 1)], 2),
        pick(CHOOSE, {"number": HOSTILE, "whose": HOSTILE}),
        pick(CHOOSE | {"name": HOSTILE}, SimpleNamespace(number="R-7", whose=HOSTILE)),
    ],
)
def test_nothing_that_is_given_becomes_html(written: Markup) -> None:
    assert type(written) is Markup
    assert SAFE in written
    rest = str(written).replace(SAFE, "")
    assert "<b>" not in rest and "'" not in rest and "\u2028" not in rest


def test_the_box_of_a_row_is_read_out_by_name_and_stays_ticked() -> None:
    row = {"number": "R-7", "whose": "Ana Paz, R-7"}
    plain = (
        '<td role="cell" class="pick"><input type="checkbox" class="form-check-input" '
        'name="numbers" value="R-7" aria-label="Choose Ana Paz, R-7" data-row-check></td>'
    )
    assert pick(CHOOSE, row) == pick(CHOOSE, SimpleNamespace(**row)) == plain
    assert pick(CHOOSE | {"marked": {"R-7"}}, row) == plain.replace("check>", "check checked>")
    assert pick(CHOOSE | {"marked": {"R-8"}}, row) == plain


def test_what_is_html_already_stays_so() -> None:
    assert td({"label": "State"}, tag("new")) == (
        '<td role="cell" data-label="State"><span class="pill pill-grey">new</span></td>'
    )
    assert link_to(span("R-7", "code"), "/x?a=1&b=2") == (
        '<a href="/x?a=1&amp;b=2"><span class="code">R-7</span></a>'
    )


@pytest.mark.parametrize(
    ("column", "value", "classes", "written"),
    [
        (
            {"label": "Seats", "number": True},
            3,
            "",
            '<td role="cell" data-label="Seats" class="n">3',
        ),
        (
            {"label": "Seats", "number": True},
            0,
            "",
            '<td role="cell" data-label="Seats" class="n">0',
        ),
        ({"label": "Seats"}, None, "", '<td role="cell" data-label="Seats">–'),
        ({"label": "Seats"}, "", "act", '<td role="cell" data-label="Seats" class="act">–'),
        ({"label": "Act", "hide_label": True}, "x", "", '<td role="cell">x'),
        ({"label": "Name", "head": True}, "x", "", '<th scope="row" role="rowheader">x'),
    ],
)
def test_cells(column: dict[str, object], value: object, classes: str, written: str) -> None:
    for _time in range(2):  # the second says again what the first found out about the column
        assert td(column, value, classes).startswith(written)


def test_bars_are_as_wide_as_their_numbers_and_no_wider_than_the_whole(app: Flask) -> None:
    def widths(html: str) -> list[tuple[str, str]]:
        return re.findall(r'x="([\d.]+)" width="([\d.]+)"', html)

    assert widths(seat_bar(2, 1, 4)) == [("0.0", "50.0"), ("50.0", "25.0")]
    assert widths(seat_bar(3, 3, 4)) == [("0.0", "75.0"), ("75.0", "25.0")], "more than there are"
    assert widths(seat_bar(0, 0, 4)) == widths(share_bar(5, 0, "–")) == []
    assert widths(share_bar(1, 3, "1/3")) == [("0.0", "33.33")]
    assert seat_bar(0, 0, 0, "/x") == '<span class="soft">–</span>'
    with app.test_request_context(), speaking("es"):
        html = seat_bar(2, 1, 4, "/x?a=1&b=2")
    assert (
        html.startswith('<a class="cell" href="/x?a=1&amp;b=2" title="')
        and "<span>3/4</span>" in html
    )
    assert html.count("confirmadas: 2") == 2, "for who points at it, and for who hears it"


def test_an_empty_block_stays_empty() -> None:
    assert td({"label": "Move"}, caller=lambda: "") == '<td role="cell" data-label="Move"></td>'


def test_each_text_is_in_the_language_of_the_moment(app: Flask) -> None:
    """Texts are looked up once a page; another language, even one in another, has its own."""
    with app.test_request_context():
        said = "{{ _('Status') }}"
        assert render_template_string(said) == "Status"
        with speaking("es"):
            assert render_template_string(said) == "Estado"
            with speaking("fr"):
                assert render_template_string(said) == "État"
            assert render_template_string(said) == "Estado"
        assert render_template_string(said) == "Status"
    assert templating.catalogues.get_translations().ugettext("Status") == "Status"
