"""The questionnaire as participants meet it, and what the organisers and trainers see of it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import asking, factories
from tests.evaluations import evaluating
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.evaluations import queries
from trainings.evaluations.rules import Statement
from trainings.people.models import Person
from trainings.registrations.models import Registration

DESK = "/courses/BUE26/evaluation"


def shown(client: FlaskClient, path: str, status: int = 200) -> str:
    return html.unescape(asking.page(client, path, status))


@pytest.fixture
def course_id(app: Flask) -> str:
    return evaluating.course(6)


@pytest.fixture
def mine(client: FlaskClient, course_id: str) -> str:
    """The first participant is signed in; where their evaluation is."""
    number, who = evaluating.people(course_id)[0]
    factories.sign_in(client, who)
    return f"/my/evaluations/{number}"


def change(course_id: str, **values: Any) -> None:
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(Course, course_id), name, value)


# the participant


def test_it_is_given_once_and_leads_back_to_the_certificates(
    client: FlaskClient, course_id: str, mine: str
) -> None:
    blank = shown(client, mine)
    assert blank.count('type="radio"') == 5 * len(Statement)
    assert "without your name" in blank and "cannot be changed" in blank
    page = html.unescape(asking.follow(client, mine, **evaluating.form(5, change="Longer")))
    assert "Thank you." in page and "We have received your evaluation" in page
    assert 'href="/my/certificates"' in page
    assert '<form method="post" novalidate' not in page
    (row,) = queries.hidden(course_id)
    assert set(queries.opened(row).ratings.values()) == {5}
    again = html.unescape(asking.send(client, mine, 200, **evaluating.form(1)))
    assert "We have received your evaluation" in again
    assert queries.numbers(course_id).given == 1


@pytest.mark.parametrize("lacking", [str(one) for one in Statement])
def test_a_missing_rating_is_said_at_its_field_and_nothing_is_lost(
    client: FlaskClient, course_id: str, mine: str, lacking: str
) -> None:
    data = evaluating.form(2, first_use="The map of routes")
    del data[lacking]
    page = html.unescape(asking.send(client, mine, 200, **data))
    assert f'id="{lacking}-error"' in page and f'href="#{lacking}-0"' in page
    said = f"Choose a number from 1 to 5 for “{Statement(lacking).label}”"
    assert page.count(said) == page.count("Choose a number") == 2, "above, and at the field"
    assert "The map of routes" in page
    assert len(re.findall(r"<input[^>]* checked[^>]*>", page)) == len(Statement) - 1
    assert queries.numbers(course_id).given == 0


@pytest.mark.parametrize("odd", ["0", "6", "four", ""])
def test_no_other_rating_is_taken(client: FlaskClient, course_id: str, mine: str, odd: str) -> None:
    page = asking.send(client, mine, 200, **evaluating.form(2, level=odd))
    assert 'id="level-error"' in page
    assert queries.numbers(course_id).given == 0


@pytest.mark.parametrize("text", ["x" * 2001, "x" * 9000, "bad\x07bell"])
def test_a_text_that_cannot_be_kept_stays_in_its_field(
    client: FlaskClient, course_id: str, mine: str, text: str
) -> None:
    page = asking.send(client, mine, 200, **evaluating.form(2, change=text))
    assert 'id="change-error"' in page and text[:40] in page
    assert queries.numbers(course_id).given == 0


def test_before_its_day_the_page_says_from_when(
    client: FlaskClient, course_id: str, mine: str
) -> None:
    change(course_id, ends_on=clock.today("America/Argentina/Buenos_Aires") + timedelta(days=2))
    page = shown(client, mine)
    assert "You can complete it from" in page and "radio" not in page
    assert "You can complete it from" in asking.send(client, mine, 200, **evaluating.form())
    assert queries.numbers(course_id).given == 0
    assert mine not in shown(client, "/my/certificates")
    assert "The evaluation opens on" in shown(client, "/my/certificates")


def test_a_course_without_one_says_so(client: FlaskClient, course_id: str, mine: str) -> None:
    change(course_id, needs_evaluation=False)
    assert "This course does not ask for an evaluation." in shown(client, mine)
    assert mine not in shown(client, mine.replace("evaluations", "registrations"))


def test_somebody_elses_number_is_as_if_it_were_none(
    client: FlaskClient, course_id: str, mine: str
) -> None:
    other, _who = evaluating.people(course_id)[1]
    missing = client.get("/my/evaluations/R-NONE99")
    hidden = client.get(f"/my/evaluations/{other}")
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert missing.data == hidden.data
    assert client.post(f"/my/evaluations/{other}", data=evaluating.form()).status_code == 404


def test_it_waits_on_every_page_of_theirs_until_it_is_given(
    client: FlaskClient, course_id: str, mine: str
) -> None:
    pages = (
        "/",
        "/my/registrations",
        mine.replace("evaluations", "registrations"),
        "/my/certificates",
    )
    for path in pages:
        assert f'href="{mine}"' in shown(client, path), path
    asking.send(client, mine, **evaluating.form())
    for path in pages:
        assert f'href="{mine}"' not in shown(client, path), path
    assert "You completed the course evaluation." in shown(client, "/my/certificates")


def test_a_registration_that_waits_costs_the_start_page_one_statement(
    client: FlaskClient, course_id: str, mine: str, statements: list[str]
) -> None:
    costs = []
    for asks in (True, False):
        change(course_id, needs_evaluation=asks)
        statements.clear()
        shown(client, "/")
        costs.append(len(statements))
    assert costs[0] - costs[1] <= 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "fully agree"),
        ("es", "totalmente de acuerdo"),
        ("fr", "tout à fait d’accord"),
        ("pt_BR", "concordo totalmente"),
    ],
)
def test_it_speaks_the_readers_language(
    client: FlaskClient, course_id: str, mine: str, language: str, words: str
) -> None:
    number = mine.rpartition("/")[2]
    with transaction() as session:
        person = session.scalars(
            select(Person)
            .join(Registration, Registration.person_id == Person.id)
            .where(Registration.number == number)
            .execution_options(scope="operation")
        ).one()
        person.language = language
    client.post("/language", data={"language": language, "next": mine})
    page = shown(client, mine)
    assert f'lang="{language.replace("_", "-")}"' in page
    assert len(re.findall("<legend", page)) == len(Statement) + 2
    assert page.count(words) == 2 * len(Statement), "for eyes and for ears"


# organisers and trainers


@pytest.fixture
def organiser(client: FlaskClient, course_id: str) -> Viewer:
    made = factories.account(Role.ORGANISER, agency="INTERPOL")
    factories.sign_in(client, made)
    return made


def test_nobody_yet_then_fewer_than_five_then_the_numbers(
    client: FlaskClient, course_id: str, organiser: Viewer
) -> None:
    assert "No evaluations yet" in shown(client, DESK)
    evaluating.give(course_id, 3)
    page = shown(client, DESK)
    assert "3 of 6" in page and "3 more answers will be shown once there are 5." in page
    assert "First use" not in page and "3.0" not in page and "<tbody" not in page
    evaluating.give(course_id, 3, 3)
    page = shown(client, DESK)
    assert "6 of 6" in page and "One more answer will be shown once there are 5." in page
    assert page.count("<b>3.0</b>") == len(Statement), "1 to 5, each once"
    assert [f"First use {number}" in page for number in range(6)] == [True] * 5 + [False]


def test_a_trainer_sees_the_numbers_and_no_words(client: FlaskClient, course_id: str) -> None:
    evaluating.give(course_id, 5)
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=course_id))
    page = shown(client, DESK)
    assert page.count("<b>3.0</b>") == len(Statement)
    assert "First use" not in page and "What from this course will you use first?" not in page


def test_only_courses_that_ask_have_the_tab(
    client: FlaskClient, course_id: str, organiser: Viewer
) -> None:
    assert f'href="{DESK}"' in shown(client, "/courses/BUE26/desk")
    change(course_id, needs_evaluation=False)
    assert f'href="{DESK}"' not in shown(client, "/courses/BUE26/desk")
    shown(client, DESK, 404)


def test_what_people_wrote_is_text(client: FlaskClient, course_id: str, organiser: Viewer) -> None:
    for number, who in evaluating.people(course_id)[:5]:
        evaluating.operations.give(number, evaluating.answers(3, "<b>bold</b>"), who)
    db.session.close()
    assert "&lt;b&gt;bold" in asking.page(client, DESK)


def test_the_page_costs_the_same_however_many_answered(
    client: FlaskClient, course_id: str, organiser: Viewer, statements: list[str]
) -> None:
    costs = []
    for start, count in ((0, 5), (5, 1)):
        evaluating.give(course_id, count, start)
        statements.clear()
        shown(client, DESK)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 8, statements


@pytest.fixture
def five_a_page(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An organiser is signed in; the words of five people make a page."""
    monkeypatch.setattr("trainings.evaluations.views.ON_A_PAGE", 5)
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="INTERPOL"))


