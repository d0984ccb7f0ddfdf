"""The start page: for visitors, and for each role; nothing on it leads nowhere."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.asking import page
from tests.home.pages import ROLES, inside, sign_in
from tests.registrations import acting
from trainings.core.permissions import Role
from trainings.courses.rules import CourseState, Visibility
from trainings.registrations.rules import State


def test_visitors_find_what_is_open_to_everyone(client: FlaskClient) -> None:
    factories.course("PUB27", visibility=Visibility.PUBLIC, titles={"en": "Open to all"})
    factories.course("HID27", titles={"en": "By nomination"})
    factories.course("LNK27", visibility=Visibility.BY_LINK, titles={"en": "By link"})
    shown = page(client)
    assert "Open to all" in shown
    assert 'href="/courses/PUB27"' in shown
    assert "By nomination" not in shown
    assert "By link" not in shown
    assert "Registration: closes in 40 days" in shown
    for way in ("/verify", "/sign-in", "/privacy"):
        assert f'href="{way}"' in shown
    assert "Centro de Formación" not in shown, "the venue is for those who confirmed"


def test_visitors_are_told_where_nothing_is_open(client: FlaskClient) -> None:
    factories.course("HID27")
    assert "No course is open to everyone at the moment." in page(client)


@pytest.mark.parametrize("role", [None, *ROLES], ids=str)
def test_every_way_from_the_start_page_leads_somewhere(
    client: FlaskClient, role: Role | None
) -> None:
    course = factories.course("BUE27", visibility=Visibility.PUBLIC)
    acting.share_out(course, {("BO", "judge"): 2})
    factories.course("DON26", state=CourseState.COMPLETED, starts_in=-20)
    acting.standing(course, State.NOMINATED)
    acting.standing(course, State.ENDORSED)
    sign_in(client, role, **(ROLES[role] if role else {}))
    found = set(re.findall(r'href="(/[^"#]*)"', page(client)))
    ways = {way for way in found if not way.startswith(("/static/", "/bootstrap/"))}
    assert len(ways) > 3
    for way in ways:
        assert client.get(way.replace("&amp;", "&")).status_code in (200, 303), way


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        (None, "Nothing to do at the moment"),
        (Role.ORGANISER, "No current courses"),
        (Role.FOCAL_POINT, "No course is inviting your country at the moment. We will"),
        (Role.ANALYST, "No course has been completed yet."),
        (Role.DATA_PROTECTION, "The audit trail has not been checked yet"),
        (Role.ADMINISTRATOR, "Schema and keys"),
    ],
    ids=str,
)
def test_each_role_starts_with_its_own_also_when_there_is_nothing(
    client: FlaskClient, role: Role | None, sentence: str
) -> None:
    sign_in(client, role, **(ROLES[role] if role else {}))
    shown = inside(page(client))
    assert sentence in shown
    assert ("Nothing to do at the moment" in shown) is (role is None)
    assert ("No sessions today." in shown) is (role is Role.ORGANISER)
    assert ("Plan a course" in shown) is (role is Role.ORGANISER)


def test_how_data_are_protected_is_open_to_everyone(client: FlaskClient) -> None:
    shown = page(client, "/privacy")
    assert "How we protect your data" in shown
    assert "The organisers of your course, in each of the agencies" in shown
