"""Each step that is ever written has words for people."""

import re

import pytest

from trainings.registrations.rules import TRANSITIONS, Act, step_words
from trainings.registrations.writes import REMINDED, RESEATED
from trainings.seats.offer_rules import REMINDERS

STEPS = [*Act, RESEATED, *(f"{REMINDED}{number}" for number, _ in enumerate(REMINDERS, 1))]


@pytest.mark.parametrize("act", STEPS)
def test_no_step_shows_its_code(act: str) -> None:
    afters = {str(after) for line in TRANSITIONS if line.act == act for after in line.after}
    for after in afters or {"offered"}:
        words = step_words(act, after)
        assert words != act, act
        assert not re.search(r"[_\d]", words), words
