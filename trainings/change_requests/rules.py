"""Until when people change their own details, and which changes need an organiser’s approval.

See docs/decisions/2026-11-29-changes-after-selection.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from trainings.core.dates import born_in_full, in_full
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.registrations.candidate_rules import SEX_LABELS
from trainings.registrations.rules import State

# What the selection, the invitation letter and the lists rest on, in the order it is shown.
APPROVED: Mapping[str, LazyText] = {
    "given_name": _l("Given names"),
    "family_name": _l("Family names"),
    "born": _l("Date of birth"),
    "sex": _l("Sex"),
    "unit": _l("Unit or office"),
}
SELECTED = frozenset({State.OFFERED, State.CONFIRMED})


class ChangesOver(Refusal):
    """The day until which details can be changed has passed."""

    sentence = _l(
        "Details could be changed until %(day)s. Write to the organisers if something is wrong."
    )


class NoLongerAsked(Refusal):
    """The change was decided, taken back, or asked for anew in the meantime."""

    sentence = _l(
        "This change was decided, taken back or asked for anew in the meantime. Nothing has been "
        "saved."
    )


class WantedChange(NamedTuple):
    """One detail that somebody wants to change: what it is, its value now, and the wanted one."""

    label: LazyText
    now: str
    wanted: str


def in_words(kept: Mapping[str, str], wanted: Mapping[str, str]) -> list[WantedChange]:
    """A change detail by detail, in words."""
    return [
        WantedChange(label, _said(name, kept[name]), _said(name, wanted[name]))
        for name, label in APPROVED.items()
        if name in wanted
    ]


def _said(name: str, value: str) -> str:
    if name == "born":
        return born_in_full(value)
    return str(SEX_LABELS[value]) if name == "sex" and value else value


def last_day(changes_days: int | None, starts_on: date, ends_on: date) -> date:
    """The last day on which people can change their details.

    ``changes_days``: how many days before the first day that is; None: the last day.
    """
    return ends_on if changes_days is None else starts_on - timedelta(days=changes_days)


def check_changes(day: date, today: date) -> None:
    """Check that details can still be changed today. Raises ``ChangesOver``."""
    if today > day:
        raise ChangesOver(day=in_full(day))


def to_approve(kept: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, str]:
    """Which given details differ from those kept and so need approval, by name."""
    found = {name: given[name] or "" for name in APPROVED}
    return {name: value for name, value in found.items() if value != kept[name]}
