"""certificates: each counts its acts in the trail, under a code of more columns

The code of a row covers every column that says something of the certificate, and its count of
the trail's entries with the last link of their chain. Certificates that are there get theirs
from the trail as it stands, if the trail is whole, each entry chained to the one before, up to
its head. A row whose old code does not fit keeps that. One that was put back as it was before an
end that the trail knows of gets a count that no trail fits: it cannot be confirmed, as before.

Where the trail is not whole all get such a count, since nobody can tell which ending was cut
out of it: none of them can be confirmed then. Put a whole copy of the trail back (from a
backup; «audit verify» names the first fault), go down to the migration before this and up again.
The file of endings (certificates.endings) is filled by the worker, in its first round.
"""

import hashlib
import json
import logging
from datetime import UTC

import sqlalchemy as sa
from alembic import op

from trainings.core import sealed

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_log = logging.getLogger("alembic.runtime.migration")
_PORTION = 500
_UNCOUNTED = -1  # as many entries as no certificate has
_TEXTS = (
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
    "file_name",
    "digest",
    "issued_by",
    "ended_reason",
    "successor_id",
    "acts_mac",
    "mac",
)
_CERTIFICATE = sa.table(
    "certificate",
    *(sa.column(name, sa.String()) for name in _TEXTS),
    *(sa.column(name, sa.JSON()) for name in ("course_titles", "agencies")),
    *(sa.column(name, sa.Integer()) for name in ("minutes", "acts")),
    *(sa.column(name, sa.DateTime()) for name in ("issued_at", "ready_at", "ended_at")),
    sa.column("ended_on", sa.Date()),
    sa.column("signed", sa.Boolean()),
    sa.column("data_key", sa.LargeBinary()),
)
_ENTRY = sa.table(
    "audit_entry",
    *(
        sa.column(name, sa.String())
        for name in ("by", "act", "object_type", "object_id", "course_id", "mac")
    ),
    sa.column("number", sa.Integer()),
    sa.column("at", sa.DateTime()),
    sa.column("details", sa.JSON()),
)
_HEAD = sa.table("audit_head", sa.column("number", sa.Integer()), sa.column("mac", sa.String()))
_UNDONE = {
    "issued": {"certificate.revoke", "certificate.supersede"},
    "ready": {"certificate.revoke", "certificate.supersede"},
    "superseded": {"certificate.revoke"},
}
_COVERED = (
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


def upgrade() -> None:
    # Not by a copy of the table: rows point at each other.
    op.add_column(
        "certificate", sa.Column("acts", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "certificate",
        sa.Column("acts_mac", sa.String(length=64), nullable=False, server_default=""),
    )
    chains = _chains()
    if chains is None:
        _log.warning("the trail is not whole, so no certificate can be confirmed: see 0010")
    for row in _rows():
        if row["mac"] != _old_mac(row):
            continue
        acts, last, done = (chains or {}).get(row["id"], (0, "", set()))
        if chains is None or done & _UNDONE.get(row["status"], set()):
            acts, last = _UNCOUNTED, ""
        row |= {"acts": acts, "acts_mac": last}
        _write(row["id"], acts=acts, acts_mac=last, mac=_mac(row))


def downgrade() -> None:
    """Codes as they were, for the rows that bear the newer one."""
    for row in _rows():
        if row["mac"] == _mac(row):
            _write(row["id"], mac=_old_mac(row))
    op.drop_column("certificate", "acts_mac")
    op.drop_column("certificate", "acts")


def _chains():
    """By certificate: how many entries, the last link, which acts; None: the trail is not whole."""
    chains, before, number = {}, "", 0
    while entries := _entries(number):
        for entry in entries:
            number += 1
            if entry["number"] != number or entry["mac"] != _link(before, entry):
                return None
            before = entry["mac"]
            if entry["object_type"] == "certificate":
                acts, last, done = chains.get(entry["object_id"], (0, "", set()))
                chains[entry["object_id"]] = (
                    acts + 1,
                    _own_link(last, entry),
                    done | {entry["act"]},
                )
    head = op.get_bind().execute(sa.select(_HEAD)).first()
    return chains if (number, before) == (tuple(head) if head else (0, "")) else None


def _entries(after):
    found = op.get_bind().execute(
        sa.select(_ENTRY).where(_ENTRY.c.number > after).order_by(_ENTRY.c.number).limit(_PORTION)
    )
    return found.mappings().all()


def _rows():
    """Every certificate, some hundreds at once: each is written before the next ones are read."""
    after = ""
    while True:
        found = (
            op.get_bind()
            .execute(
                sa.select(_CERTIFICATE)
                .where(_CERTIFICATE.c.id > after)
                .order_by(_CERTIFICATE.c.id)
                .limit(_PORTION)
                .execution_options(scope="job")
            )
            .mappings()
            .all()
        )
        if not found:
            return
        after = found[-1]["id"]
        yield from map(dict, found)


def _write(key, **values):
    op.get_bind().execute(sa.update(_CERTIFICATE).where(_CERTIFICATE.c.id == key).values(values))


def _link(before, entry):
    said = [
        entry["number"],
        entry["at"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        entry["by"],
        entry["act"],
        entry["object_type"],
        entry["object_id"],
        entry["course_id"],
        entry["details"],
    ]
    return sealed.audit_mac(before, json.dumps(said, sort_keys=True, separators=(",", ":")))


def _own_link(before, entry):
    said = [
        "own",
        entry["act"],
        entry["object_type"],
        entry["object_id"],
        entry["by"],
        entry["course_id"],
        entry["details"],
    ]
    return sealed.audit_mac(before, json.dumps(said, sort_keys=True, separators=(",", ":")))


def _old_mac(row):
    """The code of before: of fewer columns."""
    return sealed.register_mac(
        row["id"],
        row["token"],
        row["serial"],
        row["kind"],
        row["status"],
        row["digest"],
        row["course_id"],
        json.dumps(row["course_titles"], sort_keys=True),
        json.dumps(row["agencies"], sort_keys=True),
        row["ended_on"].isoformat(),
        row["minutes"],
        row["signed"],
        _moment(row["issued_at"]),
        _moment(row["ended_at"]) if row["ended_at"] else "",
        row["successor_id"],
    )


def _mac(row):
    said = {name: _plain(row[name]) for name in _COVERED}
    return sealed.register_mac("certificate", json.dumps(said, sort_keys=True))


def _moment(value):
    return value.replace(tzinfo=UTC).isoformat()


def _plain(value):
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(bytes(value)).hexdigest()
    if hasattr(value, "hour"):
        return _moment(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
