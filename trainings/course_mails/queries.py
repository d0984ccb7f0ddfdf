"""Looks up whom a course's emails go to, which are still to come, which messages wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from trainings.accounts.models import Account, AccountGrant
from trainings.core.db import db, those_of
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.course_mails.message_rules import MessageTo, NobodyMeant, Recipients
from trainings.course_mails.models import WaitingMessage
from trainings.course_mails.queue_rules import TRUE_WHILE
from trainings.courses.models import Course
from trainings.jobs.models import Job
from trainings.mail.models import OutboxMail
from trainings.mail.rules import MailState
from trainings.mailings.models import Mailing
from trainings.mailings.rules import MailingState
from trainings.people.models import Person
from trainings.registrations import locked_queries
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING, Invitation

_SCOPE = {"scope": "viewer"}  # all functions here take a course loaded within the viewer's scope


def numbers_of(course_id: str, persons: Collection[str]) -> dict[str, str]:
    """The latest registration number of each of these persons in a course."""
    rows = db.session.execute(
        select(Registration.person_id, Registration.number)
        .where(those_of(Registration.course_id, course_id, Registration.person_id, persons))
        .order_by(Registration.created_at, Registration.id)
        .execution_options(**_SCOPE)
    ).all()
    return {person: number for person, number in rows}  # noqa: C416


def on_hold(course_id: str) -> dict[str, int]:
    """How many emails of each kind are on hold, written or still to be written; most first."""
    kept_back = (
        (OutboxMail, OutboxMail.state == MailState.ON_HOLD, func.count()),
        (Mailing, Mailing.state == MailingState.ON_HOLD, func.sum(Mailing.total - Mailing.written)),
    )
    found = Counter[str]()
    for table, held, number in kept_back:
        rows = select(table.event, number).where(table.course_id == course_id, held)
        for event, total in db.session.execute(rows.group_by(table.event)):
            found[event] += total
    return dict(found.most_common())


def registration_of(course_id: str, person_id: str) -> Registration | None:
    """The latest registration of somebody in a course, with the person."""
    return db.session.scalar(
        select(Registration)
        .where(Registration.course_id == course_id, Registration.person_id == person_id)
        .options(joinedload(Registration.person, innerjoin=True))
        .order_by(Registration.created_at.desc(), Registration.id)
        .limit(1)
        .execution_options(**_SCOPE)
    )


def some_registration(course_id: str, event: str) -> Registration | None:
    """A registration to show an email with: one it could go to, else any; none if nobody is."""
    fits = Registration.state.in_(sorted(TRUE_WHILE.get(event, frozenset(State))))
    return _first([Registration.course_id == course_id], fits.desc())


def _first(conditions: Sequence[ColumnElement[bool]], *order: Any) -> Registration | None:
    """The first of some registrations, with the person; an index says which, no row of others."""
    first = (
        select(Registration.id)
        .where(*conditions)
        .order_by(*order, Registration.created_at, Registration.id)
        .limit(1)
    )
    return db.session.scalar(
        select(Registration)
        .where(Registration.id == first.scalar_subquery())
        .options(joinedload(Registration.person, innerjoin=True))
        .execution_options(**_SCOPE)
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


def candidates_meant(course: Course, to: MessageTo) -> list[Registration]:
    """The registrations of a group of candidates, with their persons."""
    found = locked_queries.with_persons(course.id, to.recipients.states)
    return [one for one in found if to.means(one.country, one.function)]


def staff_meant(course: Course, to: MessageTo) -> dict[str, str]:
    """The trainers or focal points of a group: person ids with their language.

    Trainers have no country here: all who accepted are meant.
    """
    if to.recipients is Recipients.TRAINERS:
        return trainer_persons(course.id, {Invitation.ACCEPTED})
    return focal_point_persons(to.countries or course.countries, to.functions or course.functions)


def meant(course: Course, to: MessageTo) -> list[Registration] | dict[str, str]:
    """Who belongs to a group now: registrations, or person ids of staff with their language.

    Raises ``NobodyMeant``.
    """
    found = candidates_meant(course, to) if to.recipients.states else staff_meant(course, to)
    if not found:
        raise NobodyMeant
    return found


def conditions(course: Course, to: MessageTo) -> list[ColumnElement[bool]]:
    """What is true of the registrations of a group of candidates, and of no others."""
    return [
        Registration.course_id == course.id,
        Registration.state.in_(sorted(to.recipients.states)),
        *([Registration.country.in_(to.countries)] if to.countries else []),
        *([Registration.function.in_(to.functions)] if to.functions else []),
    ]


class Group(NamedTuple):
    """Who belongs to a group now: how many, and one of them, to show what they would read."""

    number: int
    one: Registration | str  # a registration with its person, or the person of a member of staff


def group_of(course: Course, to: MessageTo) -> Group:
    """How many belong to a group now, and one of them. Raises ``NobodyMeant``."""
    if not to.recipients.states:
        staff = staff_meant(course, to)
        if not staff:
            raise NobodyMeant
        return Group(len(staff), next(iter(staff)))
    number, one = number_of(course, to), _first(conditions(course, to))
    if one is None:
        raise NobodyMeant
    return Group(number, one)


def number_of(course: Course, to: MessageTo) -> int:
    """How many belong to a group now. Raises ``NobodyMeant``."""
    if to.recipients.states:
        number = headcount(course.id).number(to.recipients.states, to.countries, to.functions)
    else:
        number = len(staff_meant(course, to))
    if not number:
        raise NobodyMeant
    return number


def languages_of(course: Course, to: MessageTo) -> dict[str, int]:
    """How many of a group read our emails in each language."""
    if not to.recipients.states:
        return dict(Counter(staff_meant(course, to).values()))
    rows = db.session.execute(
        select(Person.language, func.count())
        .join(Registration, Registration.person_id == Person.id)
        .where(*conditions(course, to))
        .group_by(Person.language)
        .execution_options(**_SCOPE)
    ).all()
    return {language: number for language, number in rows}  # noqa: C416


def waiting_message(course_id: str, message_id: str) -> WaitingMessage:
    """One message of a course that waits for a second organiser. Raises ``NotFound``."""
    found = db.session.get(WaitingMessage, message_id)
    if found is None or found.course_id != course_id:
        raise NotFound
    return found


def waiting_messages(course_id: str) -> Sequence[WaitingMessage]:
    """The messages of a course that wait for a second organiser, oldest first."""
    return db.session.scalars(
        select(WaitingMessage)
        .where(WaitingMessage.course_id == course_id)
        .order_by(WaitingMessage.at, WaitingMessage.id)
    ).all()


class Reminder(NamedTuple):
    """A reminder that is still to come."""

    number: str
    person_id: str
    at: datetime


def reminders(course_id: str) -> list[Reminder]:
    """The reminders of open offers that are still to come, in their order of time."""
    rows = db.session.execute(
        select(
            Registration.number,
            Registration.person_id,
            Registration.offered_until,
            Job.payload["until"].as_string(),
            Job.run_at,
        )
        .join(Job, Job.payload["registration_id"].as_string() == Registration.id)
        .where(
            Job.task == "registrations.remind",
            Job.state == "waiting",
            Registration.course_id == course_id,
            Registration.state == State.OFFERED,
        )
        .order_by(Job.run_at, Job.id)
        .execution_options(**_SCOPE)
    )
    return [
        Reminder(number, person_id, at)
        for number, person_id, until, deadline, at in rows
        # a deadline that was moved has reminders of its own
        if until is not None and until.isoformat() == deadline
    ]
