"""The timetable's addresses: what the editor is told, and the pages with a form for each act."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests import counting, factories, teaching
from tests.scheduling.conftest import Table
from trainings.agenda import operations as agenda
from trainings.core.db import db
from trainings.people.models import IdentityRead
from trainings.scheduling import operations

PAGE = "/courses/BUE27/agenda"


class Asking:
    """An organiser who asks as the editor does, or sends the forms of the pages."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.table = client, Table()
        factories.sign_in(client, self.table.by)

    def act(self, name: str, **fields: Any) -> TestResponse:
        return self.client.post(
            f"{PAGE}/acts/{name}", data=fields, headers={"Accept": "application/json"}
        )

    def send(self, name: str, **fields: Any) -> str:
        answer = self.client.post(f"{PAGE}/acts/{name}", data=fields)
        assert answer.status_code == 303
        return self.client.get(answer.location).text

    def about(self, *keys: str) -> dict[str, Any]:
        shown = self.table.shown(*keys)
        return {"session": list(shown), "version": list(shown.values())}

    def plan(self, query: str = "") -> TestResponse:
        return self.client.get(f"{PAGE}/plan?{query}")

    def reads(self) -> int:
        db.session.close()
        return db.session.scalar(select(func.count()).select_from(IdentityRead)) or 0


@pytest.fixture
def asking(app: Flask, client: FlaskClient) -> Asking:
    return Asking(client)


def test_the_plan_has_all_and_names_only_when_asked_for(asking: Asking) -> None:
    before = asking.reads()
    plan = asking.plan().get_json()
    assert asking.reads() == before
    assert [one["name"] for one in plan["trainers"]] == [None, None]
    heads = [f"{asking.table.day + timedelta(later):%a %-d %b}" for later in range(4)]
    assert [one["head"] for one in plan["days"]] == heads
    assert [one["module"] for one in plan["left"]] == [asking.table.law]
    assert any("{" + asking.table.ruth + "}" in one["text"] for one in plan["warnings"])
    named = asking.plan("names=1").get_json()
    assert sorted(one["name"] for one in named["trainers"]) == ["Luis Paz", "Ruth Choque"]
    assert asking.reads() > before
    assert any("Ruth Choque has not accepted" in one["text"] for one in named["warnings"])


def test_nothing_comes_while_nothing_changed(asking: Asking) -> None:
    state = asking.plan().get_json()["state"]
    again = asking.plan(f"state={state}&unattended=yes")
    assert (again.status_code, again.data) == (204, b"")
    asking.act("move", **asking.about(asking.table.noon), day=asking.table.day, start="13:00")
    assert asking.plan(f"state={state}&unattended=yes").status_code == 200


def test_the_plan_asks_the_database_as_often_for_many_sessions(asking: Asking) -> None:
    def asked() -> Sequence[str]:
        db.session.close()
        with counting.statements() as sent:
            assert asking.plan().status_code == 200
        return sent

    few = len(asked())
    for number in range(20):
        asking.table.add("18:00", "18:30", day=number % 4, titles={"en": f"No {number}"})
    assert len(asked()) == few <= 20


def test_an_act_gives_what_became_of_its_sessions(asking: Asking) -> None:
    table = asking.table
    answer = asking.act("move", **asking.about(table.noon), day=table.day, start="13:00")
    assert answer.status_code == 200
    told = answer.get_json()
    assert [(one["id"], one["start"], one["version"]) for one in told["sessions"]] == [
        (table.noon, "13:00", 2)
    ]
    assert (told["undo"], told["redo"], told["removed"]) == ("Session moved", None, [])
    told = asking.act("undo").get_json()
    assert (told["sessions"][0]["start"], told["redo"]) == ("10:45", "Session moved")
    gone = asking.act("remove", **asking.about(table.noon)).get_json()
    assert gone["removed"] == [table.noon]


def test_a_refusal_names_ways_out(asking: Asking) -> None:
    table = asking.table
    about = asking.about(table.noon)
    answer = asking.act("move", **about, day=table.day, start="09:30", room=table.hall)
    assert answer.status_code == 422
    told = answer.get_json()
    assert "Sala A is taken" in told["refused"]
    assert [one["label"] for one in told["ways"]] == ["At 10:30", "In Sala B"]
    way = told["ways"][0]
    done = asking.act("move", **about, day=table.day, start=way["start"], room=way["room"])
    assert done.status_code == 200
    answer = asking.act(
        "add", day=table.day, start="09:30", minutes=60, module=table.law, add=table.ruth
    )
    labels = [one["label"] for one in answer.get_json()["ways"]]
    assert labels == ["At 10:30"]  # nobody else teaches it


