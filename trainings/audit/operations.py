"""Checks that nobody has changed the trail, and anchors it."""

from __future__ import annotations

from pathlib import Path

from trainings.audit import anchor, queries
from trainings.audit.writes import message
from trainings.core import config, sealed
from trainings.core.i18n import _


def anchor_path() -> Path:
    """The path of the file that keeps the head of the trail outside the database."""
    path: Path = config.settings().instance / "audit.anchor"
    return path


def anchor_head() -> None:
    """Record the head of the trail in the anchor file (a recurring task of the worker)."""
    anchor.note(anchor_path(), *queries.head())


def verify() -> str | None:
    """Check the whole trail; returns the first fault in one sentence, or None if it is intact.

    Finds an entry that was changed, deleted, inserted or swapped, and a tail that was cut
    below the anchor or below the head.
    """
    previous, expected = "", 1
    anchored = anchor.last(anchor_path())
    for entry in queries.in_order():
        if entry.number != expected:
            return _("Entry %(number)s is missing.", number=expected)
        if entry.mac != sealed.audit_mac(previous, message(entry)):
            return _("Entry %(number)s was changed, or the one before it.", number=entry.number)
        if anchored is not None and entry.number == anchored[0] and entry.mac != anchored[1]:
            return _(
                "Entry %(number)s is not the one that was noted outside the database.",
                number=entry.number,
            )
        previous, expected = entry.mac, expected + 1
    if (expected - 1, previous) != queries.head():
        return _("The last entry is not the one that the database notes as the last.")
    if anchored is not None and anchored[0] > expected - 1:
        return _(
            "The trail was cut: entry %(number)s was noted outside the database and is gone.",
            number=anchored[0],
        )
    return None
