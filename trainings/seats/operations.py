"""Distributes the seats of a course among countries and functions, and releases them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import new_key, transaction
from trainings.core.i18n import country_name
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import ENDED, CourseState
from trainings.people import queries as people
from trainings.registrations.candidate_rules import CourseEnded, check_invited
from trainings.registrations.models import SeatBlock
from trainings.seats import queries, writes
from trainings.seats.held_rules import HeldSeat, rehoused
from trainings.seats.placing_rules import Cell, Group, check_seats

Seats = Mapping[Cell, int] | Mapping[tuple[str | None, str | None], int]


def set_blocks(course_id: str, seats: Seats, by: Viewer, *, capacity: int | None = None) -> None:
    """Replace the seat distribution: by (country or none, function or none), the whole table.

    Cells left out have none. They add up to the capacity, which can be changed with them; no block
    shrinks below the people who sit in it. A seat held for a country and function moves to another
    block that fits where its own has no room any more. Freed seats are offered at once. Raises
    ``SeatsRefused`` and what ``check_invited`` raises.
    """
    with transaction() as session:
        course = courses.course_locked(by, Permission.SEATS_EDIT, course_id)
        if course.state in ENDED:
            raise CourseEnded
        versions.check()
        wanted = {Cell(*cell): count for cell, count in seats.items()}
        for cell in wanted:
            check_invited(
                cell.country or course.countries[0],
                cell.function or course.functions[0],
                course.countries,
                course.functions,
            )
        room = course.capacity if capacity is None else capacity
        rows = {Cell(row.country, row.function): row for row in queries.blocks(course.id)}
        before = {cell: row.seats for cell, row in rows.items()}
        taken = _taken(course.id)
        check_seats(wanted, room, taken)
        homes = rehoused(wanted, taken, _held(course, rows.values()))
        shrinking = [row.id for cell, row in rows.items() if wanted.get(cell, 0) < row.seats]
        writes.renumber(session, shrinking)
        for cell, row in rows.items():
            row.seats = wanted.get(cell, 0)
        for cell, count in wanted.items():
            if cell not in rows and count > 0:
                session.add(
                    SeatBlock(
                        id=new_key(),
                        course_id=course.id,
                        country=cell.country,
                        function=cell.function,
                        seats=count,
                    )
                )
        course.capacity = room
        session.flush()
        moved = _move_held(session, course, homes)
        record(
            session,
            "seats.edit",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            capacity=room,
            held_moved=moved,
            changed=[
                [cell.country, cell.function, before.get(cell, 0), wanted.get(cell, 0)]
                for cell in sorted({*before, *wanted}, key=str)
                if before.get(cell, 0) != wanted.get(cell, 0)
            ],
        )
        _fill(session, course)


def _taken(course_id: str) -> dict[Cell, int]:
    now = queries.seating(course_id)
    cells = {block.id: block.cell for block in now.blocks}
    counts: dict[Cell, int] = {}
    for holders, count in now.held.items():
        cell = cells[holders.block]
        counts[cell] = counts.get(cell, 0) + count
    return counts


def _held(course: Course, rows: Iterable[SeatBlock]) -> list[HeldSeat]:
    cells = {row.id: Cell(row.country, row.function) for row in rows}
    names = people.function_names()
    return [
        HeldSeat(
            one.id,
            Group(one.country, one.function),
            cells[one.block_id],
            f"{country_name(one.country)}, {names.get(one.function, one.function)}",
            one.until.astimezone(ZoneInfo(course.zone)).date(),
        )
        for one in queries.vacancies(course.id)
    ]


def _move_held(session: Session, course: Course, homes: Mapping[str, Cell]) -> int:
    """Put each held seat into its block; returns how many have moved."""
    blocks = {Cell(row.country, row.function): row.id for row in queries.blocks(course.id)}
    held = queries.vacancies(course.id)
    moving = [one for one in held if one.block_id != blocks[homes[one.id]]]
    for one in moving:
        one.block_id = blocks[homes[one.id]]
    session.flush()
    return len(moving)


def _fill(session: Session, course: Course) -> None:
    """Offer freed seats, unless the course is still a draft."""
    if course.state is CourseState.DRAFT:
        return
    writes.fill_seats(session, course)
    writes.schedule_release(session, course)


def release(course_id: str) -> None:
    """Release the free seats of country blocks to all, once the release date has passed; a job.

    Safe to run twice. If the date has been moved to later, the job is queued again for then.
    """
    with transaction() as session:
        course = courses.course_for_update(course_id)
        if course.released_at is not None:
            return
        if clock.now() <= clock.end_of(course.release_on, course.zone):
            writes.schedule_release(session, course)
            return
        if course.state not in {*ENDED, CourseState.DRAFT}:
            writes.fill_seats(session, course)


def promote(course_id: str) -> None:
    """Offer free seats to those on the reserve list; a job for seats that came from elsewhere."""
    with transaction() as session:
        course = courses.course_for_update(course_id)
        if course.state not in {*ENDED, CourseState.DRAFT}:
            writes.fill_seats(session, course)
