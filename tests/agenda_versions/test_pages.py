"""The page of the agenda by who reads it: the published version, and to editors also the draft."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, teaching
from tests.counting import statements
from trainings.agenda import operations as agenda
from trainings.agenda import pdf
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.printing.rules import AgendaDocument
from trainings.registrations.models import Registration

PAGE = "/courses/BUE27/agenda"
PUBLISH = "/courses/BUE27/agenda/publish"


@pytest.fixture
def by(app: Flask, client: FlaskClient) -> Viewer:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    factories.sign_in(client, viewer)
    return viewer


def add(course: str, by: Viewer, start: str, end: str, title: str, **values: object) -> str:
    data = teaching.slot(course, start, end, titles={"en": title}, **values)
    return agenda.add_session(course, data, by)


def member(course: str) -> Viewer:
    """A participant who confirmed."""
    key = teaching.participant(course)
    person = db.session.scalar(
        select(Registration.person_id).where(Registration.id == key).execution_options(scope="own")
    )
    return teaching.account_of(person or "")


def readers(course: str, by: Viewer) -> list[Viewer]:
    """A trainer who accepted, one who is asked, a participant."""
    asked = teaching.course_trainer(course, teaching.trainer(by, name=("Omar", "Paz")), by)
    account_id = db.session.scalar(
        select(teaching.Trainer.account_id)
        .join(teaching.CourseTrainer, teaching.CourseTrainer.trainer_id == teaching.Trainer.id)
        .where(teaching.CourseTrainer.id == asked)
    )
    return [
        factories.account(Role.TRAINER, course_id=course),
        Viewer(account_id=account_id),
        member(course),
    ]


def test_before_the_first_version_only_organisers_see_it(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    add(course, by, "09:00", "10:00", "Opening")
    for reader in readers(course, by):
        factories.sign_in(client, reader)
        page = client.get(PAGE).text
        assert "The agenda is not published yet" in page and "Opening" not in page
        assert "Agenda as PDF" not in page
        assert client.get(PUBLISH).status_code == 404
    factories.sign_in(client, by)
    page = client.get(PAGE).text
    assert "only organisers see it" in page and "Opening" in page


def test_readers_see_the_published_version_and_editors_both(
    client: FlaskClient, by: Viewer
) -> None:
    course = factories.course()
    stays = add(course, by, "09:00", "10:00", "Stays")
    goes = add(course, by, "11:00", "12:00", "Goes")
    teaching.publish(course, by)
    agenda.remove_session(course, goes, by)
    add(course, by, "14:00", "15:00", "Comes")
    moved = teaching.slot(course, "08:00", "09:00", titles={"en": "Stays"})
    agenda.change_session(course, stays, moved, by)
    for reader in readers(course, by):
        factories.sign_in(client, reader)
        for path in (PAGE, f"{PAGE}?view=draft", f"{PAGE}?view=published"):
            page = client.get(path).text
            assert "Goes" in page and "Comes" not in page and "09:00–10:00" in page
            assert "slot-differs" not in page and ">Draft<" not in page
    factories.sign_in(client, by)
    draft = client.get(PAGE).text
    assert "Comes" in draft and "Goes" not in draft and "3 sessions differ" in draft
    marks = re.findall(r'slot-differs">([^<]*)<', draft)
    assert marks == ["Moved", "New session"]
    published = client.get(f"{PAGE}?view=published").text
    assert "Goes" in published and "Comes" not in published
    assert re.findall(r'slot-differs">([^<]*)<', published) == ["Moved", "Session cancelled"]
    assert "Add a session" not in published and "data-timetable" not in published


def test_who_is_told_what_is_seen_before(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    ruth = teaching.course_trainer(course, teaching.trainer(by), by)
    teaching.participant(course, mail="ana@police.example")
    key = add(course, by, "09:00", "10:00", "Opening", trainers=(ruth,))
    page = client.get(PUBLISH).text
    assert "1 participant" in page and "Ruth Choque" in page and "Publish version 1" in page
    first = client.post(PUBLISH, data=sent(page), follow_redirects=True).text
    assert "Version 1 of the agenda is published. 2 people are emailed." in first
    room = teaching.room()
    data = teaching.slot(
        course, "11:00", "12:30", titles={"en": "Welcome"}, trainers=(), room_id=room
    )
    agenda.change_session(course, key, data, by)
    page = client.get(PUBLISH).text
    for words in (
        "Moved from",
        "09:00–10:00 to",
        "Room: Sala A instead of no room",
        "Trainers: nobody instead of Ruth Choque",
        "Title: “Welcome” instead of “Opening”",
        "You no longer give this session",
        "Version 1: 1 session, 2 people emailed",
    ):
        assert words in page, words
    assert factories.mails("registration_agenda") != []
    client.post(PUBLISH, data=sent(page))
    assert "Nothing to publish" in client.get(PUBLISH).text


def sent(page: str) -> dict[str, str]:
    found = re.search(r'name="looked_at"[^>]*value="([^"]*)"', page)
    assert found
    return {"looked_at": found[1]}


def test_an_agenda_that_changed_meanwhile_is_shown_again(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    add(course, by, "09:00", "10:00", "Opening")
    page = client.get(PUBLISH).text
    add(course, by, "11:00", "12:00", "Later")
    answer = client.post(PUBLISH, data=sent(page))
    assert answer.status_code == 200 and "since you opened this page" in answer.text
    assert "Later" in answer.text
    again = client.post(PUBLISH, data=sent(answer.text))
    assert again.status_code == 303


@pytest.mark.parametrize("values", [{"template": True}, {"state": CourseState.COMPLETED}])
def test_where_nothing_can_be_published_there_is_no_button(
    client: FlaskClient, by: Viewer, values: dict[str, object]
) -> None:
    course = factories.course()
    add(course, by, "09:00", "10:00", "Opening")
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(Course, course), name, value)
    assert "Publish the agenda" not in client.get(PAGE).text
    assert "Publish version" not in client.get(PUBLISH).text


def test_paper_shows_what_the_page_shows(
    client: FlaskClient, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = factories.course()
    add(course, by, "09:00", "10:00", "Published")
    teaching.publish(course, by)
    add(course, by, "11:00", "12:00", "Draft only")
    drawn: list[AgendaDocument] = []

    def draw(document: AgendaDocument) -> tuple[bytes, str]:
        drawn.append(document)
        return b"%PDF-", ""

    def titles(query: str = "") -> list[str]:
        client.get(f"/courses/BUE27/agenda.pdf{query}")
        return [line.title for day in drawn[-1].days for line in day.sessions]

    monkeypatch.setattr(pdf, "draw", draw)
    assert titles() == ["Published", "Draft only"]
    assert titles("?view=published") == ["Published"]
    factories.sign_in(client, member(course))
    assert titles() == ["Published"]


def test_who_left_since_is_not_named(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    ruth = teaching.course_trainer(course, teaching.trainer(by), by)
    add(course, by, "09:00", "10:00", "Opening", trainers=(ruth,))
    teaching.publish(course, by)
    who = member(course)
    factories.sign_in(client, who)
    assert "Ruth Choque" in client.get(PAGE).text
    teaching.answered(ruth, accept=False)
    page = client.get(PAGE).text
    assert "Opening" in page and "Choque" not in page


def test_more_sessions_and_versions_are_no_more_statements(client: FlaskClient, by: Viewer) -> None:
    course, module, room = factories.course(), teaching.module(), teaching.room()
    teaching.teach(course, module)
    ruth = teaching.course_trainer(course, teaching.trainer(by), by)
    who = member(course)
    counts: dict[str, list[int]] = {"reader": [], "editor": [], "published": [], "publish": []}
    for hour in range(9, 12):
        for start in ("00", "30"):
            add(
                course,
                by,
                f"{hour:02}:{start}",
                f"{hour:02}:{int(start) + 20}",
                "One",
                module_id=module,
                room_id=room,
                trainers=(ruth,),
            )
        for name, reader, path in (
            ("publish", by, PUBLISH),
            ("editor", by, PAGE),
            ("published", by, f"{PAGE}?view=published"),
            ("reader", who, PAGE),
        ):
            factories.sign_in(client, reader)
            with statements() as asked:
                assert client.get(path).status_code == 200
            counts[name].append(len(asked))
        teaching.publish(course, by)
    assert all(len(set(found[1:])) == 1 for found in counts.values()), counts
    assert counts["reader"][-1] <= 14, counts
