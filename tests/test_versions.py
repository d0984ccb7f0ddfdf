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
from trainings.app import create_app
from trainings.core import clock, versions
from trainings.core.dates import in_full
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.registrations.rules import State

NOMINATED = "R-VERS10"
ASKED = "Which do you want to keep?"


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
    "/courses/<code>/laws": Tried(
        "organiser_lead", "topics", "offence", "forms", shown=("Offence", "Forms of exploitation")
    ),
    "/courses/<code>/nominations/<number>/edit": Tried(
        "focal_same_country", "unit", "First unit", "Second unit"
    ),
    "/courses/<code>/nominations/<number>/mail": Tried(
        "focal_same_country", "mail", "first@unit.example", "second@unit.example", stays=False
    ),
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
    "/legislation/<country>/<topic>/edit": Tried("focal_same_country", "law", "First", "Second"),
    "/legislation/topics/<topic>/edit": Tried("organiser_lead", "title_en", "First", "Second"),
    "/materials/<material_id>": Tried("organiser_lead", "name", "First name", "Second name"),
    "/modules/<code>/edit": Tried("organiser_lead", "title_en", "First title", "Second title"),
    "/my/registrations/<number>/name": Tried(
        "participant_self", "printed_name", "Ana First", "Ana Second"
    ),
    "/profile/details": Tried("organiser_lead", "given_name", "First", "Second"),
    "/programmes/<code>/edit": Tried("organiser_lead", "title_en", "First title", "Second title"),
    "/programmes/<code>/lessons/<lesson_id>": Tried(
        "organiser_lead", "text_en", "First lesson", "Second lesson"
    ),
    "/programmes/<code>/phases/<phase_id>": Tried(
        "organiser_lead", "title_en", "First phase", "Second phase"
    ),
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

