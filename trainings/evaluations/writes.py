"""Stores evaluations in the caller's transaction: that one was given, and separately its answers.

See docs/decisions/2026-11-24-evaluations.md.
"""

from __future__ import annotations

import json

from sqlalchemy.orm import Session

from trainings.core import sealed
from trainings.core.db import new_key
from trainings.evaluations import queries
from trainings.evaluations.models import EvaluationAnswer, EvaluationGiven
from trainings.evaluations.rules import BATCH, Answers


def keep_given(session: Session, registration_id: str) -> None:
    """Record that the evaluation of a registration was given."""
    session.add(EvaluationGiven(registration_id=registration_id))
    session.flush()


def keep_answers(session: Session, course_id: str, answers: Answers) -> None:
    """Store the answers about a course, and show all hidden ones once there are five.

    Call it with the course's row locked. The five are written again under new keys and in the
    order of these keys, so that neither the order in the file nor PostgreSQL's transaction id
    (``xmin``) reveals any longer which came when.
    """
    session.add(_answer(course_id, answers, shown=False))
    session.flush()
    waiting = queries.hidden(course_id)
    if len(waiting) < BATCH:
        return
    together = [_answer(course_id, queries.opened(row), shown=True) for row in waiting]
    together.sort(key=lambda row: row.id)
    for row in waiting:
        session.delete(row)
    session.flush()
    session.add_all(together)
    session.flush()


def _answer(course_id: str, answers: Answers, *, shown: bool) -> EvaluationAnswer:
    key = new_key()
    said = {"ratings": dict(answers.ratings), "texts": dict(answers.texts)}
    return EvaluationAnswer(
        id=key,
        course_id=course_id,
        shown=shown,
        answers=sealed.seal(json.dumps(said), f"evaluation_answer|answers|{key}"),
    )
