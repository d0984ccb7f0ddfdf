"""Checks a certificate: by its code, by serial and name, or by the file itself."""

from __future__ import annotations

import hashlib
import re
from itertools import islice
from threading import Lock

from flask_babel import format_timedelta
from msgspec import Struct

from trainings.accounts.rules import Patience
from trainings.accounts.writes import count_try, forgive_try, network_of
from trainings.core import config, sealed
from trainings.core.db import form_token, transaction
from trainings.core.errors import Refusal
from trainings.printing.renderer import OutOfTime
from trainings.printing.rules import Inspection, Seal
from trainings.register import document, file_mac, queries, signature, writes
from trainings.register import register_mac as vouching
from trainings.register.models import Certificate
from trainings.register.rules import matches
from trainings.register.serial_rules import serial_key
from trainings.register.trust_rules import OURS, Trust
from trainings.verification.rules import (
    AT_ONCE,
    FILES,
    NAMES_BY_LINK,
    NAMES_BY_SERIAL,
    NAMES_HERE,
    NUMBERS,
    FileNotRead,
    NoSuchPair,
    Number,
    SerialMistyped,
    Shown,
    TooManyFiles,
    TooManyNames,
    TooManyNumbers,
    Verdict,
    verdict_of,
)

_SERIAL = re.compile(r"[A-Z0-9][A-Z0-9-]{1,15}-[A-Z0-9]{7}")
_CODE = re.compile(r"(https?://[^\s/]+)/verify/([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
_inside: set[str] = set()  # the networks whose files are being looked into
_inside_lock = Lock()
_CLAIMS = 5  # how many a file may make


class Finding(Struct, frozen=True):
    """What a dropped file turned out to be; its register entry only if it proves to be of it."""

    verdict: Verdict
    shown: Shown | None = None
    number: Number | None = None


def by_token(token: str) -> Shown | None:
    """The register's answer for a link or code; None if it is unknown."""
    row = queries.by_token(token) if 16 <= len(token) <= 22 else None
    standing = _standing(row)
    return _shown(row, standing) if row is not None and standing in OURS else None


def by_serial(typed: str, name: str, network: str) -> Shown:
    """The register's answer for a serial, if the name was typed right too.

    Raises ``SerialMistyped``, ``NoSuchPair``, ``TooManyNames``, ``TooManyNumbers``.
    """
    key = checked_serial(typed)
    row = queries.by_serial(key)
    standing = _standing(row)
    known = standing in OURS
    # Attempts on a serial that nobody has are counted too: being told to wait must reveal nothing.
    subject = row.id if known and row is not None else sealed.blind_index("serial", key)[:22]
    matched = _name_matches(subject, name, network, "serial", NAMES_BY_SERIAL)
    if not matched or row is None:
        raise NoSuchPair
    return _shown(row, standing)


def checked_serial(typed: str) -> str:
    """The key of a typed serial, whether or not a certificate has it. Raises ``SerialMistyped``."""
    key = serial_key(typed)
    if key is None:
        raise SerialMistyped
    return key


def name_matches(certificate_id: str, typed: str, network: str) -> bool:
    """Whether the name typed by someone who has the link is the one that was issued.

    Raises ``TooManyNames``.
    """
    return _name_matches(certificate_id, typed, network, "link", NAMES_BY_LINK)


def _name_matches(
    certificate_id: str, typed: str, network: str, way: str, anywhere: Patience
) -> bool:
    """Compare a typed name; wrong names are counted, per network and per way in.

    Raises ``TooManyNames`` once too many were tried on this certificate, ``TooManyNumbers`` once
    too many wrong pairs were tried in this network.
    """
    client = network_of(network)
    keys: list[tuple[str, Patience, type[Refusal]]] = [
        (f"name|{certificate_id}|{client}", NAMES_HERE, TooManyNames),
        (f"name|{certificate_id}|{way}", anywhere, TooManyNames),
    ]
    if anywhere is NAMES_BY_SERIAL:
        keys.insert(0, (f"number|{client}", NUMBERS, TooManyNumbers))
    form_token.set(None)  # a name may be typed again; all that is stored is that one was tried
    with transaction() as session:
        for key, patience, refusal in keys:
            wait = count_try(session, key, patience)
            if wait:
                raise refusal(wait=format_timedelta(wait, granularity="minute"))
        row = queries.for_update_by_id(session, certificate_id)
        frozen = writes.content(row) if row is not None else None
        same = frozen is not None and matches(typed, document.holder_of(frozen))
        if same:
            for key, _patience, _refusal in keys:
                forgive_try(session, key)
    return same


def by_file(pdf: bytes, network: str | None = None) -> Finding:
    """The verdict on a dropped PDF; it never earns more than what it proves.

    Genuine only if its exact bytes are in the register, the row and all records kept alongside it
    agree, and, if the register says it was signed, our signature covers the entire file. Raises
    ``TooManyFiles`` for an unknown file from a ``network``, never for one of ours; ``FileNotRead``
    for one that could not be looked into in time.
    """
    row = queries.by_digest(hashlib.sha256(pdf).hexdigest())
    standing = _standing(row)
    if row is not None and standing is Trust.SOUND:
        shown = _shown(row, standing)
        if row.signed and not signature.is_whole(pdf):
            return Finding(Verdict.ALTERED, shown)
        return Finding(shown.verdict, shown)
    if row is not None and vouching.coded(row):  # the digest is the right one, the rest is not
        return Finding(Verdict.UNCONFIRMED)
    if file_mac.is_print_run(pdf):
        return Finding(Verdict.PRINT_RUN)
    try:
        claims = signature.inspect(pdf) if network is None else _looked_into(pdf, network)
    except OutOfTime:
        raise FileNotRead from None
    return _claiming(claims)


def _claiming(claims: Inspection) -> Finding:
    """The verdict on a file the register does not know, from what is found in it."""
    claimed, number = _claimed(claims)
    sound = [row for row, standing in claimed if standing is Trust.SOUND and row.digest]
    made_from = next((row for row in sound if file_mac.is_from(row, claims.identifiers)), None)
    if made_from is not None:
        return Finding(Verdict.ALTERED, _shown(made_from, Trust.SOUND))
    if claims.seal.seal is Seal.WHOLE and not sound:
        return Finding(Verdict.UNCONFIRMED)
    if claims.seal.seal in (Seal.WHOLE, Seal.BROKEN):
        return Finding(Verdict.ALTERED, number=number)
    if number is not None:
        return Finding(Verdict.NUMBER, number=number)
    return Finding(Verdict.NOT_OURS if claims.opened else Verdict.UNREADABLE)


def _looked_into(pdf: bytes, network: str) -> Inspection:
    """The inspection of an untrusted file; it may be made to keep us busy, so few run at once."""
    form_token.set(None)  # the same page may send another file, or the same one again
    client = network_of(network)
    with _inside_lock:
        if client in _inside or len(_inside) >= AT_ONCE:
            raise TooManyFiles
        _inside.add(client)
    try:
        with transaction() as session:
            if count_try(session, f"file|{client}", FILES):
                raise TooManyFiles
        return signature.inspect(pdf)
    finally:
        with _inside_lock:
            _inside.discard(client)


def _claimed(claims: Inspection) -> tuple[list[tuple[Certificate, Trust]], Number | None]:
    """The register's rows whose link or serial the file carries, and the number to go on with."""
    texts = (*claims.identifiers, *claims.codes, claims.text)
    links = [link for text in texts for link in _CODE.findall(text)]
    tokens = [token for _base, token in links]
    serials = [one for text in texts for one in _SERIAL.findall(text) if serial_key(one)]
    keys = dict.fromkeys(filter(None, map(serial_key, serials)))
    rows = [
        *(_linked(*link) for link in islice(dict.fromkeys(links), _CLAIMS)),
        *map(queries.by_serial, islice(keys, _CLAIMS)),
    ]
    found = [(row, vouching.standing(row)) for row in rows if row is not None]
    ours = [(row, standing) for row, standing in found if standing in OURS]
    known = next((row.token for row, _standing in ours if row.token in tokens), "")
    if known or serials:
        return ours, Number(token=known, serial="" if known else serials[0])
    return ours, None


def _linked(base: str, token: str) -> Certificate | None:
    """The register's row that a link leads to: here, or where the site was when it was issued."""
    row = queries.by_token(token)
    if row is None or base == config.settings().base_url:
        return row
    frozen = writes.content(row)
    own = frozen is not None and document.verify_url_of(frozen) == f"{base}/verify/{token}"
    return row if own else None


def _standing(row: Certificate | None) -> Trust:
    return Trust.STRANGE if row is None else vouching.standing(row)


def _shown(row: Certificate, standing: Trust) -> Shown:
    verdict = verdict_of(row.status) if standing is Trust.SOUND else Verdict.UNCONFIRMED
    return Shown(
        id=row.id,
        token=row.token,
        serial=row.serial,
        verdict=verdict,
        kind=row.kind,
        course_titles=dict(row.course_titles),
        agencies=tuple(dict(texts) for texts in row.agencies),
        ended_on=row.ended_on,
        minutes=row.minutes,
        comparable=row.content is not None,
    )
