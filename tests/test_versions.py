"""Two people at once: every form that changes a kept thing asks the second one what to keep.

Each route that takes a form is either in ``VERSIONED``, and tried here with two editors, or in
``UNVERSIONED`` with the reason why no version is needed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import factories, world
from tests.agencies.test_marks import picture
from tests.conftest import make_settings
from tests.forms_in_pages import Fields, form_with
from tests.registrations import acting
from tests.stage import Stage, staged
from tests.unversioned import UNVERSIONED
from trainings.app import create_app
from trainings.core import clock, versions
from trainings.core.dates import in_full
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.registrations.rules import State

NOMINATED = "R-VERS10"
ASKED = "Which do you want to keep?"
TEXTS = "/courses/<code>/mail/texts"
TWO = ("First words", "Second words")
SAID, ABOUT = "answer_of-candidate", "answer_of-focal_point"  # tests/questions/asking.py:gaps


class Tried(NamedTuple):
    """A form with a version: who tries it, in which field, what the first and second enter."""

    who: str
    field: str
    first: str
    second: str
    code: str = ""  # another course than the world's
    shown: tuple[str, ...] = ()  # how both values are said, if not as they are typed
    also: Mapping[str, str] = {}  # what else has to be entered
    stays: bool = True  # the page shows the saved value when it is opened again


VERSIONED = {
    "/agencies/<code>": Tried("administrator", "name_en", "First agency", "Second agency"),
    "/courses/<code>/agenda/<session_id>": Tried("organiser_lead", "title_en", "First", "Second"),
    "/courses/<code>/certificates/look": Tried(
        "organiser_lead",
        "style",
        "modern",
        "bilingual",
        shown=("Modern", "Formal, in two languages side by side"),
        also={"beside": "es"},
    ),
    "/directory/fields/<field_id>": Tried("administrator", "title_en", "First", "Second"),
    "/courses/<code>/laws": Tried(
        "organiser_lead", "topics", "offence", "forms", shown=("Offence", "Forms of exploitation")
    ),
    "/courses/<code>/lessons/<lesson_id>": Tried(
        "organiser_lead",
        "module",
        "-",
        "investigation",
        shown=(
            "None: it stays open for a later course",
            "Module investigation (is added to the course)",
        ),
    ),
    "/legislation/<country>/<topic>/edit": Tried("focal_same_country", "law", "First", "Second"),
    "/legislation/topics/<topic>/edit": Tried("organiser_lead", "title_en", "First", "Second"),
    "/courses/<code>/mail/<mail_id>/edit": Tried("organiser_lead", "subject", "One", "Another"),
    f"{TEXTS}/<event>/<language>": Tried("organiser_lead", "subject", "One", "Another"),
    "/courses/<code>/network/plan": Tried("organiser_lead", "three", "+20", "+21"),
    "/courses/<code>/nominations/<number>/edit": Tried("focal_same_country", "unit", "One", "Two"),
    "/courses/<code>/nominations/<number>/mail": Tried(
        "focal_same_country", "mail", "first@unit.example", "second@unit.example", stays=False
    ),
    "/courses/<code>/nominations/<number>/questions": Tried("focal_same_country", ABOUT, *TWO),
    "/courses/<code>/questions/<question_id>": Tried("organiser_lead", "title_es", *TWO),
    "/courses/<code>/registrations/<number>/answers/edit": Tried("organiser_co", SAID, *TWO),
    "/courses/<code>/registrations/<number>/deadline": Tried(
        "organiser_lead", "until", "+2", "+3", stays=False
    ),
    "/courses/<code>/registrations/<number>/mail": Tried(
        "organiser_lead", "mail", "first@unit.example", "second@unit.example", stays=False
    ),
    "/courses/<code>/registrations/<number>/name": Tried(
        "organiser_lead",
        "printed_name",
        "Ana First",
        "Ana Second",
        code=world.NOW,
        also={"reason": "R"},
    ),
    "/courses/<code>/seats": Tried(
        "organiser_lead", "capacity", "61", "62", also={"rest": "seats_any_any"}
    ),
    "/courses/<code>/registrations/views/<view_id>": Tried(
        "organiser_lead", "name", "First view", "Second view"
    ),
    "/courses/<code>/selection/readers": Tried(
        "organiser_lead", "shown", "name", "rank", shown=("Name", "Priority that the country gave")
    ),
    "/courses/<code>/selection/proposal": Tried("organiser_lead", "of_women", "40%", "50%"),
    "/courses/<code>/settings/<name>": Tried("organiser_lead", "offer_days", "3", "4"),
    "/functions/<code>": Tried("administrator", "name_en", "First judge", "Second judge"),
    "/materials/<material_id>": Tried("organiser_lead", "name", "First name", "Second name"),
    "/modules/<code>/edit": Tried("organiser_lead", "title_en", "First title", "Second title"),
    "/my/registrations/<number>/questions": Tried("participant_self", SAID, *TWO),
    "/my/registrations/<number>/name": Tried(
        "participant_self", "printed_name", "Ana First", "Ana Second"
    ),
    "/profile/details": Tried("organiser_lead", "given_name", "First", "Second"),
    "/programmes/<code>/edit": Tried("organiser_lead", "title_en", "First title", "Second title"),
    "/programmes/<code>/lessons/<lesson_id>/edit": Tried("organiser_lead", "text_en", *TWO),
    "/programmes/<code>/lessons/<lesson_id>/state": Tried("organiser_lead", "note", *TWO),
    "/programmes/<code>/phases/<phase_id>": Tried("organiser_lead", "title_en", *TWO),
    "/rooms/<room_id>": Tried("organiser_lead", "name", "First room", "Second room"),
    "/trainers/<trainer_id>/edit": Tried(
        "organiser_lead", "station_city", "Firstville", "Secondville"
    ),
}
PICTURES = {  # who tries it, and the field
    "/agencies/<code>/mark": ("organiser_lead", "picture"),
    "/courses/<code>/signatures/<signatory_id>": ("organiser_lead", "picture"),
    "/materials/<material_id>/replace": ("organiser_lead", "file"),
}


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, key_file: Path
) -> Iterator[Stage]:
    instance = tmp_path_factory.mktemp("versions")
    shutil.copy(sqlite_template, instance / "trainings.sqlite")
    settings = make_settings(instance, key_file, SMTP_HOST="mail.example")
    with staged(create_app(settings)) as made:
        with made.app.app_context():
            _nominate()
            db.session.remove()
            db.engine.dispose()
        shutil.copy(made.database, made.kept)
        yield made


def _nominate() -> None:
    """Somebody whom the focal point may still correct."""
    who = factories.account(name=("Eva", "Nueva"), mail="eva.nueva@unit.example")
    course_id = db.session.scalar(select(Course.id).where(Course.code == world.HERE)) or ""
    db.session.close()
    acting.add_registration(
        course_id, who.person_id or "", State.NOMINATED, "BO", "judge", number=NOMINATED
    )


def test_every_form_has_a_version_or_a_reason(stage: Stage) -> None:
    taking = {
        rule.rule for rule in stage.app.url_map.iter_rules() if "POST" in (rule.methods or set())
    }
    listed = [
        *VERSIONED,
        *PICTURES,
        *(one for some in UNVERSIONED.values() for one in some.split()),
    ]
    assert sorted(taking - set(listed)) == [], "takes a form, and says nothing about two editors"
    assert sorted(set(listed) - taking) == [], "no such route"
    assert len(listed) == len(set(listed)), "listed twice"


def _path(stage: Stage, route: str, tried: Tried) -> str:
    if route.endswith("/settings/<name>"):
        route = route.replace("<name>", "registration")  # nobody has to be told of this section
    if route.endswith("/nominations/<number>/edit"):
        route = route.replace("<number>", NOMINATED)  # the world's own is decided
    if not tried.code:
        return stage.world.path(route)
    number = stage.world.gaps[("/my/evaluations", "number")]  # the registration there
    return route.replace("<code>", tried.code).replace("<number>", number)


def _entered(tried: Tried, value: str) -> str:
    if not value.startswith("+"):
        return value
    return (clock.today(factories.ZONE) + timedelta(days=int(value))).isoformat()


def _opened(client: FlaskClient, path: str) -> Fields:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return form_with(answer.get_data(as_text=True), versions.VERSION)


@pytest.mark.parametrize("route", VERSIONED)
def test_the_second_is_asked_and_keeps_what_was_typed(stage: Stage, route: str) -> None:
    tried = VERSIONED[route]
    client, path = stage.clients[tried.who], _path(stage, route, tried)
    first, second = _opened(client, path), _opened(client, path)
    mine, theirs = (_entered(tried, value) for value in (tried.second, tried.first))
    extra = {name: [value] for name, value in tried.also.items()}
    try:
        saved = client.post(path, data=first | extra | {tried.field: [theirs]})
        assert saved.status_code == 303, saved.get_data(as_text=True)
        asked = client.post(path, data=second | extra | {tried.field: [mine]})
        page = asked.get_data(as_text=True)
        assert asked.status_code == 200
        assert ASKED in page
        again = form_with(page, versions.VERSION)
        assert again[tried.field] == [mine], "what was typed is gone"
        assert again[f"keep-{tried.field}"] == ["mine"]
        with stage.app.test_request_context():
            dates = [in_full(date.fromisoformat(one)) for one in (mine, theirs) if one[:2] == "20"]
        for said in tried.shown or dates or (mine, theirs):
            assert f'message">{said}<' in page, said
        assert again[versions.VERSION] != second[versions.VERSION]
        assert client.post(path, data=again | extra).status_code == 303
        if tried.stays:
            assert _opened(client, path)[tried.field] == [mine]
    finally:
        stage.put_back()


@pytest.mark.parametrize("route", PICTURES)
def test_a_second_picture_is_asked_for_again(stage: Stage, route: str) -> None:
    who, field = PICTURES[route]
    client, path = stage.clients[who], stage.world.path(route)
    first, second = _opened(client, path), _opened(client, path)

    def upload(fields: Fields) -> TestResponse:
        data = {**fields, field: (BytesIO(picture()), "p.png")}
        return client.post(path, data=data, content_type="multipart/form-data")

    try:
        assert upload(first).status_code == 303
        asked = upload(second)
        assert asked.status_code == 200
        assert "choose yours again" in asked.get_data(as_text=True)
        again = form_with(asked.get_data(as_text=True), versions.VERSION)
        assert upload(again).status_code == 303
    finally:
        stage.put_back()


def _two_titles(stage: Stage) -> tuple[FlaskClient, str, Fields, Fields]:
    client, path = stage.clients["organiser_lead"], stage.world.path("/modules/<code>/edit")
    return client, path, _opened(client, path), _opened(client, path)


def test_theirs_can_be_kept_and_mine_beside_it(stage: Stage) -> None:
    client, path, first, second = _two_titles(stage)
    try:
        client.post(path, data=first | {"title_en": ["First"]})
        sent = second | {"title_en": ["Second"], "title_es": ["Segunda"]}
        again = form_with(client.post(path, data=sent).get_data(as_text=True), versions.VERSION)
        assert "keep-title_es" not in again, "nobody else changed this field"
        assert client.post(path, data=again | {"keep-title_en": ["theirs"]}).status_code == 303
        kept = _opened(client, path)
        assert (kept["title_en"], kept["title_es"]) == (["First"], ["Segunda"])
    finally:
        stage.put_back()


def test_what_the_second_did_not_touch_is_proposed_as_theirs(stage: Stage) -> None:
    client, path, first, second = _two_titles(stage)
    try:
        client.post(path, data=first | {"title_en": ["First"]})
        asked = client.post(path, data=second | {"title_es": ["Segunda"]}).get_data(as_text=True)
        assert form_with(asked, versions.VERSION)["keep-title_en"] == ["theirs"]
    finally:
        stage.put_back()


def test_a_third_change_while_being_asked_is_asked_again(stage: Stage) -> None:
    client, path, first, second = _two_titles(stage)
    third = dict(first)
    try:
        client.post(path, data=first | {"title_en": ["First"]})
        asked = client.post(path, data=second | {"title_en": ["Second"]}).get_data(as_text=True)
        again = form_with(asked, versions.VERSION)
        fresh = _opened(client, path)
        client.post(path, data=fresh | {"title_en": ["Third"]})
        page = client.post(path, data=again).get_data(as_text=True)
        assert ASKED in page
        assert 'message">Third<' in page
        assert third["title_en"] != ["Third"]
    finally:
        stage.put_back()


def test_the_same_change_twice_asks_nothing(stage: Stage) -> None:
    client, path, first, second = _two_titles(stage)
    try:
        for fields in (first, second):
            assert client.post(path, data=fields | {"title_en": ["Same"]}).status_code == 303
    finally:
        stage.put_back()


def test_without_the_check_the_first_is_lost(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: it is the check under the lock that asks."""

    def looks_at_nothing(kept: versions.Kept) -> None:
        kept.checked = True

    client, path, first, second = _two_titles(stage)
    monkeypatch.setattr(versions.Kept, "check", looks_at_nothing)
    try:
        client.post(path, data=first | {"title_en": ["First"]})
        assert client.post(path, data=second | {"title_en": ["Second"]}).status_code == 303
        assert _opened(client, path)["title_en"] == ["Second"]
    finally:
        stage.put_back()


def test_an_act_that_does_not_look_fails(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    client, path, first, _second = _two_titles(stage)
    monkeypatch.setattr(versions, "check", lambda: None)
    try:
        assert client.post(path, data=first).status_code == 500
    finally:
        stage.put_back()
