"""Takes and removes the marks of agencies; what was issued keeps the mark it was issued with."""

from __future__ import annotations

import secrets

from trainings.accounts import queries
from trainings.accounts.mark_rules import NoPicture
from trainings.audit.writes import record
from trainings.core import files, sealed
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.printing.picture_reader import reencoded


def set_mark(agency_code: str, upload: bytes, *, by: str) -> None:
    """Make an uploaded picture the mark of an agency. Raises ``NoPicture``, ``NotFound``."""
    if queries.agency_with_code(agency_code) is None:
        raise NotFound
    picture = reencoded(upload)
    if picture is None:
        raise NoPicture
    key = secrets.token_bytes(32)
    name = files.store(picture, key)
    with transaction() as session:
        agency = queries.agency_with_code(agency_code)
        if agency is None:
            raise NotFound
        before = agency.mark_file
        agency.mark_file = name
        agency.mark_key = sealed.seal_bytes(key, f"agency|mark_key|{agency.id}")
        record(session, "agency.mark", "agency", agency.id, by=by, kept=True)
    if before is not None:
        files.remove(before)


def remove_mark(agency_code: str, *, by: str) -> None:
    """Take an agency's mark away: the neutral sign stands for it again. Raises ``NotFound``."""
    with transaction() as session:
        agency = queries.agency_with_code(agency_code)
        if agency is None:
            raise NotFound
        before = agency.mark_file
        if before is not None:
            agency.mark_file = agency.mark_key = None
            record(session, "agency.mark", "agency", agency.id, by=by, kept=False)
    if before is not None:
        files.remove(before)
