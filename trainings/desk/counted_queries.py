"""Numbers of a course that change by acts in it alone, counted once after each act."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ScalarSelect, func, select

from trainings.audit.kept_queries import KeptNumbers
from trainings.certificates.waiver_queries import how_many_wait
from trainings.change_requests.queries import how_many_ask
from trainings.core.db import count_of, db, has_any
from trainings.courses.models import Course
from trainings.register.models import Certificate
from trainings.register.rules import VALID
from trainings.registrations import filter_queries
from trainings.registrations.listing_rules import Problem
from trainings.registrations.models import Registration
from trainings.tables.queries import without_place


class Counted(NamedTuple):
    """What is counted of a course's people, seats at tables and certificates."""

    incomplete: int
    unnamed: int  # who has not confirmed the name for the certificate
    without_place: int  # at a table, where there are tables
    changes: int  # of details that wait for an organiser
    certificates: int  # that are valid
    certified: bool  # whether a participant was ever given one
    exceptions: int  # from the hours rule, requested and not decided


def counted(course_ids: Collection[str]) -> dict[str, Counted]:
    """The numbers of these courses, by id."""
    return KEPT.of(course_ids)


def _counted(course_ids: Collection[str]) -> dict[str, Counted]:
    waiting = how_many_wait()  # in few courses: looked up once, not in each
    rows = db.session.execute(
        select(
            Course.id,
            _troubled(Problem.INCOMPLETE),
            _troubled(Problem.UNNAMED),
            without_place(Course.id),
            how_many_ask(Course.id),
            count_of(Certificate.course_id == Course.id, Certificate.status.in_(sorted(VALID))),
            has_any(Certificate.course_id, Course.id, Certificate.registration_id.is_not(None)),
            func.coalesce(waiting.c.number, 0),
        )
        .outerjoin(waiting, waiting.c.course_id == Course.id)
        .where(Course.id.in_(list(course_ids)))
        .execution_options(scope="viewer")
    )
    return {course_id: Counted(*numbers) for course_id, *numbers in rows}


def _troubled(problem: Problem) -> ScalarSelect[int]:
    return count_of(Registration.course_id == Course.id, *filter_queries.troubled(problem))


KEPT = KeptNumbers("counted", _counted, 10_000)
