"""Saves, renames and deletes views of a course's candidates."""

from __future__ import annotations

from collections.abc import Mapping

from trainings.audit.writes import record
from trainings.core import clock, sealed, versions
from trainings.core.db import new_key, transaction
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.courses import queries as courses
from trainings.saved_views import queries
from trainings.saved_views.models import SavedView
from trainings.saved_views.rules import (
    LONGEST_NAME,
    MOST,
    NothingToKeep,
    TooManyViews,
    asked_of,
    check_name,
)

READ = Permission.REGISTRATION_READ


def save(course_id: str, name: str, shared: bool, query: Mapping[str, str], by: Viewer) -> str:
    """Keep filters and columns under a name; gives the view's id.

    Raises ``NameTaken``, ``TooManyViews``, ``NothingToKeep``, ``NotFound``.
    """
    name, asked = clean(name, LONGEST_NAME), asked_of(query)
    with transaction() as session:
        course = courses.course_locked(by, READ, course_id)
        if not asked:
            raise NothingToKeep
        there = [one for one in queries.views(by, course) if one.shared is shared]
        if len(there) >= MOST:
            raise TooManyViews
        check_name(name, there)
        key = new_key()
        made = SavedView(
            id=key,
            course_id=course.id,
            account_id=by.account_id,
            shared=shared,
            name=sealed.seal(name, queries.label(key)),
            asked=asked,
            at=clock.now(),
        )
        session.add(made)
        if shared:
            record(session, "view.save", "course", course.id, by=by.account_id, course_id=course.id)
        return key


def rename(course_id: str, view_id: str, name: str, shared: bool, by: Viewer) -> None:
    """Give a view another name, or to everyone who organises the course.

    A view of the course that is taken back is its last changer's own. Raises ``NameTaken``,
    ``TooManyViews``, ``NotFound``.
    """
    name = clean(name, LONGEST_NAME)
    with transaction() as session:
        course = courses.course_locked(by, READ, course_id)
        view = queries.view_for(by, course, view_id)
        versions.check()
        there = [
            one for one in queries.views(by, course) if one.shared is shared and one.id != view.id
        ]
        if len(there) >= MOST:
            raise TooManyViews
        check_name(name, there)
        moved = view.shared is not shared
        view.name = sealed.seal(name, queries.label(view.id))
        if moved:
            view.shared, view.account_id = shared, by.account_id or ""
        if moved or shared:
            record(
                session, "view.change", "course", course.id, by=by.account_id, course_id=course.id
            )


def remove(course_id: str, view_id: str, by: Viewer) -> None:
    """Delete a view. Raises ``NotFound``."""
    with transaction() as session:
        course = courses.course_locked(by, READ, course_id)
        view = queries.view_for(by, course, view_id)
        if view.shared:
            record(
                session, "view.remove", "course", course.id, by=by.account_id, course_id=course.id
            )
        session.delete(view)
