"""Counts across the domains for one course: tabs, seats, open tasks, what its moves need."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, bindparam, case, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from trainings.agenda.models import AgendaSession, Assignment
from trainings.agenda.rules import COUNTED, SessionKind
from trainings.attendance.models import AttendanceMark
from trainings.attendance.result_queries import results_missing
from trainings.candidate_reviews.models import CandidateReader, CandidateReview
from trainings.core import clock
from trainings.core.db import ForOneOrEach, count_of, db
from trainings.core.permissions import Viewer
from trainings.courses.access_rules import Nearness
from trainings.courses.models import Course
from trainings.desk import counted_queries
from trainings.desk.checklist_rules import CourseFacts
from trainings.desk.rules import MOST_SHOWN, Balance, Numbers, balance
from trainings.mail.models import OutboxMail
from trainings.mail.rules import MailState
from trainings.materials.models import Material
from trainings.register.models import Certificate
from trainings.registrations import filter_queries
from trainings.registrations import queries as registrations
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.listing_rules import Problem
from trainings.registrations.models import HistoryStep, Registration
from trainings.registrations.rules import HOLDS_SEAT, State
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import GIVING, Invitation

_UNDECIDED = (State.NOMINATED, State.APPLIED, State.ENDORSED)
_IS_TAUGHT = AgendaSession.kind.in_(sorted(COUNTED))
_SCOPE = {"scope": "viewer"}  # all functions here take a course loaded within the viewer's scope


def in_one(statement: Select[Any], values: Mapping[str, Any] | None = None) -> Any:
    """The one row of a statement made of such parts, within the viewer's scope."""
    return db.session.execute(statement, values, execution_options=_SCOPE).one()


def numbers(course_id: str, account_id: str | None = None) -> Numbers:
    """The numbers on a course's tabs; ``account_id``: whose page it is."""
    people, counted = headcount(course_id), counted_queries.counted([course_id])[course_id]
    asked = {"course": course_id, "account": account_id, "most": MOST_SHOWN + 1}
    row = in_one(_on_tabs(), asked)
    return Numbers(people.total, people.number(HOLDS_SEAT), counted.certificates, *row)


@cache
def _on_tabs() -> Select[Any]:
    """The statement that all pages of courses ask, put together once."""
    course, account = bindparam("course", type_=String), bindparam("account", type_=String)
    return select(
        count_of(AgendaSession.course_id == course, _IS_TAUGHT),
        count_of(
            CourseTrainer.course_id == course,
            CourseTrainer.state.in_((Invitation.INVITED, Invitation.ACCEPTED)),
        ),
        count_of(OutboxMail.course_id == course, OutboxMail.state == MailState.WAITING),
        count_of(Material.course_id == course),
        count_of(CandidateReader.course_id == course, CandidateReader.account_id == account),
        _to_read(course, account),
    )


def _to_read(course: ColumnElement[str], account: ColumnElement[str]) -> Any:
    """How many candidates an account has to read, counted up to one more than a tab shows."""
    unread = select(CandidateReview.id).where(
        CandidateReview.course_id == course,
        CandidateReview.account_id == account,
        CandidateReview.score.is_(None),
        CandidateReview.registration_id == Registration.id,
        Registration.state.in_(_UNDECIDED),
    )
    found = unread.limit(bindparam("most", type_=Integer)).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def seat_balance(course_id: str) -> Balance:
    """Who has the taken seats of a course, by country and function, and how many are women."""
    groups = db.session.execute(
        select(
            Registration.country,
            Registration.function,
            func.count(),
            func.sum(case((Registration.sex == "F", 1), else_=0)),
            func.sum(case((Registration.sex.is_not(None), 1), else_=0)),
        )
        .where(Registration.course_id == course_id, Registration.state.in_(HOLDS_SEAT))
        # by state as well, as the index has them, so that nothing is sorted
        .group_by(Registration.state, Registration.country, Registration.function)
        .execution_options(**_SCOPE)
    )
    return balance([(*row,) for row in groups])


