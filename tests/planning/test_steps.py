"""The pages on which a course is planned: all faults at once, codes in capitals, the way back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.planning import answers as planning
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.planning import plan_queries
from trainings.planning.section_rules import Section

ALL_AT_ONCE = [
    (
        "basics",
        {"code": "b", "title_en": "", "title_es": "", "languages": []},
        ("3 to 16 characters", "Enter the title of the course", "at least one language"),
    ),
    (
        "place",
        {"city": "", "starts_on": "soon", "ends_on": ""},
        ("Enter the city.", "Enter a date with day, month and year.", "Enter the last day."),
    ),
    (
        "place",
        {"city": "", "ends_on": "2020-01-01"},
        ("Enter the city.", "cannot end before it starts"),
    ),
    (
        "registration",
        {"registration_closes_on": "2019-01-01", "release_on": "2099-01-01", "offer_days": "0"},
        (
            "cannot close before it opens",
            "1 to 60 days",
            "released before the course starts",
            "is in the past",
        ),
    ),
    (
        "invited",
        {"functions": [], "countries": [], "capacity": "many"},
        ("at least one country", "at least one function", "whole number"),
    ),
    (
        "certificates",
        {"threshold": "101", "contact": "lima", "signatory0_title_en": ""},
        ("from 1 to 100", "full email address", "title of each signatory"),
    ),
]


@pytest.mark.parametrize(("section", "change", "words"), ALL_AT_ONCE)
def test_a_step_says_all_that_is_wrong_at_once(
    client: FlaskClient, section: str, change: dict[str, Any], words: tuple[str, ...]
) -> None:
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    plan = planning.begin(client)
    if section == "registration":
        client.post(f"/courses/new/{plan}/place", data=planning.typed("place"))
    typed = planning.typed(section, **change)
    page = client.post(f"/courses/new/{plan}/{section}", data=typed).get_data(as_text=True)
    summary = page[page.index('id="problem-title"') :].split("</ul>")[0]
    assert [one for one in words if one not in summary] == []
    assert summary.count("<li>") == len(words), summary


def test_a_code_is_written_in_capitals_and_said_to_be_taken_with_the_rest(
    client: FlaskClient,
) -> None:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    factories.sign_in(client, viewer)
    factories.course("TAKEN7")
    plan = planning.begin(client)
    url = f"/courses/new/{plan}/basics"
    typed = planning.typed("basics", code="taken7", title_en="", title_es="")
    page = client.post(url, data=typed).get_data(as_text=True)
    assert "The code TAKEN7 is already used" in page and "Enter the title" in page
    assert 'value="TAKEN7"' in page
    assert client.post(url, data=planning.typed("basics", code="lim28")).status_code == 303
    assert plan_queries.plan_of(viewer, plan).answers["code"] == "LIM28"
    db.session.close()


def test_back_keeps_what_was_typed_right_or_wrong(client: FlaskClient) -> None:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    factories.sign_in(client, viewer)
    plan = planning.begin(client)
    steps = list(Section)
    for number, section in enumerate(steps, 1):
        url = f"/courses/new/{plan}/{section}"
        assert f"Step {number} of 5" in client.get(url).text
        if section is not Section.REGISTRATION:
            assert client.post(url, data=planning.typed(section)).status_code == 303
    url = f"/courses/new/{plan}/registration"
    typed = planning.typed("registration", offer_days="many", release_on="", back="yes")
    answer = client.post(url, data=typed)
    assert answer.location.endswith("/place")
    assert 'value="Lima"' in client.get(answer.location).text
    assert client.get(f"/courses/new/{plan}").location.endswith("/registration")
    page = client.get(url).text
    assert 'value="many"' in page and typed["registration_closes_on"] in page
    assert re.search(r'name="release_on"[^>]*value=""', page)
    assert client.post(url, data=planning.typed("registration")).status_code == 303
    summary = client.get(f"/courses/new/{plan}").text
    assert "Step" not in summary.split("<main")[1]
    assert 'value="many"' not in client.get(url).text
    client.post(f"/courses/new/{plan}/basics", data={"title_en": "Half", "back": "yes"})
    assert client.get(f"/courses/new/{plan}").location.endswith("/basics")


def test_saved_for_later_keeps_what_is_not_right_yet_and_says_so(client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    plan = planning.begin(client)
    data = planning.typed("basics", title_en="Half a course", code="?", later="yes")
    answer = client.post(f"/courses/new/{plan}/basics", data=data, follow_redirects=True)
    assert answer.request.path == "/courses"
    assert "Saved as you typed it." in answer.text
    assert "Still to be completed or corrected: Code" in answer.text
    again = client.get(f"/courses/new/{plan}/basics").get_data(as_text=True)
    assert 'value="Half a course"' in again and 'value="?"' in again
    assert client.get(f"/courses/new/{plan}").location == f"/courses/new/{plan}/basics"


def planned(client: FlaskClient) -> str:
    """A plan with all its steps; gives the address of its summary."""
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    plan = planning.begin(client)
    for section in Section:
        answer = client.post(f"/courses/new/{plan}/{section}", data=planning.typed(section))
        assert answer.status_code == 303
    return f"/courses/new/{plan}"


@pytest.mark.parametrize("section", list(Section))
def test_back_from_a_change_leads_to_the_summary(client: FlaskClient, section: Section) -> None:
    """It led to the same page again, for ever, though nothing was wrong."""
    summary = planned(client)
    typed = planning.typed(section, back="yes")
    answer = client.post(f"{summary}/{section}?back=yes", data=typed)
    assert answer.location == summary
    assert client.get(summary).status_code == 200


def test_back_from_a_change_keeps_it(client: FlaskClient) -> None:
    summary = planned(client)
    typed = planning.typed("place", city="Arequipa", back="yes")
    client.post(f"{summary}/place?back=yes", data=typed)
    assert "Arequipa" in client.get(summary).text


def test_back_from_a_wrong_change_says_why_there_is_no_summary(client: FlaskClient) -> None:
    summary = planned(client)
    typed = planning.typed("place", city="", ends_on="2020-01-01", back="yes")
    page = client.post(f"{summary}/place?back=yes", data=typed, follow_redirects=True)
    assert page.request.path == f"{summary}/place"
    assert "Still to be completed or corrected: " in page.text
    assert "City" in page.text and 'value="2020-01-01"' in page.text


def test_days_in_the_past_that_are_saved_for_later_are_named(client: FlaskClient) -> None:
    """It said that *Yes, the first day is in the past* was to be completed."""
    summary = planned(client)
    typed = planning.typed("place", starts_on="2020-01-01", ends_on="2020-01-03", later="yes")
    page = client.post(f"{summary}/place", data=typed, follow_redirects=True).text
    assert "Saved as you typed it." in page
    assert "corrected: Yes" not in page and "in the past" in page
