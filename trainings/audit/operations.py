"""Checks that nobody changed the trail, and anchors it."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from trainings.audit import anchor, queries
from trainings.audit.writes import message
from trainings.core import sealed


def anchor_path() -> Path:
    """Where the head of the trail is noted outside the database."""
    path: Path = current_app.extensions["settings"].instance / "audit.anchor"
    return path


def anchor_head() -> None:
    """Note the head of the trail in the anchor file (a recurring duty of the worker)."""
    anchor.note(anchor_path(), *queries.head())


def verify() -> str | None:
    """Walk the whole trail; gives the first fault in one sentence, or None where it is whole.

    Finds an entry that was changed, deleted, inserted or swapped, and a tail that was cut
    below the anchor or below the head.
    """
    previous, expected = "", 1
    anchored = anchor.last(anchor_path())
    for entry in queries.in_order():
        if entry.number != expected:
            return f"entry {expected} is missing"
        if entry.mac != sealed.audit_mac(previous, message(entry)):
            return f"entry {entry.number} was changed, or the one before it"
        if anchored is not None and entry.number == anchored[0] and entry.mac != anchored[1]:
            return f"entry {entry.number} is not the one that was anchored"
        previous, expected = entry.mac, expected + 1
    if (expected - 1, previous) != queries.head():
        return "the end of the trail is not where its head says"
    if anchored is not None and anchored[0] > expected - 1:
        return f"the trail was cut: entry {anchored[0]} was anchored and is gone"
    return None
