"""What an installation has beside one course: many courses, trainers, staff, and its work."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.crowding_people import COUNTRIES, people_of, put
from trainings.accounts.models import Account, AccountGrant
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import new_key
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course, CourseAgency, Programme, Room
from trainings.courses.rules import CourseState, Visibility
from trainings.jobs.models import Job
from trainings.people.models import IdentityRead
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation


def beside(
    session: Session, people: int, courses: int, coming: str, lead: Viewer, who: list[str]
) -> None:
    """Courses, programmes, rooms, trainers, staff, and what an installation keeps of its work."""
    now = clock.now()
    agencies = [factories.agency_id(code) for code in factories.AGENCIES]
    model = session.get_one(Course, coming)
    for key in _courses(session, courses, model, agencies, now):
        record(session, "course.create", "course", key, by=lead.account_id, course_id=key)
    put(
        session,
        Programme,
        (
            {
                "id": new_key(),
                "code": f"programme-{place}",
                "agency_id": agencies[place % 3],
                "titles": {"en": f"Programme {place}"},
                "texts": {},
            }
            for place in range(courses // 10)
        ),
    )
    put(
        session,
        Room,
        (
            {"id": new_key(), "venue": f"Centro {place // 5}", "name": f"Sala {place}", "seats": 30}
            for place in range(courses // 5)
        ),
    )
    staff = list(people_of(session, min(max(people // 20, 4), 1000), "s"))
    found = select(Account.person_id, Account.id).where(Account.person_id.in_(staff))
    accounts = {row.person_id: row.id for row in session.execute(found)}
    roster = []
    for place, (person, account) in enumerate(accounts.items()):
        grant = {"id": new_key(), "account_id": account, "given_at": now, "functions": []}
        if place < 40:  # so many teach in one course
            whole = grant | {"role": str(Role.TRAINER), "course_id": coming}
            put(session, AccountGrant, [whole])
        roster.append(
            {
                "id": new_key(),
                "person_id": person,
                "account_id": account,
                "agency_id": agencies[place % 3],
                "station_city": "La Paz",
                "station_country": COUNTRIES[place % 9],
                "languages": ["es"],
                "module_ids": [],
                "created_at": now,
            }
        )
    put(session, Trainer, roster)
    put(
        session,
        CourseTrainer,
        (
            {
                "id": new_key(),
                "course_id": coming,
                "trainer_id": row["id"],
                "state": Invitation.ACCEPTED,
                "invited_at": now,
                "answered_at": now,
            }
            for row in roster[: min(40, max(4, len(roster) // 5))]
        ),
    )
    put(
        session,
        IdentityRead,
        (
            {"at": now, "by": lead.account_id, "purpose": "registrations.list", "persons": [key]}
            for key in who
        ),
    )
    put(
        session,
        Job,
        (
            {
                "task": "mail.send",
                "payload": {},
                "state": "done" if place % 10 else "failed",
                "run_at": now,
                "attempts": 1,
                "created_at": now,
                "ended_at": now,
            }
            for place in range(people)
        ),
    )


def _courses(
    session: Session, courses: int, model: Course, agencies: list[str], now: datetime
) -> list[str]:
    rows, beside = [], []
    names = [column.key for column in Course.__mapper__.columns]
    states = (CourseState.PUBLISHED, CourseState.COMPLETED, CourseState.RUNNING)
    for place in range(courses):
        row = {name: getattr(model, name) for name in names}
        row["code"], row["id"], row["link_key"] = f"MANY{place}", new_key(), new_key()
        row["titles"] = {"en": f"Course {place}", "es": f"Curso {place}"}
        row["capacity"], row["created_at"], row["state_at"] = 40, now, now
        row["state"], days = states[place % 3], (30 + place % 300, -30 - place % 900, 0)[place % 3]
        row["starts_on"] = model.starts_on + timedelta(days=days - 60)
        row["ends_on"] = row["starts_on"] + timedelta(days=3)
        row["visibility"] = Visibility.PUBLIC if place % 2 else Visibility.NOMINATION_ONLY
        row["lead_agency_id"] = agencies[place % 2]
        rows.append(row)
        beside += [
            {
                "course_id": row["id"],
                "agency_id": agencies[(place + at) % 2],
                "position": at,
                "agreed_at": now,
            }
            for at in (0, 1)
        ]
    put(session, Course, rows)
    put(session, CourseAgency, beside)
    return [row["id"] for row in rows]
