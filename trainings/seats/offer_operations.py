"""Reminders and expiry of open offers, run by jobs and safe to repeat.

See docs/decisions/2026-11-24-seats-and-people.md.
"""

from __future__ import annotations

from datetime import datetime

from trainings.core import clock
from trainings.core.db import transaction
from trainings.courses import queries as courses
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.rules import Act, State
from trainings.registrations.writes import move, note_reminder
from trainings.seats import writes
from trainings.seats.offer_rules import REMINDERS


def remind(registration_id: str, number: int, until: str) -> None:
    """Send each reminder of an open offer once; none if it was answered or extended.

    ``until`` is the deadline of the reminder, in ISO 8601: a later deadline has reminders of its
    own.
    """
    deadline = datetime.fromisoformat(until)
    with transaction() as session:
        registration = locked_queries.by_id(registration_id)
        if registration is None:
            return
        course = courses.course_for_update(registration.course_id)
        registration = locked_queries.by_id(registration_id)
        if registration is None or registration.state is not State.OFFERED:
            return
        if registration.offered_until != deadline or deadline < clock.now():
            return
        since = deadline - REMINDERS[number - 1]
        if note_reminder(session, registration, number, since=since):
            mail_writes.tell(session, "reminder", course, registration, until=deadline)


def expire(registration_id: str) -> None:
    """Expire an offer that nobody answered in time; the seat is offered to the next at once."""
    with transaction() as session:
        registration = locked_queries.by_id(registration_id)
        if registration is None:
            return
        course = courses.course_for_update(registration.course_id)
        registration = locked_queries.by_id(registration_id)
        if registration is None or registration.state is not State.OFFERED:
            return
        if registration.offered_until is None or registration.offered_until >= clock.now():
            return
        move(session, registration, Act.EXPIRE, State.EXPIRED, by=None)
        mail_writes.tell(session, "expired", course, registration, with_link=False)
        writes.fill_seats(session, course)
