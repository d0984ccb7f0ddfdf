"""What people mark on a page of attendance: one radio group a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from trainings.attendance.rules import Mark
from trainings.core.web import Form

_PREFIX = "mark-"


class MarksForm(Form):
    """The marks of a session; each group is named ``mark-`` and the registration's id."""


def field_name(registration_id: str) -> str:
    """How the group of one person is called."""
    return f"{_PREFIX}{registration_id}"


def marks_in(sent: Mapping[str, str], known: Collection[str] | None = None) -> dict[str, Mark]:
    """The marks that were sent, by registration; what is no mark is left out.

    So is who is not ``known`` any more: a person who withdrew meanwhile does not stop the rest.
    """
    found = {
        name.removeprefix(_PREFIX): Mark(value)
        for name, value in sent.items()
        if name.startswith(_PREFIX) and value in set(Mark)
    }
    return {key: mark for key, mark in found.items() if known is None or key in known}
