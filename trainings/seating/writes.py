"""Changes tables and places inside someone's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from trainings.seating.models import TableLayout, TablePlace
from trainings.seating.rules import Layout, Place


def keep_layout(session: Session, course_id: str, layout: Layout) -> None:
    """Set how many tables and places there are."""
    row = session.get(TableLayout, course_id)
    if row is None:
        row = TableLayout(course_id=course_id)
        session.add(row)
    row.tables, row.places = layout.tables, layout.places
    session.flush()


def drop_layout(session: Session, course_id: str) -> None:
    """The course has no tables any more."""
    session.execute(delete(TableLayout).where(TableLayout.course_id == course_id))


def free(session: Session, registration_ids: Collection[str]) -> None:
    """Take places back; whoever had them has none."""
    if registration_ids:
        session.execute(
            delete(TablePlace).where(TablePlace.registration_id.in_(sorted(registration_ids)))
        )


def free_all(session: Session, course_id: str) -> None:
    """Take all places of a course back, and the places of those who left it."""
    session.execute(delete(TablePlace).where(TablePlace.course_id == course_id))


def give(session: Session, course_id: str, places: Mapping[str, Place]) -> None:
    """Give people, who have none, a place each."""
    if places:
        session.execute(
            insert(TablePlace),
            [
                {"registration_id": key, "course_id": course_id, "table_no": place.table,
                 "place_no": place.number}
                for key, place in sorted(places.items())
            ],
        )  # fmt: skip
