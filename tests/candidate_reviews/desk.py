"""A course with candidates and two readers, for the tests of reading."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.candidate_reviews import operations, queries
from trainings.candidate_reviews.models import CandidateReview
from trainings.candidate_reviews.rules import SHOWN_AT_FIRST, Reading
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.registrations.rules import State

READERS = "/courses/BUE27/selection/readers"
READING = "/courses/BUE27/selection/reading"


@dataclass
class Desk:
    """The course, its organiser, the two readers, and the numbers of the candidates."""

    course: str
    by: Viewer
    readers: tuple[Viewer, Viewer]
    numbers: list[str]

    def share(self) -> operations.Shares:
        """Share the candidates out."""
        return operations.share_out(self.course, self.by)

    def score(self, reader: int, score: int, note: str = "", candidate: int = 0) -> None:
        """One of the readers scores a candidate."""
        operations.score(self.course, self.numbers[candidate], score, note, by=self.readers[reader])

    def reading(self, candidate: int = 0) -> Reading:
        """What is thought of a candidate now."""
        found = acting.registration(self.numbers[candidate])
        return queries.reading_of(found.id)


def reader(name: str) -> Viewer:
    """Somebody of one of the course's agencies."""
    return factories.account(Role.ORGANISER, agency="INTERPOL", name=(name, "Lectora"))


def desk() -> Desk:
    """Two candidates of Bolivia, endorsed, and two readers."""
    course = factories.course()
    by = acting.organiser()
    readers = (reader("Uma"), reader("Dora"))
    numbers = [acting.standing(course, State.ENDORSED, priority=n)[0] for n in (1, 2)]
    accounts = [one.account_id or "" for one in readers]
    operations.set_readers(course, accounts, SHOWN_AT_FIRST, by)
    return Desk(course, by, readers, numbers)


def reviews() -> list[CandidateReview]:
    """Everything that was given to read, as it is in the database now."""
    db.session.close()
    return list(db.session.scalars(select(CandidateReview)))
