"""Counts across the domains for one course: tabs, seats, what is missing, what its moves need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from trainings.agenda.models import AgendaSession, Assignment
from trainings.agenda.rules import SessionKind
from trainings.attendance.models import AttendanceMark
from trainings.attendance.result_queries import results_missing
from trainings.certificates.models import Certificate
from trainings.certificates.rules import Status
from trainings.certificates.waiver_queries import how_many_wait
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.courses.access_rules import Standing
from trainings.courses.checklist_rules import CourseFacts
from trainings.courses.models import Course
from trainings.mail.models import OutboxMail
from trainings.people.models import Person
from trainings.registrations.models import Move, Registration, SeatBlock
from trainings.registrations.rules import HOLDS_SEAT, State
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation
from trainings.seating.queries import without_place
from trainings.workspace.rules import Balance, Missing, Numbers, balance

_TAUGHT = (SessionKind.MODULE, SessionKind.TEST)
_UNDECIDED = (State.NOMINATED, State.APPLIED, State.ENDORSED)
_SCOPE = {"scope": "viewer"}  # every function here takes a course that was loaded in scope


def _count(*conditions: Any) -> Any:
    return select(func.count()).where(*conditions).scalar_subquery()


def _registrations(course_id: str, *states: State) -> Any:
    conditions = [Registration.course_id == course_id]
    if states:
        conditions.append(Registration.state.in_(states))
    return _count(*conditions)


def _one(statement: Select[Any]) -> Any:
    return db.session.execute(statement.execution_options(**_SCOPE)).one()


def numbers(course_id: str) -> Numbers:
    """The numbers beside a course's tabs, in one statement."""
    row = _one(
        select(
            _registrations(course_id),
            _registrations(course_id, *HOLDS_SEAT),
            _count(AgendaSession.course_id == course_id, AgendaSession.kind.in_(_TAUGHT)),
            _count(
                CourseTrainer.course_id == course_id,
                CourseTrainer.state.in_((Invitation.INVITED, Invitation.ACCEPTED)),
            ),
            _count(
                Certificate.course_id == course_id,
                Certificate.status.in_((Status.ISSUED, Status.READY)),
            ),
            _count(OutboxMail.course_id == course_id, OutboxMail.state == "waiting"),
        )
    )
    return Numbers(*row)


def seat_balance(course_id: str) -> Balance:
    """Who sits on the taken seats of a course, by country and function, and how many women."""
    groups = db.session.execute(
        select(
            Registration.country,
            Registration.function,
            func.count(),
            func.sum(case((Person.sex == "F", 1), else_=0)),
            func.sum(case((Person.sex.is_not(None), 1), else_=0)),
        )
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.course_id == course_id, Registration.state.in_(HOLDS_SEAT))
        .group_by(Registration.country, Registration.function)
        .execution_options(**_SCOPE)
    )
    return balance([(*row,) for row in groups])


def last_moves(course_id: str, limit: int = 6) -> Sequence[tuple[Move, Registration]]:
    """The last steps of a course's registrations, the newest first; by number, nobody named."""
    return db.session.execute(
        select(Move, Registration)
        .join(Registration, Registration.id == Move.registration_id)
        .where(Move.course_id == course_id, Move.act != "reseat")
        .order_by(Move.number.desc())
        .limit(limit)
        .execution_options(**_SCOPE)
    ).all()


def next_day(course_id: str, today: date) -> Sequence[AgendaSession]:
    """The sessions of the next day of a course that has not passed; empty where there is none."""
    first = (
        select(func.min(AgendaSession.day))
        .where(AgendaSession.course_id == course_id, AgendaSession.day >= today)
        .scalar_subquery()
    )
    return (
        db.session.scalars(
            select(AgendaSession)
            .where(AgendaSession.course_id == course_id, AgendaSession.day == first)
            .options(joinedload(AgendaSession.room))
            .order_by(AgendaSession.starts_at)
        )
        .unique()
        .all()
    )


def _without_trainer(course_id: str) -> Any:
    return _count(
        AgendaSession.course_id == course_id,
        AgendaSession.kind.in_(_TAUGHT),
        ~exists().where(Assignment.session_id == AgendaSession.id),
    )


def _unmarked(course_id: str) -> Any:
    """Sessions over or begun in which somebody who confirmed has no mark."""
    marked = exists().where(
        AttendanceMark.session_id == AgendaSession.id,
        AttendanceMark.registration_id == Registration.id,
    )
    missing = (
        exists()
        .where(
            Registration.course_id == course_id,
            Registration.state == State.CONFIRMED,
            ~marked.correlate(AgendaSession, Registration),
        )
        .correlate(AgendaSession)
    )
    return _count(AgendaSession.course_id == course_id, AgendaSession.kind.in_(_TAUGHT), missing)


def _clashes(course_id: str) -> Any:
    """Sessions of the course whose room is taken at the same time by another session."""
    other = aliased(AgendaSession)
    return _count(
        AgendaSession.course_id == course_id,
        AgendaSession.room_id.is_not(None),
        exists().where(
            other.id != AgendaSession.id,
            other.room_id == AgendaSession.room_id,
            other.starts_utc < AgendaSession.ends_utc,
            other.ends_utc > AgendaSession.starts_utc,
        ),
    )


