"""Counts what is still missing in a course, by the same conditions as the lists behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import COUNTED
from trainings.agenda_versions.models import AgendaVersion
from trainings.certificates.waiver_queries import how_many_wait
from trainings.change_requests.queries import how_many_ask
from trainings.core.db import db
from trainings.courses.models import Course, CourseAgency, Signatory
from trainings.desk.missing_rules import Missing
from trainings.desk.queries import count_of, without_trainer
from trainings.questions.queries import how_many_lack
from trainings.register.models import Certificate
from trainings.registrations import filter_queries
from trainings.registrations.headcount_queries import Headcount, headcounts
from trainings.registrations.listing_rules import Problem
from trainings.registrations.models import Registration
from trainings.registrations.rules import UNENDORSED, State
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import TEACHING, Invitation
from trainings.tables.queries import without_place


def missing(course: Course) -> Missing:
    """The open tasks of a course, in one statement beside its headcount."""
    return missing_in([course])[course.id]


def missing_in(courses: Sequence[Course]) -> dict[str, Missing]:
    """The open tasks of several courses by id, asked for together."""
    if not courses:
        return {}
    keys = [course.id for course in courses]
    people, lacking = headcounts(keys), how_many_lack(keys)
    # of few people in few courses: counted in each course they would be looked through each time
    beside = {"exceptions": how_many_wait(), "bounced": filter_queries.in_trouble(Problem.BOUNCED)}
    numbers = {name: func.coalesce(one.c.number, 0) for name, one in beside.items()}
    parts = {**_counted(), **numbers}
    statement = select(Course.id, *parts.values()).where(Course.id.in_(keys))
    for one in beside.values():
        statement = statement.outerjoin(one, one.c.course_id == Course.id)
    rows = db.session.execute(statement.execution_options(scope="viewer"))
    counts = {key: dict(zip(parts, row, strict=True)) for key, *row in rows}
    return {
        course.id: _missing(
            course, {**counts[course.id], "answers": lacking[course.id]}, people[course.id]
        )
        for course in courses
    }


def _counted() -> dict[str, Any]:
    """What is counted in each course, as the parts of a statement."""

    def troubled(problem: Problem) -> Any:
        return count_of(Registration.course_id == Course.id, *filter_queries.troubled(problem))

    taught = AgendaSession.kind.in_(sorted(COUNTED))
    invited = CourseTrainer.state == Invitation.INVITED
    return {
        "ending_soon": troubled(Problem.ENDING),
        "incomplete": troubled(Problem.INCOMPLETE),
        "unnamed": troubled(Problem.UNNAMED),
        "sessions_without_trainer": without_trainer(Course.id),
        "unanswered": count_of(CourseTrainer.course_id == Course.id, invited),
        "without_place": without_place(Course.id),
        "agencies": count_of(CourseAgency.course_id == Course.id, CourseAgency.agreed_at.is_(None)),
        "signatories": count_of(Signatory.course_id == Course.id, Signatory.agreed_at.is_(None)),
        "changes": how_many_ask(Course.id),
        "sessions": count_of(AgendaSession.course_id == Course.id, taught),
        "versions": count_of(AgendaVersion.course_id == Course.id),
        "trainers": count_of(
            CourseTrainer.course_id == Course.id, CourseTrainer.state.in_(sorted(TEACHING))
        ),
        "certificates": _somebody_has_one(),
    }


def _somebody_has_one() -> Any:
    """Whether somebody of a course has a certificate; an index leads to the first one.

    Said as a range and in order: for an equal course PostgreSQL looks through those of all courses.
    """
    here = Certificate.course_id.between(Course.id, Course.id)
    first = select(Certificate.course_id).where(here, Certificate.registration_id.is_not(None))
    return first.order_by(Certificate.course_id).limit(1).scalar_subquery().is_not(None)


def _missing(course: Course, counts: dict[str, Any], people: Headcount) -> Missing:
    to_endorse = people.by_country(UNENDORSED)
    issued = counts.pop("certificates")
    there_are_sessions, published = bool(counts.pop("sessions")), bool(counts.pop("versions"))
    return Missing(
        to_endorse=[(country, number) for country, number in sorted(to_endorse.items()) if number],
        to_select=people.number([State.ENDORSED]),
        offered=people.number([State.OFFERED]),
        no_agenda=not there_are_sessions,
        unpublished=there_are_sessions and not published,
        no_trainers=not counts.pop("trainers"),
        no_seats=not people.blocks,
        no_certificates=bool(people.number([State.ATTENDED])) and not issued,
        absent=[country for country in course.countries if country not in to_endorse],
        **counts,
    )
