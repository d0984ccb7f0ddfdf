"""Shares out the seats of a course among countries and functions, and releases them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import new_key, transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import ENDED, CourseState
from trainings.registrations import seat_queries, seat_writes
from trainings.registrations.candidate_rules import CourseEnded, check_invited
from trainings.registrations.models import SeatBlock
from trainings.registrations.seating_rules import Cell, check_seats

Seats = Mapping[tuple[str | None, str | None], int]


def set_blocks(course_id: str, seats: Seats, by: Viewer, *, capacity: int | None = None) -> None:
    """Share out the seats anew: by (country or none, function or none), the whole table.

    Cells left out have none. They add up to the capacity, which can be changed with them; no
    block shrinks below those who hold its seats. What becomes free is offered at once. Raises
    ``SeatsRefused`` and what ``check_invited`` raises.
    """
    with transaction() as session:
        course = courses.course_locked(by, Permission.SEATS_EDIT, course_id)
        if course.state in ENDED:
            raise CourseEnded
        wanted = {Cell(*cell): count for cell, count in seats.items()}
        for cell in wanted:
            check_invited(
                cell.country or course.countries[0], cell.function or course.functions[0],
                course.countries, course.functions,
            )  # fmt: skip
        room = course.capacity if capacity is None else capacity
        rows = {Cell(row.country, row.function): row for row in seat_queries.blocks(course.id)}
        before = {cell: row.seats for cell, row in rows.items()}
        check_seats(wanted, room, _holders(course.id))
        for cell, row in rows.items():
            _resize(session, row, wanted.get(cell, 0))
        for cell, count in wanted.items():
            if cell not in rows and count > 0:
                session.add(
                    SeatBlock(
                        id=new_key(), course_id=course.id, country=cell.country,
                        function=cell.function, seats=count,
                    )
                )  # fmt: skip
        course.capacity = room
        session.flush()
        record(
            session, "seats.edit", "course", course.id, by=by.account_id, course_id=course.id,
            capacity=room,
            changed=[
                [cell.country, cell.function, before.get(cell, 0), wanted.get(cell, 0)]
                for cell in sorted({*before, *wanted}, key=str)
                if before.get(cell, 0) != wanted.get(cell, 0)
            ],
        )  # fmt: skip
        _fill(session, course)


def _holders(course_id: str) -> dict[Cell, int]:
    now = seat_queries.seating(course_id)
    cells = {block.id: Cell(block.country, block.function) for block in now.blocks}
    counts: dict[Cell, int] = {}
    for holders, count in now.held.items():
        cell = cells[holders.block]
        counts[cell] = counts.get(cell, 0) + count
    return counts


def _resize(session: Session, row: SeatBlock, seats: int) -> None:
    if seats < row.seats:
        seat_writes.renumber(session, row.id)
    row.seats = seats


def _fill(session: Session, course: Course) -> None:
    """Offer what became free, where the course already moves."""
    if course.state is CourseState.DRAFT:
        return
    seat_writes.fill_seats(session, course)
    seat_writes.schedule_release(session, course)


def release(course_id: str) -> None:
    """Give the free seats of country blocks to all, once the release date is over; a job.

    Safe to run twice. Where the date has moved away, it comes back then.
    """
    with transaction() as session:
        course = courses.course_for_update(course_id)
        if course.released_at is not None:
            return
        if clock.now() <= clock.end_of(course.release_on, course.zone):
            seat_writes.schedule_release(session, course)
            return
        if course.state not in {*ENDED, CourseState.DRAFT}:
            seat_writes.fill_seats(session, course)


def promote(course_id: str) -> None:
    """Offer free seats to those who wait; a job for when seats came from elsewhere."""
    with transaction() as session:
        course = courses.course_for_update(course_id)
        if course.state not in {*ENDED, CourseState.DRAFT}:
            seat_writes.fill_seats(session, course)
