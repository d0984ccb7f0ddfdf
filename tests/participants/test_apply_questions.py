"""What a course asks every candidate is a page of the application, and is kept when it is sent."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.asking import page, send
from tests.participants.applying import ANSWERS, HERE, answer_all, number_in
from tests.questions.asking import asking, kept, question
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.courses.rules import Visibility
from trainings.questions import answer_operations, operations
from trainings.questions.answer_rules import Typed
from trainings.questions.models import CourseQuestion
from trainings.questions.rules import AskedOf, QuestionKind
from trainings.registrations.rules import State

ASKED = f"{HERE}/questions"


class Course:
    """An open course that asks every candidate a text, a choice and a yes with more."""

    def __init__(self) -> None:
        self.id = factories.course("PUB27", visibility=Visibility.PUBLIC)
        acting.share_out(self.id, {("BO", "judge"): 2})
        self.by = acting.organiser()
        self.text = self.ask(QuestionKind.SHORT)
        self.seat = self.ask(QuestionKind.ONE, required=False)
        self.more = self.ask(QuestionKind.YES_NO)

    def ask(self, kind: QuestionKind, **values: object) -> str:
        """Ask every candidate something; gives the question's id."""
        asked = asking(kind, asked_of=AskedOf.CANDIDATE, **values)
        return operations.add(self.id, asked, self.by)

    def answers(self, text: str = "Two years", more: str = "A case") -> dict[str, str]:
        """What is typed on the page."""
        return {
            f"answer_{self.text}": text,
            f"answer_{self.seat}": "1",
            f"answer_{self.more}": "yes",
            f"more_{self.more}": more,
        }

    def whole(self) -> dict[str, object]:
        """What is kept of it."""
        return {self.text: "Two years", self.seat: "1", self.more: {"yes": True, "more": "A case"}}


@pytest.fixture
def course(client: FlaskClient) -> Course:
    return Course()


@pytest.fixture
def applicant(client: FlaskClient, course: Course) -> Viewer:
    made = factories.account(name=("", ""), mail="nusta@court.example")
    factories.sign_in(client, made)
    return made


@pytest.mark.usefixtures("applicant")
def test_the_questions_come_before_the_notice_and_are_sent_with_the_rest(
    client: FlaskClient, course: Course
) -> None:
    answer_all(client)
    assert client.get(f"{HERE}/check").location == f"{HERE}/resume"
    assert client.get(f"{HERE}/resume").location == ASKED
    assert send(client, f"{HERE}/needs", **ANSWERS["needs"]) == ASKED
    shown = page(client, ASKED)
    assert "Step 6 of 8" in shown and "Tell us (short)" in shown and "Seen by: " in shown
    assert send(client, ASKED, **course.answers()) == f"{HERE}/notice"
    check = page(client, f"{HERE}/check")
    for words in ("Two years", "Window", "Yes: A case", f"{ASKED}?then=check"):
        assert words in check, words
    changed = send(client, f"{ASKED}?then=check", **course.answers(text="Three years"))
    assert changed == f"{HERE}/check"
    sent = send(client, f"{HERE}/check")
    assert kept() == {**course.whole(), course.text: "Three years"}
    done = page(client, sent)
    assert "also ask you" not in done, "nothing is left to be answered"
    assert "My answers to the organisers" in done and "Answer the organisers" not in done
    (entry,) = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "answer.give").order_by(AuditEntry.number)
    )
    assert entry.details["number"] == number_in(sent) and entry.details["answers"] == 3


@pytest.mark.usefixtures("applicant")
def test_what_is_required_is_asked_for_beside_its_question(
    client: FlaskClient, course: Course
) -> None:
    empty = send(client, ASKED, 200, **{f"answer_{course.seat}": "2"})
    for what in ("short", "yes_no"):
        assert empty.count(f"Please answer: Tell us ({what})") == 2, "above and beside"
    assert empty.count("Please answer: ") == 4
    assert re.search(r'<input checked[^>]*value="2"', empty), "what was chosen stays"
    half = send(client, ASKED, 200, **course.answers(more=""))
    assert "Please answer this too: What exactly?" in half and 'value="Two years"' in half
    assert kept() == {}


@pytest.mark.usefixtures("applicant")
@pytest.mark.parametrize("leaving", ["back", "save_for_later"])
def test_nothing_is_lost_by_leaving_the_page(
    client: FlaskClient, course: Course, leaving: str
) -> None:
    send(client, f"{HERE}/function", **ANSWERS["function"])
    onward = send(client, ASKED, **course.answers(more=""), **{leaving: "yes"})
    assert onward == (f"{HERE}/needs" if leaving == "back" else f"{HERE}/later")
    again = page(client, ASKED)
    assert 'value="Two years"' in again
    answer_all(client)
    assert client.get(f"{HERE}/resume").location == ASKED, "it is not right yet"
    onward = send(client, ASKED, **course.answers(), **{leaving: "yes"})
    assert client.get(f"{HERE}/resume").location == f"{HERE}/check", "now it is"


@pytest.mark.usefixtures("applicant")
def test_what_is_no_longer_asked_is_dropped(client: FlaskClient, course: Course) -> None:
    answer_all(client, questions=course.answers())
    with transaction() as session:
        session.get_one(CourseQuestion, course.seat).going_on = False
        session.get_one(CourseQuestion, course.text).kind = QuestionKind.DATE
        session.get_one(CourseQuestion, course.more).follow_ups = {"en": "Where?"}
    check = page(client, f"{HERE}/check")
    assert "Two years" not in check and "Yes: A case" in check
    send(client, f"{HERE}/check")
    assert kept() == {course.more: {"yes": True, "more": "A case"}}
    assert question(course.text).kind is QuestionKind.DATE


@pytest.mark.usefixtures("applicant")
def test_a_file_is_asked_for_once_the_application_is_sent(
    client: FlaskClient, course: Course
) -> None:
    course.ask(QuestionKind.FILE)
    assert "Tell us (file)" not in page(client, ASKED)
    answer_all(client, questions=course.answers())
    sent = send(client, f"{HERE}/check")
    assert "The organisers also ask you one question." in page(client, sent)


def test_without_questions_there_is_no_such_page(client: FlaskClient) -> None:
    course = factories.course("PUB27", visibility=Visibility.PUBLIC)
    operations.add(course, asking(), acting.organiser())  # only of those who come
    factories.sign_in(client, factories.account(name=("", "")))
    page(client, ASKED, 404)
    assert "of 7" in page(client, f"{HERE}/function")


def test_who_was_nominated_finds_what_they_answered_already(
    client: FlaskClient, course: Course
) -> None:
    number, person = acting.standing(course.id, State.ENDORSED, complete=False)
    answer_operations.answer_own(number, {course.text: Typed("Two years")}, person)
    factories.sign_in(client, person)
    assert 'value="Two years"' in page(client, ASKED)
    for step in ("identity", "work", "needs"):
        send(client, f"{HERE}/{step}", **ANSWERS[step])
    assert client.get(f"{HERE}/resume").location == ASKED
    send(client, ASKED, **course.answers())
    send(client, f"{HERE}/notice", **ANSWERS["notice"])
    send(client, f"{HERE}/check")
    assert kept() == course.whole()
    page(client, ASKED, 404)  # from now on on a page of their own
    assert "Two years" in page(client, f"/my/registrations/{number}/questions")
