"""Moments in the reader's words."""

import re
from datetime import UTC, date, datetime

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from trainings.core import i18n
from trainings.core.config import ROOT
from trainings.core.i18n import dates_in_full, listed, speaking

LATE = datetime(2027, 3, 11, 2, 59, 59, tzinfo=UTC)  # still the 10th in Buenos Aires


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Wed, Mar 10, 2027, 23:59"),
        ("es", "mié, 10 mar 2027, 23:59"),
        ("fr", "mer. 10 mars 2027, 23:59"),
        ("pt_BR", "qua., 10 de mar. de 2027, 23:59"),
    ],
)
def test_a_moment_is_said_in_the_zone_and_the_readers_language(
    app: Flask, language: str, said: str
) -> None:
    with i18n.speaking(language):
        assert i18n.local_moment(LATE, "America/Argentina/Buenos_Aires") == said


def test_no_moment_is_said_as_nothing(app: Flask) -> None:
    assert i18n.local_moment(None, "America/Lima") == ""


def test_names_are_ordered_without_accents_and_case() -> None:
    names = ["Zapata", "Ñandú", "álvarez", "Nuñez", "Oliva", "Łukasz", "Ærø", "Lima", "de la Cruz"]
    wanted = ["álvarez", "de la Cruz", "Lima", "Łukasz", "Ñandú", "Nuñez", "Oliva", "Zapata", "Ærø"]
    assert sorted(names, key=i18n.folded) == wanted
    assert i18n.folded("ÁÉÍ") == i18n.folded("aei") == "aei"
    assert i18n.folded("Дарья") == "дарья"


@pytest.mark.parametrize(
    ("code", "month", "year", "first", "one"),
    [
        (
            "en", "1 to 4 February 2027", "30 December 2026 to 2 January 2027",
            "28 February to 1 March 2027", "1 March 2027",
        ),
        (
            "es", "del 1 al 4 de febrero de 2027",
            "del 30 de diciembre de 2026 al 2 de enero de 2027",
            "del 28 de febrero al 1 de marzo de 2027", "1 de marzo de 2027",
        ),
        (
            "fr", "du 1er au 4 février 2027", "du 30 décembre 2026 au 2 janvier 2027",
            "du 28 février au 1er mars 2027", "1er mars 2027",
        ),
        (
            "pt_BR", "de 1º a 4 de fevereiro de 2027",
            "de 30 de dezembro de 2026 a 2 de janeiro de 2027",
            "de 28 de fevereiro a 1º de março de 2027", "1º de março de 2027",
        ),
    ],
)  # fmt: skip
def test_days_written_out(
    app: Flask, code: str, month: str, year: str, first: str, one: str
) -> None:
    with app.test_request_context(), speaking(code):
        assert dates_in_full(date(2027, 2, 1), date(2027, 2, 4)) == month
        assert dates_in_full(date(2026, 12, 30), date(2027, 1, 2)) == year
        assert dates_in_full(date(2027, 2, 28), date(2027, 3, 1)) == first
        assert dates_in_full(date(2027, 3, 1), date(2027, 3, 1)) == one


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
