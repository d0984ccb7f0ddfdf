"""The agenda of a course as a calendar file: who gets it, and what it says to whom."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, teaching
from tests.calendars.reading import by_title, events
from tests.counting import statements
from trainings.agenda import operations, queries
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.courses.access_rules import Nearness
from trainings.mail.text_writes import written
from trainings.people.models import IdentityRead
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.scheduling import operations as scheduling

FILE = "/courses/BUE27/agenda.ics"


@pytest.fixture
def by(app: Flask, client: FlaskClient) -> Viewer:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    factories.sign_in(client, viewer)
    return viewer


def add(course: str, by: Viewer, start: str = "09:00", end: str = "10:30", **values: object) -> str:
    """Add a session and publish it; gives its id."""
    operations.add_session(course, teaching.slot(course, start, end, **values), by=by)
    teaching.publish(course, by)
    return next(one.id for one in queries.sessions_of(course) if f"{one.starts_at:%H:%M}" == start)


def person_of(registration: str) -> str:
    person = db.session.scalar(
        select(Registration.person_id)
        .where(Registration.id == registration)
        .execution_options(scope="own")
    )
    assert person is not None
    return person


def sign_in_as(client: FlaskClient, registration: str) -> None:
    factories.sign_in(client, teaching.account_of(person_of(registration)))


def test_it_says_what_the_agenda_says(client: FlaskClient, by: Viewer) -> None:
    course, module = factories.course(), teaching.module()
    teaching.teach(course, module)
    giver = teaching.course_trainer(course, teaching.trainer(by), by)
    room = teaching.room()
    key = add(course, by, module_id=module, trainers=(giver,), room_id=room, titles={})
    answer = client.get(FILE)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="agenda-BUE27.ics"'
    assert answer.headers["Cache-Control"] == "no-store"
    (one,) = events(answer.text)
    day = teaching.session_day(course)
    nine = datetime(
        day.year, day.month, day.day, 9, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires")
    )
    assert one.uid.value == f"{key}@trainings.example"
    assert one.dtstart.value.astimezone(UTC) == nine
    assert one.summary.value == "Module investigation"
    assert one.location.value == "Sala A, Centro de Formación, Buenos Aires, Argentina"
    assert one.description.value == "Course for investigators\nTrainers: Ruth Choque"
    assert one.url.value.endswith("/courses/BUE27/agenda")
    assert one.status.value == "CONFIRMED"


def test_each_look_at_names_is_kept(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    giver = teaching.course_trainer(course, teaching.trainer(by), by)
    add(course, by, trainers=(giver,))
    client.get(FILE)
    db.session.close()
    looks = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "agenda")).all()
    assert [(one.by, len(one.persons)) for one in looks] == [(by.account_id, 1)]


def test_in_the_readers_language(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    giver = teaching.course_trainer(course, teaching.trainer(by), by)
    add(course, by, titles={"en": "Opening", "es": "Apertura"}, trainers=(giver,))
    words = {
        "es": "Formadores:",
        "fr": "Formateurs\xa0:",
        "pt_BR": "Instrutores:",
        "en": "Trainers:",
    }
    for code, trainers in words.items():
        client.post("/language", data={"language": code})
        (one,) = events(client.get(FILE).text)
        assert one.summary.value == ("Apertura" if code == "es" else "Opening")
        assert one.description.value.endswith(f"\n{trainers} Ruth Choque"), code


def test_who_confirmed_a_seat_reads_the_venue_and_who_is_only_invited_does_not(
    client: FlaskClient, by: Viewer
) -> None:
    course = factories.course()
    trainer = teaching.trainer(by)
    teaching.course_trainer(course, trainer, by)
    add(course, by)
    sign_in_as(client, teaching.participant(course))
    (one,) = events(client.get(FILE).text)
    assert one.location.value == "Centro de Formación, Buenos Aires, Argentina"
    from_roster = db.session.execute(
        select(queries.Trainer.account_id, queries.Trainer.person_id)
    ).one()
    factories.sign_in(client, Viewer(account_id=from_roster[0], person_id=from_roster[1]))
    (one,) = events(client.get(FILE).text)
    assert one.location.value == "Buenos Aires, Argentina"


@pytest.mark.parametrize("state", [State.OFFERED, State.RESERVE, State.WITHDRAWN])
def test_nobody_else_gets_it(client: FlaskClient, by: Viewer, state: State) -> None:
    course = factories.course()
    add(course, by)
    sign_in_as(client, teaching.participant(course, state=state))
    assert client.get(FILE).status_code == 404
    assert client.get(FILE).data == client.get("/courses/NONE27/agenda.ics").data


def test_what_was_taken_off_is_cancelled_under_the_same_id(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    _stays, goes, waits = (
        add(course, by, f"{hour}:00", f"{hour}:30", titles={"en": name})
        for hour, name in ((10, "Stays"), (11, "Goes"), (12, "Waits"))
    )
    before = by_title(client.get(FILE).text)
    operations.remove_session(course, goes, by=by)
    scheduling.unschedule(course, {waits: 1}, by)
    assert by_title(client.get(FILE).text)["Goes"].status.value == "CONFIRMED"
    teaching.publish(course, by)
    after = by_title(client.get(FILE).text)
    for title, key in (("Goes", goes), ("Waits", waits)):
        assert after[title].status.value == "CANCELLED"
        assert after[title].uid.value == before[title].uid.value
        assert after[title].uid.value.startswith(f"{key}@")
        assert after[title].dtstart.value == before[title].dtstart.value
        assert int(after[title].sequence.value) > int(before[title].sequence.value)
    assert after["Stays"].status.value == "CONFIRMED"
    operations.undo(course, by)
    teaching.publish(course, by)
    back = by_title(client.get(FILE).text)
    assert back["Waits"].status.value == "CONFIRMED"
    assert int(back["Waits"].sequence.value) > int(after["Waits"].sequence.value)


def test_the_pages_lead_to_it(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    add(course, by)
    assert f'href="{FILE}"' in client.get("/courses/BUE27/agenda").text
    sign_in_as(client, teaching.participant(course))
    assert f'href="{FILE}"' in client.get("/courses/BUE27/agenda").text


def test_more_sessions_are_no_more_statements(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    counts = []
    for hour in range(9, 13):
        add(course, by, f"{hour:02}:00", f"{hour:02}:45")
        with statements() as sent:
            assert len(events(client.get(FILE).text)) == hour - 8
        counts.append(len(sent))
    assert counts[1:] == counts[:1] * 3


def test_the_days_until_there_is_an_agenda(client: FlaskClient, by: Viewer) -> None:
    """Who confirms a seat months before can keep the days free."""
    course = factories.course()
    registration = teaching.participant(course)
    sign_in_as(client, registration)
    (one,) = events(client.get(FILE).text)
    assert one.dtstart.value == teaching.session_day(course)
    assert one.summary.value == "Course for investigators"
    assert one.location.value.startswith("Centro de Formación")
    add(course, by)
    (one,) = events(client.get(FILE).text)
    assert one.summary.value == "Session at 09:00"


def test_the_page_of_a_confirmed_registration_leads_to_it(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    for state, there in ((State.CONFIRMED, True), (State.OFFERED, False)):
        registration = teaching.participant(course, state=state, name=("Ana", str(state)))
        sign_in_as(client, registration)
        number = db.session.scalar(
            select(Registration.number)
            .where(Registration.id == registration)
            .execution_options(scope="own")
        )
        page = client.get(f"/my/registrations/{number}").text
        assert (f'href="{FILE}"' in page) is there, state


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "to your calendar"), ("es", "a su calendario"), ("fr", "à votre agenda")],
)
def test_the_email_of_a_confirmed_seat_says_where(app: Flask, language: str, words: str) -> None:
    course = db.session.get_one(queries.Course, factories.course())
    told = written(
        "registration_confirmed",
        language,
        {"course": course, "near": Nearness.CONFIRMED, "name": "A", "number": "1", "link": "x"},
    )
    assert words in told.body
