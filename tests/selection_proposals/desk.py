"""A course with endorsed candidates and few seats, for the tests of proposed selections."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.core import sealed
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.selection_proposals import operations, queries
from trainings.selection_proposals.models import SelectionProposal

PAGE = "/courses/BUE27/selection/proposal"


@dataclass
class Desk:
    """The course, its organiser, and the numbers of the candidates by name."""

    course: str
    by: Viewer
    numbers: dict[str, str]

    def state(self, name: str) -> State:
        """The state of a candidate now."""
        return acting.state(self.numbers[name])

    def states(self) -> dict[str, str]:
        """The states of all candidates now."""
        return {name: str(self.state(name)) for name in self.numbers}

    def ask(self, **minima: str) -> str:
        """Ask for a proposal; gives its id."""
        db.session.close()
        operations.ask(self.course, minima, self.by)
        found = kept()
        assert found is not None
        return found.id

    def propose(self, **minima: str) -> None:
        """Ask for a proposal and look for it, as the worker does."""
        operations.look(self.ask(**minima))
        db.session.close()

    def taken(self) -> set[str]:
        """The names of those who are proposed."""
        found = kept()
        assert found is not None
        ids = queries.opened(found).taken
        names = {acting.registration(number).id: name for name, number in self.numbers.items()}
        return {names[one] for one in ids}


def desk() -> Desk:
    """Two seats for Bolivia's judges, one open; three judges, two officers, one a woman."""
    course = factories.course(capacity=3)
    acting.share_out(course, {("BO", "judge"): 2})
    numbers = {
        name: acting.standing(
            course, State.ENDORSED, country=country, function=function, priority=place, sex=sex
        )[0]
        for name, country, function, place, sex in (
            ("first", "BO", "judge", 1, "M"),
            ("second", "BO", "judge", 2, "M"),
            ("third", "BO", "judge", 3, "F"),
            ("officer", "AR", "police", 1, "M"),
            ("colleague", "AR", "police", 2, "F"),
        )
    }
    return Desk(course, acting.organiser(), numbers)


def unit(number: str, name: str) -> None:
    """Say where a candidate works."""
    with transaction() as session:
        one = session.scalars(
            select(Registration)
            .where(Registration.number == number)
            .execution_options(scope="operation")
        ).one()
        one.unit = sealed.seal(name, f"registration|unit|{one.id}")


def kept() -> SelectionProposal | None:
    """What was asked for, as it is in the database now."""
    db.session.close()
    return db.session.scalars(select(SelectionProposal)).one_or_none()
