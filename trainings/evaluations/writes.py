"""Keeps evaluations inside someone's transaction: the fact, and apart from it what was said."""

from __future__ import annotations

import json

from sqlalchemy.orm import Session

from trainings.core import sealed
from trainings.core.db import new_key
from trainings.evaluations import queries
from trainings.evaluations.models import EvaluationAnswer, EvaluationGiven
from trainings.evaluations.rules import BATCH, Answers


def keep_given(session: Session, registration_id: str) -> None:
    """Keep that the evaluation of a registration was given."""
    session.add(EvaluationGiven(registration_id=registration_id))
    session.flush()


def keep_answers(session: Session, course_id: str, answers: Answers) -> None:
    """Keep what was said of a course, and show all that wait once five are together.

    Call it under the lock of the course. Those five are written anew under new keys, in the order
    of these: neither the order of a file nor PostgreSQL's mark of the transaction (``xmin``)
    tells any more which of them came when.
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
        id=key, course_id=course_id, shown=shown,
        answers=sealed.seal(json.dumps(said), f"evaluation_answer|answers|{key}"),
    )  # fmt: skip
