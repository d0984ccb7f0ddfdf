"""The pages of questions: organisers write them, people answer, others see what they may."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests import counting
from tests.materials import making
from tests.questions import asking
from tests.questions.asking import Desk, client_of, kept, own
from tests.registrations import acting
from trainings.core.db import transaction
from trainings.courses.models import Course
from trainings.participants import operations as details
from trainings.people import reading
from trainings.questions import operations, queries
from trainings.questions.rules import AskedOf, QuestionKind
from trainings.questions.usual_rules import UsualSet
from trainings.registrations import queries as registrations
from trainings.registrations.rules import State
from trainings.seats import answer_operations as seats

K = QuestionKind
QUESTIONS = "/courses/BUE27/questions"
ANSWERS = "/courses/BUE27/answers"
WORDS = {"title_en": "How do you come?", "title_es": "¿Cómo viene?"}
SAID = {"asked_of": "selected", "seen_by": "organisers", "kept_for": "month", "going_on": "y"}


@pytest.fixture
def organiser(each_app: Flask, desk: Desk) -> FlaskClient:
    return client_of(each_app, desk.by)


@pytest.fixture
def person(each_app: Flask, desk: Desk) -> FlaskClient:
    return client_of(each_app, desk.person)


def test_an_organiser_writes_a_question_of_each_kind(desk: Desk, organiser: FlaskClient) -> None:
    assert "No questions yet" in organiser.get(QUESTIONS).text
    for kind in K:
        page = organiser.get(f"{QUESTIONS}/new?kind={kind}").text
        assert ("Options" in page) is (kind in (K.ONE, K.SEVERAL))
        assert ("Follow-up question" in page) is (kind is K.YES_NO)
        lines = {"options_en": "Window\nAisle", "options_es": "Ventana\nPasillo"}
        more = {"required": "y", **(lines if kind in (K.ONE, K.SEVERAL) else {})}
        answer = organiser.post(f"{QUESTIONS}/new?kind={kind}", data={**WORDS, **SAID, **more})
        assert answer.status_code == 303, kind
    assert [one.kind for one in queries.questions(desk.course)] == list(K)
    assert "Only people with a confirmed seat" in organiser.get(QUESTIONS).text
    assert organiser.get(f"{QUESTIONS}/new?kind=song").status_code == 404


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        (
            "short",
            {"title_en": " ", "title_es": ""},
            "Write the question in at least one language.",
        ),
        ("one", {"options_en": "Only one"}, "Write at least two options"),
        ("one", {"options_en": "A\nB", "options_es": "A"}, "the same number of options"),
        ("file", {"asked_of": "focal_point"}, "of the candidates themselves only"),
    ],
)
def test_what_is_missing_in_a_question_is_said(
    desk: Desk, organiser: FlaskClient, kind: str, data: dict[str, str], told: str
) -> None:
    page = organiser.post(f"{QUESTIONS}/new?kind={kind}", data={**WORDS, **SAID, **data}).text
    assert told in page and queries.questions(desk.course) == []


def test_words_of_other_languages_stay_until_the_question_changes(
    desk: Desk, organiser: FlaskClient
) -> None:
    with transaction() as session:
        session.execute(update(Course).values(languages=["es"]))
    key = desk.ask(titles={"es": "¿Cómo viene?", "fr": "Comment venez-vous ?"})
    page = organiser.get(f"{QUESTIONS}/{key}").text
    assert 'name="title_es"' in page and 'name="title_fr"' not in page
    organiser.post(f"{QUESTIONS}/{key}", data={**SAID, "title_es": "¿Cómo viene?"})
    assert asking.question(key).titles == {"es": "¿Cómo viene?", "fr": "Comment venez-vous ?"}
    organiser.post(f"{QUESTIONS}/{key}", data={**SAID, "title_es": "¿Cuándo viene?"})
    assert asking.question(key).titles == {"es": "¿Cuándo viene?"}


def test_changing_what_was_answered_asks_first(desk: Desk, organiser: FlaskClient) -> None:
    key = desk.ask()
    desk.answer(key, "A bus")
    page = organiser.get(f"{QUESTIONS}/{key}").text
    assert "One person has answered this question." in page
    one = f"{QUESTIONS}/{key}"
    refused = organiser.post(one, data={**WORDS, **SAID})
    assert refused.status_code == 200 and "has answered the question as it was" in refused.text
    refused = organiser.post(one, data={**WORDS, **SAID, "fits": "y", "kept_for": "year"})
    assert "It can be erased earlier, not later." in refused.text
    assert organiser.post(one, data={**WORDS, **SAID, "fits": "y"}).status_code == 303
    assert asking.question(key).titles["en"] == "How do you come?"
    assert kept() == {key: "A bus"}


def test_removing_says_what_is_lost(desk: Desk, organiser: FlaskClient) -> None:
    key = desk.ask()
    remove = f"{QUESTIONS}/{key}/remove"
    assert "nothing is lost" in organiser.get(remove).text
    desk.answer(key, "A bus")
    late = organiser.post(remove, data={"answered": "0"})
    assert late.status_code == 200 and "the number of answers has changed" in late.text
    assert 'name="answered" value="1"' in late.text
    assert "One person has answered it." in late.text
    assert organiser.post(remove, data={"answered": "1"}).status_code == 303
    assert kept() == {}
    assert organiser.get(remove).status_code == 404


def test_up_down_and_the_usual_ones(desk: Desk, organiser: FlaskClient) -> None:
    first, second = desk.ask(titles={"en": "First"}), desk.ask(titles={"en": "Second"})
    assert organiser.post(f"{QUESTIONS}/{second}/up").status_code == 303
    page = organiser.get(QUESTIONS).text
    assert page.index("Second") < page.index("First") and first
    organiser.post(f"{QUESTIONS}/usual", data={"sets": ["travel", "passport"]})
    page = organiser.get(QUESTIONS).text
    assert "6 questions were added." in page and "Number of the passport" in page
    assert 'value="travel"' not in page and 'value="emergency"' in page


def test_people_are_told_of_their_own_country(
    desk: Desk, organiser: FlaskClient, person: FlaskClient
) -> None:
    desk.ask(seen_by="focal_points")
    told = person.get(own(desk)).text
    assert "the focal point of your country" in told and "the person’s country" not in told


def test_a_participant_answers_saves_with_gaps_and_changes(
    desk: Desk, organiser: FlaskClient, person: FlaskClient
) -> None:
    organiser.post(f"{QUESTIONS}/usual", data={"sets": ["travel", "food_and_access", "passport"]})
    mine = person.get(f"/my/registrations/{desk.number}").text
    assert "Answer the organisers’ questions (5 are missing)" in mine
    page = person.get(own(desk)).text
    assert "Erased on" in page and "The organisers of the lead agency" in page
    by_usual = {one.usual: one for one in queries.questions(desk.course)}
    keys = {str(usual): one.id for usual, one in by_usual.items()}
    data = {
        f"answer_{keys['arrives']}": "2027-01-17",
        f"answer_{keys['diet']}": ["1", "4"],
        f"answer_{keys['access']}": "yes",
    }
    page = person.post(own(desk), data=data).text
    assert "You answered “Yes”. Please answer this too: What do you need?" in page
    assert kept() == {}
    data[f"more_{keys['access']}"] = "A room without stairs"
    assert person.post(own(desk), data=data).status_code == 303
    assert kept() == {
        keys["arrives"]: "2027-01-17",
        keys["diet"]: ["1", "4"],
        keys["access"]: {"yes": True, "more": "A room without stairs"},
    }
    mine = person.get(f"/my/registrations/{desk.number}").text
    assert "Answer the organisers’ questions (3 are missing)" in mine
    page = person.get(own(desk)).text
    assert "A room without stairs" in page and 'value="2027-01-17"' in page
    assert person.post(own(desk), data={f"answer_{keys['arrives']}": "soon"}).status_code == 200


def test_a_file_is_sent_fetched_replaced_and_removed(desk: Desk, person: FlaskClient) -> None:
    key = desk.ask(K.FILE)
    assert "Send a file" in person.get(own(desk)).text
    one = f"{own(desk)}/{key}"
    assert "Choose a file that is not empty." in person.post(one, data={}).text
    wrong = {"file": (io.BytesIO(b"<html>"), "page.html")}
    assert "We do not take files of this type." in person.post(one, data=wrong).text
    sent = {"file": (io.BytesIO(making.PDF), "Carta de motivación.pdf")}
    assert person.post(one, data=sent).status_code == 303
    assert "Carta de motivación.pdf" in person.get(own(desk)).text
    found = person.get(f"{one}/file")
    assert found.data == making.PDF
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert "Remove the file?" in person.get(f"{one}/remove").text
    assert person.post(f"{one}/remove").status_code == 303
    assert person.get(f"{one}/file").status_code == 404


def test_somebody_elses_file_is_as_if_it_were_not(each_app: Flask, desk: Desk) -> None:
    key = desk.ask(K.FILE)
    desk.send(key)
    number, other = acting.standing(desk.course, State.CONFIRMED)
    client = client_of(each_app, other)
    assert client.get(f"{own(desk)}/{key}/file").status_code == 404
    assert client.get(f"/my/registrations/{number}/questions/{key}/file").status_code == 404
    for who in (acting.organiser("UNODC"), acting.focal_point("PE")):
        there = f"/courses/BUE27/registrations/{desk.number}/answers/{key}"
        assert client_of(each_app, who).get(there).status_code == 404


def test_after_an_application_the_questions_follow(each_app: Flask, desk: Desk) -> None:
    number, person = acting.standing(desk.course, State.APPLIED)
    desk.ask(asked_of=AskedOf.CANDIDATE)
    client = client_of(each_app, person)
    page = client.get(f"/courses/BUE27/apply/sent/{number}").text
    assert "The organisers also ask you one question." in page
    assert f"/my/registrations/{number}/questions" in page


def test_two_devices_at_once_lose_nothing(desk: Desk, person: FlaskClient) -> None:
    key = desk.ask()
    page = person.get(own(desk)).text
    version = page.split('name="version" value="')[1].split('"')[0]
    desk.answer(key, "From the phone")
    data: dict[str, Any] = {f"answer_{key}": "From the desk", "version": version}
    asked = person.post(own(desk), data=data)
    assert asked.status_code == 200 and "Which do you want to keep?" in asked.text
    assert kept() == {key: "From the phone"}


def test_after_withdrawing_nothing_is_asked(desk: Desk, person: FlaskClient) -> None:
    desk.ask()
    seats.withdraw(desk.number, "", desk.person)
    assert "Nothing is asked at the moment" in person.get(own(desk)).text
    assert "Answer the organisers" not in person.get(f"/my/registrations/{desk.number}").text


def test_what_is_asked_late_is_not_asked_in_the_application(each_app: Flask) -> None:
    desk = asking.desk(State.NOMINATED)
    details.complete_details(desk.number, acting.details(document="AB 1"), desk.person)
    client = client_of(each_app, desk.person)
    identity, needs = "/courses/BUE27/apply/identity", "/courses/BUE27/apply/needs"
    assert 'name="document"' in client.get(identity).text
    operations.add_usual(desk.course, [UsualSet.PASSPORT, UsualSet.FOOD_AND_ACCESS], desk.by)
    assert 'name="document"' not in client.get(identity).text
    assert "we ask once you have a seat" in client.get(needs).text
    name = {"given_name": "Rosa María", "family_name": "Ejemplo"}
    assert client.post(identity, data=name).status_code == 303
    check = client.get("/courses/BUE27/apply/check").text
    assert "AB 1" in check, "what was given before is shown, and stays"
    assert client.post("/courses/BUE27/apply/check").status_code == 303
    registration = acting.registration(desk.number)
    who = reading.opened([registration.person_id])[registration.person_id]
    known = registrations.as_given(registration, who)
    assert (known.given_name, known.document) == ("Rosa María", "AB 1")


def test_many_questions_take_no_more_statements(each_app: Flask) -> None:
    found = []
    for number, questions in enumerate((2, 12)):
        desk = asking.desk(code=f"MANY2{number}")
        keys = [desk.ask() for _one in range(questions)]
        person, organiser = client_of(each_app, desk.person), client_of(each_app, desk.by)
        given = {f"answer_{key}": "A bus" for key in keys}
        here = f"/courses/MANY2{number}"
        with counting.statements() as sent:
            assert person.get(own(desk)).status_code == 200
            assert person.get(f"/my/registrations/{desk.number}").status_code == 200
            answers = f"{here}/registrations/{desk.number}/answers"
            assert organiser.get(answers).status_code == 200
            assert organiser.get(f"{here}/questions").status_code == 200
        few = len(sent)
        with counting.statements() as sent:
            assert person.post(own(desk), data=given).status_code == 303
        found.append((few, len(sent)))
    (few, saving), (many, saving_many) = found
    assert few == many
    assert saving_many - saving <= 10, "an answer is one row; nothing is asked for each"
