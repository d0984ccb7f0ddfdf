"""The comparison of a course: planned, its countries asked, frozen, on paper and screen."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import counting, factories
from tests.legislation import keeping
from tests.legislation.keeping import OFFENCE, PLACE, answer
from tests.racing import both_look, take_locks_off
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.law_reviews import document, operations, queries
from trainings.law_reviews.rules import NothingPlanned, TooFewCountries, TooManyCountries
from trainings.legislation import operations as laws
from trainings.printing.paper_rules import LawsForm
from trainings.registrations.rules import State

HERE = "/courses/BUE27/laws"
TOPICS = ["offence", "consent"]


@pytest.fixture
def course(each_app: Flask) -> str:
    """A course that invites Bolivia and Argentina, whose offence is known."""
    keeping.enter((*PLACE, OFFENCE), ("AR", "offence", answer("Penal Code, art. 145 bis.")))
    return factories.course(countries=["AR", "BO"])


@pytest.fixture
def by(course: str) -> Viewer:
    """Its organiser."""
    return keeping.organiser()


def client_of(app: Flask, viewer: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, viewer)
    return client


def loaded(course_id: str, by: Viewer) -> Course:
    db.session.close()
    return courses.course_by_id(by, Permission.COURSE_WORK, course_id)


def test_whoever_keeps_the_laws_is_asked_once_when_a_course_is_planned(
    course: str, by: Viewer
) -> None:
    keeping.focal_point()
    keeping.correspondent()
    keeping.focal_point("PE")
    assert operations.plan(course, ["AR", "BO"], TOPICS, by) == 1, "nobody keeps Argentina's"
    mails = factories.mails("law_check_asked")
    assert len(mails) == 2
    for mail in mails:
        assert mail.subject == "Please check what we say of your country's laws (BUE27)"
        assert "Bolivia among them" in mail.body and "2 entries of your country" in mail.body
        assert "http://trainings.example/legislation/BO" in mail.body
    assert operations.plan(course, ["AR", "BO"], ["offence"], by) == 0
    assert len(factories.mails("law_check_asked")) == 2


def test_a_country_whose_entries_were_checked_this_year_is_not_asked(
    course: str, by: Viewer
) -> None:
    focal = keeping.focal_point()
    laws.confirm(PLACE, keeping.current_id(), focal)
    assert operations.plan(course, ["AR", "BO"], ["offence"], by) == 0
    with clock.shifted(timedelta(days=367)):
        assert queries.to_check(["BO"], ["offence"]) == {"BO": 1}


def test_what_is_frozen_stays_as_it_was(course: str, by: Viewer) -> None:
    operations.plan(course, ["AR", "BO"], TOPICS, by)
    assert operations.freeze(course, by) == 1
    key = laws.propose(PLACE, answer("Repealed and replaced."), keeping.focal_point())
    laws.confirm(PLACE, key, keeping.organiser())
    review = queries.frozen_as(loaded(course, by), 1)
    held = queries.held(review)
    assert held[PLACE].text == OFFENCE and len(held) == 2
    assert [one["code"] for one in review.worded] == TOPICS
    operations.plan(course, ["AR", "BO"], ["offence"], by)
    assert operations.freeze(course, by) == 2
    assert queries.held(queries.frozen_as(loaded(course, by), 2))[PLACE].text != OFFENCE
    assert [one.number for one in queries.frozen(loaded(course, by))] == [2, 1]


def test_what_is_refused(course: str, by: Viewer) -> None:
    with pytest.raises(NothingPlanned):
        operations.freeze(course, by)
    with pytest.raises(TooFewCountries):
        operations.plan(course, ["BO"], TOPICS, by)
    with pytest.raises(TooManyCountries):
        operations.plan(course, [f"A{number}" for number in range(10)], TOPICS, by)
    with pytest.raises(NotFound):
        queries.frozen_as(loaded(course, by), 1)


@pytest.mark.parametrize(
    "who",
    [
        lambda _course: keeping.focal_point(),
        lambda _course: factories.account(Role.ORGANISER, course_id=factories.course("PER27")),
        lambda course: factories.account(Role.TRAINER, course_id=course),
    ],
)
def test_who_does_not_edit_the_course_neither_plans_nor_freezes(
    course: str, by: Viewer, who: Callable[[str], Viewer]
) -> None:
    other = who(course)
    operations.plan(course, ["AR", "BO"], TOPICS, by)
    for act in (
        lambda: operations.plan(course, ["AR", "BO"], TOPICS, other),
        lambda: operations.freeze(course, other),
    ):
        with pytest.raises(NotFound):
            act()


def test_from_the_choice_to_the_screen(each_app: Flask, course: str, by: Viewer) -> None:
    client = client_of(each_app, by)
    assert "Nothing is frozen yet" in client.get(HERE).text
    assert "Save first which countries" in client.post(f"{HERE}/freeze", follow_redirects=True).text
    assert (
        "Choose at least two countries."
        in client.post(HERE, data={"countries": ["BO"], "topics": TOPICS}).text
    )
    data = {"countries": ["AR", "BO"], "topics": TOPICS}
    page = client.post(HERE, data=data, follow_redirects=True).text
    assert "Saved." in page and "Still to be checked by the countries" in page
    page = client.post(f"{HERE}/freeze", follow_redirects=True).text
    assert "Show in the room, topic by topic" in page
    page = client.get(f"{HERE}/1/offence").text
    assert "Criminal Code, art. 281 bis." in page and f'href="{HERE}/1/consent"' in page
    assert "Not found" in client.get(f"{HERE}/1/consent").text
    for path in ("/1/forms", "/2/offence", "/1/matrix", "/x/offence"):
        assert client.get(HERE + path).status_code == 404, path
    assert "Comparison of laws" in client.get("/courses/BUE27/papers").text


def test_who_has_a_confirmed_seat_sees_it_and_who_has_none_does_not(
    each_app: Flask, course: str, by: Viewer
) -> None:
    operations.plan(course, ["AR", "BO"], TOPICS, by)
    operations.freeze(course, by)
    acting.share_out(course, {("BO", "judge"): 2})
    seated, offered = factories.account(), factories.account()
    number = "R-LAWS23"
    acting.add_registration(
        course, seated.person_id or "", State.CONFIRMED, "BO", "judge", number=number
    )
    acting.add_registration(course, offered.person_id or "", State.OFFERED, "BO", "judge")
    assert client_of(each_app, seated).get(f"{HERE}/1/offence").status_code == 200
    mine = client_of(each_app, seated).get(f"/my/registrations/{number}").text
    assert f'href="{HERE}/1/offence"' in mine
    assert client_of(each_app, seated).get(HERE).status_code == 404
    assert client_of(each_app, offered).get(f"{HERE}/1/offence").status_code == 404
    assert client_of(each_app, factories.account()).get(f"{HERE}/1/offence").status_code == 404


def text_of(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "laws.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("paper", ["handout", "matrix", "worksheet"])
def test_papers_are_drawn_and_the_worksheet_has_no_answers(
    app: Flask, paper: str, tmp_path: Path
) -> None:
    keeping.enter((*PLACE, OFFENCE), ("AR", "offence", answer("Penal Code, art. 145 bis.")))
    course, by = factories.course(countries=["AR", "BO"]), keeping.organiser()
    operations.plan(course, ["AR", "BO"], TOPICS, by)
    operations.freeze(course, by)
    answered = client_of(app, by).get(f"{HERE}/1/{paper}.pdf?language=es")
    assert answered.mimetype == "application/pdf"
    said = text_of(answered.data, tmp_path)
    assert "Bolivia" in said and "Delito" in said
    assert ("281 bis" in said) is (paper != "worksheet")
    assert ("https://gazette.example/263" in said) is (paper != "worksheet")


def test_a_paper_says_what_is_not_confirmed_and_in_which_language(course: str, by: Viewer) -> None:
    operations.plan(course, ["AR", "BO"], TOPICS, by)
    operations.freeze(course, by)
    here = loaded(course, by)
    review = queries.frozen_as(here, 1)
    drawn = document.paper(here, review, queries.held(review), LawsForm.HANDOUT, "Ada")
    first, second = drawn.parts
    assert [one.text for one in first.cells][1] == "Criminal Code, art. 281 bis. *"
    assert first.cells[1].place == "Código Penal; Ley 263, art. 281 bis (2012)"
    assert [one.label for one in first.footnotes] == ["1", "2"]
    assert {one.text for one in second.cells} == {"Not found"} and second.footnotes == ()
    assert not drawn.wording.confidential


def test_pages_cost_no_more_for_more_topics(each_app: Flask, course: str, by: Viewer) -> None:
    def cost(topics: list[str]) -> int:
        operations.plan(course, ["AR", "BO"], topics, by)
        operations.freeze(course, by)
        client = client_of(each_app, by)
        db.session.close()
        with counting.statements() as sent:
            number = len(queries.frozen(loaded(course, by)))
            assert client.get(f"{HERE}/{number}/offence").status_code == 200
        return len(sent)

    assert cost(["offence"]) == cost(["offence", "consent", "forms", "residence"])


def frozen_at_once(app: Flask, course_id: str, by: Viewer, patch: pytest.MonkeyPatch) -> list[Any]:
    operations.plan(course_id, ["AR", "BO"], TOPICS, by)
    acts = [lambda: operations.freeze(course_id, by)] * 2
    return both_look(app, patch, queries, "planned", acts)


def test_of_two_who_freeze_at_once_one_is_told(
    each_app: Flask, course: str, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = frozen_at_once(each_app, course, by, monkeypatch)
    assert sorted(isinstance(one, NothingPlanned) for one in found) == [False, True]


def test_without_the_lock_both_freeze(
    each_app: Flask, course: str, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL then does it twice; SQLite turns the second away as busy."""
    take_locks_off(monkeypatch, courses)
    found = frozen_at_once(each_app, course, by, monkeypatch)
    assert not any(isinstance(one, NothingPlanned) for one in found)