def test_whoever_comes_second_gets_everything_as_it_is(asking: Asking) -> None:
    table = asking.table
    about = asking.about(table.noon)
    operations.move(table.course, table.shown(table.noon), table.at("16:00"), table.colleague())
    answer = asking.act("move", **about, day=table.day, start="13:00")
    assert answer.status_code == 409
    told = answer.get_json()
    assert "Somebody else" in told["refused"]
    assert {one["id"]: one["start"] for one in told["sessions"]}[table.noon] == "16:00"


def test_an_act_sent_twice_is_done_once(asking: Asking) -> None:
    fields = {"day": asking.table.day, "start": "15:00", "minutes": 60, "title": "New"}
    for _time in range(2):
        assert asking.act("add", **fields, form_token="the-same").status_code == 200
    titles = [one.titles.get("en") for one in asking.table.entries().values()]
    assert titles.count("New") == 1


@pytest.mark.parametrize(
    ("act", "fields", "sentence"),
    [
        ("move", {"start": "09:00"}, "Choose the day."),
        ("move", {"day": "2027-01-18", "start": "25:00"}, "Enter a time as hours and minutes"),
        ("resize", {"day": "2027-01-18", "start": "09:00"}, "Enter the time."),
        ("add", {"day": "2027-01-18", "start": "09:00", "minutes": "long"}, "whole number"),
        ("shift", {"day": "2027-01-18", "since": "09:00"}, "by how many minutes"),
        ("shift", {"day": "2027-01-18", "since": "09:00", "minutes": "99999"}, "whole number"),
        ("breaks", {"day": "2027-01-18"}, "at least one day"),
        ("frame", {"starts_at": "09:00"}, "at least one day"),
        ("plan", {"module": "no", "minutes": "60"}, "Choose one of the course modules"),
        ("undo", {}, ""),
        ("name", {"title": "x" * 300}, "200"),
        ("unschedule", {}, "no session that this would change"),
    ],
)
def test_bad_input_gets_a_sentence(
    asking: Asking, act: str, fields: dict[str, str], sentence: str
) -> None:
    answer = asking.act(act, **fields)
    assert answer.status_code == (200 if act == "undo" else 422)
    if sentence:
        assert sentence in answer.get_json()["refused"]


def test_days_are_laid_out_by_a_form(asking: Asking) -> None:
    table = asking.table
    days = [(table.day + timedelta(number)).isoformat() for number in (1, 2)]
    frame = {"starts_at": "09:00", "ends_at": "17:00", "length": "90", "lunch_at": "12:30"}
    page = asking.send("plan", module=table.law, minutes="180", page="days")
    assert "The planned minutes have been saved." in page
    page = asking.send("frame", **frame, days=days, pause="15", lunch="60", fill="yes", page="days")
    assert "The days have been laid out." in page
    assert "Everything is on a day." in page
    page = asking.send(
        "breaks", day=days[0], days=[(table.day + timedelta(3)).isoformat()], page="days"
    )
    assert "The breaks have been copied." in page
    page = asking.send("shift", day=days[0], since="13:00", minutes="-5", page="days")
    assert "The rest of the day has been moved." in page
    assert "Undo: Part of a day moved" in page
    assert "Undone." in asking.send("undo", page="days")
    assert "Done again." in asking.send("redo", page="days")


def test_each_act_on_a_session_has_its_form(asking: Asking) -> None:
    table = asking.table
    page = asking.client.get(f"{PAGE}/{table.noon}/acts").text
    for act in ("move", "duplicate", "split", "swap", "unschedule"):
        assert f'action="{PAGE}/acts/{act}"' in page
    asking.send("duplicate", **asking.about(table.noon), day=table.day, start="")
    page = asking.client.get(f"{PAGE}/days").text
    assert "Court" in page.partition('id="to-schedule"')[2].partition("</section>")[0]
    page = asking.send("move", **asking.about(table.noon), day=table.day, start="09:00")
    assert "The session has been moved." in page
    assert asking.client.get(f"{PAGE}/nothing/acts").status_code == 404


def refused(asking: Asking, act: str, **fields: Any) -> str:
    """The page that comes back from a form that was refused."""
    answer = asking.client.post(f"{PAGE}/acts/{act}", data=fields)
    assert answer.status_code == 200
    return answer.text


