"""Stores evaluations in the caller's transaction: that one was given, and separately its answers.

See docs/decisions/2026-11-24-evaluations.md.
"""

from __future__ import annotations

import json
from random import SystemRandom

from sqlalchemy.orm import Session

from trainings.core import sealed
from trainings.core.db import new_key
from trainings.evaluations import queries, rules
from trainings.evaluations.models import EvaluationAnswer, EvaluationGiven, EvaluationSummary
from trainings.evaluations.rules import BATCH, Answers

_OWN = 4  # characters of a key in which answers that are shown together differ


def keep_given(session: Session, registration_id: str) -> None:
    """Record that the evaluation of a registration was given."""
    session.add(EvaluationGiven(registration_id=registration_id))
    session.flush()


def keep_answers(session: Session, course_id: str, answers: Answers) -> None:
    """Store the answers about a course, and show all hidden ones once there are five.

    Call it with the course's row locked. The five are written again under new keys and in the
    order of these keys, so that neither the order in the file nor PostgreSQL's transaction id
    (``xmin``) reveals any longer which came when. Their keys lie side by side, behind as many as
    are a multiple of five: whoever looks at a page before and after never sees fewer come or go.
    """
    session.add(_answer(new_key(), course_id, answers, shown=False))
    session.flush()
    waiting = queries.hidden(course_id)
    if len(waiting) < BATCH:
        return
    said = [queries.opened(row) for row in waiting]
    keys = _side_by_side(course_id, len(said))
    together = [
        _answer(key, course_id, one, shown=True)
        for key, one in zip(keys, SystemRandom().sample(said, len(said)), strict=True)
    ]
    for row in waiting:
        session.delete(row)
    session.flush()
    session.add_all(together)
    session.flush()
    keep_summary(session, course_id, said)


def keep_summary(session: Session, course_id: str, new: list[Answers]) -> None:
    """Add what is shown from now on to what all of the course come to."""
    row = session.get(EvaluationSummary, course_id)
    if row is None:  # the first, or others were shown before summaries were kept
        row = EvaluationSummary(course_id=course_id)
        found = rules.summary(queries.shown_so_far(course_id))
        session.add(row)
    else:
        found = rules.together(queries.opened_summary(course_id, row.counts), rules.summary(new))
    said = {
        "shown": found.shown,
        "ratings": {one.statement: list(one.counts) for one in found.tallies},
        "texts": found.wrote,
    }
    row.counts = sealed.seal(json.dumps(said), queries.summary_label(course_id))
    session.flush()


def _side_by_side(course_id: str, number: int) -> list[str]:
    """Random keys with none of another answer between them, in their order."""
    among = new_key()
    while queries.shown_before(course_id, among) % BATCH:
        among = new_key()
    keys: set[str] = set()
    while len(keys) < number:
        keys.add(among[:-_OWN] + new_key()[-_OWN:])
    return sorted(keys)


def _answer(key: str, course_id: str, answers: Answers, *, shown: bool) -> EvaluationAnswer:
    said = {"ratings": dict(answers.ratings), "texts": dict(answers.texts)}
    return EvaluationAnswer(
        id=key,
        course_id=course_id,
        shown=shown,
        answers=sealed.seal(json.dumps(said), f"evaluation_answer|answers|{key}"),
    )
