"""The pages of the agenda, through the client: who reads it, who edits it, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import select

from tests import factories, teaching
from trainings.agenda import operations, pdf, queries
from trainings.agenda_versions.today_queries import today
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Grant, Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.printing.rules import AgendaDocument
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


@pytest.fixture
def by(app: Flask, client: FlaskClient) -> Viewer:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    factories.sign_in(client, viewer)
    return viewer


def typed(course: str, **changes: Any) -> dict[str, Any]:
    return {
        "day": teaching.session_day(course).isoformat(),
        "starts_at": "09:00",
        "ends_at": "10:30",
        "kind": "other",
        "title_en": "Opening",
        "title_es": "Apertura",
        **changes,
    }


def person_viewer(registration: str) -> Viewer:
    person = db.session.scalar(
        select(Registration.person_id)
        .where(Registration.id == registration)
        .execution_options(scope="own")
    )
    assert person is not None
    return teaching.account_of(person)


def test_added_changed_removed(client: FlaskClient, by: Viewer) -> None:
    course, module = factories.course(), teaching.module()
    teaching.teach(course, module)
    giver = teaching.course_trainer(course, teaching.trainer(by), by)
    assert "No sessions yet" in client.get("/courses/BUE27/agenda").text
    form = client.get("/courses/BUE27/agenda/new").text
    assert "Module investigation" in form and "Choque, Ruth (no reply yet)" in form
    sent = client.post(
        "/courses/BUE27/agenda/new",
        data=typed(
            course,
            kind="module",
            module_id=module,
            new_room="Aula",
            trainers=[giver],
            title_en="Money trails",
        ),
    )
    assert sent.status_code == 303
    page = client.get("/courses/BUE27/agenda").text
    for shown in (
        "09:00–10:30",
        "Money trails",
        "Aula · Ruth Choque",
        "Buenos Aires",
        "1 h 30 min",
    ):
        assert shown in page
    (row,) = queries.sessions_of(course)
    path = f"/courses/BUE27/agenda/{row.id}"
    assert 'value="Money trails"' in client.get(path).text
    client.post(
        path,
        data=typed(course, kind="module", module_id=module, starts_at="14:00", ends_at="15:00"),
    )
    page = client.get("/courses/BUE27/agenda").text
    assert "14:00–15:00" in page and "No trainer yet" in page
    assert "planned hours" in client.get(f"{path}/remove").text
    client.post(f"{path}/remove")
    assert queries.sessions_of(course) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_at": "", "ends_at": ""}, "Enter when it starts."),
        ({"starts_at": "25:00"}, "Enter a time as hours and minutes"),
        ({"ends_at": "09:00"}, "A session must end after it starts."),
        ({"kind": "module"}, "Choose one of the course modules."),
        ({"title_en": "", "title_es": ""}, "Give the session a title"),
        ({"day": "2001-01-01"}, "Choose from the list."),
        ({"kind": ""}, "Choose the kind."),
    ],
)
def test_refused_in_words_and_nothing_lost(
    client: FlaskClient, by: Viewer, changes: dict[str, Any], sentence: str
) -> None:
    course = factories.course()
    page = client.post("/courses/BUE27/agenda/new", data=typed(course, new_room="Début", **changes))
    assert page.status_code == 200
    assert sentence in page.text and 'value="Début"' in page.text
    assert queries.sessions_of(course) == []


def test_a_clash_is_refused_on_the_form_with_both_named(client: FlaskClient, by: Viewer) -> None:
    course, room = factories.course(), teaching.room()
    operations.add_session(course, teaching.slot(course, room_id=room), by)
    page = client.post("/courses/BUE27/agenda/new", data=typed(course, room_id=room)).text
    assert "Sala A is taken" in page and "Session at 09:00" in page
    assert 'value="Opening"' in page


def test_side_by_side_stands_in_columns(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    for name, start in (("Sala A", "09:00"), ("Sala B", "09:30")):
        operations.add_session(course, teaching.slot(course, start, "11:00", new_room=name), by)
    operations.add_session(course, teaching.slot(course, "12:00", "13:00", new_room="Sala A"), by)
    page = client.get("/courses/BUE27/agenda").text
    assert "day-grid-2" in page
    assert all(mark in page for mark in ("k-1", "k-2", "k-all"))


def test_trainers_and_confirmed_people_read_it(app: Flask, client: FlaskClient) -> None:
    by, course = factories.account(Role.ORGANISER, agency="IOM"), factories.course()
    operations.add_session(course, teaching.slot(course, new_room="Aula"), by)
    trainer = factories.account(Role.TRAINER, course_id=course)
    asked = teaching.course_trainer(course, teaching.trainer(by), by)
    confirmed = teaching.participant(course)
    teaching.publish(course, by)
    invited = queries.rosters.course_trainer_of(course, asked).trainer
    for reader in (
        trainer,
        Viewer(account_id=invited.account_id, person_id=invited.person_id),
        person_viewer(confirmed),
    ):
        factories.sign_in(client, reader)
        page = client.get("/courses/BUE27/agenda")
        assert page.status_code == 200 and "Session at 09:00" in page.text
        assert "Add a session" not in page.text
        assert client.get("/courses/BUE27/agenda/new").status_code == 404
        assert client.post("/courses/BUE27/agenda/new", data=typed(course)).status_code == 404


def test_nobody_else_does(app: Flask, client: FlaskClient) -> None:
    course, other = factories.course(), factories.course("OTH27")
    by = factories.account(Role.ORGANISER, agency="IOM")
    key = operations.add_session(course, teaching.slot(course), by)
    strangers = [
        factories.account(Role.TRAINER, course_id=other),
        factories.account(Role.ADMINISTRATOR),
        factories.account(Role.FOCAL_POINT, country="BO"),
        person_viewer(teaching.participant(course, state=State.OFFERED)),
        person_viewer(teaching.participant(other)),
    ]
    for stranger in strangers:
        factories.sign_in(client, stranger)
        for path in ("agenda", "agenda.pdf", "agenda/new", f"agenda/{key}", f"agenda/{key}/remove"):
            assert client.get(f"/courses/BUE27/{path}").status_code == 404, path
    factories.sign_in(client, by)
    assert client.get(f"/courses/OTH27/agenda/{key}").status_code == 404


def test_nothing_to_edit_when_the_course_is_over(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    key = operations.add_session(course, teaching.slot(course), by)
    with transaction() as session:
        session.get_one(Course, course).state = CourseState.COMPLETED
    assert "Add a session" not in client.get("/courses/BUE27/agenda").text
    page = client.post(f"/courses/BUE27/agenda/{key}", data=typed(course))
    assert "The course is over" in page.text


def test_on_paper_in_the_readers_language(
    client: FlaskClient, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = factories.course()
    operations.add_session(course, teaching.slot(course, new_room="Aula"), by)
    drawn: list[AgendaDocument] = []

    def draw(document: AgendaDocument) -> tuple[bytes, str]:
        drawn.append(document)
        if len(drawn) > 1:
            raise pdf.AgendaNotDrawn
        return b"%PDF-", ""

    monkeypatch.setattr(pdf, "draw", draw)
    answer = client.get("/courses/BUE27/agenda.pdf", headers={"Accept-Language": "es"})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    (document,) = drawn
    assert document.course_title == "Curso para investigadores"
    assert len(document.days) == 4 and document.days[0].sessions[0].room == "Aula"
    assert "Ada Ejemplo" in document.wording.printed
    assert "{page}" in document.wording.page and "{pages}" in document.wording.page
    assert client.get("/courses/BUE27/agenda.pdf").location == "/courses/BUE27/agenda"


def test_sessions_of_today(app: Flask) -> None:
    by = factories.account(Role.ORGANISER, agency="IOM")
    with clock.at(clock.now().replace(hour=10)):
        course = factories.course(starts_in=0)
        trainer = teaching.trainer(by)
        giver = teaching.course_trainer(course, trainer, by)
        mine = operations.add_session(
            course, teaching.slot(course, "23:00", "23:30", trainers=(giver,)), by
        )
        operations.add_session(course, teaching.slot(course, "09:00", "10:00", day=1), by)
        assert [one.id for one in today(by)] == [mine]
        confirmed = person_viewer(teaching.participant(course))
        assert today(confirmed) == []  # not published yet
        teaching.publish(course, by)
        assert [one.id for one in today(confirmed)] == [mine]
        who = teaching.answered(giver)
        trainer = replace(who, grants=(Grant(Role.TRAINER, course_id=course),))
        assert [(one.id, one.mine, one.there) for one in today(trainer)] == [(mine, True, True)]
        operations.remove_session(course, mine, by)
        assert [(one.id, one.there) for one in today(trainer)] == [(mine, False)]
        assert today(by) == []
        assert today(factories.account(Role.ORGANISER, course_id="x")) == []


def test_statements_do_not_grow_with_sessions(
    client: FlaskClient, by: Viewer, statements: list[str]
) -> None:
    course = factories.course()
    counts = []
    for start in (8, 12):
        for hour in range(start, start + 4):
            giver = teaching.course_trainer(course, teaching.trainer(by), by)
            operations.add_session(
                course,
                teaching.slot(
                    course, f"{hour:02}:00", f"{hour:02}:30", new_room=f"R{hour}", trainers=(giver,)
                ),
                by,
            )
        db.session.close()
        statements.clear()
        assert client.get("/courses/BUE27/agenda").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12, "\n".join(statements)
