"""Looks up where a trainer works, which decides who may read and change what about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, exists, or_, select

from trainings.accounts.models import Account, AccountGrant
from trainings.core.db import ForOneOrEach, db
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.queries import OnRoster
from trainings.rosters.rules import TEACHING

Listed = TypeVar("Listed", Trainer, OnRoster)


_FEW = 10  # trainers of whom each is asked about


def works_elsewhere(account_id: str) -> bool:
    """Whether an account is a staff account, or has a role other than trainer."""
    return bool(db.session.scalar(select(has_other_work(account_id))))


def has_other_work(account_id: ForOneOrEach) -> ColumnElement[bool]:
    """The same as a part of a statement."""
    role = exists().where(
        AccountGrant.account_id == account_id,
        AccountGrant.ended_at.is_(None),
        AccountGrant.role != str(Role.TRAINER),
    )
    return or_(exists().where(Account.id == account_id, Account.staff), role)


def in_reach(viewer: Viewer, trainer: Trainer) -> bool:
    """Whether a viewer may contact and change a trainer: of their agency, or on their course."""
    return bool(reached(viewer, [trainer]))


def reached(viewer: Viewer, trainers: Sequence[Listed]) -> list[Listed]:
    """Those of some trainers whom a viewer may contact and change; one statement at most."""
    agencies = {grant.agency_id for grant in viewer.grants_with(Permission.ROSTER_EDIT)}
    others = [one.id for one in trainers if one.agency_id not in agencies]
    teaching: frozenset[str] = frozenset()
    if others:
        asked = (
            select(CourseTrainer.trainer_id)
            .join(Course, Course.id == CourseTrainer.course_id)
            .where(
                CourseTrainer.state.in_(sorted(TEACHING)),
                courses.within(viewer, Permission.ROSTER_EDIT),
            )
        )
        if len(others) <= _FEW:  # or else all who teach there: their courses are fewer
            asked = asked.where(CourseTrainer.trainer_id.in_(others))
        teaching = frozenset(db.session.scalars(asked))
    return [one for one in trainers if one.agency_id in agencies or one.id in teaching]


def teaches_beyond(viewer: Viewer, trainer: Trainer) -> bool:
    """Whether a trainer is invited to, or has a role in, a course outside the viewer's scope.

    Someone who could change their address could sign in to that course in their place.
    """
    asked = select(CourseTrainer.course_id).where(
        CourseTrainer.trainer_id == trainer.id, CourseTrainer.state.in_(sorted(TEACHING))
    )
    held = select(AccountGrant.course_id).where(
        AccountGrant.account_id == trainer.account_id,
        AccountGrant.role == str(Role.TRAINER),
        AccountGrant.ended_at.is_(None),
    )
    beyond = (
        select(Course.id)
        .where(
            or_(Course.id.in_(asked), Course.id.in_(held)),
            ~courses.within(viewer, Permission.ROSTER_EDIT),
        )
        .limit(1)
    )
    return db.session.scalar(beyond) is not None
