"""Looks up who has earned a certificate in a course, and what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypedDict

from msgspec import Struct
from sqlalchemy import ColumnElement, literal_column, select, true
from sqlalchemy.orm import defer, joinedload

from trainings.agenda import queries as agenda
from trainings.attendance import hours_queries as attendance
from trainings.attendance import result_queries as results
from trainings.certificates.rules import CertificateFacts, Lack, lacks
from trainings.core.db import db, those_of
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.evaluations import queries as evaluations
from trainings.people.models import Person
from trainings.register.models import Certificate, Waiver
from trainings.register.rules import ENDED, VALID, Kind, Status
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation

EARNING = (State.CONFIRMED, State.ATTENDED)
# word for word as in the unique indexes of the register, or SQLite reads the whole register
# for each person
_CURRENT = Certificate.status.in_([literal_column(f"'{status}'") for status in sorted(VALID)])


class Earner(Struct, frozen=True):
    """Someone who may earn a certificate, with its conditions and their certificate, if any.

    A participant has ``registration``, a trainer ``course_trainer``.
    """

    person: Person
    country: str
    facts: CertificateFacts
    certificate: Certificate | None
    registration: Registration | None = None
    waiver: Waiver | None = None
    course_trainer: CourseTrainer | None = None
    revoked: Certificate | None = None  # the latest revoked one, if any
    superseded: Sequence[Certificate] = ()  # certificates that others replaced

    @property
    def key(self) -> str:
        """The id of the registration, or for a trainer of the course trainer."""
        found = self.registration or self.course_trainer
        return found.id if found else ""

    @property
    def lack(self) -> Lack | None:
        """The first reason why they have not earned the certificate; None if they have."""
        return next(iter(lacks(self.facts)), None)

    @property
    def earned(self) -> bool:
        """Whether the certificate can be issued to them."""
        return self.lack is None

    @property
    def fresh(self) -> bool:
        """Whether the issue button issues to them; a revoked one is only reissued on purpose."""
        return self.certificate is None and self.revoked is None and self.earned

    def lost(self, certificate_id: str) -> bool:
        """Whether this certificate was revoked and they have none in its place."""
        if self.certificate is not None or self.revoked is None:
            return False
        return self.revoked.id == certificate_id


def standings(
    course: Course, kind: Kind = Kind.COMPLETION, keys: Collection[str] | None = None, *, scope: str
) -> list[Earner]:
    """Everyone who took part in a course, with facts and current certificate, by number.

    Or only the registrations with these ``keys``. Runs five statements for any number of people,
    and one more each if the test counts and if an evaluation is asked for. The course was found
    within the viewer's scope (or locked by an operation): ``scope`` says which.
    """
    planned = agenda.planned_minutes(course.id)
    if keys is None:
        attended = attendance.minutes_attended(course.id)
        passed = results.passed_in(course.id) if course.needs_test else ()
        gave = evaluations.given_in(course.id) if course.needs_evaluation else ()
    else:
        attended = attendance.minutes_of(keys)
        passed = results.passed_of(keys) if course.needs_test else ()
        gave = evaluations.given_by(keys) if course.needs_evaluation else ()
    ended = _ended(course, kind, keys, scope=scope)
    rows = db.session.execute(
        select(Registration, Person, Certificate, Waiver, Waiver.approved_at)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Waiver, Waiver.registration_id == Registration.id)
        .outerjoin(
            Certificate,
            (Certificate.registration_id == Registration.id)
            & (Certificate.kind == kind)
            & _CURRENT,
        )
        .where(
            those_of(Registration.course_id, course.id, Registration.id, keys),
            Registration.state.in_(EARNING),
        )
        .options(defer(Certificate.content))
        .order_by(Registration.number)
        .execution_options(scope=scope)
    )
    return [
        Earner(
            person,
            registration.country,
            facts_of(
                course,
                kind,
                attended.get(registration.id, 0),
                planned,
                registration.name_confirmed_at,
                approved_at,
                passed=registration.id in passed,
                gave=registration.id in gave,
            ),
            certificate,
            registration,
            waiver,
            **ended.get(registration.id, {}),
        )
        for registration, person, certificate, waiver, approved_at in rows
    ]


def of_number(course: Course, number: str, *, scope: str) -> Earner:
    """One of the participants, by the registration's number. Raises ``NotFound``."""
    keys = db.session.scalars(
        select(Registration.id)
        .where(Registration.course_id == course.id, Registration.number == number)
        .execution_options(scope=scope)
    ).all()
    found = standings(course, keys=keys, scope=scope)
    if not found:
        raise NotFound
    return found[0]


