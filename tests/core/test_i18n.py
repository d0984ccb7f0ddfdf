"""Moments in the reader's words."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from trainings.core import i18n

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
