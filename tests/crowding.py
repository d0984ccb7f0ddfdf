"""The small world, filled up: any number of people in its courses, and many courses beside them.

Rows are built once and put in by the thousand. They are what the operations would have written:
sealed names, seats, histories, marks, certificates with their codes, a trail that verifies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import crowding_beside, crowding_people, crowding_said
from tests.register import kept
from trainings.agenda.models import AgendaSession
from trainings.attendance.models import AttendanceMark
from trainings.attendance.models import TestResult as Passed
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Mark
from trainings.audit.writes import Entry, record_entries
from trainings.candidate_reviews.models import CandidateReview
from trainings.change_requests.models import ChangeRequest
from trainings.core import clock, sealed
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.mail.models import OutboxMail
from trainings.mail.rules import MailState
from trainings.register import document, register_mac
from trainings.register import writes as register
from trainings.register.models import Certificate, Waiver
from trainings.register.rules import Kind
from trainings.registrations.models import HistoryStep, Registration, SeatBlock
from trainings.registrations.rules import HOLDS_SEAT, State
from trainings.tables.models import TableLayout, TablePlace

UPCOMING = (
    State.RESERVE,
    State.ENDORSED,
    State.RESERVE,
    State.OFFERED,
    State.NOMINATED,
    State.CONFIRMED,
    State.APPLIED,
    State.WITHDRAWN,
    State.RESERVE,
    State.REJECTED,
)
RUNNING = (State.CONFIRMED,) * 9 + (State.WITHDRAWN,)
OVER = (State.ATTENDED,) * 9 + (State.NO_SHOW,)


def fill(people: int, courses: int, lead: Viewer, codes: tuple[str, str, str]) -> None:
    """Put so many people in each of three courses (coming, running, over), and courses beside."""
    coming, running, over = (_course_id(code) for code in codes)
    with transaction() as session:
        who = list(crowding_people.people_of(session, people))
        placed = {
            coming: list(_registered(session, "C", coming, who, UPCOMING)),
            running: list(_registered(session, "N", running, who, RUNNING)),
            over: list(_registered(session, "D", over, who, OVER)),
        }
        _coming(session, coming, placed[coming], lead)
        _running(session, running, placed[running], people)
        _over(session, over, placed[over])
        crowding_said.answered(session, coming, placed[coming])
        crowding_said.evaluated(session, running, placed[running])
        crowding_said.named(session, running, placed[running])
        crowding_beside.beside(session, people, courses, coming, lead, who)
        for course_id, rows in placed.items():
            entries = (
                Entry("registration.nominate", row["id"], {"number": row["number"]}) for row in rows
            )
            record_entries(
                session, "registration", entries, by=lead.account_id, course_id=course_id
            )
    db.session.remove()


def _course_id(code: str) -> str:
    """The id of a course that is there."""
    found = db.session.scalar(select(Course.id).where(Course.code == code))
    assert found is not None
    db.session.close()
    return found


def _registered(
    session: Session, mark: str, course_id: str, who: list[str], states: tuple[State, ...]
) -> Iterator[dict[str, Any]]:
    """Registrations in these states in turn, each with two steps of its history."""
    now, course = clock.now(), session.get_one(Course, course_id)
    course.capacity += len(who)
    block = session.scalars(
        select(SeatBlock).where(SeatBlock.course_id == course_id, SeatBlock.country.is_(None))
    ).one()
    block.seats += len(who)
    session.flush()
    rows, steps = [], []
    for place, person in enumerate(who):
        key, state, (country, function) = (
            new_key(),
            states[place % len(states)],
            crowding_people.group_of(place),
        )
        seated = state in HOLDS_SEAT or state is State.NO_SHOW
        waited = now - timedelta(days=5, seconds=place)
        name = f"{crowding_people.GIVEN[place % len(crowding_people.GIVEN)]} Ñandú {place}"
        named = mark != "C" and place % 20 != 3
        rows.append(
            {
                "id": key,
                "number": f"R-{crowding_people.numbered(place)}{mark}",
                "course_id": course_id,
                "person_id": person,
                "state": state,
                "state_at": waited,
                "country": country,
                "function": function,
                "priority": place // len(crowding_people.COUNTRIES) + 1 if place % 3 else None,
                "applied": state is State.APPLIED,
                "complete": bool(place % 2),
                "created_at": waited,
                "selected_at": waited if seated or state is State.RESERVE else None,
                "block_id": block.id if state in HOLDS_SEAT else None,
                "seat_no": 1000 + place if state in HOLDS_SEAT else None,
                "offered_until": now + timedelta(days=4) if state is State.OFFERED else None,
                "name_confirmed_at": waited if named else None,
                "printed_name": (
                    sealed.seal(name, f"registration|printed_name|{key}") if named else None
                ),
                "unit": sealed.seal("Fiscalía 3", f"registration|unit|{key}"),
                "sex": ("F", "M", None)[place % 3],
                "certificate_language": "es",
            }
        )
        for act, after in (("nominate", State.NOMINATED), ("select", state)):
            steps.append(
                {
                    "registration_id": key,
                    "course_id": course_id,
                    "at": waited,
                    "by": None,
                    "act": act,
                    "before": None if act == "nominate" else State.NOMINATED,
                    "after": after,
                    "reason": None,
                    "reason_told": None,
                    "block_id": None,
                }
            )
    crowding_people.put(session, Registration, rows)
    crowding_people.put(session, HistoryStep, steps)
    return iter(rows)


def _coming(session: Session, course_id: str, rows: list[dict[str, Any]], lead: Viewer) -> None:
    """What waits before a course: readings, requests for changes, emails."""
    now = clock.now()
    readers = session.scalars(
        select(CandidateReview.account_id).where(CandidateReview.course_id == course_id)
    ).all()
    waiting = (State.ENDORSED, State.NOMINATED, State.APPLIED)
    crowding_people.put(
        session,
        CandidateReview,
        (
            {
                "id": new_key(),
                "course_id": course_id,
                "registration_id": row["id"],
                "account_id": readers[0],
                "score": 4 if place % 2 else None,
                "at": now if place % 2 else None,
                "note": None,
            }
            for place, row in enumerate(rows)
            if row["state"] in waiting
        ),
    )
    wanted = []
    for row in rows[5::20]:
        key = new_key()
        text = sealed.seal('{"unit": "Fiscalía 4"}', f"change_request|wanted|{key}")
        wanted.append(
            {
                "id": key,
                "registration_id": row["id"],
                "course_id": course_id,
                "at": now,
                "wanted": text,
            }
        )
    crowding_people.put(session, ChangeRequest, wanted)
    states = (MailState.SENT, MailState.SENT, MailState.WAITING, MailState.FAILED)
    mails = []
    for place, row in enumerate(rows):
        key, state = new_key(), states[place % len(states)]
        there = state is not MailState.SENT
        words = {
            name: sealed.seal("Text", f"outbox_mail|{name}|{key}") if there else None
            for name in ("subject", "body")
        }
        mails.append(
            {
                "id": key,
                "message_id": f"<{key}@trainings.example>",
                "event": "offer" if place % 2 else "nomination",
                "language": "es",
                "recipient": sealed.seal(f"p{place}@unit.example", f"outbox_mail|recipient|{key}"),
                **words,
                "state": state,
                "attempts": 1,
                "created_at": now - timedelta(seconds=place),
                "sent_at": None if there else now,
                "person_id": row["person_id"],
                "course_id": course_id,
            }
        )
    crowding_people.put(session, OutboxMail, mails)


def _running(session: Session, course_id: str, rows: list[dict[str, Any]], people: int) -> None:
    """What is kept while a course runs: marks, results, tables."""
    now = clock.now()
    test = session.scalars(
        select(AgendaSession.id).where(AgendaSession.course_id == course_id)
    ).first()
    seated = [row for row in rows if row["state"] in HOLDS_SEAT]
    marked = [row for place, row in enumerate(seated) if place % 5]
    key = {"session_id": test, "by": None, "at": now}
    marks = (Mark.PRESENT, Mark.PRESENT, Mark.ABSENT)
    crowding_people.put(
        session,
        AttendanceMark,
        (
            {**key, "registration_id": row["id"], "mark": marks[place % 3]}
            for place, row in enumerate(marked)
        ),
    )
    crowding_people.put(
        session,
        Passed,
        (
            {**key, "registration_id": row["id"], "result": Result.PASSED}
            for row in marked[: len(marked) // 2]
        ),
    )
    layout = session.get_one(TableLayout, course_id)
    layout.places, layout.tables = 6, -(-people // 6) + 1
    session.flush()
    rows_taken = session.execute(select(TablePlace.table_no, TablePlace.place_no)).all()
    taken = {(table, place) for table, place in rows_taken}
    places = ((table, place) for table in range(1, layout.tables + 1) for place in range(1, 7))
    free = (one for one in places if one not in taken)
    crowding_people.put(
        session,
        TablePlace,
        (
            {
                "registration_id": row["id"],
                "course_id": course_id,
                "table_no": table,
                "place_no": place,
            }
            for row, (table, place) in zip(seated, free, strict=False)
        ),
    )


def _over(session: Session, course_id: str, rows: list[dict[str, Any]]) -> None:
    """Half of those who came have a certificate; some asked for an exception."""
    now, frozen = clock.now(), document.freeze(kept.paper())
    came = [row for row in rows if row["state"] is State.ATTENDED]
    issued, made = [], []
    for place, row in enumerate(came[::2]):
        one = register.add(
            session,
            key=new_key(),
            kind=Kind.COMPLETION,
            course_id=course_id,
            person_id=row["person_id"],
            language="es",
            token=new_key(),
            serial=f"DONE27-{crowding_people.numbered(place)}-Z",
            course_titles={"en": "Course"},
            agencies=[{"en": "IOM"}],
            ended_on=now.date() - timedelta(days=7),
            minutes=1200,
            frozen=frozen,
            by=None,
            registration_id=row["id"],
        )
        session.expunge(one)
        # the file is missed by nobody: pages show that there is one
        register.make_ready(
            one, file_name=register.file_name(one), digest=f"{place:064d}", signed=True
        )
        made.append({each.key: getattr(one, each.key) for each in Certificate.__mapper__.columns})
        issued.append((one.id, register_mac.issue_details(one)))
    crowding_people.put(session, Certificate, made)
    register.record_issue(session, issued, course_id, None)
    crowding_people.put(
        session,
        Waiver,
        (
            {
                "registration_id": row["id"],
                "asked_by": new_key(),
                "asked_at": now,
                "reason": sealed.seal("Illness", f"certificate_waiver|reason|{row['id']}"),
            }
            for row in came[1::50]
        ),
    )
