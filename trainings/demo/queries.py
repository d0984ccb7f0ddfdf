"""Reads the demo's data files, and what of the demo is there already."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"


@cache
def data(name: str) -> Any:
    """The contents of one data file: installation, programme, courses, people, nominations."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
