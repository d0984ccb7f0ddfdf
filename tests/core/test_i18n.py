"""Names, lists and signs as each language writes them."""

import re

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from trainings.core.config import ROOT
from trainings.core.dates import range_in_full as range_in_full
from trainings.core.i18n import listed, speaking


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