def test_words_come_a_page_at_a_time_and_numbers_are_those_of_all(
    client: FlaskClient, five_a_page: None
) -> None:
    course_id = evaluating.course(12)
    evaluating.give(course_id, 12)
    pages = [shown(client, f"{DESK}?page={number}") for number in (1, 2)]
    found = [{n for n in range(12) if f"First use {n}<" in page} for page in pages]
    assert [len(one) for one in found] == [5, 5]
    assert found[0] | found[1] == set(range(10))
    for number, page in enumerate(pages, 1):
        assert "10 people wrote something" in page and "10 answers." in page
        assert f"Page {number} of 2" in page
        texts = re.findall("First use \\d", page)
        assert texts == sorted(texts), "never as the random keys have them"
    assert "Page 2 of 2" in shown(client, f"{DESK}?page=9")


def test_a_page_without_words_says_so(client: FlaskClient, five_a_page: None) -> None:
    course_id = evaluating.course(10)
    for place, (number, who) in enumerate(evaluating.people(course_id)):
        evaluating.operations.give(number, evaluating.answers(3, "Once" * (not place)), who)
    db.session.close()
    pages = [shown(client, f"{DESK}?page={number}") for number in (1, 2)]
    assert sum("Nobody wrote anything among the answers of this page." in one for one in pages) == 1
    assert all(one.count("One person wrote something.") == 1 for one in pages)
    assert all(one.count("Nobody wrote anything.") == 1 for one in pages)
