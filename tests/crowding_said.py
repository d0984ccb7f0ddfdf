"""What people said: answers to what a course asks, evaluations, working contacts of a wave."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.crowding_people import put
from tests.questions.asking import asking
from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.evaluations.models import EvaluationAnswer, EvaluationGiven
from trainings.evaluations.rules import Question, Statement
from trainings.evaluations.writes import keep_summary
from trainings.networks import queries as networks
from trainings.networks import writes as network_writes
from trainings.networks.models import ContactAnswer, ContactAsk
from trainings.networks.rules import WaveKind
from trainings.questions.answer_queries import sealed_value
from trainings.questions.models import QuestionAnswer
from trainings.questions.rules import AskedOf, QuestionKind
from trainings.questions.writes import add_question
from trainings.registrations.rules import HOLDS_SEAT

Rows = Iterable[dict[str, Any]]
ASKED = {
    QuestionKind.SHORT: "Seat by the window, please",
    QuestionKind.ONE: "1",
    QuestionKind.YES_NO: {"yes": True, "more": "No nuts"},
}


def answered(session: Session, course_id: str, rows: list[dict[str, Any]]) -> None:
    """Two thirds of the candidates answered what the course asks everybody."""
    questions = {
        kind: add_question(session, course_id, asking(kind, asked_of=AskedOf.CANDIDATE), 20 + at).id
        for at, kind in enumerate(ASKED)
    }
    session.flush()
    now, answers = clock.now(), []
    for place, row in enumerate(rows):
        for kind, question_id in questions.items() if place % 3 else ():
            key = new_key()
            answers.append(
                {
                    "id": key,
                    "question_id": question_id,
                    "registration_id": row["id"],
                    "at": now,
                    "value": sealed_value(key, ASKED[kind]),
                }
            )
    put(session, QuestionAnswer, answers)


def evaluated(session: Session, course_id: str, rows: Rows) -> None:
    """Every second person who takes part gave an evaluation; all but the last few are shown."""
    given = [row["id"] for row in rows if row["state"] in HOLDS_SEAT][::2]
    put(session, EvaluationGiven, ({"registration_id": key} for key in given))
    answers = []
    for place, _given in enumerate(given):
        key = new_key()
        said = {
            "ratings": {str(one): 1 + (place + at) % 5 for at, one in enumerate(Statement)},
            "texts": {str(one): f"Más ejercicios, {place}" for one in Question if place % 3},
        }
        answers.append(
            {
                "id": key,
                "course_id": course_id,
                "shown": place < len(given) // 5 * 5,
                "answers": sealed.seal(json.dumps(said), f"evaluation_answer|answers|{key}"),
            }
        )
    put(session, EvaluationAnswer, answers)
    keep_summary(session, course_id, [])


def named(session: Session, course_id: str, rows: Rows) -> None:
    """Everybody who takes part is asked in the open wave; two thirds say whom they worked with."""
    wave = networks.wave(course_id, WaveKind.END)
    assert wave is not None
    asked = set(
        session.scalars(select(ContactAsk.registration_id).where(ContactAsk.wave_id == wave.id))
    )
    new = [row for row in rows if row["state"] in HOLDS_SEAT and row["id"] not in asked]
    network_writes.keep_asked(session, wave.id, [row["id"] for row in new])
    answers = []
    for row in (row for place, row in enumerate(new) if place % 3):
        key = networks.answer_key(wave.id, row["id"])
        said = {
            "named": [["AR", "police", "once"], [row["country"], row["function"], "weekly"]],
            "ways": ["met"],
            "outcomes": ["advice"],
        }
        answers.append(
            {
                "id": key,
                "wave_id": wave.id,
                "said": sealed.seal(json.dumps(said).ljust(2000), networks.label(key)),
            }
        )
    put(session, ContactAnswer, answers)
