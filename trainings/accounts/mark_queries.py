"""Reads the marks of agencies, as they were drawn anew when they came."""

from __future__ import annotations

from flask import current_app

from trainings.accounts.models import Agency
from trainings.core import files, sealed


def picture(agency: Agency) -> bytes:
    """An agency's mark as a PNG; empty where it has none: a neutral sign then stands for it."""
    if agency.mark_file is None or agency.mark_key is None:
        return b""
    key = sealed.open_bytes(agency.mark_key, f"agency|mark_key|{agency.id}")
    try:
        return files.read(agency.mark_file, key)
    except FileNotFoundError:
        current_app.logger.error("the mark of agency %s is gone from the files", agency.code)
        return b""
