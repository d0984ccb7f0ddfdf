"""Changes tables and places inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from trainings.tables.models import TableLayout, TablePlace
from trainings.tables.rules import Layout, Place


def keep_layout(session: Session, course_id: str, layout: Layout) -> None:
    """Set the number of tables and places."""
    row = session.get(TableLayout, course_id)
    if row is None:
        row = TableLayout(course_id=course_id)
        session.add(row)
    row.tables, row.places = layout.tables, layout.places
    session.flush()


def drop_layout(session: Session, course_id: str) -> None:
    """Remove the tables of a course."""
    session.execute(delete(TableLayout).where(TableLayout.course_id == course_id))


def free(session: Session, registration_ids: Collection[str]) -> None:
    """Free the places of these people, who then have none."""
    if registration_ids:
        session.execute(
            delete(TablePlace).where(TablePlace.registration_id.in_(sorted(registration_ids)))
        )


def free_all(session: Session, course_id: str) -> None:
    """Free all places of a course, including those of people who left it."""
    session.execute(delete(TablePlace).where(TablePlace.course_id == course_id))


def give(session: Session, course_id: str, places: Mapping[str, Place]) -> None:
    """Give a place to each of these people, who have none."""
    if places:
        session.execute(
            insert(TablePlace),
            [
                {
                    "registration_id": key,
                    "course_id": course_id,
                    "table_no": place.table,
                    "place_no": place.number,
                }
                for key, place in sorted(places.items())
            ],
        )