def facts(course: Course, *, has_reason: bool = True) -> CourseFacts:
    """Everything that the moves of a course depend on, in one statement."""
    row = _one(
        select(
            select(func.coalesce(func.sum(SeatBlock.seats), course.capacity))
            .where(SeatBlock.course_id == course.id)
            .scalar_subquery(),
            _registrations(course.id, *_UNDECIDED),
            _registrations(course.id, State.OFFERED),
            _registrations(course.id, State.CONFIRMED),
            _count(AgendaSession.course_id == course.id, AgendaSession.kind.in_(_TAUGHT)),
            _without_trainer(course.id),
            _unmarked(course.id),
            _clashes(course.id),
            _count(Certificate.course_id == course.id),
            _count(AgendaSession.course_id == course.id, AgendaSession.kind == SessionKind.TEST),
            results_missing(course.id),
        )
    )
    return CourseFacts(
        today=clock.today(course.zone),
        starts_on=course.starts_on,
        ends_on=course.ends_on,
        registration_closes_on=course.registration_closes_on,
        has_title=any(course.titles.values()),
        has_place=bool(course.city),
        capacity=course.capacity,
        seats_in_blocks=row[0],
        undecided=row[1],
        open_offers=row[2],
        confirmed=row[3],
        sessions=row[4],
        sessions_without_trainer=row[5],
        sessions_unmarked=row[6],
        clashes=row[7],
        certificates=row[8],
        asks_test=course.needs_test,
        tests=row[9],
        results_missing=row[10],
        has_reason=has_reason,
    )


def missing(course_id: str, now: datetime) -> Missing:
    """What is missing in a course; two statements."""
    waiting = db.session.execute(
        select(Registration.country, func.count())
        .where(
            Registration.course_id == course_id,
            Registration.state.in_((State.NOMINATED, State.APPLIED)),
        )
        .group_by(Registration.country)
        .order_by(Registration.country)
        .execution_options(**_SCOPE)
    )
    row = _one(
        select(
            _registrations(course_id, State.ENDORSED),
            _count(
                Registration.course_id == course_id,
                Registration.state.in_((State.OFFERED, State.CONFIRMED)),
                Registration.complete.is_(False),
            ),
            _count(
                Registration.course_id == course_id,
                Registration.state == State.OFFERED,
                Registration.offered_until <= now + timedelta(days=2),
            ),
            select(func.count())
            .select_from(Registration)
            .join(Person, Person.id == Registration.person_id)
            .where(
                Registration.course_id == course_id,
                Registration.state.in_((State.OFFERED, State.CONFIRMED, State.RESERVE)),
                Person.mail_bounced_at.is_not(None),
            )
            .scalar_subquery(),
            _without_trainer(course_id),
            _count(CourseTrainer.course_id == course_id, CourseTrainer.state == Invitation.INVITED),
            without_place(course_id),
            how_many_wait(course_id),
        )
    )
    return Missing([(country, number) for country, number in waiting], *row)


def sessions_of(course_id: str, account_id: str) -> Sequence[AgendaSession]:
    """The sessions that a trainer gives in a course, in order of time."""
    return (
        db.session.scalars(
            select(AgendaSession)
            .join(Assignment, Assignment.session_id == AgendaSession.id)
            .join(CourseTrainer, CourseTrainer.id == Assignment.course_trainer_id)
            .where(
                AgendaSession.course_id == course_id,
                CourseTrainer.trainer.has(account_id=account_id),
            )
            .options(joinedload(AgendaSession.room))
            .order_by(AgendaSession.starts_utc)
        )
        .unique()
        .all()
    )


def standing(course_id: str, viewer: Viewer) -> Standing:
    """How near somebody stands to a course by their own registrations and invitations."""
    if viewer.person_id is None:
        return Standing.STRANGER
    own = {"scope": "own"}
    registered = db.session.scalars(
        select(Registration.state)
        .where(Registration.course_id == course_id, Registration.person_id == viewer.person_id)
        .execution_options(**own)
    ).all()
    if any(state in (State.CONFIRMED, State.ATTENDED) for state in registered):
        return Standing.CONFIRMED
    invited = db.session.scalars(
        select(CourseTrainer.state)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .where(CourseTrainer.course_id == course_id, Trainer.account_id == viewer.account_id)
    ).all()
    if Invitation.ACCEPTED in invited:
        return Standing.CONFIRMED
    return Standing.INVOLVED if registered or Invitation.INVITED in invited else Standing.STRANGER


def numbers_of(course_id: str, persons: Collection[str]) -> dict[str, str]:
    """The newest registration number of each of these persons in a course."""
    rows = db.session.execute(
        select(Registration.person_id, Registration.number)
        .where(Registration.course_id == course_id, Registration.person_id.in_(list(persons)))
        .order_by(Registration.created_at)
        .execution_options(**_SCOPE)
    ).all()
    return {person: number for person, number in rows}  # noqa: C416
