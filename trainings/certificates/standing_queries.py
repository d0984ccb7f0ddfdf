"""Looks up who has earned a certificate in a course, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session, defer, joinedload

from trainings.agenda import queries as agenda
from trainings.attendance import queries as attendance
from trainings.certificates.models import Certificate, Waiver
from trainings.certificates.rules import ENDED, VALID, CertificateFacts, Kind, Status, qualifies
from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation

_EARNING = (State.CONFIRMED, State.ATTENDED)
# word for word as the unique indexes of the register say it: else SQLite reads the whole register
# for each person
_CURRENT = Certificate.status.in_([literal_column(f"'{status}'") for status in sorted(VALID)])


@dataclass(frozen=True)
class Standing:
    """Someone who may earn a certificate, with what it asks for, and theirs if there is one.

    A participant comes with ``registration``, a trainer with ``course_trainer``.
    """

    person: Person
    country: str
    facts: CertificateFacts
    certificate: Certificate | None
    registration: Registration | None = None
    waiver: Waiver | None = None
    course_trainer: CourseTrainer | None = None
    revoked: Certificate | None = None  # the latest that was, if any
    superseded: Sequence[Certificate] = ()  # those that another took the place of

    @property
    def fresh(self) -> bool:
        """Whether the one button issues to them: a revoked one comes back only on purpose."""
        return self.certificate is None and self.revoked is None and qualifies(self.facts)

    def lost(self, certificate_id: str) -> bool:
        """Whether this one was revoked and they have none in its place."""
        if self.certificate is not None or self.revoked is None:
            return False
        return self.revoked.id == certificate_id


def standings(course: Course, kind: Kind = Kind.COMPLETION, *, scope: str) -> list[Standing]:
    """Everyone who took part in a course, with facts and current certificate, by number.

    Five statements, whatever the number of people. The course was found within the viewer's
    reach (or locked by an operation): ``scope`` says which.
    """
    planned = agenda.planned_minutes(course.id)
    attended = attendance.minutes_attended(course.id)
    ended = _ended(course, kind, scope=scope)
    rows = db.session.execute(
        select(Registration, Person, Certificate, Waiver)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Waiver, Waiver.registration_id == Registration.id)
        .outerjoin(
            Certificate,
            (Certificate.registration_id == Registration.id)
            & (Certificate.kind == kind)
            & _CURRENT,
        )
        .where(Registration.course_id == course.id, Registration.state.in_(_EARNING))
        .options(defer(Certificate.content))
        .order_by(Registration.number)
        .execution_options(scope=scope)
    )
    return [
        Standing(
            person, registration.country,
            _facts(course, kind, registration, attended.get(registration.id, 0), planned, waiver),
            certificate, registration, waiver,
            **ended.get(registration.id, {}),
        )
        for registration, person, certificate, waiver in rows
    ]  # fmt: skip


def teachers(course: Course, *, scope: str) -> list[Standing]:
    """The trainers of a course with the sessions they gave and their certificate, if any."""
    given = agenda.sessions_by_trainer(course.id)
    ended = _ended(course, Kind.TRAINER, scope=scope)
    rows = db.session.execute(
        select(CourseTrainer, Person, Certificate)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .join(Person, Person.id == Trainer.person_id)
        .outerjoin(
            Certificate,
            (Certificate.course_trainer_id == CourseTrainer.id) & _CURRENT,
        )
        .where(CourseTrainer.course_id == course.id, CourseTrainer.state == Invitation.ACCEPTED)
        .options(
            joinedload(CourseTrainer.trainer, innerjoin=True).joinedload(
                Trainer.agency, innerjoin=True
            )
        )
        .order_by(CourseTrainer.id)
        .execution_options(scope=scope)
    )
    return [
        Standing(
            person, asked.trainer.station_country,
            CertificateFacts(
                kind=Kind.TRAINER, name_confirmed=person.erased_at is None,
                sessions_given=given.get(asked.id, 0),
            ),
            certificate, course_trainer=asked,
            **ended.get(asked.id, {}),
        )
        for asked, person, certificate in rows
    ]  # fmt: skip


class _Ended(TypedDict, total=False):
    revoked: Certificate
    superseded: list[Certificate]


def _ended(course: Course, kind: Kind, *, scope: str) -> Mapping[str, _Ended]:
    """What each registration or trainer of a course had: the latest revoked, all superseded."""
    rows = db.session.scalars(
        select(Certificate)
        .where(
            Certificate.course_id == course.id, Certificate.kind == kind,
            Certificate.status.in_(ENDED),
        )
        .options(defer(Certificate.content))
        .order_by(Certificate.ended_at, Certificate.id)
        .execution_options(scope=scope)
    )  # fmt: skip
    found: dict[str, _Ended] = {}
    for row in rows:
        one = found.setdefault(row.registration_id or row.course_trainer_id or "", {})
        if row.status is Status.REVOKED:
            one["revoked"] = row
        else:
            one.setdefault("superseded", []).append(row)
    return found


def earners(course: Course, kind: Kind, *, scope: str) -> list[Standing]:
    """Everyone who may earn a certificate of a kind in a course."""
    if kind is Kind.TRAINER:
        return teachers(course, scope=scope)
    return standings(course, kind, scope=scope)


def _facts(
    course: Course,
    kind: Kind,
    registration: Registration,
    attended: int,
    planned: int,
    waiver: Waiver | None = None,
) -> CertificateFacts:
    return CertificateFacts(
        kind=kind,
        excepted=waiver is not None and waiver.approved_at is not None,
        name_confirmed=registration.name_confirmed_at is not None,
        attended_minutes=attended,
        planned_minutes=planned,
        threshold=course.threshold,
    )


def own_standings(viewer: Viewer) -> list[tuple[Course, CertificateFacts]]:
    """The courses the viewer took part in, with what their certificate asks for; latest first."""
    rows = db.session.execute(
        select(Course, Registration, Waiver)
        .join(Registration, Registration.course_id == Course.id)
        .outerjoin(Waiver, Waiver.registration_id == Registration.id)
        .where(Registration.person_id == viewer.person_id, Registration.state.in_(_EARNING))
        .order_by(Course.starts_on.desc())
        .execution_options(scope="own")
    ).all()
    attended = attendance.minutes_of([registration.id for _, registration, _ in rows])
    planned = agenda.planned_in([course.id for course, _, _ in rows])
    return [
        (
            course,
            _facts(
                course, Kind.COMPLETION, registration, attended.get(registration.id, 0),
                planned.get(course.id, 0), waiver,
            ),
        )
        for course, registration, waiver in rows
    ]  # fmt: skip


def waiver_for_update(session: Session, registration_id: str) -> Waiver | None:
    """The exception asked for a registration, locked."""
    found: Waiver | None = session.scalar(
        for_update(select(Waiver).where(Waiver.registration_id == registration_id))
    )
    return found


def earning_registration(course_id: str, number: str) -> str | None:
    """The id of a registration that can earn a certificate, by its number."""
    return db.session.scalar(
        select(Registration.id)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.course_id == course_id, Registration.number == number,
            Registration.state.in_(_EARNING), Person.erased_at.is_(None),
        )
        .execution_options(scope="operation")
    )  # fmt: skip


def waiver_reason(waiver: Waiver) -> str:
    """Why an exception was asked for, opened; empty once its person was erased."""
    if not waiver.reason:
        return ""
    return sealed.unseal(waiver.reason, f"certificate_waiver|reason|{waiver.registration_id}")
