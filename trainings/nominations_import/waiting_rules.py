"""A row that waits to be finished by hand: what is kept of it, and for how long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.nominations_import import ask_rules
from trainings.nominations_import.ask_rules import Asked
from trainings.nominations_import.reading_rules import Row
from trainings.registrations.candidate_rules import Candidate

LIFETIME = timedelta(days=7)
MOST_ROWS = 600  # that wait for one account and course
MOST_LAYOUTS = 50  # of one account


class ChangedMeanwhile(Refusal):
    """A row that was to be entered is no longer as it was shown."""

    sentence = _l(
        "Nothing was entered: since we showed you the list, something about it has changed. "
        "Look through it again."
    )


class TooManyWait(Refusal):
    """More rows to finish than anybody goes through."""

    sentence = _l("Too many rows wait to be finished already. Finish or drop some of them first.")


class Waiting(Struct, frozen=True):
    """A row with questions as it is kept; ``until``: when it is erased."""

    row: Row
    until: datetime

    @classmethod
    def of(cls, kept: Mapping[str, Any], at: datetime) -> Waiting:
        """The row that was kept at a moment."""
        asked = tuple(ask_rules.unpacked(kept["asked"]))
        return cls(Row(kept["label"], Candidate(**kept["candidate"]), asked), at + LIFETIME)


def content(row: Row) -> str:
    """What is kept of a row."""
    return json.dumps(
        {
            "label": row.label,
            "candidate": asdict(row.candidate),
            "asked": ask_rules.packed(row.asked),
        },
        ensure_ascii=False,
    )


def likeness(row: Row) -> str:
    """What two rows have in common that say the same, wherever they stand in a list."""
    told = [Asked(one.field, "", one.said, one.why) for one in row.asked]
    said = [asdict(replace(row.candidate, priority=None)), ask_rules.packed(told)]
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
