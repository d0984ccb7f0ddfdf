"""Looks up where a trainer works, which decides who may read and change what about them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, exists, or_, select

from trainings.accounts.models import Account, AccountGrant
from trainings.core.db import ForOneOrEach, db
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING


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


def reached(viewer: Viewer, trainers: Sequence[Trainer]) -> list[Trainer]:
    """Those of some trainers whom a viewer may contact and change; one statement at most."""
    agencies = _agencies(viewer)
    others = [one.id for one in trainers if one.agency_id not in agencies]
    teaching: frozenset[str] = frozenset()
    if others:
        asked = _teaching(viewer).where(CourseTrainer.trainer_id.in_(others))
        teaching = frozenset(db.session.scalars(asked))
    return [one for one in trainers if one.agency_id in agencies or one.id in teaching]


def reach(viewer: Viewer) -> ColumnElement[bool]:
    """The same as a condition: the trainers whom a viewer may contact and change."""
    own = Trainer.agency_id.in_(sorted(_agencies(viewer)))
    return or_(own, Trainer.id.in_(_teaching(viewer)))


def _agencies(viewer: Viewer) -> set[str]:
    grants = viewer.grants_with(Permission.ROSTER_EDIT)
    return {grant.agency_id for grant in grants if grant.agency_id is not None}


def _teaching(viewer: Viewer) -> Select[str]:
    """Who teaches on the viewer's courses, or is invited to."""
    return (
        select(CourseTrainer.trainer_id)
        .join(Course, Course.id == CourseTrainer.course_id)
        .where(
            CourseTrainer.state.in_(sorted(TEACHING)),
            courses.within(viewer, Permission.ROSTER_EDIT),
        )
    )


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
