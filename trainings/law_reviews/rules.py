"""What is refused about the comparison of a course."""

from __future__ import annotations

from trainings.core.errors import Refusal
from trainings.core.i18n import _l


class TooFewCountries(Refusal):
    """Nothing to lay beside it."""

    sentence = _l("Choose at least two countries.")
    field = "countries"


class TooManyCountries(Refusal):
    """More than fit side by side."""

    sentence = _l("Choose nine countries at most.")
    field = "countries"


class NothingPlanned(Refusal):
    """There is nothing to freeze."""

    sentence = _l("Save first which countries and topics are compared.")


class LawsNotDrawn(Refusal):
    """The engine gave up on it."""

    sentence = _l("The comparison could not be drawn. Try again with fewer countries or topics.")
