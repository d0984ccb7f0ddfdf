"""Deletes what was noted about a candidate, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.orm import Session

from trainings.candidate_reviews.models import CandidateReview


def forget_notes(session: Session, registration_ids: Collection[str]) -> None:
    """Forget what readers wrote about somebody; the bare scores stay, for counting."""
    session.execute(
        update(CandidateReview)
        .where(CandidateReview.registration_id.in_(list(registration_ids)))
        .values(note=None)
        .execution_options(synchronize_session=False)
    )
