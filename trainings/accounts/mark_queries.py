"""Reads the marks of agencies, as they were drawn anew when they came."""

from __future__ import annotations

from trainings.accounts import queries
from trainings.accounts.models import Agency
from trainings.core import files
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Role, Viewer


def may(viewer: Viewer, agency_id: str) -> bool:
    """Whether somebody may choose an agency's mark: its own organisers and administrators may.

    Who organises single courses only speaks for no agency.
    """
    return any(
        grant.role is Role.ADMINISTRATOR or grant.agency_id == agency_id
        for grant in viewer.grants_with(Permission.AGENCY_MARK)
    )


def agency_for(viewer: Viewer, code: str) -> Agency:
    """The agency whose mark somebody may choose. Raises ``NotFound``."""
    agency = queries.agency_with_code(code)
    if agency is None or not may(viewer, agency.id):
        raise NotFound
    return agency


def picture(agency: Agency) -> bytes:
    """An agency's mark as a PNG; empty where it has none: a neutral sign then stands for it."""
    return files.content_of(agency.mark_file, agency.mark_key, f"agency|mark_key|{agency.id}")
