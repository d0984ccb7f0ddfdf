"""Who sees which answers, whose are missing, and the candidates narrowed down by answers."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import counting, factories
from tests.materials import making
from tests.questions import asking
from tests.questions.asking import Desk, client_of, kept, own, reads
from tests.registrations import acting
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.questions import answer_operations
from trainings.questions.answer_rules import Typed
from trainings.questions.rules import AskedOf, QuestionKind, SeenBy
from trainings.registrations.rules import State

K = QuestionKind
ANSWERS = "/courses/BUE27/answers"


@pytest.fixture
def organiser(each_app: Flask, desk: Desk) -> FlaskClient:
    """Whoever organises the course."""
    return client_of(each_app, desk.by)


def test_each_sees_what_the_question_says(each_app: Flask, desk: Desk) -> None:
    for seen_by, words in (
        (SeenBy.LEAD, "Passport X1"),
        (SeenBy.ORGANISERS, "Arrives late"),
        (SeenBy.FOCAL_POINTS, "Comes alone"),
    ):
        desk.answer(desk.ask(seen_by=seen_by, titles={"en": f"Seen by {seen_by}"}), words)
    file = desk.ask(K.FILE, seen_by=SeenBy.LEAD)
    desk.send(file)
    there = f"/courses/BUE27/registrations/{desk.number}/answers"
    assert reads() == []
    lead = client_of(each_app, desk.by).get(there).text
    assert all(one in lead for one in ("Passport X1", "Arrives late", "Comes alone"))
    assert len(reads()) == 1, "each look is logged"
    other = client_of(each_app, acting.organiser("UNODC"))
    assert other.get(there).status_code == 404, "UNODC does not organise it"
    focal = client_of(each_app, acting.focal_point())
    page = focal.get(f"/courses/BUE27/nominations/{desk.number}/questions").text
    assert "Comes alone" in page and "Arrives late" not in page and "Passport" not in page
    client = client_of(each_app, desk.by)
    found = client.get(f"{there}/{file}")
    assert found.data == making.PDF and len(reads()) == 3


def test_an_organiser_of_another_agency_sees_less(each_app: Flask) -> None:
    desk = asking.desk()
    secret, file = desk.ask(seen_by=SeenBy.LEAD), desk.ask(K.FILE, seen_by=SeenBy.LEAD)
    open_to_all = desk.ask()
    desk.answer(secret, "Passport X1")
    desk.answer(open_to_all, "Arrives late")
    desk.send(file)
    other = client_of(each_app, acting.organiser("INTERPOL"))
    page = other.get(f"/courses/BUE27/registrations/{desk.number}/answers").text
    assert "Arrives late" in page and "Passport X1" not in page
    there = f"/courses/BUE27/registrations/{desk.number}/answers/{file}"
    assert other.get(there).status_code == 404


def test_a_focal_point_is_asked_about_a_candidate(each_app: Flask, desk: Desk) -> None:
    key = desk.ask(asked_of=AskedOf.FOCAL_POINT, titles={"en": "Why this person?"})
    focal = client_of(each_app, acting.focal_point())
    shown = focal.get(f"/courses/BUE27/nominations/{desk.number}").text
    assert "Questions of the organisers" in shown
    there = f"/courses/BUE27/nominations/{desk.number}/questions"
    assert "Why this person?" in focal.get(there).text
    assert focal.post(there, data={f"answer_{key}": "Leads the unit"}).status_code == 303
    assert kept() == {key: "Leads the unit"}
    assert "Leads the unit" in focal.get(there).text
    mine = client_of(each_app, desk.person).get(own(desk)).text
    assert "Why this person?" not in mine


def test_an_organiser_writes_down_what_was_said_on_the_telephone(each_app: Flask) -> None:
    desk = asking.desk()
    key, secret = desk.ask(), desk.ask(seen_by=SeenBy.LEAD, titles={"en": "Passport"})
    desk.answer(secret, "X1")
    other = client_of(each_app, acting.organiser("INTERPOL"))
    there = f"/courses/BUE27/registrations/{desk.number}/answers"
    assert "Write down what they told you" in other.get(there).text
    page = other.get(f"{there}/edit").text
    assert f"answer_{key}" in page and f"answer_{secret}" not in page
    assert len(reads()) == 2, "the look at what is there is logged"
    assert other.post(f"{there}/edit", data={f"answer_{key}": "By bus"}).status_code == 303
    assert kept() == {key: "By bus", secret: "X1"}, "what they do not see stays"
    assert "By bus" in client_of(each_app, desk.person).get(own(desk)).text
    with pytest.raises(NotFound):
        answer_operations.answer_for(
            desk.course, desk.number, {secret: Typed("X2")}, acting.organiser("INTERPOL")
        )


def test_what_is_missing_is_listed_and_chased(desk: Desk, organiser: FlaskClient) -> None:
    assert "Nothing is asked yet" in organiser.get(ANSWERS).text
    key = desk.ask(titles={"en": "How do you come?"})
    page = organiser.get(ANSWERS).text
    assert "One person has not answered all that is required" in page
    assert "How do you come?" in page and desk.number in page
    assert "People whose answers are missing" in organiser.get("/courses/BUE27/desk").text
    organiser.post(f"{ANSWERS}/remind")
    assert "We email one person." in organiser.get(ANSWERS).text
    organiser.post(f"{ANSWERS}/remind")
    assert "There is nobody to email" in organiser.get(ANSWERS).text
    desk.answer(key, "By bus")
    assert "No required answer is missing." in organiser.get(ANSWERS).text


def test_the_list_of_missing_answers_takes_no_more_statements(each_app: Flask) -> None:
    found = []
    for number, people in enumerate((3, 23)):
        course = factories.course(f"MANY2{number}", capacity=40)
        acting.share_out(course, {})
        acting.crowd(course, State.CONFIRMED, people)
        desk = Desk(course, acting.organiser(), "", Viewer())
        desk.ask()
        desk.ask()
        client = client_of(each_app, desk.by)
        with counting.statements() as sent:
            assert client.get(f"/courses/MANY2{number}/answers").status_code == 200
        found.append(len(sent))
    assert found[0] == found[1]


def test_the_candidates_are_narrowed_down_by_answers(
    each_app: Flask, desk: Desk, organiser: FlaskClient
) -> None:
    number, other = acting.standing(desk.course, State.CONFIRMED)
    choice = desk.ask(K.ONE, titles={"en": "Seat"})
    desk.answer(choice, "1")
    people = "/courses/BUE27/registrations"
    page = organiser.get(people).text
    assert "Seat: Window" in page and "answers missing" in page
    page = organiser.get(f"{people}?answer={choice}.1").text
    assert desk.number in page and number not in page
    page = organiser.get(f"{people}?answer=missing").text
    assert number in page and desk.number not in page
    assert "No matches" in organiser.get(f"{people}?answer={choice}.2").text
    page = organiser.get(f"{people}?answer=nonsense").text
    assert number in page and desk.number in page
    found = organiser.post(f"{people}/find", data={"answer": f"{choice}.1"})
    assert f"answer={choice}.1" in found.headers["Location"]
    assert other


def test_nobody_filters_by_what_they_may_not_see(each_app: Flask) -> None:
    desk = asking.desk()
    choice = desk.ask(K.ONE, seen_by=SeenBy.LEAD, titles={"en": "Illness"})
    desk.answer(choice, "1")
    number, _other = acting.standing(desk.course, State.CONFIRMED)
    client = client_of(each_app, acting.organiser("INTERPOL"))
    page = client.get(f"/courses/BUE27/registrations?answer={choice}.1").text
    assert "Illness" not in page and number in page and desk.number in page
