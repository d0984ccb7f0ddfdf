"""Planning a course: step by step, like another one, from a template; and all that is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from tests import factories, teaching
from tests.planning import answers as planning
from tests.registrations import acting
from trainings.agenda import operations as agenda
from trainings.agenda.models import AgendaSession
from trainings.agreements import operations as agreements
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound, Refusal
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course, CourseAgency
from trainings.courses.rules import CourseState
from trainings.planning import creation_operations, plan_queries
from trainings.planning.section_rules import Section, suggested_registration
from trainings.planning.setting_rules import (
    CodeOfCourseTaken,
    LeadNotYours,
    SectionMissing,
    SourceNotYours,
)
from trainings.registrations.rules import State
from trainings.seats import queries as seat_queries

P = Permission


def organiser(agency: str = "IOM") -> Viewer:
    return factories.account(Role.ORGANISER, agency=agency)


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Course)) or 0


def test_five_pages_and_a_summary_make_a_draft(client: FlaskClient) -> None:
    viewer = organiser()
    factories.sign_in(client, viewer)
    plan = planning.begin(client)
    for section in Section:
        page = f"/courses/new/{plan}/{section}"
        assert client.get(page).status_code == 200
        answer = client.post(page, data=planning.typed(section))
        assert answer.status_code == 303, answer.get_data(as_text=True)
    summary = client.get(f"/courses/new/{plan}").get_data(as_text=True)
    assert all(words in summary for words in ("Course in Lima", "Bolivia", "Regional Director"))

    answer = client.post(f"/courses/new/{plan}")

    assert answer.location.endswith("/courses/LIM28/desk")
    made = courses.course_for(viewer, P.COURSE_EDIT, "LIM28", ("modules", "signatories"))
    assert made.state is CourseState.DRAFT
    wanted = planning.values()
    kept = courses.values_of(made)
    wanted["agency_ids"] = [factories.agency_id("IOM"), factories.agency_id("UNODC")]
    assert kept == wanted
    assert not plan_queries.plans_of(viewer)
    assert client.get("/courses/LIM28/desk").status_code == 200


def test_a_plan_can_wait_and_is_its_planners_alone(client: FlaskClient) -> None:
    factories.sign_in(client, organiser())
    plan = planning.begin(client)
    data = planning.typed("basics", later="yes")
    assert client.post(f"/courses/new/{plan}/basics", data=data).location.endswith("/courses")
    assert "Course in Lima" in client.get("/courses/new").get_data(as_text=True)
    assert client.get(f"/courses/new/{plan}").location.endswith("/place")

    other = client.application.test_client()
    factories.sign_in(other, organiser())
    for page in (plan, f"{plan}/basics", f"{plan}/drop"):
        assert other.get(f"/courses/new/{page}").status_code == 404
        assert other.post(f"/courses/new/{page}").status_code == 404
    client.post(f"/courses/new/{plan}/drop")
    assert client.get(f"/courses/new/{plan}").status_code == 404


REFUSED = [
    ("basics", {"title_en": "", "title_es": ""}, "Enter the title of the course"),
    ("basics", {"code": "bué 27"}, "3 to 16 characters"),
    ("basics", {"code": ""}, "Enter a code for the course."),
    ("basics", {"languages": []}, "Choose at least one language for the course."),
    (
        "basics",
        {"title_en": "a\u202eb"},
        "This contains a hidden character that changes the direction",
    ),
    ("place", {"city": ""}, "Enter the city."),
    ("place", {"ends_on": "2020-01-01"}, "cannot end before it starts"),
    ("place", {"starts_on": "soon"}, "Enter a date with day, month and year."),
    ("place", {"ends_on": "2099-01-01"}, "days. Check the first and last day."),
    ("registration", {"registration_closes_on": "2020-01-01"}, "cannot close before it opens"),
    ("registration", {"offer_days": "0"}, "Give people 1 to 60 days to reply to an offer."),
    ("registration", {"offer_days": "x"}, "whole number"),
    ("invited", {"countries": []}, "Choose at least one country."),
    ("invited", {"functions": []}, "Choose at least one function."),
    ("invited", {"capacity": "0"}, "how many people can take part"),
    ("certificates", {"threshold": "101"}, "from 1 to 100"),
    ("certificates", {"contact": "lima"}, "full email address"),
    ("certificates", {"signatory0_title_en": ""}, "title of each signatory"),
    ("certificates", {"signatory0_agency": ""}, "agency of each signatory"),
]


@pytest.mark.parametrize(("section", "change", "words"), REFUSED)
def test_a_step_says_what_to_do_and_keeps_nothing(
    client: FlaskClient, section: str, change: dict[str, Any], words: str
) -> None:
    viewer = organiser()
    factories.sign_in(client, viewer)
    plan = planning.begin(client)
    if section == "registration":
        client.post(f"/courses/new/{plan}/place", data=planning.typed("place"))
    before = dict(plan_queries.plan_of(viewer, plan).answers)
    typed = planning.typed(section, **change)
    answer = client.post(f"/courses/new/{plan}/{section}", data=typed)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert words in page
    assert 'id="problem-title"' in page
    kept = next((v for k, v in typed.items() if isinstance(v, str) and v and k not in change), "")
    assert kept in page
    db.session.close()
    assert plan_queries.plan_of(viewer, plan).answers == before


def test_a_wrong_time_zone_is_refused(client: FlaskClient) -> None:
    factories.sign_in(client, organiser())
    plan = planning.begin(client)
    data = planning.typed("place", zone="America/Atlantis")
    answer = client.post(f"/courses/new/{plan}/place", data=data)

    assert answer.status_code == 200
    assert "Choose a time zone from the list." in answer.get_data(as_text=True)


def test_a_country_is_chosen_first_and_none_is_preset(client: FlaskClient) -> None:
    factories.sign_in(client, organiser())
    plan = planning.begin(client)
    page = client.get(f"/courses/new/{plan}/place").get_data(as_text=True)
    assert page.index('name="country"') < page.index('name="city"') < page.index('name="zone"')
    chosen = re.findall(r'<option selected[^>]* value="([^"]*)"', page)
    assert chosen in ([], ["", ""])
    answer = client.post(f"/courses/new/{plan}/place", data=planning.typed("place", country=""))
    assert "Choose the country." in answer.get_data(as_text=True)


def test_the_zone_follows_and_is_asked_for_only_where_it_cannot(client: FlaskClient) -> None:
    viewer = organiser()
    factories.sign_in(client, viewer)
    plan = planning.begin(client)
    place = f"/courses/new/{plan}/place"
    rio = planning.typed("place", country="BR", city="Rio de Janeiro", zone="")
    page = client.post(place, data=rio).get_data(as_text=True)
    assert "Brazil has several time zones. Choose the one that Rio de Janeiro is in." in page
    assert page.index("Manaus (Brazil)") < page.index("Abidjan (Côte d’Ivoire)")
    rio["zone"] = "America/Sao_Paulo"
    assert client.post(place, data=rio).status_code == 303
    db.session.close()
    assert plan_queries.plan_of(viewer, plan).answers["zone"] == "America/Sao_Paulo"
    lima = {**rio, "country": "PE", "city": "Lima"}
    page = client.post(place, data=lima).get_data(as_text=True)
    assert "The time zone of Sao Paulo is not one of Peru." in page
    assert client.post(place, data={**lima, "zone": ""}).status_code == 303
    db.session.close()
    assert plan_queries.plan_of(viewer, plan).answers["zone"] == "America/Lima"


@pytest.mark.parametrize(
    ("section", "days", "words"),
    [
        ("place", {"starts_on": "2026-03-02", "ends_on": "2026-03-05"}, "The first day, 2 March"),
        (
            "registration",
            {"registration_opens_on": "2026-03-02", "registration_closes_on": "2026-03-05"},
            "The last day of registration, 5 March 2026, is in the past.",
        ),
    ],
)
def test_days_in_the_past_ask_once(
    client: FlaskClient, section: str, days: dict[str, str], words: str
) -> None:
    viewer = organiser()
    factories.sign_in(client, viewer)
    plan = planning.begin(client)
    client.post(f"/courses/new/{plan}/place", data=planning.typed("place"))
    address = f"/courses/new/{plan}/{section}"
    assert 'name="in_past"' not in client.get(address).get_data(as_text=True)
    typed = planning.typed(section, **days)
    page = client.post(address, data=typed).get_data(as_text=True)
    assert words in page
    assert 'name="in_past"' in page
    assert client.post(address, data={**typed, "in_past": "y"}).status_code == 303
    assert client.post(address, data=typed).status_code == 303  # they have not changed
    db.session.close()
    answers = plan_queries.plan_of(viewer, plan).answers
    assert days.items() <= answers.items() and "in_past" not in answers


def test_only_ones_own_agency_leads(each_app: Flask) -> None:
    with pytest.raises(LeadNotYours):
        creation_operations.create_course(organiser("UNODC"), planning.values())
    assert how_many() == 0


def test_a_code_is_taken_once(each_app: Flask) -> None:
    viewer = organiser()
    creation_operations.create_course(viewer, planning.values())
    with pytest.raises(CodeOfCourseTaken):
        creation_operations.create_course(viewer, planning.values())
    assert how_many() == 1


def test_half_a_plan_makes_no_course(each_app: Flask) -> None:
    viewer = organiser()
    plan = creation_operations.begin_plan(viewer)
    creation_operations.keep_step(
        viewer,
        plan,
        Section.BASICS,
        {
            "titles": {"en": "X"},
            **{k: planning.values()[k] for k in ("code", "lead_agency_id", "languages")},
        },
    )
    with pytest.raises(SectionMissing):
        creation_operations.create_from_plan(viewer, plan)
    assert how_many() == 0


def source_course(viewer: Viewer) -> str:
    """A course of two agencies with seats, a module and a session on its second day."""
    course_id = creation_operations.create_course(
        viewer, planning.values("SRC28", module_ids=[teaching.module()])
    )
    agreements.agree(organiser("UNODC"), "SRC28", "UNODC")
    acting.share_out(course_id, {("PE", "police"): 10, ("BO", None): 5})
    acting.standing(course_id, State.CONFIRMED)
    agenda.add_session(course_id, teaching.slot(course_id, day=1), viewer)
    return course_id


def test_a_copy_takes_texts_modules_seats_and_agenda_to_its_own_days(each_app: Flask) -> None:
    viewer = organiser()
    source_id = source_course(viewer)
    source = courses.by_id(source_id, ("modules", "signatories"))
    plan = creation_operations.begin_plan(viewer, "SRC28")
    starts = source.starts_on + timedelta(days=70)
    creation_operations.keep_step(
        viewer,
        plan,
        Section.BASICS,
        {**plan_queries.plan_of(viewer, plan).answers, "code": "CPY28"},
    )
    creation_operations.keep_step(
        viewer, plan, Section.PLACE, {"starts_on": starts, "ends_on": starts + timedelta(days=3)}
    )
    creation_operations.keep_step(
        viewer,
        plan,
        Section.REGISTRATION,
        suggested_registration(starts, clock.today(factories.ZONE), courses.values_of_days(source)),
    )
    made = courses.by_code(creation_operations.create_from_plan(viewer, plan), ("modules",))

    assert made.texts == source.texts
    assert [row.module_id for row in made.modules] == [row.module_id for row in source.modules]
    assert made.registration_closes_on - starts == (
        source.registration_closes_on - source.starts_on
    )
    assert seat_queries.kept_before_release(made.id) == seat_queries.kept_before_release(source_id)
    days = db.session.scalars(
        select(AgendaSession.day).where(AgendaSession.course_id == made.id)
    ).all()
    assert days == [starts + timedelta(days=1)]
    assert not seat_queries.belongings(made.id)[0] - {"PE", "BO"}
    assert made.state is CourseState.DRAFT


def test_a_course_of_other_agencies_is_no_source(each_app: Flask) -> None:
    source_course(organiser())
    stranger = organiser("INTERPOL")
    with pytest.raises(NotFound):
        creation_operations.begin_plan(stranger, "SRC28")


def test_a_plan_stops_where_its_planner_may_no_longer_read_the_source(
    each_app: Flask, client: FlaskClient
) -> None:
    """The right is asked at each step, not only where the plan began."""
    source_id = source_course(organiser())
    partner = organiser("UNODC")
    plan = creation_operations.begin_plan(partner, "SRC28")
    basics = {**plan_queries.plan_of(partner, plan).answers, "code": "CPY28"}
    creation_operations.keep_step(partner, plan, Section.BASICS, basics)
    starts = planning.values()["starts_on"]
    days = {"starts_on": starts, "ends_on": starts + timedelta(days=3)}
    creation_operations.keep_step(partner, plan, Section.PLACE, days)
    with transaction() as session:
        session.execute(
            delete(CourseAgency).where(
                CourseAgency.course_id == source_id,
                CourseAgency.agency_id == factories.agency_id("UNODC"),
            )
        )
    with pytest.raises(SourceNotYours):
        creation_operations.create_from_plan(partner, plan)
    with pytest.raises(SourceNotYours):
        creation_operations.keep_step(partner, plan, Section.PLACE, days)
    factories.sign_in(client, partner)
    page = client.get(f"/courses/new/{plan}/registration")
    assert page.status_code == 409 and "no longer have access" in page.get_data(as_text=True)
    creation_operations.drop_plan(partner, plan)
    assert how_many() == 1


def test_a_copy_by_a_partner_is_led_by_the_partner(each_app: Flask) -> None:
    source_course(organiser())
    partner = organiser("UNODC")
    plan = creation_operations.begin_plan(partner, "SRC28")

    answers = plan_queries.plan_of(partner, plan).answers
    assert answers["lead_agency_id"] == factories.agency_id("UNODC")
    assert "code" not in answers
    assert "starts_on" not in answers


def test_a_template_is_planned_from_and_never_opens(client: FlaskClient) -> None:
    viewer = organiser()
    source_course(viewer)
    factories.sign_in(client, viewer)
    answer = client.post("/courses/SRC28/template", data={"code": "T-SRC"})
    assert answer.location.endswith("/courses/T-SRC/desk")

    template = courses.by_code("T-SRC")
    assert template.template
    assert seat_queries.kept_before_release(template.id)
    assert "T-SRC" in client.get("/courses").get_data(as_text=True)
    assert "This is a template" in client.get("/courses/T-SRC/desk").get_data(as_text=True)
    assert client.get("/courses/T-SRC/moves/publish").status_code == 404
    assert client.get("/courses/T-SRC").status_code == 404
    plan = planning.begin(client, source="T-SRC")
    assert plan_queries.plan_of(viewer, plan).source_id == template.id


def test_suggested_days_lie_between_today_and_the_start(app: Flask) -> None:
    today = clock.today(factories.ZONE)
    for ahead in (1, 5, 25, 400):
        found = suggested_registration(today + timedelta(days=ahead), today, {})
        assert today <= found["registration_opens_on"] <= found["registration_closes_on"]
        assert found["registration_closes_on"] < today + timedelta(days=ahead) or ahead == 1
        assert found["release_on"] < today + timedelta(days=ahead)


def test_every_refusal_of_a_field_names_a_field_that_is_there(app: Flask) -> None:
    from trainings.planning import setting_rules
    from trainings.planning.forms import FORMS

    fields = {name for form in FORMS.values() for name in dir(form)}
    for refusal in vars(setting_rules).values():
        if isinstance(refusal, type) and issubclass(refusal, Refusal) and refusal.field:
            assert refusal.field in fields, refusal
