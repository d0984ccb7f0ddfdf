"""Who passed the test: the result of one person in one test, and when it can be entered."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import _l


class Result(StrEnum):
    """How one person did in one test."""

    PASSED = "passed"
    NOT_PASSED = "not_passed"


class ResultsNotYet(Refusal):
    """Nobody passed a test that is still to come."""

    sentence = _l("Results of this test can be entered from %(day)s on.")


class ResultsClosed(Refusal):
    """A cancelled course certifies nothing."""

    sentence = _l("The course was cancelled: results are no longer entered.")


def check_enterable(cancelled: bool, day: date, today: date) -> None:
    """Whether results of a test may be entered now, or a refusal.

    Tests are often read after the last day, so a completed course does not close them.
    """
    if cancelled:
        raise ResultsClosed
    if day > today:
        raise ResultsNotYet(day=day.isoformat())
