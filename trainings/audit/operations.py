"""Checks that nobody has changed the trail, and anchors it."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from trainings.audit import anchor, queries
from trainings.audit.anchor import Checked
from trainings.audit.rules import WHOLE_EVERY, Fault, TrailStanding, fault_words
from trainings.audit.writes import message
from trainings.core import clock, config, sealed


def anchor_path() -> Path:
    """The path of the file that keeps the head of the trail outside the database."""
    path: Path = config.settings().instance / "audit.anchor"
    return path


def anchor_head() -> None:
    """Record the head of the trail in the anchor file (a recurring task of the worker)."""
    anchor.note(anchor_path(), *queries.head())


def checked_path() -> Path:
    """The path of the file that says how far the trail was verified."""
    path: Path = config.settings().instance / "audit.checked"
    return path


def verify() -> str | None:
    """Check the whole trail; returns the first fault in one sentence, or None if it is intact.

    Finds an entry that was changed, deleted, inserted or swapped, and a tail that was cut
    below the anchor or below the head.
    """
    number, mac, fault = _follow(0, "", None)
    fault = fault or _end_of(number, mac)
    return fault_words(fault) if fault else None


def verify_onward(most: int = 20_000) -> None:
    """Verify what the trail has grown by since the last time, and note it (a recurring task).

    Once a day all of it is gone through again from the first entry, as many entries each time.
    See docs/decisions/2026-11-29-any-size.md.
    """
    was, now = _kept(), clock.now().isoformat()
    fault = "" if _is_there(was.number, was.mac) else f"{Fault.CHANGED} {was.number}"
    number, mac = was.number, was.mac
    if not fault:
        number, mac, fault = _follow(number, mac, most)
        fault = fault or (_end_of(number, mac) if number - was.number < most else "")
    done = replace(was, number=number, mac=mac, at=now, fault=fault)
    anchor.keep(checked_path(), *_coded(_once_more(done, most)))


def _once_more(was: Checked, most: int) -> Checked:
    """The next part of going through all of it again, where that is due."""
    since = datetime.fromisoformat(was.whole_at) if was.whole_at else None
    if since is not None and not was.again and clock.now() - since < WHOLE_EVERY:
        return was
    number, mac, fault = _follow(was.again, was.again_mac, most)
    if fault:
        return replace(was, whole_fault=fault)  # and there it stays until the entry is as it was
    if number - was.again == most:
        return replace(was, again=number, again_mac=mac)
    fault = _end_of(number, mac)
    now = clock.now().isoformat()
    return replace(was, again=0, again_mac="", whole_at=now, whole_fault=fault)


def standing() -> TrailStanding:
    """When the trail was last verified, how far, and what was found; reads a file alone."""
    path = checked_path()
    found, code = anchor.kept(path)
    fault = found.whole_fault or found.fault
    if path.exists() and code != _coded(found)[1]:
        found, fault = Checked(), str(Fault.NOTE)
    at, whole = (datetime.fromisoformat(one) if one else None for one in (found.at, found.whole_at))
    return TrailStanding(found.number, at, whole, fault_words(fault) if fault else "")


def _kept() -> Checked:
    """The last note; nothing checked, where others changed it: all of it is checked again."""
    found, code = anchor.kept(checked_path())
    return found if code == _coded(found)[1] else Checked()


def _coded(checked: Checked) -> tuple[Checked, str]:
    return checked, sealed.audit_mac("checked", checked.line())


def _is_there(number: int, mac: str) -> bool:
    return number == 0 or queries.mac_of(number) == mac


def _follow(number: int, mac: str, most: int | None) -> tuple[int, str, str]:
    """Go on from a verified entry: the last one that is right, its code, and the first fault."""
    anchored = anchor.last(anchor_path())
    for entry in islice(queries.in_order(number), most):
        if entry.number != number + 1:
            return number, mac, f"{Fault.MISSING} {number + 1}"
        if entry.mac != sealed.audit_mac(mac, message(entry)):
            return number, mac, f"{Fault.CHANGED} {entry.number}"
        if anchored is not None and entry.number == anchored[0] and entry.mac != anchored[1]:
            return number, mac, f"{Fault.OTHER} {entry.number}"
        number, mac = entry.number, entry.mac
    return number, mac, ""


def _end_of(number: int, mac: str) -> str:
    """What is wrong where the trail ends; nothing, if it has only grown meanwhile."""
    last, code = queries.head()
    if (number, mac) != (last, code) and (last <= number or queries.mac_of(last) != code):
        return str(Fault.LAST)
    anchored = anchor.last(anchor_path())
    if anchored is not None and anchored[0] > last:
        return f"{Fault.CUT} {anchored[0]}"
    return ""
