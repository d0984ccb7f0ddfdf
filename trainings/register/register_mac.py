"""The integrity checks of a register entry, which reveal any tampering.

Three things have to agree. The row carries a code (MAC) over its columns. Covered by that code are
the count of acts that the trail has on it and the last link of their chain: a trail entry that was
changed, removed or inserted shows, wherever it is and whatever was cut with it. And the row has no
fewer acts than recorded in the file of endings, which no SQL statement reaches: this reveals rows
and trail that were put back together to an earlier state.

See docs/decisions/2026-11-27-standing-of-certificates.md and 2026-11-24-foundation.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask import current_app

from trainings.audit import queries as trail
from trainings.audit.models import AuditEntry
from trainings.audit.writes import link, link_of
from trainings.core import sealed
from trainings.register import endings
from trainings.register.models import Certificate
from trainings.register.rules import ChangedByOthers, Status
from trainings.register.trust_rules import ISSUE, Trust

# Every column is in one of these two (a test checks); a migration that changes COVERED rewrites the
# codes.
COVERED = (
    "id",
    "token",
    "serial",
    "serial_key",
    "kind",
    "status",
    "course_id",
    "registration_id",
    "course_trainer_id",
    "person_id",
    "language",
    "course_titles",
    "agencies",
    "ended_on",
    "minutes",
    "data_key",
    "file_name",
    "digest",
    "signed",
    "issued_at",
    "issued_by",
    "ready_at",
    "ended_at",
    "ended_reason",
    "successor_id",
    "acts",
    "acts_mac",
)
_PORTION = 500  # certificates asked for at once


def vouch(certificate: Certificate) -> None:
    """Rewrite the row's code, after each change to a column it covers.

    Before changing an existing row, check that it is ``authentic``: else the code would vouch for
    what others wrote.
    """
    certificate.mac = _mac(certificate)


def begin(certificate: Certificate) -> None:
    """Start the count of acts with the issuing, which is added to the trail at the same time."""
    certificate.acts, certificate.acts_mac = 0, ""
    add_act(certificate, ISSUE, certificate.issued_by, issue_details(certificate))


def issue_details(certificate: Certificate) -> dict[str, Any]:
    """The trail's details of an issuing."""
    return {"serial": certificate.serial, "kind": str(certificate.kind)}


def add_act(certificate: Certificate, act: str, by: str | None, details: Mapping[str, Any]) -> None:
    """Count an act added to the trail in the same transaction, and rewrite the row's code."""
    certificate.acts += 1
    certificate.acts_mac = link(
        certificate.acts_mac, act, "certificate", certificate.id, by, certificate.course_id, details
    )
    vouch(certificate)


def standing(row: Certificate) -> Trust:
    """How far a row can be trusted, in one statement, however long the trail is."""
    return standings([row], most=row.acts + 1 if coded(row) else 1)[row.id]


def standings(
    rows: Sequence[Certificate], most: int | None = None, *, strict: bool = False
) -> dict[str, Trust]:
    """The same for many rows, a few hundred per statement.

    ``strict``: all records of revoked ones have to agree too.
    """
    ended, found = endings.known(), dict[str, Trust]()
    for start in range(0, len(rows), _PORTION):
        portion = rows[start : start + _PORTION]
        entries = defaultdict[str, list[AuditEntry]](list)
        for entry in trail.entries_of("certificate", [row.id for row in portion], most):
            entries[entry.object_id].append(entry)
        for row in portion:
            found[row.id] = _standing(row, entries[row.id], ended, strict)
    for key in (key for key, one in found.items() if one is not Trust.SOUND):
        current_app.logger.error("register row %s does not agree with its records", key)
    return found


def _standing(
    row: Certificate, entries: Sequence[AuditEntry], ended: endings.Endings, strict: bool
) -> Trust:
    if not coded(row):
        ours = bool(entries) or row.id in ended.done
        return Trust.UNSURE if ours else Trust.STRANGE
    if row.status is Status.REVOKED and not strict:
        return Trust.SOUND  # nothing comes after it: its own code is proof enough
    current = row.acts >= max(ended.done.get(row.id, 0), ended.pending.get(row.id, 0))
    return Trust.SOUND if current and in_trail(row, entries) else Trust.UNSURE


def in_trail(row: Certificate, entries: Iterable[AuditEntry]) -> bool:
    """Whether these are the entries the row counts, each as it was written, in order."""
    number, last = 0, ""
    for entry in entries:
        number, last = number + 1, link_of(last, entry)
    return number == row.acts and hmac.compare_digest(last, row.acts_mac)


def coded(row: Certificate) -> bool:
    """Whether the row carries our code: it was once in our register exactly as it is."""
    return hmac.compare_digest(row.mac, _mac(row))


def authentic(row: Certificate, *, erasing: bool = False) -> bool:
    """Whether the row has our code and was not put back, so that it may be changed and re-coded.

    A row that a backup restored to before its erasure may be erased again.
    """
    noted = endings.known()
    return coded(row) and row.acts >= (noted.ended if erasing else noted.done).get(row.id, 0)


def check_untouched(rows: Sequence[Certificate]) -> None:
    """Check that all of these can be given out; ``ChangedByOthers`` names those that cannot."""
    found = standings(rows)
    changed = [row.serial for row in rows if found[row.id] is not Trust.SOUND]
    if changed:
        raise ChangedByOthers(serials=", ".join(changed))


def check_coded(row: Certificate) -> None:
    """Check that a row has our code, before it is ended for good, or raise ``ChangedByOthers``."""
    if not coded(row):
        raise ChangedByOthers(serials=row.serial)


def _mac(row: Certificate) -> str:
    said = {name: _plain(getattr(row, name)) for name in COVERED}
    return sealed.register_mac("certificate", json.dumps(said, sort_keys=True))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
