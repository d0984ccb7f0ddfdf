"""Changing what a course is set up with; making someone its organiser."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, teaching
from tests.planning import answers as planning
from tests.registrations import acting
from trainings.accounts import queries as accounts
from trainings.accounts.rules import GrantHeld, OwnGrant
from trainings.agenda import operations as agenda
from trainings.agenda.models import AgendaSession
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.desk.rules import CancelledStays, NotOnStaff, SessionsOutside
from trainings.planning import setting_operations
from trainings.planning.section_rules import Section
from trainings.planning.setting_rules import LeadNotYours, StillNeeded
from trainings.registrations.rules import State


def organiser(agency: str = "IOM") -> Viewer:
    return factories.account(Role.ORGANISER, agency=agency)


def course(code: str = "BUE27") -> Course:
    db.session.close()
    return courses.by_code(code, ("modules", "signatories"))


def place(**more: object) -> dict[str, object]:
    kept = course()
    return {
        "venue": kept.venue,
        "city": kept.city,
        "country": kept.country,
        "zone": kept.zone,
        "starts_on": kept.starts_on,
        "ends_on": kept.ends_on,
        **more,
    }


def the_session() -> AgendaSession:
    return db.session.scalars(select(AgendaSession)).one()


def test_each_section_is_changed_on_its_page(client: FlaskClient) -> None:
    factories.course()
    factories.sign_in(client, organiser())
    for section in Section:
        page = f"/courses/BUE27/settings/{section}"
        typed = planning.typed(str(section))
        if section is Section.INVITED:
            typed["countries"] = ["PE", "BO", "AR"]
        answer = client.post(page, data=typed)
        assert answer.status_code == 303, answer.get_data(as_text=True)

    kept = course()
    assert kept.code == "BUE27"
    assert kept.capacity == 60
    assert kept.titles == {"en": "Course in Lima", "es": "Curso en Lima"}
    assert kept.zone == "America/Lima"
    assert kept.countries == ["PE", "BO", "AR"]
    assert [row.titles for row in kept.signatories] == [{"en": "Regional Director"}]
    assert len(kept.organising) == 2
    assert kept.lead_agency_id == kept.organising[0].agency_id


def test_sessions_move_with_the_first_day(each_app: Flask) -> None:
    viewer = organiser()
    course_id = factories.course()
    agenda.add_session(course_id, teaching.slot(course_id, day=1), viewer)
    before = course()
    moved = {
        "starts_on": before.starts_on + timedelta(days=7),
        "ends_on": before.ends_on + timedelta(days=7),
    }

    setting_operations.change_section(viewer, "BUE27", Section.PLACE, place(**moved))

    assert the_session().day == before.starts_on + timedelta(days=8)


def test_sessions_keep_their_time_on_the_clock_in_a_new_zone(each_app: Flask) -> None:
    viewer = organiser()
    course_id = factories.course()
    agenda.add_session(course_id, teaching.slot(course_id), viewer)
    before = the_session().starts_utc

    setting_operations.change_section(
        viewer, "BUE27", Section.PLACE, place(country="PE", city="Lima", zone="America/Lima")
    )

    db.session.close()
    after = the_session()
    assert after.starts_at == time(9)
    assert after.starts_utc - before == timedelta(hours=2)  # Buenos Aires -3, Lima -5


def test_a_course_that_moves_into_the_past_asks(client: FlaskClient) -> None:
    factories.course()
    factories.sign_in(client, organiser())
    page = "/courses/BUE27/settings/place"
    kept = place()
    typed = {name: str(value) for name, value in kept.items()} | {"zone": ""}
    assert client.post(page, data=typed | {"venue": "Casa"}).status_code == 303
    past = {"starts_on": "2026-03-02", "ends_on": "2026-03-05"}
    answer = client.post(page, data=typed | past).get_data(as_text=True)
    assert "The first day, 2 March 2026, is in the past." in answer
    assert course().starts_on == kept["starts_on"] and course().venue == "Casa"


def test_the_zone_shows_that_it_follows_or_the_one_chosen(client: FlaskClient) -> None:
    factories.course()
    factories.sign_in(client, organiser())
    page = "/courses/BUE27/settings/place"

    def shown() -> list[str]:
        select = client.get(page).get_data(as_text=True).split('name="zone"')[1]
        return re.findall(r'<option selected[^>]*value="([^"]*)"', select.split("</select>")[0])

    assert shown() == [""]
    typed = {name: str(value) for name, value in place().items()}
    client.post(page, data=typed | {"zone": "America/Argentina/Salta"})
    assert course().zone == "America/Argentina/Salta"
    assert shown() == ["America/Argentina/Salta"]


def test_days_do_not_leave_sessions_outside(each_app: Flask) -> None:
    viewer = organiser()
    course_id = factories.course()
    agenda.add_session(course_id, teaching.slot(course_id, day=3), viewer)
    before = course()
    with pytest.raises(SessionsOutside):
        setting_operations.change_section(
            viewer, "BUE27", Section.PLACE, place(ends_on=before.starts_on + timedelta(days=1))
        )
    assert course().ends_on == before.ends_on


def test_countries_with_candidates_or_seats_stay(each_app: Flask) -> None:
    course_id = factories.course()
    acting.share_out(course_id, {("PE", "police"): 3})
    acting.standing(course_id, State.CONFIRMED, country="BO", function="judge")
    viewer = organiser()
    for countries, functions in (
        (["AR", "PE"], ["police", "judge"]),
        (["AR", "BO"], ["police", "judge"]),
        (["BO", "PE"], ["police"]),
        (["BO", "PE"], ["judge"]),
    ):
        with pytest.raises(StillNeeded):
            setting_operations.change_section(
                viewer, "BUE27", Section.INVITED, {"countries": countries, "functions": functions}
            )
    setting_operations.change_section(
        viewer,
        "BUE27",
        Section.INVITED,
        {"countries": ["BO", "PE"], "functions": ["police", "judge"]},
    )
    assert course().countries == ["BO", "PE"]


def test_the_lead_is_kept_or_ones_own(each_app: Flask) -> None:
    factories.course()
    kept = courses.values_of(course())
    with pytest.raises(LeadNotYours):
        setting_operations.change_section(
            organiser(),
            "BUE27",
            Section.BASICS,
            {**kept, "lead_agency_id": factories.agency_id("UNODC")},
        )


def test_partners_and_strangers_change_nothing(each_app: Flask) -> None:
    factories.course(agencies=("IOM", "UNODC"))
    for agency in ("UNODC", "INTERPOL"):
        with pytest.raises(NotFound):
            setting_operations.change_section(
                organiser(agency), "BUE27", Section.PLACE, place(city="Lima")
            )
    assert course().city == "Buenos Aires"


def test_a_cancelled_course_stays_as_it_was(app: Flask) -> None:
    factories.course(state=CourseState.CANCELLED)
    with pytest.raises(CancelledStays):
        setting_operations.change_section(organiser(), "BUE27", Section.PLACE, place(city="Lima"))


def test_the_lead_makes_someone_of_the_staff_an_organiser_of_this_course(each_app: Flask) -> None:
    course_id = factories.course()
    lead = factories.account(Role.ORGANISER, agency="IOM", mail="lead@iom.example")
    other = factories.account(Role.ORGANISER, agency="INTERPOL", mail="other@pol.example")
    factories.account(staff=False, mail="judge@court.example")

    setting_operations.give_role(lead, "BUE27", "Other@pol.example ")

    grants = accounts.course_grants(course_id, Role.ORGANISER)
    assert [one.account_id for one in grants] == [other.account_id]
    with pytest.raises(GrantHeld):
        setting_operations.give_role(lead, "BUE27", "other@pol.example")
    with pytest.raises(OwnGrant):
        setting_operations.give_role(lead, "BUE27", "lead@iom.example")
    for mail in ("judge@court.example", "nobody@pol.example"):
        with pytest.raises(NotOnStaff):
            setting_operations.give_role(lead, "BUE27", mail)
    with pytest.raises(NotFound):
        setting_operations.give_role(organiser("UNODC"), "BUE27", "other@pol.example")
    setting_operations.end_role(lead, "BUE27", grants[0].id)
    assert not accounts.course_grants(course_id, Role.ORGANISER)


def test_a_role_of_another_course_is_not_taken_away_here(app: Flask) -> None:
    factories.course()
    lima = factories.course("LIM27", lead="UNODC", agencies=("UNODC",))
    factories.account(Role.ORGANISER, course_id=lima)
    (grant,) = accounts.course_grants(lima, Role.ORGANISER)
    with pytest.raises(NotFound):
        setting_operations.end_role(organiser(), "BUE27", grant.id)
    assert accounts.course_grants(lima, Role.ORGANISER)


def test_the_page_of_organisers_names_them_and_logs_the_look(client: FlaskClient) -> None:
    factories.course()
    lead = organiser()
    factories.account(Role.ORGANISER, agency="UNODC", mail="o@un.example", name=("Eva", "Prueba"))
    factories.sign_in(client, lead)
    assert client.post("/courses/BUE27/organisers", data={"mail": "x@y"}).status_code == 200
    assert (
        client.post("/courses/BUE27/organisers", data={"mail": "o@un.example"}).status_code == 303
    )
    page = client.get("/courses/BUE27/organisers").get_data(as_text=True)

    assert "Eva Prueba" in page
    (grant,) = accounts.course_grants(course().id, Role.ORGANISER)
    client.post(f"/courses/BUE27/organisers/{grant.id}/end")
    assert "Eva Prueba" not in client.get("/courses/BUE27/organisers").get_data(as_text=True)


def test_a_refused_change_keeps_what_was_typed(client: FlaskClient) -> None:
    factories.course()
    factories.sign_in(client, organiser())
    typed = planning.typed("certificates", threshold="300", contact="new@trainings.example")
    page = client.post("/courses/BUE27/settings/certificates", data=typed).get_data(as_text=True)

    assert "from 1 to 100" in page
    assert 'value="300"' in page
    assert "new@trainings.example" in page
    assert course().contact == "courses@trainings.example"


def test_an_unknown_section_is_no_page(client: FlaskClient) -> None:
    factories.course()
    factories.sign_in(client, organiser())
    assert client.get("/courses/BUE27/settings/nothing").status_code == 404
