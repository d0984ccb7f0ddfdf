"""The start page of organisers, focal points, analysts, officers and administrators."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from tests import factories
from tests.asking import page
from tests.home.pages import ROLES, inside, sign_in
from tests.register import kept
from tests.registrations import acting
from trainings.audit import operations as audit
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Role
from trainings.courses.rules import CourseState
from trainings.home.rules import told
from trainings.jobs.writes import enqueue
from trainings.register.models import Certificate
from trainings.register.rules import Status
from trainings.registrations.rules import State


def test_an_organiser_sees_seats_and_what_is_missing(client: FlaskClient) -> None:
    course = factories.course("BUE27", titles={"en": "Buenos Aires"})
    acting.share_out(course, {("BO", "judge"): 2, ("PE", "judge"): 2})
    acting.standing(course, State.CONFIRMED)
    acting.standing(course, State.OFFERED)
    for _each in range(3):
        acting.standing(course, State.NOMINATED, country="PE")
    acting.standing(course, State.ENDORSED)
    factories.course("ELS27", lead="UNODC", agencies=("UNODC",), titles={"en": "Elsewhere"})
    factories.course("DON26", state=CourseState.COMPLETED, titles={"en": "Over"})
    sign_in(client, Role.ORGANISER, agency="IOM")
    shown = inside(page(client))
    assert "Buenos Aires" in shown
    assert "Elsewhere" not in shown
    assert "Over" not in shown
    assert "Endorsements due from Peru" in shown
    assert "/courses/BUE27/registrations?country=PE&amp;problem=unendorsed" in shown
    assert "Candidates to decide on" in shown
    counted = [int(number) for number in re.findall(r"</a> <b>(\d+)</b>", shown)]
    assert len(counted) >= 2
    without_any = ("/courses/BUE27/agenda", "/courses/BUE27/trainers", "/courses/BUE27/seats")
    assert all(f'<li><a href="{link}">' in shown for link in without_any)
    assert f"{sum(counted) + len(without_any)} tasks to do" in shown
    assert "2/2" in shown, "Bolivia's seats"


def test_a_completed_course_stays_until_its_certificates_are_out(client: FlaskClient) -> None:
    done = factories.course("DONE7", state=CourseState.COMPLETED, titles={"en": "Just over"})
    number, person = acting.standing(done, State.ATTENDED)
    factories.course("VOID7", state=CourseState.COMPLETED, titles={"en": "Nobody came"})
    sign_in(client, Role.ORGANISER, agency="IOM")
    shown = inside(page(client))
    assert "Just over" in shown and "Nobody came" not in shown
    assert "No certificates issued yet" in shown and "/courses/DONE7/certificates" in shown
    kept.certificate(done, acting.registration(number).id, person)
    assert "Just over" not in inside(page(client))
    with transaction() as session:
        for certificate in session.scalars(select(Certificate)):
            certificate.status = Status.ISSUED
    assert "Just over" in inside(page(client)), "its file is still being made"


def test_nobody_is_named_on_a_start_page(client: FlaskClient) -> None:
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 2})
    acting.standing(course, State.CONFIRMED)
    for role, scope in ROLES.items():
        sign_in(client, role, **scope)
        assert "Ejemplo" not in page(client)


def test_a_focal_point_sees_their_country_only(client: FlaskClient) -> None:
    course = factories.course("BUE27", titles={"en": "Buenos Aires"})
    acting.share_out(course, {("BO", "judge"): 3, ("PE", "judge"): 5})
    acting.standing(course, State.CONFIRMED)
    acting.standing(course, State.NOMINATED)
    for _each in range(4):
        acting.standing(course, State.NOMINATED, country="PE")
    factories.course("FAR27", countries=["PE"], titles={"en": "Not invited"})
    factories.course("DRA27", state=CourseState.DRAFT, titles={"en": "Draft"})
    sign_in(client, Role.FOCAL_POINT, country="BO")
    shown = inside(page(client))
    assert 'href="/courses/BUE27/nominations"' in shown
    assert "1/3" in shown
    assert "/5" not in shown
    assert "Not invited" not in shown
    assert "Draft" not in shown
    assert re.search(r'data-label="Candidates"[^>]*>\s*2\s*<', shown)


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (1, "< 5"), (4, "< 5"), (5, "5"), (60, "60")]
)
def test_small_numbers_are_not_told(number: int, said: str) -> None:
    assert told(number) == said


def test_an_analyst_gets_numbers_and_nobody(client: FlaskClient) -> None:
    course = factories.course("DON26", state=CourseState.RUNNING, starts_in=-20)
    acting.share_out(course, {("BO", "judge"): 8})
    for _each in range(6):
        acting.standing(course, State.ATTENDED)
    for _each in range(3):
        acting.standing(course, State.NO_SHOW)
    acting.end(course, CourseState.COMPLETED)
    sign_in(client, Role.ANALYST)
    shown = inside(page(client))
    cells = dict(re.findall(r'data-label="(Attended|Did not attend)"[^>]*>\s*([^<]*?)\s*<', shown))
    assert cells == {"Attended": "6", "Did not attend": "&lt; 5"}
    assert "Ejemplo" not in shown
    assert "R-" not in shown


def test_a_changed_trail_is_said_once_it_was_checked(client: FlaskClient) -> None:
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 2})
    number, person = acting.standing(course, State.OFFERED)
    factories.sign_in(client, person)
    client.post(f"/my/registrations/{number}/accept")
    sign_in(client, Role.DATA_PROTECTION)
    assert "The audit trail has not been checked yet" in page(client)
    audit.verify_onward()
    for path in ("/", "/trail"):
        assert "The audit trail is intact" in page(client, path)
    with clock.at(clock.now() + timedelta(hours=2)):
        factories.sign_in(client, factories.account(Role.DATA_PROTECTION))
        assert "The audit trail was not checked lately" in page(client)
    sign_in(client, Role.DATA_PROTECTION)
    with transaction() as session:
        session.execute(text("UPDATE audit_entry SET act = 'nothing.happened' WHERE number = 1"))
    audit.checked_path().unlink()
    audit.verify_onward()
    shown = page(client)
    assert "The audit trail was changed" in shown
    assert "The audit trail is intact" not in shown


def test_health_says_what_needs_a_hand(client: FlaskClient) -> None:
    sign_in(client, Role.ADMINISTRATOR)
    assert page(client).count("Needs attention") == 1, "there is no mail server"
    with transaction() as session:
        enqueue(session, "nothing", at=clock.now() - timedelta(hours=1))
    shown = page(client)
    assert shown.count("Needs attention") == 2, "and work waits"
    assert 'href="/health"' in shown
    assert "Start the worker" in page(client, "/health")
