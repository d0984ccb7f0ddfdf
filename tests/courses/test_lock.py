"""Who changes something of a course may do so at the moment when it is theirs to change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, update

from tests import factories
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries
from trainings.courses.models import Course, CourseAgency
from trainings.courses.rules import CourseMove
from trainings.desk import move_operations
from trainings.nominations import operations as nomination_operations
from trainings.seats import operations as seat_operations
from trainings.selection import operations as selection_operations
from trainings.tables import operations as seating
from trainings.tables.rules import Layout


def _nominate(course_id: str, by: Viewer) -> None:
    nomination_operations.reconsider(course_id, [], by)


def _select(course_id: str, by: Viewer) -> None:
    selection_operations.select(course_id, [], by)


def _share_out(course_id: str, by: Viewer) -> None:
    seat_operations.set_blocks(course_id, {}, by)


def _seat(course_id: str, by: Viewer) -> None:
    seating.set_tables(course_id, Layout(1, 8), by)


def _cancel(_course_id: str, by: Viewer) -> None:
    move_operations.move_course(by, "BUE27", CourseMove.CANCEL, "Floods")


@pytest.mark.parametrize("act", [_nominate, _select, _share_out, _seat, _cancel])
def test_who_lost_a_course_while_they_waited_for_its_lock_does_nothing(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, act: Callable[[str, Viewer], None]
) -> None:
    lead, other = factories.account(Role.ORGANISER, agency="IOM"), factories.agency_id("UNODC")
    course_id = factories.course()
    lock = queries.lock_course

    def waited(course_id: str) -> None:
        """Another's transaction gave the course to another agency before it let go of the lock."""
        db.session.execute(delete(CourseAgency).where(CourseAgency.course_id == course_id))
        db.session.execute(
            update(Course).where(Course.id == course_id).values(lead_agency_id=other)
        )
        lock(course_id)

    monkeypatch.setattr(queries, "lock_course", waited)
    with pytest.raises(NotFound):
        act(course_id, lead)
