"""What a trainer taught, added up, as a page and as a letter of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import counting, factories, teaching
from tests.drawing import keep_drawn
from tests.evaluations import evaluating
from trainings.agenda import operations as agenda
from trainings.agenda.models import AgendaSession, Assignment
from trainings.assessments import operations as assessments
from trainings.assessments.rules import Found
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.printing.paper_rules import LetterDocument
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation, TrainerRole
from trainings.service_records import operations, queries, rules
from trainings.service_records.rules import Held, Service

LEAD, CO, OBSERVER = TrainerRole


def service(key: str, starts_on: date) -> Service:
    return Service(key, {"en": key}, key.upper(), "Lima", "PE", starts_on, starts_on)


def test_sessions_are_added_up_course_by_course() -> None:
    services = {
        key: service(key, date(2026, 5, day)) for key, day in (("a", 1), ("b", 9), ("c", 5))
    }
    law, maps = ("law", {"en": "Law"}), ("maps", {"en": "Maps"})
    held = [
        Held("a", LEAD, 90, law),
        Held("a", CO, 45, law),
        Held("a", OBSERVER, 60, maps),
        Held("b", LEAD, 30, maps),
        Held("b", LEAD, 30, None),
    ]
    found = rules.add_up(services, held)
    assert [one.course_id for one in found] == ["b", "a"], (
        "latest first, and none without a session"
    )
    second = found[1]
    assert (second.given, second.minutes, second.modules) == (2, 135, [{"en": "Law"}])
    assert second.in_role(OBSERVER) == 1
    assert rules.total(found) == (2, 4, 1, 195)


class Case:
    """Ruth led one session and observed another, in a course that some people evaluated."""

    def __init__(self, evaluations: int = 5) -> None:
        self.by = factories.account(Role.ORGANISER, agency="IOM")
        self.course = evaluating.course(evaluations)
        self.module = teaching.module()
        self.trainer = teaching.trainer(self.by)
        row = db.session.get_one(Trainer, self.trainer)
        self.ruth = Viewer(account_id=row.account_id, person_id=row.person_id)
        with transaction() as session:
            asked = CourseTrainer(id=new_key(), course_id=self.course, trainer_id=self.trainer)
            asked.invited_at, asked.state = clock.now(), Invitation.ACCEPTED
            session.add(asked)
            session.flush()
            sessions = session.scalars(
                select(AgendaSession.id)
                .where(AgendaSession.course_id == self.course)
                .order_by(AgendaSession.starts_utc)
            ).all()
            for key, role in zip(sessions[:2], (LEAD, OBSERVER), strict=True):
                session.add(Assignment(session_id=key, course_trainer_id=asked.id, role=role))
        evaluating.give(self.course, evaluations)
        db.session.close()


def test_what_is_over_stands_in_it_with_how_the_trainers_were_rated(each_app: Flask) -> None:
    case = Case()
    with counting.statements() as sent:
        (one,) = queries.of_trainer(case.trainer)
    assert len(sent) == 2, "\n".join(sent)
    assert (one.code, one.sessions, one.minutes) == ("BUE26", {LEAD: 1, OBSERVER: 1}, 120)
    assert len(one.modules) == 1
    assert one.rating == rules.Rating(mean=3, people=5)
    with clock.at(datetime(2020, 1, 1, tzinfo=UTC)):
        assert queries.of_trainer(case.trainer) == [], "nothing of it was over then"
    with transaction() as session:
        session.get_one(Course, case.course).state = CourseState.CANCELLED
    assert queries.of_trainer(case.trainer) == []


def test_ratings_of_fewer_than_five_are_not_shown(app: Flask) -> None:
    (one,) = queries.of_trainer(Case(4).trainer)
    assert one.rating is None


def test_the_page_is_its_trainers_alone(client: FlaskClient) -> None:
    case = Case()
    factories.sign_in(client, case.ruth)
    page = client.get("/my/service").text
    for said in ("1 session led, 1 observed", "2 h 00 min", "rated 3.0 of 5 by 5 participants"):
        assert said in page
    luis = teaching.trainer(case.by, name=("Luis", "Paz"))
    row = db.session.get_one(Trainer, luis)
    factories.sign_in(client, Viewer(account_id=row.account_id, person_id=row.person_id))
    page = client.get("/my/service").text
    assert "Your sessions appear here once they are over." in page and ".pdf" not in page
    assert "nothing to write" in client.post("/my/service.pdf").text
    factories.sign_in(client, case.by)
    assert client.get("/my/service").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "1 session given, 2 h 00 min, in 1 course. 1 session observed."),
        ("es", "1 sesión impartida, 2 h 00 min, en 1 curso. 1 sesión observada."),
        ("fr", "1 séance animée, 2\xa0h 00\xa0min, dans 1 formation. 1 séance observée."),
        ("pt_BR", "1 sessão ministrada, 2 h 00 min, em 1 curso. 1 sessão observada."),
    ],
)
def test_the_letter_is_in_the_language_asked_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    case = Case()
    found = Found(case.module, CO, date(2026, 11, 3))
    assessments.assess(case.trainer, found, case.by)
    drawn = keep_drawn(monkeypatch)
    assert operations.write(language, case.ruth) == b"%PDF"
    (paper,) = drawn
    assert isinstance(paper, LetterDocument)
    assert paper.paragraphs == (words,)
    assert paper.addressee[0] == "Ruth Choque" and "Choque" not in paper.wording.document_title
    assert len(paper.facts) == 2 and "Module investigation" in paper.facts[1].value
    acts = db.session.scalars(
        select(AuditEntry.act)
        .where(AuditEntry.object_id == case.trainer)
        .order_by(AuditEntry.number)
    )
    assert "trainer.record" in acts.all()


def test_more_courses_are_no_more_statements(app: Flask, client: FlaskClient) -> None:
    case = Case()
    factories.sign_in(client, case.ruth)
    for number in range(3):
        if number == 1:  # from then on there are courses whose answers are not summed up
            with counting.statements() as before:
                client.get("/my/service")
        course = factories.course(f"MORE{number}", starts_in=-30 - 9 * number)
        with transaction() as session:
            asked = CourseTrainer(id=new_key(), course_id=course, trainer_id=case.trainer)
            asked.invited_at, asked.state = clock.now(), Invitation.ACCEPTED
            session.add(asked)
        agenda.add_session(course, teaching.slot(course, trainers=(asked.id,)), case.by)
    with counting.statements() as after:
        assert client.get("/my/service").text.count("1 session led") == 4
    assert len(after) == len(before), "\n".join(after)
