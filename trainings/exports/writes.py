"""Takes files of lists away: of requests that have ended, and where somebody in one is erased."""

from __future__ import annotations

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from trainings.core import files
from trainings.core.db import for_update
from trainings.exports.models import ExportRequest


def forget_file(session: Session, row: ExportRequest) -> None:
    """Remove the file of a request, its key and who was in it; the request itself stays."""
    if row.file_name is not None:
        files.remove_with(session, row.file_name)
    row.file_name = row.data_key = None
    row.persons = []


def forget_in_lists(session: Session, person_id: str) -> None:
    """Remove every file of a list that somebody who is being erased stands in."""
    found = session.scalars(
        for_update(
            select(ExportRequest)
            .where(
                ExportRequest.file_name.is_not(None),
                cast(ExportRequest.persons, String).contains(f'"{person_id}"', autoescape=True),
            )
            .order_by(ExportRequest.id)
        )
    )
    for row in found.all():
        forget_file(session, row)
