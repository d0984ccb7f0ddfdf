"""Reads files of others: bytes or pasted text in, plain cells out, all of it inside the cage."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from trainings.core.i18n import _, listed, ngettext
from trainings.printing.renderer import answer_of
from trainings.spreadsheets import rules
from trainings.spreadsheets.rules import Cell, FileRefused, FileTooLarge, Merged, Sheet, Sheets

SECONDS = 8  # processor seconds for one file

_KINDS: Mapping[str, Callable[[str], Cell]] = {
    "day": date.fromisoformat,
    "time": time.fromisoformat,
    "moment": datetime.fromisoformat,
}
_REFUSALS = {
    kind.__name__: kind
    for kind in vars(rules).values()
    if isinstance(kind, type) and issubclass(kind, FileRefused)
}


def read(data: bytes) -> Sheets:
    """The visible sheets of a workbook (.xlsx, .xls, .ods) or the one table of a text file.

    Text may be in any usual encoding, separated by commas, semicolons, tabs or bars. Raises
    :class:`FileRefused` with the reason. Not inside a transaction.
    """
    if len(data) > rules.LARGEST:
        raise FileTooLarge
    said = answer_of("trainings.spreadsheets.inspector", SECONDS, data)
    if not said:
        raise FileRefused
    answer: dict[str, Any] = json.loads(said)
    if "refused" in answer:
        raise _REFUSALS[answer["refused"]](**answer["values"])
    found = Sheets(
        Sheet(
            one["name"],
            [[_cell(cell) for cell in row] for row in one["rows"]],
            [Merged(*corners) for corners in one["merged"]],
        )
        for one in answer["sheets"]
        if not one.get("hidden")
    )
    found.hidden = tuple(one["name"] for one in answer["sheets"] if one.get("hidden"))
    return found


def hidden_words(found: Sheets, ours: str = "") -> str:
    """That hidden sheets were not read, with their names; empty where there are none.

    ``ours``: the hidden sheet of a workbook that was had from here.
    """
    hidden = [name for name in found.hidden if name != ours]
    if not hidden:
        return ""
    names = listed([_("“%(name)s”", name=name) for name in hidden])
    return ngettext(
        "One sheet of the file is hidden and was not read: %(names)s. If it belongs to the list, "
        "unhide it and send the file again.",
        "%(num)s sheets of the file are hidden and were not read: %(names)s. If they belong to the "
        "list, unhide them and send the file again.",
        len(hidden),
        names=names,
    )


def pasted(text: str) -> Sheets:
    """What somebody copied from a spreadsheet, as :func:`read` gives it."""
    return read(text.encode())


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        kind, written = value
        return _KINDS[kind](written)
    return value if isinstance(value, float) else str(value)
