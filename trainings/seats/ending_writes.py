"""Changes a course's registrations when it ends, reopens or is cancelled."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from trainings.courses.models import Course
from trainings.mailings import writes as mailings
from trainings.registrations import locked_queries, mail_writes, rules
from trainings.registrations.rules import LIVE, Act, State
from trainings.registrations.writes import Moving, move_many
from trainings.seats import writes
from trainings.seats.hall_writes import Hall
from trainings.seats.placing_rules import Group


def close_course(
    session: Session, course: Course, were_there: Collection[str], *, by: str | None
) -> tuple[int, int]:
    """When a course is completed, mark each confirmed person as attended or as not attending.

    ``were_there`` holds the ids of registrations with any session present or late. Returns how many
    attended and how many did not.
    """
    there = set(were_there)
    confirmed = locked_queries.with_persons(course.id, {State.CONFIRMED})
    moves = [Moving(one, Act.CLOSE, rules.closed_to(one.id in there)) for one in confirmed]
    move_many(session, moves, by=by)
    attended = sum(1 for one in moves if one.to is State.ATTENDED)
    return attended, len(moves) - attended


def reopen_course(session: Session, course: Course, *, by: str | None) -> None:
    """Reopen a completed course: all who attended, or did not, are confirmed again."""
    hall = Hall(course.id, writes.seating_for_update(session, course))
    for one in locked_queries.with_persons(course.id, {State.ATTENDED, State.NO_SHOW}):
        placement = None
        if one.block_id is None:  # those who did not come had given the seat back
            placement = hall.place(Group(one.country, one.function))
        hall.move(one, Act.REOPEN, State.CONFIRMED, placement)
    move_many(session, hall.moves, by=by)


def cancel_all(session: Session, course: Course, reason: str, *, by: str | None) -> int:
    """End all live registrations of a cancelled course and tell everyone by email.

    Returns how many.
    """
    living = locked_queries.with_persons(course.id, LIVE)
    move_many(
        session, [Moving(one, Act.CANCEL, State.CANCELLED) for one in living], by=by, reason=reason
    )
    context = {"reason": reason}
    notices = [
        mail_writes.Notice("cancelled", one, with_link=False, context=context) for one in living
    ]
    mailings.tell_each(session, course, notices)
    return len(living)
