"""The code in each row of the register, by which a row that others changed gives itself away."""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Mapping, Sequence

from flask import current_app

from trainings.audit import queries as trail
from trainings.certificates.models import Certificate
from trainings.certificates.rules import ChangedByOthers, Status
from trainings.core import sealed

# Which acts in the trail a row in this status cannot have behind it.
_UNDONE: Mapping[Status, tuple[str, ...]] = {
    Status.ISSUED: ("certificate.revoke", "certificate.supersede"),
    Status.READY: ("certificate.revoke", "certificate.supersede"),
    Status.SUPERSEDED: ("certificate.revoke",),
    Status.REVOKED: (),
}


def vouch(certificate: Certificate) -> None:
    """Write the row's code anew, after each change of what it vouches for."""
    certificate.mac = _mac(certificate)


def untouched(row: Certificate) -> bool:
    """Whether the row is as we last wrote it: not inserted, cloned or changed by other hands.

    A row put back as it was before its end bears the code of that time; the trail knows better.
    """
    undone = _UNDONE[row.status]
    return _whole(row, trail.done_to(undone, "certificate", [row.id]) if undone else ())


def check_untouched(rows: Sequence[Certificate]) -> None:
    """The same of many that are ready, or ``ChangedByOthers``, which names what was changed."""
    ended = trail.done_to(_UNDONE[Status.READY], "certificate", [row.id for row in rows])
    changed = [row.serial for row in rows if not _whole(row, ended)]
    if changed:
        raise ChangedByOthers(serials=", ".join(changed))


def _whole(row: Certificate, ended: Collection[str]) -> bool:
    whole = hmac.compare_digest(row.mac, _mac(row)) and row.id not in ended
    if not whole:
        current_app.logger.error("register row %s was changed by other hands", row.id)
    return whole


def _mac(row: Certificate) -> str:
    return sealed.register_mac(
        row.id, row.token, row.serial, row.kind, row.status, row.digest, row.course_id,
        json.dumps(row.course_titles, sort_keys=True), json.dumps(row.agencies, sort_keys=True),
        row.ended_on.isoformat(), row.minutes, row.signed, row.issued_at.isoformat(),
        row.ended_at.isoformat() if row.ended_at else "", row.successor_id,
    )  # fmt: skip
