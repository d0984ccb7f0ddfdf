"""The screen of a course: who makes its link, and what whoever has it sees."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, teaching
from tests.counting import statements
from trainings.agenda import operations as agenda
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.people.models import IdentityRead
from trainings.screens import operations, queries
from trainings.screens.models import ScreenLink
from trainings.screens.rules import NoLanguage

LINK = "/courses/BUE27/agenda/screen"


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def lobby(each_app: Flask) -> FlaskClient:
    """A client that keeps no cookie."""
    return each_app.test_client(use_cookies=False)


def given(page: str) -> dict[str, Any]:
    """What the page gives its script."""
    found = re.search(r'data-agenda="([^"]*)"', page)
    assert found
    data: dict[str, Any] = json.loads(html.unescape(found[1]))
    return data


def reads() -> int:
    db.session.close()
    return db.session.query(IdentityRead).where(IdentityRead.purpose == "screen").count()


def course_with_agenda(by: Viewer) -> str:
    course = factories.course()
    ruth = teaching.course_trainer(course, teaching.trainer(by), by)
    teaching.participant(course, mail="ana@police.example")
    data = teaching.slot(
        course,
        "09:00",
        "10:30",
        titles={"en": "Opening", "es": "Apertura"},
        new_room="Aula Magna",
        trainers=(ruth,),
    )
    agenda.add_session(course, data, by)
    teaching.publish(course, by)
    return course


def test_it_shows_what_is_published_in_its_languages(lobby: FlaskClient, by: Viewer) -> None:
    course = course_with_agenda(by)
    path = f"/screen/{operations.make_link(course, ['es', 'en'], by)}"
    answer = lobby.get(path)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    found = given(answer.text)
    assert list(found["languages"]) == ["en", "es"]
    (one,) = found["sessions"]
    assert one["titles"] == {"en": "Opening", "es": "Apertura"}
    assert (one["room"], one["trainers"]) == ("Aula Magna", ["Ruth Choque"])
    assert found["languages"]["es"]["words"]["now"] == "Ahora"
    assert one["end"] - one["start"] == 90 * 60
    for name in ("Ana", "Rojas", "Ada", "Ejemplo", "trainer.example"):
        assert name not in answer.text
    agenda.add_session(course, teaching.slot(course, "14:00", "15:00"), by)
    assert len(given(lobby.get(path).text)["sessions"]) == 1  # the draft is nobody's


def test_asked_again_it_opens_no_name_until_something_changed(
    lobby: FlaskClient, by: Viewer
) -> None:
    course = course_with_agenda(by)
    path = f"/screen/{operations.make_link(course, ['es'], by)}"
    known = given(lobby.get(path).text)["tag"]
    assert reads() == 1
    for _again in range(3):
        answer = lobby.get(f"{path}/agenda?known={known}")
        assert answer.status_code == 204 and answer.data == b""
    assert reads() == 1
    agenda.add_session(course, teaching.slot(course, "14:00", "15:00"), by)
    assert lobby.get(f"{path}/agenda?known={known}").status_code == 204
    teaching.publish(course, by)
    answer = lobby.get(f"{path}/agenda?known={known}")
    assert answer.status_code == 200 and len(answer.get_json()["sessions"]) == 2
    assert answer.get_json()["tag"] != known and reads() == 2
    with transaction() as session:
        session.get_one(Course, course).state = CourseState.CANCELLED
    assert lobby.get(f"{path}/agenda?known={answer.get_json()['tag']}").get_json()["cancelled"]


def test_before_the_first_version_it_shows_nothing(lobby: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    agenda.add_session(course, teaching.slot(course, "14:00", "15:00"), by)
    answer = lobby.get(f"/screen/{operations.make_link(course, ['fr'], by)}")
    assert given(answer.text)["sessions"] == [] and reads() == 0
    assert 'lang="fr"' in answer.text and "Session at 14:00" not in answer.text


def test_an_old_link_is_as_if_it_had_never_been(lobby: FlaskClient, by: Viewer) -> None:
    course = course_with_agenda(by)
    old = f"/screen/{operations.make_link(course, ['es'], by)}"
    new = f"/screen/{operations.make_link(course, ['es'], by)}"
    unknown = lobby.get(f"/screen/{'x' * 32}")
    assert lobby.get(new).status_code == 200
    assert lobby.get(old).status_code == unknown.status_code == 404
    assert lobby.get(old).data == unknown.data == lobby.get("/nowhere").data
    operations.stop_link(course, by)
    for path in (new, f"{new}/agenda"):
        assert lobby.get(path).status_code == 404
    operations.stop_link(course, by)  # nothing to switch off, and nothing happens


def test_only_a_keyed_hash_is_kept(by: Viewer) -> None:
    course = factories.course()
    token = operations.make_link(course, ["pt_BR", "es"], by)
    (kept,) = db.session.scalars(select(ScreenLink)).all()
    assert len(token) >= 32 and token not in str(vars(kept))
    assert kept.token_index == queries.token_index(token)
    assert kept.languages == ["es", "pt_BR"]


def test_only_who_edits_the_agenda_makes_it(by: Viewer) -> None:
    course = factories.course(agencies=("IOM",))
    for other in (
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.TRAINER, course_id=course),
        factories.account(Role.ADMINISTRATOR),
    ):
        with pytest.raises(NotFound):
            operations.make_link(course, ["es"], other)
        with pytest.raises(NotFound):
            operations.stop_link(course, other)
    with pytest.raises(NoLanguage):
        operations.make_link(course, ["xx"], by)


def test_the_page_shows_the_link_once(each_app: Flask, by: Viewer) -> None:
    client = each_app.test_client()
    factories.sign_in(client, by)
    course_with_agenda(by)
    assert f'href="{LINK}"' in client.get("/courses/BUE27/agenda").text
    assert "/screen/" not in client.get(LINK).text
    made = client.post(LINK, data={"languages": ["es", "en"]})
    found = re.search(r"https?://[^/]+(/screen/[\w-]+)", made.text)
    assert made.status_code == 200 and found
    assert client.get(found[1]).status_code == 200
    page = client.get(LINK).text
    assert found[1] not in page and "Make a new link" in page
    assert "Choose at least one language." in client.post(LINK, data={"none": "yes"}).text
    assert client.get(found[1]).status_code == 200  # a refused one changes nothing
    assert "Switch the screen off?" in client.get(f"{LINK}/stop").text
    assert client.post(f"{LINK}/stop").status_code == 303
    assert client.get(found[1]).status_code == 404


def test_more_sessions_are_no_more_statements(lobby: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    path = f"/screen/{operations.make_link(course, ['es', 'fr'], by)}"
    ruth = teaching.course_trainer(course, teaching.trainer(by), by)
    counts = []
    for hour in range(9, 13):
        data = teaching.slot(
            course, f"{hour:02}:00", f"{hour:02}:45", new_room=f"R{hour}", trainers=(ruth,)
        )
        agenda.add_session(course, data, by)
        teaching.publish(course, by)
        with statements() as sent:
            assert len(given(lobby.get(path).text)["sessions"]) == hour - 8
        counts.append(len(sent))
    assert len(set(counts)) == 1 and counts[0] <= 9, counts
