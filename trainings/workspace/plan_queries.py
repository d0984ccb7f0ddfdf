"""Looks up the courses that someone is planning."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.workspace.models import CoursePlan


def plan_of(viewer: Viewer, plan_id: str) -> CoursePlan:
    """A plan of the viewer's own. Raises ``NotFound``."""
    found = db.session.get(CoursePlan, plan_id)
    if found is None or found.account_id != viewer.account_id:
        raise NotFound
    return found


def plan_for_update(viewer: Viewer, plan_id: str) -> CoursePlan:
    """The same, its row locked. Raises ``NotFound``."""
    found: CoursePlan | None = db.session.scalar(
        for_update(select(CoursePlan).where(CoursePlan.id == plan_id)),
        execution_options={"populate_existing": True},
    )
    if found is None or found.account_id != viewer.account_id:
        raise NotFound
    return found


def plans_of(viewer: Viewer) -> Sequence[CoursePlan]:
    """The courses that the viewer is planning, the last changed first."""
    return db.session.scalars(
        select(CoursePlan)
        .where(CoursePlan.account_id == viewer.account_id)
        .order_by(CoursePlan.changed_at.desc())
    ).all()
