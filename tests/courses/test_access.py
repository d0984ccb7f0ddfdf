"""Who reaches which course, in SQL and in the rules alike, on both databases."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import counting, factories, teaching
from trainings.core import clock
from trainings.core.errors import NotFound
from trainings.core.permissions import Grant, Permission, Role, Viewer
from trainings.courses import public_queries, queries
from trainings.courses.access_rules import (
    ByNominationOnly,
    Nearness,
    RegistrationOver,
    RegistrationToCome,
)
from trainings.courses.rules import CourseState, Visibility

P = Permission


def reached(viewer: Viewer, permission: Permission, code: str) -> bool:
    try:
        queries.course_for(viewer, permission, code)
    except NotFound:
        return False
    return True


def test_agencies_read_and_only_the_lead_changes(each_app: Flask) -> None:
    factories.course(agencies=("IOM", "UNODC"))
    lead, partner, other = (
        factories.account(Role.ORGANISER, agency=name) for name in ("IOM", "UNODC", "INTERPOL")
    )

    assert reached(lead, P.COURSE_EDIT, "BUE27")
    assert reached(partner, P.REGISTRATION_SELECT, "BUE27")
    assert not reached(partner, P.COURSE_EDIT, "BUE27")
    assert not reached(other, P.COURSE_WORK, "BUE27")


def test_a_grant_for_one_course_reaches_that_course_only(each_app: Flask) -> None:
    course_id = factories.course(agencies=("IOM",))
    factories.course("LIM27", agencies=("IOM",))
    single = factories.account(Role.ORGANISER, course_id=course_id)
    trainer = factories.account(Role.TRAINER, course_id=course_id)

    assert reached(single, P.COURSE_EDIT, "BUE27")
    assert not reached(single, P.COURSE_WORK, "LIM27")
    assert reached(trainer, P.ATTENDANCE_TAKE, "BUE27")
    assert not reached(trainer, P.REGISTRATION_READ, "BUE27")
    assert not reached(trainer, P.ATTENDANCE_TAKE, "LIM27")


def test_who_organises_one_course_and_teaches_in_another_selects_only_in_one(
    each_app: Flask,
) -> None:
    taught = factories.course("AAA27", agencies=("UNODC",), lead="UNODC")
    organised = factories.course("BBB27", agencies=("UNODC",), lead="UNODC")
    both = Viewer(
        account_id="x",
        grants=(Grant(Role.TRAINER, course_id=taught), Grant(Role.ORGANISER, course_id=organised)),
    )

    assert reached(both, P.REGISTRATION_SELECT, "BBB27")
    assert not reached(both, P.REGISTRATION_SELECT, "AAA27")


def test_focal_points_reach_published_courses_that_invite_them(each_app: Flask) -> None:
    factories.course(functions=["police"])
    factories.course("DRAFT7", state=CourseState.DRAFT)
    bolivia = factories.account(Role.FOCAL_POINT, country="BO")
    judges = factories.account(Role.FOCAL_POINT, country="BO", functions=["judge"])
    germany = factories.account(Role.FOCAL_POINT, country="DE")

    assert reached(bolivia, P.REGISTRATION_NOMINATE, "BUE27")
    assert not reached(bolivia, P.REGISTRATION_NOMINATE, "DRAFT7")
    assert not reached(judges, P.REGISTRATION_NOMINATE, "BUE27")
    assert not reached(germany, P.REGISTRATION_NOMINATE, "BUE27")
    assert not reached(bolivia, P.COURSE_WORK, "BUE27")


def test_the_rule_and_the_statement_agree(each_app: Flask) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    ids = {
        code: factories.course(
            code,
            lead=chance.choice(("IOM", "UNODC")),
            agencies=("INTERPOL",),
            state=chance.choice(list(CourseState)),
            template=chance.random() < 0.2,
            countries=chance.sample(["BO", "AR", "PE"], 2),
            functions=chance.sample(["police", "judge"], 1),
        )
        for code in ("AAA1", "BBB1", "CCC1", "DDD1")
    }
    everyone = [
        Grant(role, agency_id=factories.agency_id(name))
        for role in Role
        for name in factories.AGENCIES
    ]
    everyone += [Grant(role, course_id=one) for role in Role for one in ids.values()]
    everyone += [
        Grant(Role.FOCAL_POINT, country=country, functions=frozenset(some))
        for country in ("BO", "AR", "DE")
        for some in ((), ("police",), ("judge",))
    ]
    found = {code: queries.by_id(course_id) for code, course_id in ids.items()}
    for grant in everyone:
        viewer = Viewer(account_id="x", grants=(grant,))
        for permission in (P.COURSE_WORK, P.COURSE_EDIT, P.REGISTRATION_NOMINATE, P.SEATS_EDIT):
            for code, course in found.items():
                assert queries.may(viewer, permission, course) == reached(
                    viewer, permission, code
                ), (grant, permission, code)


@pytest.mark.parametrize("where", ["desk", "settings", "organisers", "moves/cancel"])
def test_a_strangers_course_is_as_good_as_none(client: FlaskClient, where: str) -> None:
    factories.course(agencies=("IOM",))
    other = factories.course("LIM27", agencies=("UNODC",), lead="UNODC")
    for viewer in (
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.TRAINER, course_id=other),
    ):
        stranger = client.application.test_client()
        factories.sign_in(stranger, viewer)
        hidden = stranger.get(f"/courses/BUE27/{where}")
        missing = stranger.get(f"/courses/XXX99/{where}")

        assert hidden.status_code == missing.status_code == 404
        assert hidden.data.replace(b"BUE27", b"XXX99") == missing.data


@pytest.mark.parametrize(
    "hidden",
    [
        {"visibility": Visibility.NOMINATION_ONLY},
        {"visibility": Visibility.BY_LINK},
        {"state": CourseState.DRAFT},
        {"template": True},
    ],
)
@pytest.mark.parametrize("where", ["", "/apply", f"?key={'a' * 22}"])
def test_a_hidden_course_is_looked_for_as_one_that_is_not_there(
    client: FlaskClient, hidden: dict[str, Any], where: str
) -> None:
    """Otherwise the time that the answer takes tells who guesses a code that there is one."""
    teaching.teach(factories.course(**hidden), teaching.module())
    visitors = [None, factories.account(staff=False), factories.account(Role.ANALYST)]
    for viewer in visitors:
        stranger = client.application.test_client()
        if viewer is not None:
            factories.sign_in(stranger, viewer)
        stranger.get(f"/courses/XXX98{where}")  # what a first look alone asks for
        asked = []
        for code in ("BUE27", "XXX99"):
            with counting.statements() as sent:
                assert stranger.get(f"/courses/{code}{where}").status_code in (303, 404)
            asked.append(sent)
        assert asked[0] == asked[1]


def show(viewer: Viewer, link_key: str = "", standing: Nearness = Nearness.STRANGER) -> bool:
    try:
        public_queries.public_course(
            viewer, "BUE27", link_key, lambda _id: standing >= Nearness.INVOLVED
        )
    except NotFound:
        return False
    return True


@pytest.mark.parametrize(
    ("visibility", "stranger", "with_key"),
    [
        (Visibility.PUBLIC, True, True),
        (Visibility.BY_LINK, False, True),
        (Visibility.NOMINATION_ONLY, False, False),
    ],
)
def test_visibility_decides_what_strangers_find(
    app: Flask, visibility: Visibility, stranger: bool, with_key: bool
) -> None:
    course_id = factories.course(visibility=visibility)
    key = queries.by_id(course_id).link_key
    someone = factories.account(staff=False)

    assert show(Viewer()) is stranger
    assert show(someone) is stranger
    assert show(Viewer(), key) is with_key
    assert show(Viewer(), key[:-1] + ("A" if key[-1] != "A" else "B")) is stranger
    assert show(someone, standing=Nearness.INVOLVED)
    assert show(factories.account(Role.ORGANISER, agency="UNODC"))
    assert show(factories.account(Role.FOCAL_POINT, country="BO"))


def test_a_draft_shows_itself_to_its_staff_alone(app: Flask) -> None:
    factories.course(visibility=Visibility.PUBLIC, state=CourseState.DRAFT)

    assert not show(Viewer())
    assert not show(factories.account(staff=False), standing=Nearness.CONFIRMED)
    assert show(factories.account(Role.ORGANISER, agency="IOM"))


def test_one_applies_only_while_registration_is_open(app: Flask) -> None:
    today = clock.today(factories.ZONE)
    factories.course("NOM27")
    factories.course("OPEN27", visibility=Visibility.PUBLIC)
    factories.course(
        "SOON27", visibility=Visibility.PUBLIC, registration_opens_on=today + timedelta(days=3)
    )
    factories.course(
        "LATE27", visibility=Visibility.PUBLIC, registration_closes_on=today - timedelta(days=3)
    )
    factories.course("SHUT27", visibility=Visibility.PUBLIC, state=CourseState.REGISTRATION_CLOSED)

    assert public_queries.open_course(Viewer(), "OPEN27").code == "OPEN27"
    with pytest.raises(NotFound):
        public_queries.open_course(Viewer(), "NOM27")
    with pytest.raises(ByNominationOnly):
        public_queries.open_course(factories.account(Role.ORGANISER, agency="IOM"), "NOM27")
    with pytest.raises(RegistrationToCome):
        public_queries.open_course(Viewer(), "SOON27")
    for code in ("LATE27", "SHUT27"):
        with pytest.raises(RegistrationOver):
            public_queries.open_course(Viewer(), code)
