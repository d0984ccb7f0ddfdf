"""What stands on a certificate, word by word."""

from __future__ import annotations

import pytest
from flask import Flask

from trainings.core.i18n import speaking
from trainings.register import document


@pytest.mark.parametrize(
    ("minutes", "language", "said"),
    [
        (1680, "en", "28 hours"),
        (60, "en", "1 hour"),
        (1710, "es", "28 h 30 min"),
        (120, "fr", "2 heures"),
        (190, "es", "3 h 10 min"),  # not 3,17 horas
        (50, "fr", "50 min"),
        (1675, "pt_BR", "27 h 55 min"),
    ],
)
def test_time_is_said_as_people_say_it(app: Flask, minutes: int, language: str, said: str) -> None:
    with speaking(language):
        assert document.hours_in_words(minutes) == said


@pytest.mark.parametrize(
    ("minutes", "said"), [(600, "10 h"), (90, "1 h 30 min"), (80, "1 h 20 min"), (45, "45 min")]
)
def test_time_beside_a_module_is_short(app: Flask, minutes: int, said: str) -> None:
    with speaking("es"):
        assert document.short_hours(minutes) == said
