"""Who earned a certificate: a page in order of name, and how many are left to issue."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from trainings.agenda import queries as agenda
from trainings.attendance import hours_queries as attendance
from trainings.attendance import result_queries as results
from trainings.certificates import standing_queries, waiver_queries
from trainings.certificates.rules import qualifies
from trainings.certificates.standing_queries import EARNING, Earner, facts_of
from trainings.core import paging
from trainings.core.db import db
from trainings.core.names import folded
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.evaluations import queries as evaluations
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.sealed_rules import Identity
from trainings.register.models import Certificate, Waiver
from trainings.register.rules import VALID, Kind, Status
from trainings.registrations import page_queries
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.models import Registration
from trainings.registrations.page_queries import Cut
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation

PAGE = 100  # people per page; a usual course fits on one


class Listing(Struct, frozen=True):
    """One page of those who may earn a certificate in a course, with their names."""

    rows: list[Earner]
    names: dict[str, Identity]
    total: int
    fresh: (
        int | None
    )  # how many in the whole course earned one and have none yet; none: many people
    cut: Cut
    waiting: Sequence[str]  # numbers of everyone whose exception waits for a second organiser


def listing(viewer: Viewer, course: Course, kind: Kind, page: int, words: str = "") -> Listing:
    """A page of people in a course found within the viewer's scope, in order of name.

    The read of those shown is logged; the names of the others are opened in memory to sort them,
    and are not returned.
    """
    cut = _cut(course, kind, page, words)
    rows = standing_queries.earners(course, kind, cut.keys, scope="viewer")
    places = {key: place for place, key in enumerate(cut.keys)}
    rows.sort(key=lambda one: places[one.key])
    known = reading.open_loaded(
        [one.person for one in rows], by=viewer.account_id, purpose="certificates"
    )
    fresh: int | None = sum(one.fresh for one in rows)
    if not cut.by_name:
        fresh = None
    elif cut.long:
        fresh = fresh_of(course, kind, scope="viewer")
    return Listing(rows, known, cut.total, fresh, cut, waiver_queries.waiting(course))


def _cut(course: Course, kind: Kind, page: int, words: str) -> Cut:
    """The keys of those on a page. No name leaves."""
    if kind is Kind.TRAINER:
        everyone = [key for key, _name in _teachers(course)]
        page = paging.within(page, len(everyone), PAGE)
        return Cut(everyone[(page - 1) * PAGE : page * PAGE], len(everyone), page, True, size=PAGE)
    earning = [Registration.state.in_(EARNING)]
    number = headcount(course.id).number(EARNING)
    return page_queries.cut(course.id, earning, page, words, size=PAGE, total=number)


def longest_name(course: Course, kind: Kind) -> str | None:
    """Whose name is the longest of (the first thousand of) those who may earn one: the person."""
    earning = (
        _accepted(Person.id, course)
        if kind is Kind.TRAINER
        else select(Person.id, Person.id)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.course_id == course.id, Registration.state.in_(EARNING))
        .order_by(Registration.number)
        .limit(page_queries.BY_NAME)
    )
    names = reading.names_among(earning)
    return max(names, key=lambda one: len(one[1]))[0] if names else None


def _teachers(course: Course) -> list[tuple[str, str]]:
    """The keys and names of the trainers who accepted, in order of name; only for sorting."""
    names = reading.names_among(_accepted(CourseTrainer.id, course))
    return sorted(names, key=lambda one: folded(one[1]))


def _accepted(key: InstrumentedAttribute[str], course: Course) -> Select[str, str]:
    """A key of each trainer who accepted, with the id of the person."""
    return (
        select(key, Person.id)
        .select_from(CourseTrainer)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .join(Person, Person.id == Trainer.person_id)
        .where(CourseTrainer.course_id == course.id, CourseTrainer.state == Invitation.ACCEPTED)
        .order_by(CourseTrainer.id)
    )


def fresh_of(course: Course, kind: Kind, *, scope: str) -> int:
    """How many earned a certificate of a kind and have none: what the issue button issues.

    Reads only what decides this, even for thousands of people. Agrees with ``Earner.fresh``.
    """
    if kind is Kind.TRAINER:
        return sum(one.fresh for one in standing_queries.teachers(course, scope=scope))
    planned = agenda.planned_minutes(course.id)
    attended = attendance.minutes_attended(course.id)
    passed = results.passed_in(course.id) if course.needs_test else ()
    gave = evaluations.given_in(course.id) if course.needs_evaluation else ()
    had = select(Certificate.registration_id).where(
        Certificate.course_id == course.id,
        Certificate.kind == kind,
        Certificate.status.in_([*VALID, Status.REVOKED]),
        Certificate.registration_id.is_not(None),
    )
    rows = db.session.execute(
        select(Registration.id, Registration.name_confirmed_at, Waiver.approved_at)
        .outerjoin(Waiver, Waiver.registration_id == Registration.id)
        .where(
            Registration.course_id == course.id,
            Registration.state.in_(EARNING),
            Registration.id.not_in(had),
        )
        .execution_options(scope=scope)
    )
    return sum(
        qualifies(
            facts_of(
                course,
                kind,
                attended.get(key, 0),
                planned,
                confirmed_at,
                approved_at,
                passed=key in passed,
                gave=key in gave,
            )
        )
        for key, confirmed_at, approved_at in rows
    )
