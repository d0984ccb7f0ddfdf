"""Checks a certificate: by its code, by serial and name, or by the file itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import current_app

from trainings.accounts.writes import count_try, forgive_try
from trainings.certificates import document, queries, traces, writes
from trainings.certificates.check_rules import (
    NAMES_ANYWHERE,
    NAMES_HERE,
    Shown,
    Verdict,
    verdict_of,
)
from trainings.certificates.models import Certificate
from trainings.certificates.rules import TooManyNames, matches
from trainings.certificates.serial_rules import serial_key
from trainings.core.db import transaction


@dataclass(frozen=True)
class Finding:
    """What a dropped file turned out to be, and the register entry it belongs to, if any."""

    verdict: Verdict
    shown: Shown | None = None


def by_token(token: str) -> Shown | None:
    """What the register says behind a link or code; None where it knows nothing of it."""
    row = queries.by_token(token) if 16 <= len(token) <= 22 else None
    return _shown(row) if row is not None and _vouched(row) else None


def by_serial(typed: str, name: str, network: str) -> Shown | None:
    """What the register says of a serial whose name was typed right; else None, whichever failed.

    Raises ``TooManyNames``.
    """
    key = serial_key(typed)
    row = queries.by_serial(key) if key else None
    if row is None or not _vouched(row):
        return None
    return _shown(row) if name_matches(row.id, name, network) else None


def name_matches(certificate_id: str, typed: str, network: str) -> bool:
    """Whether the name on the paper is the one that was issued; wrong ones are counted.

    Raises ``TooManyNames`` once too many were tried on this certificate.
    """
    keys = (
        (f"name|{certificate_id}|{_network_hash(network)}", NAMES_HERE),
        (f"name|{certificate_id}", NAMES_ANYWHERE),
    )
    with transaction() as session:
        for key, patience in keys:
            wait = count_try(session, key, patience)
            if wait:
                raise TooManyNames(minutes=max(1, int(wait.total_seconds() // 60)))
        row = queries.for_update_by_id(session, certificate_id)
        frozen = writes.content(row) if row is not None else None
        same = frozen is not None and matches(typed, document.thaw(frozen).holder_name)
        if same:
            for key, _patience in keys:
                forgive_try(session, key)
    return same


def _network_hash(network: str) -> str:
    return hashlib.sha256(network.encode()).hexdigest()[:16]


def by_file(pdf: bytes) -> Finding:
    """What a dropped PDF is: genuine only where its very bytes are in the register."""
    row = queries.by_digest(hashlib.sha256(pdf).hexdigest())
    if row is not None:
        if not _vouched(row):
            return Finding(Verdict.NOT_OURS)
        shown = _shown(row)
        return Finding(shown.verdict, shown)
    base_url: str = current_app.extensions["settings"].base_url
    found = traces.read(pdf, base_url)
    if found.print_run:
        return Finding(Verdict.PRINT_RUN)
    row = next((row for row in map(queries.by_token, found.tokens) if row is not None), None)
    if row is not None and _vouched(row):
        return Finding(Verdict.ALTERED, _shown(row))
    return Finding(Verdict.NOT_OURS)


def _vouched(row: Certificate) -> bool:
    whole = writes.vouched(row)
    if not whole:
        current_app.logger.error("register row %s was changed by other hands", row.id)
    return whole


def _shown(row: Certificate) -> Shown:
    return Shown(
        id=row.id, token=row.token, serial=row.serial, verdict=verdict_of(row.status),
        kind=row.kind, course_titles=dict(row.course_titles),
        agencies=tuple(dict(texts) for texts in row.agencies), ended_on=row.ended_on,
        minutes=row.minutes,
    )  # fmt: skip
