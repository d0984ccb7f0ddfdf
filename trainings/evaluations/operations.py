"""What a participant does with the evaluation of a course: give it, once."""

from __future__ import annotations

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Viewer
from trainings.evaluations import queries, writes
from trainings.evaluations.rules import Answers, GivenAlready, check_open, checked
from trainings.registrations import locked_queries


def give(number: str, answers: Answers, by: Viewer) -> None:
    """Give the evaluation of a course you took part in; it is anonymous and cannot be changed.

    Raises ``NotAsked``, ``NotOfTheCourse``, ``NotYet``, ``GivenAlready``, ``RatingMissing``,
    ``TextRefused``; ``NotFound`` where the registration is somebody else's.
    """
    answers = checked(answers)
    with transaction() as session:
        course, registration = locked_queries.own_for_update(by, number)
        today = clock.today(course.zone)
        check_open(course.needs_evaluation, registration.state, course.ends_on, today)
        if queries.has_given(registration.id):
            raise GivenAlready
        writes.keep_given(session, registration.id)
        writes.keep_answers(session, course.id, answers)
        # The audit trail counts evaluations without names: by its times, the last person to give
        # one could be identified as the author of the only answer still hidden.
        record(session, "evaluation.give", "course", course.id, by=None, course_id=course.id)
