"""Counts what is still missing in a course, by the same conditions as the lists behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, column, exists, func, literal, select, union_all, values

from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import COUNTED
from trainings.agenda_versions.models import AgendaVersion
from trainings.certificates.waiver_queries import how_many_wait
from trainings.change_requests.queries import how_many_ask
from trainings.core.db import db
from trainings.courses.models import Course, CourseAgency, Signatory
from trainings.desk.missing_rules import Missing
from trainings.desk.queries import count_of, registrations_in, without_trainer
from trainings.questions.queries import how_many_lack
from trainings.register.models import Certificate
from trainings.registrations import filter_queries
from trainings.registrations.listing_rules import Problem
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.rules import State
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import TEACHING, Invitation
from trainings.tables.queries import without_place


def missing(course: Course) -> Missing:
    """The open tasks of a course, in two statements."""
    return missing_in([course])[course.id]


def missing_in(courses: Sequence[Course]) -> dict[str, Missing]:
    """The open tasks of several courses by id, in two statements for all of them."""
    if not courses:
        return {}
    keys, exceptions = [course.id for course in courses], how_many_wait()
    parts = {**_counted(), "exceptions": func.coalesce(exceptions.c.number, 0)}
    rows = db.session.execute(
        select(Course.id, *parts.values())
        .outerjoin(exceptions, exceptions.c.course_id == Course.id)
        .where(Course.id.in_(keys))
        .execution_options(scope="viewer")
    )
    to_endorse = _to_endorse(courses)
    counts = {key: dict(zip(parts, row, strict=True)) for key, *row in rows}
    return {
        course.id: _missing(course, counts[course.id], to_endorse.get(course.id, {}))
        for course in courses
    }


def _counted() -> dict[str, Any]:
    """What is counted in each course, as the parts of a statement."""

    def troubled(problem: Problem) -> Any:
        return count_of(Registration.course_id == Course.id, *filter_queries.troubled(problem))

    taught = AgendaSession.kind.in_(sorted(COUNTED))
    invited = CourseTrainer.state == Invitation.INVITED
    return {
        "to_select": registrations_in(Course.id, State.ENDORSED),
        "offered": registrations_in(Course.id, State.OFFERED),
        "ending_soon": troubled(Problem.ENDING),
        "incomplete": troubled(Problem.INCOMPLETE),
        "bounced": troubled(Problem.BOUNCED),
        "unnamed": troubled(Problem.UNNAMED),
        "sessions_without_trainer": without_trainer(Course.id),
        "unanswered": count_of(CourseTrainer.course_id == Course.id, invited),
        "without_place": without_place(Course.id),
        "agencies": count_of(CourseAgency.course_id == Course.id, CourseAgency.agreed_at.is_(None)),
        "signatories": count_of(Signatory.course_id == Course.id, Signatory.agreed_at.is_(None)),
        "answers": how_many_lack(Course.id),
        "changes": how_many_ask(Course.id),
        "sessions": count_of(AgendaSession.course_id == Course.id, taught),
        "versions": count_of(AgendaVersion.course_id == Course.id),
        "trainers": count_of(
            CourseTrainer.course_id == Course.id, CourseTrainer.state.in_(sorted(TEACHING))
        ),
        "blocks": count_of(SeatBlock.course_id == Course.id),
        "attended": _any(Registration.course_id == Course.id, Registration.state == State.ATTENDED),
        "certificates": _any(
            Certificate.course_id == Course.id, Certificate.registration_id.is_not(None)
        ),
    }


def _any(*conditions: Any) -> Any:
    """Whether there is any such row: the first one answers."""
    return exists().where(*conditions)


def _missing(course: Course, counts: dict[str, Any], to_endorse: dict[str, int]) -> Missing:
    issued = counts.pop("certificates")
    there_are_sessions, published = bool(counts.pop("sessions")), bool(counts.pop("versions"))
    return Missing(
        to_endorse=[(country, number) for country, number in to_endorse.items() if number],
        no_agenda=not there_are_sessions,
        unpublished=there_are_sessions and not published,
        no_trainers=not counts.pop("trainers"),
        no_seats=not counts.pop("blocks"),
        no_certificates=bool(counts.pop("attended")) and not issued,
        absent=[country for country in course.countries if country not in to_endorse],
        **counts,
    )


def _to_endorse(courses: Sequence[Course]) -> dict[str, dict[str, int]]:
    """By course and country with candidates: how many of them wait for an endorsement.

    The countries of the course are each looked for, so that nobody else is read for it.
    """
    waiting = (
        select(Registration.course_id, Registration.country, func.count().label("number"))
        .where(
            Registration.course_id.in_([course.id for course in courses]),
            *filter_queries.troubled(Problem.UNENDORSED),
        )
        # by state as well, as the index has them, so that nothing is sorted
        .group_by(Registration.course_id, Registration.state, Registration.country)
    )
    asked = [(course.id, country) for course in courses for country in course.countries]
    parts: list[Any] = [waiting]
    if asked:
        names = column("course_id", String), column("country", String)
        wanted = values(*names, name="wanted").data(asked).cte()
        there = exists().where(
            Registration.course_id == wanted.c.course_id,
            Registration.state.in_(sorted(State)),
            Registration.country == wanted.c.country,
        )
        parts.append(
            select(wanted.c.course_id, wanted.c.country, literal(0)).where(there.correlate(wanted))
        )
    rows = db.session.execute(union_all(*parts).execution_options(scope="viewer"))
    found: dict[str, Counter[str]] = {}
    for course_id, country, number in rows:
        found.setdefault(course_id, Counter())[country] += number
    return {course_id: dict(sorted(counts.items())) for course_id, counts in found.items()}
