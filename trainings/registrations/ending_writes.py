"""What a course does to its registrations when it ends, opens again or is cancelled."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from trainings.courses.models import Course
from trainings.registrations import acting_queries, notice_writes, rules, seat_writes
from trainings.registrations.rules import LIVE, Act, State
from trainings.registrations.seating_rules import Group
from trainings.registrations.writes import move, move_many


def close_course(
    session: Session, course: Course, were_there: Collection[str], *, by: str | None
) -> tuple[int, int]:
    """At completion, each confirmed person has attended or did not come.

    ``were_there`` holds the ids of registrations with any session present or late. Gives how
    many attended and how many did not.
    """
    there = set(were_there)
    confirmed = acting_queries.with_persons(course.id, {State.CONFIRMED})
    to = {one.id: rules.closed_to(one.id in there) for one in confirmed}
    move_many(session, to, confirmed, Act.CLOSE, by=by)
    attended = sum(1 for state in to.values() if state is State.ATTENDED)
    return attended, len(to) - attended


def reopen_course(session: Session, course: Course, *, by: str | None) -> None:
    """A completed course runs again: all who attended, or did not, are confirmed again."""
    now = seat_writes.seating_for_update(session, course)
    for one in acting_queries.with_persons(course.id, {State.ATTENDED, State.NO_SHOW}):
        seat = None
        if one.block_id is None:  # who did not come had given the seat back
            group = Group(one.country, one.function)
            seat, now = seat_writes.take_seat(session, now, group, by=by)
        move(session, one, Act.REOPEN, State.CONFIRMED, by=by, seat=seat)


def cancel_all(session: Session, course: Course, reason: str, *, by: str | None) -> int:
    """The course is cancelled: all its live registrations end, and everyone is told by mail.

    Gives how many.
    """
    living = acting_queries.with_persons(course.id, LIVE)
    people = notice_writes.identities(living)
    for one in living:
        move(session, one, Act.CANCEL, State.CANCELLED, by=by, reason=reason)
        notice_writes.tell(
            session, "cancelled", course, one, with_link=False, identity=people[one.person_id],
            reason=reason,
        )  # fmt: skip
    return len(living)
