"""What a course's moves need to know: whom to notify, which sessions are outside the dates."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from trainings.accounts.models import Account, AccountGrant
from trainings.agenda.models import AgendaSession
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING, Invitation


def sessions_outside(course: Course) -> int:
    """How many sessions of a course are outside its dates."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AgendaSession)
            .where(
                AgendaSession.course_id == course.id,
                (AgendaSession.day < course.starts_on) | (AgendaSession.day > course.ends_on),
            )
        )
        or 0
    )


def focal_point_persons(countries: Sequence[str], functions: Sequence[str]) -> dict[str, str]:
    """The people who nominate for these countries: person ids with their language."""
    rows = db.session.execute(
        select(Account.person_id, Account.language, AccountGrant.functions)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.role == Role.FOCAL_POINT,
            AccountGrant.ended_at.is_(None),
            AccountGrant.country.in_(countries),
            Account.disabled_at.is_(None),
        )
    )
    return {
        person: language
        for person, language, some in rows
        if not some or set(some) & set(functions)
    }


def trainer_persons(course_id: str, states: Collection[Invitation] = TEACHING) -> dict[str, str]:
    """The trainers of a course who have not declined: person ids with their language."""
    rows = db.session.execute(
        select(Trainer.person_id, Person.language)
        .join(CourseTrainer, CourseTrainer.trainer_id == Trainer.id)
        .join(Person, Person.id == Trainer.person_id)
        .where(CourseTrainer.course_id == course_id, CourseTrainer.state.in_(sorted(states)))
        .execution_options(scope="operation")
    ).all()
    return {person: language for person, language in rows}  # noqa: C416
