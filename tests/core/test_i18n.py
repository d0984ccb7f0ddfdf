"""Names, lists and signs as each language writes them."""

import re

import pytest
from babel.messages.pofile import read_po
from flask import Flask, render_template_string
from flask_babel import force_locale

from trainings.core.config import ROOT
from trainings.core.dates import range_in_full as range_in_full
from trainings.core.i18n import _, in_figures, listed, ngettext, speaking, with_colon


@pytest.mark.parametrize(
    ("code", "names", "said"),
    [
        ("en", ["IOM", "INTERPOL", "UNODC"], "IOM, INTERPOL and UNODC"),
        ("en", ["IOM"], "IOM"),
        ("en", [], ""),
        ("es", ["OIM", "UNODC"], "OIM y UNODC"),
        ("es", ["UNODC", "OIM", "INTERPOL"], "UNODC, OIM e INTERPOL"),
        ("es", ["agua", "hierro"], "agua y hierro"),
        ("es", ["Ana", "Hilda"], "Ana e Hilda"),
        ("fr", ["OIM", "INTERPOL", "ONUDC"], "OIM, INTERPOL et ONUDC"),
        ("pt_BR", ["OIM", "INTERPOL"], "OIM e INTERPOL"),
    ],
)
def test_names_in_a_sentence(app: Flask, code: str, names: list[str], said: str) -> None:
    with speaking(code):
        assert listed(names) == said


def test_french_puts_no_breaking_space_before_its_signs() -> None:
    with (ROOT / "trainings/translations/fr/LC_MESSAGES/messages.po").open("rb") as file:
        texts = [message.string for message in read_po(file, locale="fr") if message.id]
    words = [one for text in texts for one in (text if isinstance(text, tuple) else (text,))]
    assert [one for one in words if re.search("« | [;:?!»]", one)] == []


NARROW = "\u202f"  # a no-break space, as French puts between groups


@pytest.mark.parametrize(
    ("locale", "number", "written"),
    [
        *(
            (code, number, str(number))
            for code in ("en", "es", "fr", "pt_BR")
            for number in (0, 999)
        ),
        ("en", 1000, "1,000"),
        ("en", 22500, "22,500"),
        ("en", -22500, "-22,500"),
        ("es", 9999, "9999"),
        ("es", 22500, "22.500"),
        ("es_MX", 22500, "22,500"),
        ("fr", 22500, f"22{NARROW}500"),
        ("pt_BR", 1000, "1.000"),
        ("pt_BR", 1234567, "1.234.567"),
    ],
)
def test_whole_numbers_are_written_as_the_reader_does(
    app: Flask, locale: str, number: int, written: str
) -> None:
    with force_locale(locale):
        assert in_figures(number) == written


@pytest.mark.parametrize(
    ("code", "of"),
    [
        ("en", "1 to 100 of 22,500"),
        ("es", "Del 1 al 100 de 22.500"),
        ("fr", f"1 à 100 sur 22{NARROW}500"),
        ("pt_BR", "1 a 100 de 22.500"),
    ],
)
def test_so_they_stand_in_sentences_cells_tabs_and_facts(app: Flask, code: str, of: str) -> None:
    """In a text of the program, of a template, and in the parts of pages that show a number."""
    alone = of.rpartition(" ")[2]
    page = """
        {%- from "_parts.html" import facts, tabs -%}
        {{ _("%(first)s to %(last)s of %(total)s", first=1, last=100, total=22500) }}|
        {{- ngettext("%(num)s person", "%(num)s people", 22500) }}|
        {{- td({"number": true}, 22500) }}|{{ facts([("A", 22500)]) }}|
        {{- tabs([{"label": "A", "url": "/", "active": false, "number": 22500}]) }}|
        {{- td({}, 2027) }}"""
    with app.test_request_context(), force_locale(code):
        said = _("%(first)s to %(last)s of %(total)s", first=1, last=100, total=22500)
        counted = ngettext("%(num)s person", "%(num)s people", 22500)
        parts = render_template_string(page).split("|")
    assert said == parts[0].strip() == of
    assert counted == parts[1]
    assert all(alone in part for part in (counted, *parts[2:5]))
    assert "2027" in parts[5], "a year, or a number of a thing, is no quantity"


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "Error:"), ("es", "Error:"), ("fr", "Error\u00a0:"), ("pt_BR", "Error:")],
)
def test_a_label_before_a_colon(app: Flask, code: str, said: str) -> None:
    with speaking(code):
        assert with_colon("Error") == said


def test_no_page_writes_the_colon_after_a_word_itself() -> None:
    """French sets it apart: the catalogues know how. The trail's details are English for all."""
    written = [
        f"{path.name}: {line.strip()}"
        for path in (ROOT / "templates").rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"\}\}(</\w+>)?:", line) and 'lang="en"' not in line
    ]
    assert written == []
