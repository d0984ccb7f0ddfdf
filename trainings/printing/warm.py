"""The renderers of this process: started when first needed, kept warm, ended with it."""

from __future__ import annotations

import atexit
from pathlib import Path

from flask import current_app

from trainings.printing.cage import Workers

_kept: dict[Path, Workers] = {}


def workers() -> Workers:
    """The renderers that this process keeps for the installation's folder of fonts."""
    folder: Path = current_app.extensions["settings"].instance / "fonts"
    if folder not in _kept:
        _kept[folder] = Workers(folder)
        atexit.register(_kept[folder].close)
    return _kept[folder]
