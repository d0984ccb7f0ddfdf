"""Names, lists and signs as each language writes them."""

import re

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from trainings.core.config import ROOT
from trainings.core.dates import range_in_full as range_in_full
from trainings.core.i18n import listed, speaking, with_colon


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
