"""Sets and removes agencies' marks; issued papers keep the mark they were issued with."""

from __future__ import annotations

import secrets

from trainings.agencies import mark_queries
from trainings.agencies.rules import NoPicture
from trainings.audit.writes import record
from trainings.core import files, sealed, versions
from trainings.core.db import transaction
from trainings.core.permissions import Viewer
from trainings.printing.renderer import reencoded


def set_mark(agency_code: str, upload: bytes, by: Viewer) -> None:
    """Make an uploaded picture the mark of an agency. Raises ``NoPicture``, ``NotFound``."""
    mark_queries.agency_for(by, agency_code)
    picture = reencoded(upload)
    if picture is None:
        raise NoPicture
    key = secrets.token_bytes(32)
    with files.stored(picture, key) as name, transaction() as session:
        agency = mark_queries.agency_for(by, agency_code, lock=True)
        versions.check()
        if agency.mark_file is not None:
            files.remove_with(session, agency.mark_file)
        agency.mark_file = name
        agency.mark_key = sealed.seal_bytes(key, f"agency|mark_key|{agency.id}")
        record(session, "agency.mark", "agency", agency.id, by=by.account_id, kept=True)


def remove_mark(agency_code: str, by: Viewer) -> None:
    """Remove an agency's mark: the neutral sign is used again. Raises ``NotFound``."""
    with transaction() as session:
        agency = mark_queries.agency_for(by, agency_code)
        if agency.mark_file is not None:
            files.remove_with(session, agency.mark_file)
            agency.mark_file = agency.mark_key = None
            record(session, "agency.mark", "agency", agency.id, by=by.account_id, kept=False)
