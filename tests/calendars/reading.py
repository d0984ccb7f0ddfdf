"""Reads calendar files with a parser that is not the writer."""

from __future__ import annotations

from typing import Any

import vobject


def events(file: str) -> list[Any]:
    """The events of a file, as vobject reads them."""
    return list(getattr(vobject.readOne(file), "vevent_list", []))


def by_title(file: str) -> dict[str, Any]:
    """The events of a file by their title."""
    return {one.summary.value: one for one in events(file)}
