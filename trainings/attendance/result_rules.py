"""Test results: the result of one person in one test, and when it can be entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, _lp
from trainings.core.states import Tone, Worded


class Result(Worded):
    """The result of one person in one test."""

    PASSED = "passed", _lp("result", "Passed"), Tone.GREEN
    NOT_PASSED = "not_passed", _lp("result", "Not passed"), Tone.RED

    @property
    def key(self) -> str:
        """The key that chooses this result on a keyboard: a letter of its word."""
        return str(_KEYS[self])


_KEYS: Mapping[Result, LazyText] = {
    Result.PASSED: _lp("key for passed", "P"),
    Result.NOT_PASSED: _lp("key for not passed", "N"),
}


class ResultsNotYet(Refusal):
    """Results cannot be entered for a test that has not taken place yet."""

    sentence = _l("You can enter results of this test from %(day)s.")


class ResultsClosed(Refusal):
    """Results cannot be entered in a cancelled course."""

    sentence = _l("The course was cancelled, so results can no longer be entered.")


def check_enterable(cancelled: bool, day: date, today: date) -> None:
    """Refuse to enter results of a test that cannot be entered now.

    Tests are often marked after the last day, so results can be entered in a completed course.
    """
    if cancelled:
        raise ResultsClosed
    if day > today:
        raise ResultsNotYet(day=day)