def teachers(course: Course, keys: Collection[str] | None = None, *, scope: str) -> list[Earner]:
    """The trainers of a course with the sessions they gave and their certificates, if any.

    All who accepted, or only those with these ``keys``.
    """
    given = agenda.sessions_by_trainer(course.id)
    ended = _ended(course, Kind.TRAINER, keys, scope=scope)
    rows = db.session.execute(
        select(CourseTrainer, Person, Certificate)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .join(Person, Person.id == Trainer.person_id)
        .outerjoin(Certificate, (Certificate.course_trainer_id == CourseTrainer.id) & _CURRENT)
        .where(
            CourseTrainer.course_id == course.id,
            CourseTrainer.state == Invitation.ACCEPTED,
            true() if keys is None else CourseTrainer.id.in_(keys),
        )
        .options(
            joinedload(CourseTrainer.trainer, innerjoin=True).joinedload(
                Trainer.agency, innerjoin=True
            )
        )
        .order_by(CourseTrainer.id)
        .execution_options(scope=scope)
    )
    return [
        Earner(
            person,
            asked.trainer.station_country,
            CertificateFacts(
                kind=Kind.TRAINER,
                name_confirmed=person.erased_at is None,
                sessions_given=given.get(asked.id, 0),
            ),
            certificate,
            course_trainer=asked,
            **ended.get(asked.id, {}),
        )
        for asked, person, certificate in rows
    ]


class _Ended(TypedDict, total=False):
    revoked: Certificate
    superseded: list[Certificate]


def _ended(
    course: Course, kind: Kind, keys: Collection[str] | None, *, scope: str
) -> Mapping[str, _Ended]:
    """Each person's latest revoked certificate in a course, and all superseded ones."""
    whose = Certificate.course_trainer_id if kind is Kind.TRAINER else Certificate.registration_id
    rows = db.session.scalars(
        select(Certificate)
        .where(
            Certificate.course_id == course.id,
            Certificate.kind == kind,
            Certificate.status.in_(ENDED),
            true() if keys is None else whose.in_(list(keys)),
        )
        .options(defer(Certificate.content))
        .order_by(Certificate.ended_at, Certificate.id)
        .execution_options(scope=scope)
    )
    found: dict[str, _Ended] = {}
    for row in rows:
        one = found.setdefault(row.registration_id or row.course_trainer_id or "", {})
        if row.status is Status.REVOKED:
            one["revoked"] = row
        else:
            one.setdefault("superseded", []).append(row)
    return found


def next_without(course: Course, kind: Kind, after: str, most: int, *, scope: str) -> Sequence[str]:
    """Some who may earn a certificate of a kind and have none: their keys, in order, after one."""
    model: type[Registration | CourseTrainer] = Registration
    whose = Certificate.registration_id
    there: ColumnElement[bool] = Registration.state.in_(EARNING)
    if kind is Kind.TRAINER:
        model, whose = CourseTrainer, Certificate.course_trainer_id
        there = CourseTrainer.state == Invitation.ACCEPTED
    had = select(Certificate.id).where(whose == model.id, Certificate.kind == kind, _CURRENT)
    return db.session.scalars(
        select(model.id)
        .where(model.course_id == course.id, there, model.id > after, ~had.exists())
        .order_by(model.id)
        .limit(most)
        .execution_options(scope=scope)
    ).all()


def earners(
    course: Course, kind: Kind, keys: Collection[str] | None = None, *, scope: str
) -> list[Earner]:
    """Everyone who may earn a certificate of a kind in a course, or only those with these keys."""
    if kind is Kind.TRAINER:
        return teachers(course, keys, scope=scope)
    return standings(course, kind, keys, scope=scope)


def facts_of(
    course: Course,
    kind: Kind,
    attended: int,
    planned: int,
    name_confirmed_at: datetime | None,
    approved_at: datetime | None,
    *,
    passed: bool,
    gave: bool,
) -> CertificateFacts:
    """The facts that decide on a participant's certificate, from the stored values."""
    return CertificateFacts(
        kind=kind,
        excepted=approved_at is not None,
        name_confirmed=name_confirmed_at is not None,
        attended_minutes=attended,
        planned_minutes=planned,
        threshold=course.threshold,
        test_passed=passed if course.needs_test else None,
        evaluation_given=gave if course.needs_evaluation else None,
    )


def own_standings(viewer: Viewer) -> list[tuple[Course, Registration, CertificateFacts]]:
    """The courses the viewer took part in, with their certificate's conditions; latest first."""
    rows = db.session.execute(
        select(Course, Registration, Waiver.approved_at)
        .join(Registration, Registration.course_id == Course.id)
        .outerjoin(Waiver, Waiver.registration_id == Registration.id)
        .where(Registration.person_id == viewer.person_id, Registration.state.in_(EARNING))
        .order_by(Course.starts_on.desc())
        .execution_options(scope="own")
    ).all()
    attended = attendance.minutes_of([registration.id for _, registration, _ in rows])
    planned = agenda.planned_in([course.id for course, _, _ in rows])
    passed = results.passed_of([row.id for course, row, _ in rows if course.needs_test])
    gave = evaluations.given_by([row.id for course, row, _ in rows if course.needs_evaluation])
    return [
        (
            course,
            registration,
            facts_of(
                course,
                Kind.COMPLETION,
                attended.get(registration.id, 0),
                planned.get(course.id, 0),
                registration.name_confirmed_at,
                approved_at,
                passed=registration.id in passed,
                gave=registration.id in gave,
            ),
        )
        for course, registration, approved_at in rows
    ]
