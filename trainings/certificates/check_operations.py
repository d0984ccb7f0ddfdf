"""Checks a certificate: by its code, by serial and name, or by the file itself."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from threading import BoundedSemaphore

from flask import current_app
from flask_babel import format_timedelta

from trainings.accounts.writes import count_try, forgive_try, network_of
from trainings.certificates import document, queries, signature, vouching, writes
from trainings.certificates.check_rules import (
    AT_ONCE,
    FILES,
    NAMES_ANYWHERE,
    NAMES_HERE,
    Shown,
    TooManyFiles,
    Verdict,
    verdict_of,
)
from trainings.certificates.models import Certificate
from trainings.certificates.rules import TooManyNames, matches
from trainings.certificates.serial_rules import serial_key
from trainings.core import sealed
from trainings.core.db import form_token, transaction
from trainings.printing.rules import PRINT_RUN, Inspection, Seal

_SERIAL = re.compile(r"[A-Z0-9][A-Z0-9-]{1,15}-[A-Z0-9]{7}")
_room = BoundedSemaphore(AT_ONCE)
_CLAIMS = 5  # how many a file may make


@dataclass(frozen=True)
class Finding:
    """What a dropped file turned out to be, and the register entry it belongs to, if any."""

    verdict: Verdict
    shown: Shown | None = None


def by_token(token: str) -> Shown | None:
    """What the register says behind a link or code; None where it knows nothing of it."""
    row = queries.by_token(token) if 16 <= len(token) <= 22 else None
    return _shown(row) if row is not None and vouching.untouched(row) else None


def by_serial(typed: str, name: str, network: str) -> Shown | None:
    """What the register says of a serial whose name was typed right; else None, whichever failed.

    Raises ``TooManyNames``.
    """
    key = serial_key(typed)
    if not key:
        return None
    row = queries.by_serial(key)
    known = row is not None and vouching.untouched(row)
    # Tries on a serial that nobody has are counted too: being told to wait must tell nothing.
    subject = row.id if known and row is not None else sealed.blind_index("serial", key)[:22]
    matched = name_matches(subject, name, network)
    return _shown(row) if matched and row is not None else None


def name_matches(certificate_id: str, typed: str, network: str) -> bool:
    """Whether the name on the paper is the one that was issued; wrong ones are counted.

    Raises ``TooManyNames`` once too many were tried on this certificate.
    """
    keys = (
        (f"name|{certificate_id}|{network_of(network)}", NAMES_HERE),
        (f"name|{certificate_id}", NAMES_ANYWHERE),
    )
    form_token.set(None)  # a name may be typed again; what is kept is only that one tried
    with transaction() as session:
        for key, patience in keys:
            wait = count_try(session, key, patience)
            if wait:
                raise TooManyNames(wait=format_timedelta(wait, granularity="minute"))
        row = queries.for_update_by_id(session, certificate_id)
        frozen = writes.content(row) if row is not None else None
        same = frozen is not None and matches(typed, document.holder_of(frozen))
        if same:
            for key, _patience in keys:
                forgive_try(session, key)
    return same


def by_file(pdf: bytes, network: str = "") -> Finding:
    """What a dropped PDF is.

    Genuine only where its very bytes are in the register, the row is ours, and, where the
    register says it was signed, our signature covers the entire file. Raises ``TooManyFiles``
    for a stranger's file, never for one of ours.
    """
    row = queries.by_digest(hashlib.sha256(pdf).hexdigest())
    if row is not None and vouching.untouched(row):
        shown = _shown(row)
        if row.signed and signature.inspect(pdf).seal.seal is not Seal.WHOLE:
            return Finding(Verdict.ALTERED, shown)
        return Finding(shown.verdict, shown)
    claims = _looked_into(pdf, network)
    if PRINT_RUN in claims.identifiers:
        return Finding(Verdict.PRINT_RUN)
    claimed = _claimed(claims)
    if claimed is not None:
        return Finding(Verdict.ALTERED, _shown(claimed))
    ours = claims.seal.seal in (Seal.WHOLE, Seal.BROKEN)
    return Finding(Verdict.ALTERED if ours else Verdict.NOT_OURS)


def _looked_into(pdf: bytes, network: str) -> Inspection:
    """A stranger's file, looked into: it may be made to keep us busy, so few are at once."""
    form_token.set(None)  # the same page may send another file, or the same one again
    with transaction() as session:
        if count_try(session, f"file|{network_of(network)}", FILES):
            raise TooManyFiles
    if not _room.acquire(blocking=False):
        raise TooManyFiles
    try:
        return signature.inspect(pdf)
    finally:
        _room.release()


def _claimed(claims: Inspection) -> Certificate | None:
    """The register row whose token or serial a file bears, if there is one."""
    base_url: str = current_app.extensions["settings"].base_url
    texts = (*claims.identifiers, claims.text)
    code = re.compile(re.escape(base_url) + r"/verify/([A-Za-z0-9_-]{22})")
    tokens = [token for text in texts for token in code.findall(text)]
    serials = [serial for text in texts for serial in _SERIAL.findall(text)]
    rows = [
        *map(queries.by_token, dict.fromkeys(tokens[:_CLAIMS])),
        *(queries.by_serial(key) for key in map(serial_key, serials[:_CLAIMS]) if key),
    ]
    return next((row for row in rows if row is not None and vouching.untouched(row)), None)


def _shown(row: Certificate) -> Shown:
    return Shown(
        id=row.id, token=row.token, serial=row.serial, verdict=verdict_of(row.status),
        kind=row.kind, course_titles=dict(row.course_titles),
        agencies=tuple(dict(texts) for texts in row.agencies), ended_on=row.ended_on,
        minutes=row.minutes,
    )  # fmt: skip