NEW = "makes something new: nobody else can have changed it"
STATE = "an act on a state, which is looked at again under the lock and refused if it has moved on"
STEP = "moves one person from where they are: it carries no other values"
MARKS = "sends marks, each of which is compared under the lock with the one that is there"
REMOVES = "takes away: what is gone cannot be overwritten"
OWN = "a draft, an answer or a link that only its owner can open"
SESSION = "signing in and out, links, passwords: nothing that two people share"
ACTS = "carries the number of each session's version, compared under the lock; or only adds"
NOTHING = "changes nothing kept: files, checks, searches, messages"
SCAN = "/courses/<code>/attendance/<session_id>"
APPLY = "/courses/<code>/apply"
AGENDA = "/courses/<code>/agenda/acts"
UNVERSIONED = {
    NEW: """/agencies/new /courses/<code>/agenda/new /courses/<code>/agenda/import
        /courses/<code>/agenda/import/rows /courses/<code>/certificates/exceptions/<number>
        /courses/<code>/lists/<listing> /courses/<code>/materials/new
        /courses/<code>/nominations/import /courses/<code>/nominations/import/rows
        /courses/<code>/nominations/new /courses/<code>/organisers
        /courses/<code>/registrations/invite /courses/<code>/registrations/views/new
        /courses/<code>/registrations/walk-in /courses/<code>/template
        /courses/<code>/trainers/invite /courses/new /functions/new /legislation/correspondents
        /legislation/import /legislation/import/rows /legislation/topics/new /modules/new
        /modules/<code>/copy /modules/<code>/materials/new /programmes/<code>/copy
        /programmes/<code>/lessons/new /programmes/<code>/phases/new /programmes/new /rooms/new
        /staff/<account_id>/roles/new /staff/invite /trainers/<trainer_id>/path /trainers/import
        /trainers/import/rows /trainers/new""",
    STATE: """/courses/<code>/agenda/proposal /courses/<code>/agenda/proposal/accept
        /courses/<code>/agenda/proposal/discard /courses/<code>/agreement/<agency>
        /courses/<code>/agreement/<agency>/<signatory_id> /courses/<code>/agenda/publish
        /courses/<code>/certificates /courses/<code>/certificates/<certificate_id>/correct
        /courses/<code>/certificates/<certificate_id>/revoke /courses/<code>/certificates/again
        /courses/<code>/certificates/exceptions/<number>/approve
        /courses/<code>/certificates/exceptions/<number>/refuse /courses/<code>/moves/<name>
        /courses/<code>/lists/requests/<number>/<any(approve,refuse):decision>
        /courses/<code>/lists/requests/<number>/make
        /privacy/lists/<number>/<any(approve,refuse):decision>
        /courses/<code>/nominations/<number>/withdraw /courses/<code>/nominations/choose
        /courses/<code>/nominations/decide /courses/<code>/registrations/<number>/withdraw
        /courses/<code>/registrations/choose /courses/<code>/registrations/decide
        /courses/<code>/registrations/remind-names /courses/<code>/selection/proposal/accept
        /courses/<code>/selection/proposal/discard /courses/<code>/selection/proposal/wonder
        /courses/<code>/selection/readers/share /courses/<code>/trainers/<course_trainer_id>/send
        /courses/<code>/trainers/<course_trainer_id>/withdraw /courses/<code>/laws/freeze
        /legislation/<country>/<topic>/<version_id>/check
        /legislation/<country>/<topic>/<version_id>/confirm
        /legislation/<country>/<topic>/<version_id>/drop /my/invitations/<course_trainer_id>
        /my/registrations/<number>/accept /my/registrations/<number>/decline
        /my/registrations/<number>/withdraw /privacy/erasure/<person_id> /staff/<account_id>/disable
        /staff/<account_id>/enable /staff/<account_id>/invite /trainers/<trainer_id>/bring-back
        /trainers/<trainer_id>/duplicates/<other_id> /trainers/<trainer_id>/retire""",
    STEP: """/courses/<code>/nominations/order /courses/<code>/reserve
        /courses/<code>/tables/<number> /courses/<code>/tables/anew /courses/<code>/tables/room
        /courses/<code>/tables/seat""",
    MARKS: f"""{SCAN} {SCAN}/mark {SCAN}/rest {SCAN}/results {SCAN}/results/one {SCAN}/results/rest
        {SCAN}/undo""",
    REMOVES: """/legislation/correspondents/<grant_id>/end /agencies/<code>/mark/remove
        /courses/<code>/agenda/<session_id>/remove /courses/<code>/organisers/<grant_id>/end
        /courses/<code>/registrations/views/<view_id>/remove
        /courses/<code>/signatures/<signatory_id>/remove /courses/<code>/tables/remove
        /courses/new/<plan_id>/drop /materials/<material_id>/remove /modules/<code>/remove
        /programmes/<code>/lessons/<lesson_id>/remove /programmes/<code>/phases/<phase_id>/remove
        /rooms/<room_id>/remove /staff/<account_id>/roles/<grant_id>/end
        /trainers/<trainer_id>/path/<assessment_id>/remove""",
    OWN: f"""{APPLY}/<any(function,country,identity,work,needs,notice):step> {APPLY}/check
        /courses/new/<plan_id> /courses/new/<plan_id>/<name> /my/evaluations/<number>
        /my/sessions/<session_id> /my/availability /my/availability/<period_id>/remove
        /my/availability/calendar /my/availability/calendar/forget /profile/calendar
        /profile/calendar/stop /courses/<code>/agenda/screen /courses/<code>/agenda/screen/stop
        /courses/<code>/nominations/import/<row_id> /courses/<code>/selection/reading/<number>
        /courses/<code>/nominations/import/<row_id>/drop""",
    SESSION: f"""{APPLY} /profile/password /profile/password/link /profile/sessions/end
        /profile/sessions/<session_id>/end /sign-in /sign-in/link /sign-in/link/<token>
        /sign-in/link/<token>/renew /sign-out""",
    ACTS: f"""{AGENDA}/add {AGENDA}/assign {AGENDA}/breaks {AGENDA}/duplicate {AGENDA}/frame
        {AGENDA}/move {AGENDA}/name {AGENDA}/plan {AGENDA}/redo {AGENDA}/remove {AGENDA}/resize
        {AGENDA}/shift {AGENDA}/split {AGENDA}/swap {AGENDA}/undo {AGENDA}/unschedule""",
    NOTHING: """/courses/<code>/lists/<listing>/take /courses/<code>/certificates.pdf
        /courses/<code>/certificates/print
        /courses/<code>/papers/<any(attendance,badges,tents,tables):paper>.pdf
        /courses/<code>/papers/<any(invitation,visa):letter>.pdf
        /courses/<code>/papers/<any(invitation,visa):letter>/<number>.pdf /my/service.pdf
        /courses/<code>/registrations/find /courses/<code>/registrations/message
        /courses/<code>/selection/decisions/<decision_id>.pdf /courses/<code>/selection/table
        /health/test-mail /language /privacy/erasure /verify /verify/<token> /verify/file""",
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
