"""What happens to an open offer by itself: reminders, and its end. Run by jobs, safe to repeat."""

from __future__ import annotations

from datetime import datetime

from trainings.core import clock
from trainings.core.db import transaction
from trainings.courses import queries as courses
from trainings.registrations import acting_queries, notice_writes, seat_writes
from trainings.registrations.rules import Act, State
from trainings.registrations.writes import move, note_reminder


def remind(registration_id: str, number: int, until: datetime) -> None:
    """Remind somebody of an open offer, each time once; not where it was answered or extended."""
    with transaction() as session:
        registration = acting_queries.by_id(registration_id)
        if registration is None:
            return
        course = courses.course_for_update(registration.course_id)
        registration = acting_queries.by_id(registration_id)
        if registration is None or registration.state is not State.OFFERED:
            return
        if registration.offered_until != until or until < clock.now():
            return
        since = until - seat_writes.REMINDERS[number - 1]
        if note_reminder(session, registration, number, since=since):
            notice_writes.tell(session, "reminder", course, registration, until=until)


def expire(registration_id: str) -> None:
    """End an offer that nobody answered in time; the seat is offered to the next at once."""
    with transaction() as session:
        registration = acting_queries.by_id(registration_id)
        if registration is None:
            return
        course = courses.course_for_update(registration.course_id)
        registration = acting_queries.by_id(registration_id)
        if registration is None or registration.state is not State.OFFERED:
            return
        if registration.offered_until is None or registration.offered_until >= clock.now():
            return
        move(session, registration, Act.EXPIRE, State.EXPIRED, by=None)
        notice_writes.tell(session, "expired", course, registration, with_link=False)
        seat_writes.fill_seats(session, course)
