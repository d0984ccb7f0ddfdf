"""Looks up the courses that someone is planning."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.planning.models import CoursePlan
from trainings.planning.setting_rules import SourceNotYours


def plan_of(viewer: Viewer, plan_id: str) -> CoursePlan:
    """A plan of the viewer's own. Raises ``NotFound``."""
    found = db.session.get(CoursePlan, plan_id)
    if found is None or found.account_id != viewer.account_id:
        raise NotFound
    return found


def plan_for_update(viewer: Viewer, plan_id: str) -> CoursePlan:
    """The same with its row locked. Raises ``NotFound``."""
    found: CoursePlan | None = db.session.scalar(
        for_update(select(CoursePlan).where(CoursePlan.id == plan_id)),
        execution_options={"populate_existing": True},
    )
    if found is None or found.account_id != viewer.account_id:
        raise NotFound
    return found


def source_of(viewer: Viewer, plan: CoursePlan) -> Course | None:
    """The course a plan is like, asked at each step, since rights end; none if from scratch.

    Raises ``SourceNotYours``.
    """
    if plan.source_id is None:
        return None
    try:
        return courses.course_by_id(viewer, Permission.COURSE_CREATE, plan.source_id)
    except NotFound:
        raise SourceNotYours from None


def plans_of(viewer: Viewer) -> Sequence[CoursePlan]:
    """The courses that the viewer is planning, the most recently changed first."""
    return db.session.scalars(
        select(CoursePlan)
        .where(CoursePlan.account_id == viewer.account_id)
        .order_by(CoursePlan.changed_at.desc())
    ).all()
