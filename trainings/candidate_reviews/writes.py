"""Tells readers of their candidates, and deletes what was noted, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.candidate_reviews.models import CandidateReview
from trainings.courses.models import Course
from trainings.mail.writes import Letter, enqueue_each
from trainings.people import reading
from trainings.web.responses import external_path


def tell_readers(session: Session, course: Course, given: Mapping[str, int]) -> None:
    """Email readers how many more candidates they have to read; ``given``: by account."""
    persons = accounts.persons_of(given)
    languages, known = accounts.languages_of(given), reading.opened(persons.values())
    letters = [
        Letter(
            "candidates_given",
            to=known[person].mail,
            language=languages[person],
            person_id=person,
            course_id=course.id,
            context={
                "course": course,
                "name": known[person].name,
                "how_many": given[account],
                "page": external_path(f"/courses/{course.code}/selection/reading"),
            },
        )
        for account, person in persons.items()
        if person in known and known[person].mail
    ]
    enqueue_each(session, letters)


def forget_notes(session: Session, registration_ids: Collection[str]) -> None:
    """Forget what readers wrote about somebody; the bare scores stay, for counting."""
    session.execute(
        update(CandidateReview)
        .where(CandidateReview.registration_id.in_(list(registration_ids)))
        .values(note=None)
        .execution_options(synchronize_session=False)
    )
