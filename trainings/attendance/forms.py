"""Forms for attendance and test results: one radio group per person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Generic, NamedTuple

from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Kept, Mark
from trainings.core.web import Form

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

    @property
    def chosen(self) -> dict[str, Kept | None]:
        """The choices that are not what the page had shown."""
        return {
            key: value
            for key, value in self.wanted.items()
            if key not in self.seen or self.seen[key] != value
        }


def marks_in(sent: Mapping[str, str], known: Collection[str] | None = None) -> Sent[Mark]:
    """The marks that were sent; values that are not marks are left out.

    People not in ``known`` are left out too: someone who withdrew in the meantime does not block
    the rest.
    """
    return _sent(sent, MARK, known, {str(mark): mark for mark in Mark})


def results_in(sent: Mapping[str, str], known: Collection[str] | None = None) -> Sent[Result]:
    """The results that were sent, in the same way; None takes one back."""
    return _sent(sent, RESULT, known, {NO_RESULT: None} | {str(one): one for one in Result})


def _sent(
    sent: Mapping[str, str],
    what: str,
    known: Collection[str] | None,
    values: Mapping[str, Kept | None],
) -> Sent[Kept]:
    def named(start: str, values: Mapping[str, Kept | None]) -> dict[str, Kept | None]:
        return {
            name.removeprefix(start): values[value]
            for name, value in sent.items()
            if name.startswith(start) and value in values
            if known is None or name.removeprefix(start) in known
        }

    return Sent(named(what, values), named(WAS + what, {"": None, **values}))
