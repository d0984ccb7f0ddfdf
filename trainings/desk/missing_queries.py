"""Counts what is still missing in a course, by the same conditions as the lists behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import COUNTED
from trainings.agenda_versions.models import AgendaVersion
from trainings.core.db import count_of, db
from trainings.courses.models import Course, CourseAgency, Signatory
from trainings.desk import counted_queries
from trainings.desk.counted_queries import Counted
from trainings.desk.missing_rules import Missing
from trainings.desk.queries import without_trainer
from trainings.questions.queries import how_many_lack
from trainings.registrations import filter_queries
from trainings.registrations.headcount_queries import Headcount, headcounts
from trainings.registrations.listing_rules import Problem
from trainings.registrations.models import Registration
from trainings.registrations.rules import UNENDORSED, State
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import TEACHING, Invitation


def missing(course: Course) -> Missing:
    """The open tasks of a course, in one statement beside its headcount."""
    return missing_in([course])[course.id]


def missing_in(courses: Sequence[Course]) -> dict[str, Missing]:
    """The open tasks of several courses by id, asked for together."""
    if not courses:
        return {}
    keys = [course.id for course in courses]
    people, lacking = headcounts(keys), how_many_lack(keys)
    counted = counted_queries.counted(keys)
    # of few people in few courses: counted in each course they would be looked through each time
    bounced = filter_queries.in_trouble(Problem.BOUNCED)
    parts = {**_asked(), "bounced": func.coalesce(bounced.c.number, 0)}
    rows = db.session.execute(
        select(Course.id, *parts.values())
        .outerjoin(bounced, bounced.c.course_id == Course.id)
        .where(Course.id.in_(keys))
        .execution_options(scope="viewer")
    )
    counts = {key: dict(zip(parts, row, strict=True)) for key, *row in rows}
    return {
        one.id: _missing(one, counts[one.id], counted[one.id], lacking[one.id], people[one.id])
        for one in courses
    }


def _asked() -> dict[str, Any]:
    """What is asked of each course with each look, as the parts of a statement."""
    ending = filter_queries.troubled(Problem.ENDING)
    taught = AgendaSession.kind.in_(sorted(COUNTED))
    invited = CourseTrainer.state == Invitation.INVITED
    return {
        "ending_soon": count_of(Registration.course_id == Course.id, *ending),
        "sessions_without_trainer": without_trainer(Course.id),
        "unanswered": count_of(CourseTrainer.course_id == Course.id, invited),
        "agencies": count_of(CourseAgency.course_id == Course.id, CourseAgency.agreed_at.is_(None)),
        "signatories": count_of(Signatory.course_id == Course.id, Signatory.agreed_at.is_(None)),
        "sessions": count_of(AgendaSession.course_id == Course.id, taught),
        "versions": count_of(AgendaVersion.course_id == Course.id),
        "trainers": count_of(
            CourseTrainer.course_id == Course.id, CourseTrainer.state.in_(sorted(TEACHING))
        ),
    }


def _missing(
    course: Course, counts: dict[str, Any], counted: Counted, lacking: int, people: Headcount
) -> Missing:
    to_endorse = people.by_country(UNENDORSED)
    there_are_sessions, published = bool(counts.pop("sessions")), bool(counts.pop("versions"))
    return Missing(
        to_endorse=[(country, number) for country, number in sorted(to_endorse.items()) if number],
        to_select=people.number([State.ENDORSED]),
        offered=people.number([State.OFFERED]),
        incomplete=counted.incomplete,
        unnamed=counted.unnamed,
        without_place=counted.without_place,
        exceptions=counted.exceptions,
        changes=counted.changes,
        answers=lacking,
        no_agenda=not there_are_sessions,
        unpublished=there_are_sessions and not published,
        no_trainers=not counts.pop("trainers"),
        no_seats=not people.blocks,
        no_certificates=bool(people.number([State.ATTENDED])) and not counted.certified,
        absent=[country for country in course.countries if country not in to_endorse],
        **counts,
    )