def last_moves(course_id: str, limit: int = 6) -> Sequence[tuple[HistoryStep, Registration]]:
    """The latest steps of a course's registrations, newest first; by number, without names.

    Said as a range and in its order: for an equal course PostgreSQL goes back through all courses.
    """
    return db.session.execute(
        select(HistoryStep, Registration)
        .join(Registration, Registration.id == HistoryStep.registration_id)
        .where(HistoryStep.course_id.between(course_id, course_id), HistoryStep.act != "reseat")
        .order_by(HistoryStep.course_id.desc(), HistoryStep.number.desc())
        .limit(limit)
        .execution_options(**_SCOPE)
    ).all()


def next_day(course_id: str, today: date) -> Sequence[AgendaSession]:
    """The sessions on the next day of a course, today included; empty if there are none."""
    first = (
        select(func.min(AgendaSession.day))
        .where(AgendaSession.course_id == course_id, AgendaSession.day >= today)
        .scalar_subquery()
    )
    return (
        db.session.scalars(
            select(AgendaSession)
            .where(AgendaSession.course_id == course_id, AgendaSession.day == first)
            .options(joinedload(AgendaSession.room), joinedload(AgendaSession.module))
            .order_by(AgendaSession.starts_at)
        )
        .unique()
        .all()
    )


def without_trainer(course_id: ForOneOrEach) -> Any:
    """How many modules and tests of a course have no trainer, as a part of a statement."""
    return count_of(
        AgendaSession.course_id == course_id,
        _IS_TAUGHT,
        ~exists().where(
            Assignment.session_id == AgendaSession.id, Assignment.role.in_(sorted(GIVING))
        ),
    )


def _unmarked(course_id: str) -> Any:
    """Counts sessions that have begun and in which a confirmed participant has no mark."""
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
    return count_of(AgendaSession.course_id == course_id, _IS_TAUGHT, missing)


def _clashes(course_id: str) -> Any:
    """Counts sessions whose room is taken at the same time by another session."""
    other = aliased(AgendaSession)
    return count_of(
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
    """Everything that the moves of a course depend on, in one statement beside its headcount."""
    people = headcount(course.id)
    row = in_one(
        select(
            count_of(AgendaSession.course_id == course.id, _IS_TAUGHT),
            without_trainer(course.id),
            _unmarked(course.id),
            _clashes(course.id),
            count_of(Certificate.course_id == course.id),
            count_of(AgendaSession.course_id == course.id, AgendaSession.kind == SessionKind.TEST),
            results_missing(course.id),
            count_of(
                Registration.course_id == course.id, *filter_queries.troubled(Problem.UNNAMED)
            ),
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
        seats_in_blocks=course.capacity if people.seats is None else people.seats,
        undecided=people.number(_UNDECIDED),
        open_offers=people.number([State.OFFERED]),
        confirmed=people.number([State.CONFIRMED]),
        sessions=row[0],
        sessions_without_trainer=row[1],
        sessions_unmarked=row[2],
        clashes=row[3],
        certificates=row[4],
        asks_test=course.needs_test,
        tests=row[5],
        results_missing=row[6],
        unnamed=row[7],
        has_reason=has_reason,
    )


def still_there(session_ids: Collection[str]) -> frozenset[str]:
    """Those of published sessions that the agenda still has, so that people can be marked there."""
    found = select(AgendaSession.id).where(AgendaSession.id.in_(list(session_ids)))
    return frozenset(db.session.scalars(found)) if session_ids else frozenset()


def standing(course_id: str, viewer: Viewer) -> Nearness:
    """How closely somebody is involved: by registrations, an unsent application, invitations."""
    if viewer.person_id is None:
        return Nearness.STRANGER
    own = {"scope": "own"}
    registered = db.session.scalars(
        select(Registration.state)
        .where(Registration.course_id == course_id, Registration.person_id == viewer.person_id)
        .execution_options(**own)
    ).all()
    near = max((state.nearness for state in registered), default=Nearness.STRANGER)
    if near is Nearness.CONFIRMED:
        return near
    invited = db.session.scalars(
        select(CourseTrainer.state)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .where(CourseTrainer.course_id == course_id, Trainer.account_id == viewer.account_id)
    ).all()
    near = max([near, *(state.nearness for state in invited)])
    if near is Nearness.STRANGER and registrations.draft(viewer, course_id) is not None:
        return Nearness.INVOLVED
    return near


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
