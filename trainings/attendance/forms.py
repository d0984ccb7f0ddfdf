"""Forms for attendance and test results: one radio group per person."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Mark
from trainings.core.web import Form

MARK, RESULT = "mark-", "result-"
NO_RESULT = "none"


class MarksForm(Form):
    """The marks, or results, of a session; each group's name says what it is and for whom."""


def field_name(registration_id: str, what: str = MARK) -> str:
    """The name of one person's radio group."""
    return f"{what}{registration_id}"


def marks_in(sent: Mapping[str, str], known: Collection[str] | None = None) -> dict[str, Mark]:
    """The marks that were sent, by registration; values that are not marks are left out.

    People not in ``known`` are left out too: someone who withdrew in the meantime does not block
    the rest.
    """
    return {key: Mark(value) for key, value in _sent(sent, MARK, known) if value in set(Mark)}


def results_in(
    sent: Mapping[str, str], known: Collection[str] | None = None
) -> dict[str, Result | None]:
    """The results that were sent, in the same way; None takes one back."""
    return {
        key: None if value == NO_RESULT else Result(value)
        for key, value in _sent(sent, RESULT, known)
        if value in {NO_RESULT, *Result}
    }


def _sent(
    sent: Mapping[str, str], what: str, known: Collection[str] | None
) -> list[tuple[str, str]]:
    found = [
        (name.removeprefix(what), value) for name, value in sent.items() if name.startswith(what)
    ]
    return [(key, value) for key, value in found if known is None or key in known]
