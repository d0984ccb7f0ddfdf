"""Watches every act that is recorded in the trail: there are words for it.

Where the code says an act in full, tests/audit/test_rules.py finds it; one that is put together is
known only once it is recorded.
"""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import Mapper

from trainings.audit.models import AuditEntry
from trainings.audit.rules import ACTS, OBJECTS

faults: list[str] = []


def _before(_mapper: Mapper[AuditEntry], _connection: object, entry: AuditEntry) -> None:
    if entry.act not in ACTS or entry.object_type not in OBJECTS:
        faults.append(f"{entry.act} ({entry.object_type})")


def start() -> None:
    """Watch from now on; what is found lies in ``faults``."""
    event.listen(AuditEntry, "before_insert", _before)
