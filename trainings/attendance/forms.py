"""Forms for attendance and test results: one radio group per person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Generic, NamedTuple

from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Kept, Mark
from trainings.web.forms import Form

MARK, RESULT = "mark-", "result-"
WAS = "was-"  # before the name of a group: what the page had shown
NO_RESULT = "none"


class MarksForm(Form):
    """The marks, or results, of a session; each group's name says what it is and for whom."""


def field_name(registration_id: str, what: str = MARK) -> str:
    """The name of one person's radio group."""
    return f"{what}{registration_id}"


class Sent(NamedTuple, Generic[Kept]):
    """What a page sent, by registration: the choices made on it, and what it had shown."""

    wanted: dict[str, Kept | None]
    seen: dict[str, Kept | None]

    def of(self, known: Collection[str]) -> Sent[Kept]:
        """Only what is about these people."""
        return Sent(
            {key: value for key, value in self.wanted.items() if key in known},
            {key: value for key, value in self.seen.items() if key in known},
        )

    @property
    def chosen(self) -> dict[str, Kept | None]:
        """The choices that are not what the page had shown."""
        return {
            key: value
            for key, value in self.wanted.items()
            if key not in self.seen or self.seen[key] != value
        }


def marks_in(sent: Mapping[str, str]) -> Sent[Mark]:
    """The marks that were sent; values that are not marks are left out.

    ``of`` leaves out people, too: someone who withdrew in the meantime does not block the rest.
    """
    return _sent(sent, MARK, {str(mark): mark for mark in Mark})


def results_in(sent: Mapping[str, str]) -> Sent[Result]:
    """The results that were sent, in the same way; None takes one back."""
    return _sent(sent, RESULT, {NO_RESULT: None} | {str(one): one for one in Result})


def _sent(sent: Mapping[str, str], what: str, values: Mapping[str, Kept | None]) -> Sent[Kept]:
    def named(start: str, values: Mapping[str, Kept | None]) -> dict[str, Kept | None]:
        return {
            name.removeprefix(start): values[value]
            for name, value in sent.items()
            if name.startswith(start) and value in values
        }

    return Sent(named(what, values), named(WAS + what, {"": None, **values}))
