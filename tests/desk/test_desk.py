"""The overview of a course: what it counts, whom it shows what, at what cost."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from tests import factories, teaching
from tests.registrations import acting
from trainings.agenda import operations as agenda
from trainings.core.config import ROOT
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.writes import add_programme
from trainings.desk import queries
from trainings.desk.rules import Balance, Numbers
from trainings.mail.text_rules import MAIL_EVENTS
from trainings.mail.writes import enqueue
from trainings.people import queries as people
from trainings.registrations.rules import State


def organiser(agency: str = "IOM") -> Viewer:
    return factories.account(Role.ORGANISER, agency=agency)


def filled_course() -> str:
    course_id = factories.course()
    acting.share_out(course_id, {("BO", "judge"): 2, ("PE", "police"): 4})
    acting.standing(course_id, State.CONFIRMED)
    acting.standing(course_id, State.OFFERED)
    acting.standing(course_id, State.RESERVE)
    acting.standing(course_id, State.NOMINATED, country="PE", function="police")
    acting.standing(course_id, State.ENDORSED, country="PE", function="police")
    return course_id


def test_the_overview_counts_what_is_there(client: FlaskClient) -> None:
    filled_course()
    factories.sign_in(client, organiser())
    page = client.get("/courses/BUE27/desk").get_data(as_text=True)

    assert "2 of 60 taken" in page
    assert "1 confirmed, 1 offered, 2 seats" in page
    assert "Endorsements due from Peru" in page
    assert "Candidates to decide on" in page
    assert "Of the 2 seats taken" in page


def test_the_overview_costs_the_same_with_many_people(
    client: FlaskClient, statements: list[str]
) -> None:
    course_id = filled_course()
    factories.sign_in(client, organiser())
    people.function_names()
    db.session.close()
    statements.clear()
    client.get("/courses/BUE27/desk")
    few = len(statements)
    for _ in range(12):
        acting.standing(course_id, State.ENDORSED, country="AR", function="judge")
    statements.clear()
    client.get("/courses/BUE27/desk")

    assert len(statements) == few
    assert few <= 12, statements


def test_the_settings_and_moves_take_few_statements(
    client: FlaskClient, statements: list[str]
) -> None:
    filled_course()
    factories.sign_in(client, organiser())
    for page in ("settings", "settings/basics", "moves/cancel"):
        statements.clear()
        assert client.get(f"/courses/BUE27/{page}").status_code == 200
        assert len(statements) <= 14, (page, statements)


def test_balance_counts_those_on_seats(app: Flask) -> None:
    course_id = filled_course()
    found = queries.seat_balance(course_id)

    assert found.by_function == {"judge": 2}
    assert found.by_country == {"BO": 2}
    assert found.women_share is None
    assert Balance(women=2, with_sex=3).women_share == 66


def test_a_trainer_sees_their_sessions_and_no_candidates(client: FlaskClient) -> None:
    course_id = filled_course()
    lead = organiser()
    trainer_id = teaching.trainer(lead)
    asked = teaching.course_trainer(course_id, trainer_id, lead)
    trainer = teaching.answered(asked)
    agenda.add_session(course_id, teaching.slot(course_id, "09:00", trainers=(asked,)), lead)
    agenda.add_session(course_id, teaching.slot(course_id, "14:00", "15:00"), lead)
    factories.sign_in(client, trainer)
    assert "Session at" not in client.get("/courses/BUE27/desk").text  # not published yet
    teaching.publish(course_id, lead)
    page = client.get("/courses/BUE27/desk").get_data(as_text=True)

    assert "My sessions" in page
    assert page.count("Session at 09:00") == 2  # mine, and on the day
    assert page.count("Session at 14:00") == 1
    assert "Candidates" not in page
    assert "Settings" not in page
    assert not re.search(r"\bR-[A-Z0-9]{6}", page)  # no registration's number


def test_partners_see_the_overview_without_the_leads_acts(client: FlaskClient) -> None:
    filled_course()
    factories.sign_in(client, organiser("UNODC"))
    page = client.get("/courses/BUE27/desk").get_data(as_text=True)

    assert "Seats by country and function" in page
    assert "Cancel the course" not in page
    assert "/settings" not in page


def test_the_number_beside_a_tab_is_what_is_behind_it(app: Flask) -> None:
    course_id = filled_course()
    found = queries.numbers(course_id)

    assert (found.candidates, found.taken) == (5, 2)


def test_the_mails_of_a_course_are_shown_by_number_and_to_its_organisers(
    client: FlaskClient,
) -> None:
    course_id = factories.course()
    number, person = acting.standing(course_id, State.CONFIRMED)
    with transaction() as session:
        enqueue(
            session,
            "course_cancelled",
            to="rosa@court.example",
            language="es",
            person_id=person.person_id,
            course_id=course_id,
            course=courses.by_id(course_id),
            name="Rosa",
        )
    factories.sign_in(client, organiser("UNODC"))
    page = client.get("/courses/BUE27/mail").get_data(as_text=True)
    assert number in page
    assert "Waiting" in page
    assert "1 waiting" in page
    assert "rosa@court.example" not in page

    other = client.application.test_client()
    factories.sign_in(other, factories.account(Role.TRAINER, course_id=course_id))
    assert other.get("/courses/BUE27/mail").status_code == 404


def test_every_mail_of_a_course_has_words() -> None:
    folders = {path.parent.name for path in (ROOT / "templates" / "mail").glob("*/body.txt")}
    of_accounts = {"password_link", "sign_in_link", "staff_invitation", "test"}
    of_agencies = {"agency_asked", "agency_answered"}  # who works for one is not the course's
    of_the_directory = {one for one in folders if one.startswith("directory_")}  # of no course
    assert set(MAIL_EVENTS) == folders - of_accounts - of_agencies - of_the_directory


def test_the_window_says_which_part_of_the_course_is_open(client: FlaskClient) -> None:
    filled_course()
    factories.sign_in(client, organiser())
    titles = []
    for part in (
        "desk",
        "registrations",
        "seats",
        "agenda",
        "trainers",
        "attendance",
        "certificates",
        "mail",
        "settings",
    ):
        page = client.get(f"/courses/BUE27/{part}").get_data(as_text=True)
        titles.append(page.partition("<title>")[2].partition("</title>")[0])
    assert len(set(titles)) == len(titles), titles


def test_the_link_to_the_programme_leads_there_for_all_who_have_a_role(client: FlaskClient) -> None:
    with transaction() as session:
        made = add_programme(
            session, code="SPARTACUS", agency_id=None, titles={"en": "Spartacus"}, texts={}
        )
        programme_id = made.id
    factories.course(programme_id=programme_id)
    for viewer, page in (
        (factories.account(Role.FOCAL_POINT, country="BO"), "nominations"),
        (organiser(), "registrations"),
    ):
        factories.sign_in(client, viewer)
        assert 'href="/programmes/SPARTACUS"' in client.get(f"/courses/BUE27/{page}").text
        assert client.get("/programmes/SPARTACUS").status_code == 200


def test_what_is_left_to_read_is_counted_up_to_a_number() -> None:
    said = {number: Numbers(to_read=number).left_to_read for number in (0, 1, 99, 100)}
    assert said == {0: None, 1: 1, 99: 99, 100: "99+"}