def test_what_was_typed_on_a_page_of_acts_is_there_again(asking: Asking) -> None:
    table = asking.table
    about, last = asking.about(table.noon), (table.day + timedelta(3)).isoformat()
    page = refused(asking, "move", **about, page=table.noon, day=last, start="23:45")
    assert "A session ends on the day on which it starts" in page
    assert 'value="23:45"' in page
    assert f'<option value="{last}" selected>' in page
    page = refused(asking, "split", **about, page=table.noon, at="19:00")
    assert "between the start and the end" in page
    assert 'value="19:00"' in page
    page = refused(asking, "shift", page="days", day=last, since="10:05", minutes="40")
    assert "no session that this would change" in page
    for value in ("10:05", "40"):
        assert f'value="{value}"' in page
    frame = {"starts_at": "09:10", "ends_at": "09:20", "length": "85", "lunch_at": "12:30"}
    page = refused(asking, "frame", page="days", **frame, days=[last])
    assert "No session fits between 09:10 and 09:20" in page
    assert 'value="85"' in page
    assert re.findall(r'<input checked[^>]*name="days"[^>]*value="([^"]+)"', page) == [last]
    page = refused(asking, "add", page="days", module=table.law, minutes="90", start="14:20")
    assert 'value="14:20"' in page
    page = refused(asking, "plan", page="days", module=table.law, minutes="2h")
    assert 'value="2h"' in page


def test_trainers_stand_by_name_since_keys_choose_them(asking: Asking) -> None:
    table = asking.table
    teaching.course_trainer(
        table.course, teaching.trainer(table.by, name=("Ágata", "Zeta")), table.by
    )
    db.session.close()
    named = [one["name"] for one in asking.plan("names=1").get_json()["trainers"]]
    assert named == ["Ágata Zeta", "Luis Paz", "Ruth Choque"]


def test_the_zone_and_the_ways_to_minutes_and_calendar_stand_beside_the_editor(
    asking: Asking,
) -> None:
    teaching.publish(asking.table.course, asking.table.by)
    page = asking.client.get(PAGE).text
    hidden = page.partition("data-without-timetable")[2].partition("</div>\n<p>")[0]
    for words in ("All times are", f'href="{PAGE}/days"', f'href="{PAGE}.ics"'):
        assert words in page
        assert words not in hidden


def test_an_empty_course_says_what_to_do(client: FlaskClient, app: Flask) -> None:
    by = factories.account(factories.Role.ORGANISER, agency="IOM")
    factories.sign_in(client, by)
    factories.course()
    page = client.get(f"{PAGE}/days").text
    for sentence in ("Everything is on a day.", "Nothing to look at."):
        assert sentence in page


@pytest.mark.parametrize("language", ["es", "fr", "pt_BR"])
def test_in_the_readers_language(asking: Asking, language: str) -> None:
    words = {"es": "Por programar", "fr": "À placer", "pt_BR": "A programar"}
    asking.client.post("/language", data={"language": language, "next": "/"})
    assert words[language] in asking.client.get(f"{PAGE}/days").text
    assert words[language] in asking.client.get(PAGE).text
    told = asking.act("undo").get_json()
    assert told["redo"] not in (None, "Session added")


def test_a_reader_of_the_agenda_gets_no_editor(
    asking: Asking, app: Flask, client: FlaskClient
) -> None:
    trainer = teaching.answered(asking.table.ruth)
    factories.sign_in(client, trainer)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "data-timetable" not in page.text
    assert asking.plan().status_code == 404


def test_what_is_named_in_another_language_keeps_the_others(asking: Asking) -> None:
    table = asking.table
    asking.client.post("/language", data={"language": "es", "next": "/"})
    asking.act("name", **asking.about(table.noon), title="Tribunal")
    assert table.entries()[table.noon].titles == {"en": "Court", "es": "Tribunal"}
    asking.act("name", **asking.about(table.noon), title="")
    assert table.entries()[table.noon].titles == {"en": "Court"}
    answer = asking.act("name", **asking.about(table.pause), title="")
    assert answer.status_code == 200


def test_a_session_needs_some_title(asking: Asking) -> None:
    answer = asking.act("name", **asking.about(asking.table.noon), title="")
    assert answer.status_code == 422
    assert "title" in answer.get_json()["refused"]


def test_undo_is_offered_to_who_did_it_only(asking: Asking) -> None:
    other = asking.table.colleague()
    agenda.undo(asking.table.course, asking.table.by)
    db.session.close()
    assert asking.plan().get_json()["redo"] == "Session added"
    factories.sign_in(asking.client, other)
    told = asking.plan().get_json()
    assert (told["undo"], told["redo"]) == (None, None)
