"""Looks up saved views: one's own, and those of the course."""

from __future__ import annotations

from sqlalchemy import or_, select

from trainings.core import sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.saved_views.models import SavedView
from trainings.saved_views.rules import View


def label(view_id: str) -> str:
    """What a view's name is sealed for."""
    return f"saved_view|name|{view_id}"


def opened(row: SavedView) -> View:
    """A view with its name opened."""
    return View(row.id, sealed.unseal(row.name, label(row.id)), row.shared, row.asked)


def views(viewer: Viewer, course: Course) -> list[View]:
    """The views of a course loaded within the viewer's scope: the course's and their own."""
    rows = db.session.scalars(
        select(SavedView).where(
            SavedView.course_id == course.id,
            or_(SavedView.shared, SavedView.account_id == viewer.account_id),
        )
    )
    return sorted(map(opened, rows), key=lambda one: (not one.shared, one.name.casefold()))


def view_for(viewer: Viewer, course: Course, view_id: str) -> SavedView:
    """One of these views. Raises ``NotFound``."""
    found = db.session.scalar(
        select(SavedView)
        .where(
            SavedView.id == view_id,
            SavedView.course_id == course.id,
            or_(SavedView.shared, SavedView.account_id == viewer.account_id),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
