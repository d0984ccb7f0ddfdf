"""Enters lists of nominations, whole or not at all; finishes, drops and erases what waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace
from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.access_rules import check_open
from trainings.courses.models import Course
from trainings.nominations_import import queries, writes
from trainings.nominations_import.models import WaitingRow
from trainings.nominations_import.queries import Compared, RowStanding
from trainings.nominations_import.reading_rules import Row
from trainings.nominations_import.waiting_rules import LIFETIME, ChangedMeanwhile
from trainings.people import queries as people
from trainings.people.models import Person
from trainings.people.writes import add_person
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.candidate_rules import (
    Candidate,
    NotForYourCountry,
    check_going,
    cleaned,
    cleaned_mail,
    nominated_to,
)
from trainings.registrations.candidate_writes import Asker, find_or_add
from trainings.registrations.models import Registration
from trainings.registrations.writes import nominate_many
from trainings.seats import writes as seat_writes
from trainings.seats.offer_rules import check_not_begun

IMPORT = Permission.REGISTRATION_IMPORT


def enter(
    course_id: str,
    rows: Mapping[str, Candidate],
    waiting: Sequence[Row],
    by: Viewer,
    *,
    layout: str = "",
    columns: Sequence[str] = (),
) -> tuple[int, int]:
    """Nominate everybody in a list, all or nobody, and keep the rows that ask for something.

    ``layout`` and ``columns``: how the list was read, remembered for the next one. Returns how many
    were nominated and how many rows are kept. Raises ``ChangedMeanwhile`` where a row is no longer
    new, ``NotForYourCountry``, ``TooManyWait``, and what refuses nominations at this time.
    """
    with transaction() as session:
        course = courses.course_locked(by, IMPORT, course_id)
        check_time(by, course)
        given = {
            label: replace(cleaned(one), mail=cleaned_mail(one.mail)) for label, one in rows.items()
        }
        _check_reach(by, course, given.values())
        there = queries.compared(by, course.id, given)
        if any(one.standing is not RowStanding.NEW for one in there.values()):
            raise ChangedMeanwhile
        registrations = _nominate(session, course, given, there, by)
        kept = writes.keep_rows(session, by.account_id or "", course.id, waiting)
        writes.remember(session, by.account_id or "", layout, columns)
        if registrations or kept:
            record(
                session,
                "registration.import",
                "course",
                course.id,
                by=by.account_id,
                course_id=course.id,
                numbers=[one.number for one in registrations],
                kept=kept,
            )
        return len(registrations), kept


def check_time(by: Viewer, course: Course) -> None:
    """Focal points nominate while registration is open; organisers enter late lists, too."""
    if not queries.organises(by, course):
        check_open(course.state, courses.dates_of(course), course.zone, clock.now())
        return
    check_going(course.state)
    check_not_begun(clock.today(course.zone), course.starts_on)


def _check_reach(by: Viewer, course: Course, candidates: Collection[Candidate]) -> None:
    own = queries.reach(by, course)
    if any(one.function not in own.get(one.country, ()) for one in candidates):
        raise NotForYourCountry


def _nominate(
    session: Session,
    course: Course,
    given: Mapping[str, Candidate],
    there: Mapping[str, Compared],
    by: Viewer,
) -> list[Registration]:
    last = locked_queries.last_priorities(by, IMPORT, course.id)
    known = people.people_for_update({one.person_id for one in there.values() if one.person_id})
    nominated = []
    for label, one in sorted(given.items(), key=lambda pair: pair[1].priority or 0):
        last[one.country] = last.get(one.country, 0) + 1
        ranked = replace(one, priority=last[one.country])
        person = known.get(there[label].person_id) or _added(session, ranked)
        nominated.append((person, ranked))
    session.flush()
    state = nominated_to(course.separate_endorsement)
    made = nominate_many(session, course.id, nominated, state, by=by.account_id)
    if made:
        notices = [mail_writes.Notice("nominated", one) for one in made]
        mail_writes.tell_each(session, course, notices)
        seat_writes.schedule_release(session, course)
    return made


def _added(session: Session, one: Candidate) -> Person:
    return add_person(
        session,
        given_name=one.given_name,
        family_name=one.family_name,
        mail=one.mail,
        country=one.country,
        function=one.function,
        language=one.language,
    )


def finish(
    course_id: str, row_id: str, candidate: Candidate, by: Viewer, *, others: Collection[str] = ()
) -> str:
    """Nominate the candidate of a row that waited; returns the number.

    Raises what nominating one candidate raises, and ``NotFound`` where the row no longer waits.
    """
    candidate = replace(cleaned(candidate), mail=cleaned_mail(candidate.mail))
    with transaction() as session:
        course = courses.course_locked(by, IMPORT, course_id)
        check_time(by, course)
        _check_reach(by, course, [candidate])
        row = queries.row_for_update(by.account_id, course.id, row_id)
        person = find_or_add(session, course.id, candidate, Asker(by, IMPORT), others=others)
        last = locked_queries.last_priorities(by, IMPORT, course.id)
        ranked = replace(candidate, priority=last.get(candidate.country, 0) + 1)
        state = nominated_to(course.separate_endorsement)
        nominated = [(person, ranked)]
        (registration,) = nominate_many(session, course.id, nominated, state, by=by.account_id)
        row.content = row.mail_index = None
        mail_writes.tell(session, "nominated", course, registration)
        seat_writes.schedule_release(session, course)
        return registration.number


def drop(course_id: str, row_id: str, by: Viewer) -> None:
    """Drop a row that waited: nobody is nominated."""
    with transaction():
        course = courses.course_locked(by, IMPORT, course_id)
        row = queries.row_for_update(by.account_id, course.id, row_id)
        row.content = row.mail_index = None


def clear() -> None:
    """Erase what nobody finished within a week."""
    with transaction() as session:
        session.execute(delete(WaitingRow).where(WaitingRow.kept_at <= clock.now() - LIFETIME))
