"""Reads the marks of agencies, which were redrawn when they were uploaded."""

from __future__ import annotations

from trainings.accounts import queries
from trainings.accounts.models import Agency
from trainings.core import files
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Role, Viewer


def may(viewer: Viewer, agency_id: str) -> bool:
    """Whether the viewer may choose an agency's mark: its organisers and administrators may.

    Organisers of single courses may not: they do not act for an agency.
    """
    return any(
        grant.role is Role.ADMINISTRATOR or grant.agency_id == agency_id
        for grant in viewer.grants_with(Permission.AGENCY_MARK)
    )


def agency_for(viewer: Viewer, code: str, *, lock: bool = False) -> Agency:
    """The agency, if the viewer may choose its mark. Raises ``NotFound``."""
    agency = queries.agency_with_code(code, lock=lock)
    if agency is None or not may(viewer, agency.id):
        raise NotFound
    return agency


def picture(agency: Agency) -> bytes:
    """An agency's mark as a PNG; empty if it has none and the neutral sign is used."""
    return files.content_of(agency.mark_file, agency.mark_key, f"agency|mark_key|{agency.id}")
