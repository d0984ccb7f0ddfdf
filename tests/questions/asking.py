"""A course that asks something, and its people, for the tests of questions."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.materials import making
from tests.registrations import acting
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.people.models import IdentityRead
from trainings.questions import answer_operations, answer_queries, operations
from trainings.questions.answer_rules import Typed
from trainings.questions.models import CourseQuestion, QuestionAnswer
from trainings.questions.rules import AskedOf, Asking, KeptFor, Option, QuestionKind, SeenBy
from trainings.questions.writes import add_question
from trainings.registrations.rules import State
from trainings.uploads.rules import Upload

OPTIONS = (Option("1", {"en": "Window", "es": "Ventana"}), Option("2", {"en": "Aisle"}))


def asking(kind: QuestionKind = QuestionKind.SHORT, **values: Any) -> Asking:
    """A question of a kind."""
    given: dict[str, Any] = {
        "kind": kind,
        "asked_of": AskedOf.SELECTED,
        "seen_by": SeenBy.ORGANISERS,
        "kept_for": KeptFor.MONTH,
        "titles": {"en": f"Tell us ({kind})", "es": f"Díganos ({kind})"},
        "hints": {},
        "required": True,
        "options": OPTIONS if kind in (QuestionKind.ONE, QuestionKind.SEVERAL) else (),
        "follow_ups": {"en": "What exactly?"} if kind is QuestionKind.YES_NO else {},
    }
    return Asking(**{**given, **values})


@dataclass
class Desk:
    """The course, its organiser, and somebody who confirmed a seat."""

    course: str
    by: Viewer
    number: str
    person: Viewer
    made: dict[str, str] = field(default_factory=dict)

    def ask(self, kind: QuestionKind = QuestionKind.SHORT, **values: Any) -> str:
        """Ask something; gives the question's id."""
        return operations.add(self.course, asking(kind, **values), self.by)

    def answer(self, question: str, answer: Any, more: str = "") -> None:
        """The person answers a question."""
        answer_operations.answer_own(self.number, {question: Typed(answer, more)}, self.person)

    def send(self, question: str, name: str = "Letter.pdf", content: bytes = making.PDF) -> None:
        """The person sends a file."""
        upload = Upload(name, io.BytesIO(content))
        answer_operations.send_file(self.number, question, upload, self.person)


def desk(state: State = State.CONFIRMED, **course: Any) -> Desk:
    """A course with one registration in a state."""
    course_id = factories.course(
        **{"agencies": ("IOM", "INTERPOL"), "languages": ["en", "es"], **course}
    )
    by = acting.organiser()
    acting.share_out(course_id, {("BO", "judge"): 2})
    number, person = acting.standing(course_id, state)
    return Desk(course_id, by, number, person)


def answer_as(number: str, given: dict[str, Typed]) -> None:
    """Let the person of a registration answer."""
    person_id = acting.registration(number).person_id
    db.session.close()
    answer_operations.answer_own(number, given, Viewer(person_id=person_id))


def client_of(app: Flask, who: Viewer) -> FlaskClient:
    """Somebody at the pages."""
    client = app.test_client()
    factories.sign_in(client, who)
    return client


def own(desk: Desk) -> str:
    """Where the person answers."""
    return f"/my/registrations/{desk.number}/questions"


def reads() -> list[list[str]]:
    """Whose answers were looked at, look by look."""
    db.session.close()
    statement = select(IdentityRead.persons).where(IdentityRead.purpose == "answers")
    return list(db.session.scalars(statement))


def kept() -> dict[str, Any]:
    """What is answered now, opened, by question."""
    db.session.close()
    rows = db.session.scalars(select(QuestionAnswer)).all()
    found = {one.question_id: answer_queries.value_of(one) for one in rows}
    db.session.close()
    return found


def question(question_id: str) -> CourseQuestion:
    """A question as it is now."""
    db.session.close()
    return db.session.get_one(CourseQuestion, question_id)


def gaps(course_id: str, by: Viewer) -> dict[tuple[str, str], str]:
    """For the matrix of rights: a course that asks for a text of whoever comes, and for a file."""
    text = operations.add(course_id, asking(titles={"en": "First words"}), by)
    file = operations.add(course_id, asking(QuestionKind.FILE, asked_of=AskedOf.CANDIDATE), by)
    with transaction() as session:
        for of in (AskedOf.CANDIDATE, AskedOf.FOCAL_POINT):
            named = add_question(session, course_id, asking(asked_of=of), 9)
            named.id = f"of-{of}"  # tests of two editors name its field
    return {
        ("/courses/<code>/questions", "question_id"): text,
        ("/courses/<code>/questions", "step"): "down",
        ("/courses/<code>/registrations", "question_id"): file,
        ("/my/registrations", "question_id"): file,
    }
