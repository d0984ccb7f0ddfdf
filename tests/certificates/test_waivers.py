"""Exceptions from the hours: asked for with a reason, approved by somebody else."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.asking import page, send
from tests.certificates import graduates
from tests.certificates.pages import HERE
from trainings.certificates import operations, waiver_operations
from trainings.certificates.rules import (
    NoneEarned,
    WaiverApproved,
    WaiverOwn,
    WaiverReasonMissing,
    WaiverThere,
)
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.people.models import IdentityRead
from trainings.registrations.models import Registration


@pytest.fixture
def short(lead: Viewer) -> tuple[str, str]:
    """A course whose one participant missed too much: its id and the registration's number."""
    course_id = graduates.course_of(graduates.NAMES[:1], attended=3)
    return course_id, _number(course_id)


def _number(course_id: str) -> str:
    number = db.session.scalar(
        select(Registration.number)
        .where(Registration.course_id == course_id)
        .execution_options(scope="operation")
    )
    assert number is not None
    return number


def test_an_exception_needs_a_second_person(short: tuple[str, str], lead: Viewer) -> None:
    course_id, number = short
    waiver_operations.ask(course_id, number, "Illness on the last day", lead)
    with pytest.raises(NoneEarned):
        operations.issue_for_course(course_id, lead)
    with pytest.raises(WaiverOwn):
        waiver_operations.approve(course_id, number, lead)
    waiver_operations.approve(course_id, number, factories.account(Role.ORGANISER, agency="UNODC"))
    assert operations.issue_for_course(course_id, lead) == 1


def test_what_was_approved_is_not_taken_away_from_an_older_page(
    short: tuple[str, str], lead: Viewer
) -> None:
    course_id, number = short
    waiver_operations.ask(course_id, number, "Illness", lead)
    other = factories.account(Role.ORGANISER, agency="UNODC")
    waiver_operations.approve(course_id, number, other)
    with pytest.raises(WaiverApproved):
        waiver_operations.refuse(course_id, number, other)
    assert operations.issue_for_course(course_id, lead) == 1


def test_an_exception_needs_a_reason_and_is_asked_once(
    short: tuple[str, str], lead: Viewer
) -> None:
    course_id, number = short
    with pytest.raises(WaiverReasonMissing):
        waiver_operations.ask(course_id, number, "  ", lead)
    waiver_operations.ask(course_id, number, "Illness", lead)
    with pytest.raises(WaiverThere):
        waiver_operations.ask(course_id, number, "Illness", lead)
    waiver_operations.refuse(course_id, number, lead)
    waiver_operations.ask(course_id, number, "Illness", lead)


@pytest.mark.parametrize("role", [Role.TRAINER, Role.FOCAL_POINT, Role.ADMINISTRATOR])
def test_who_does_not_select_makes_no_exceptions(short: tuple[str, str], role: Role) -> None:
    course_id, number = short
    scope = {"course_id": course_id} if role is Role.TRAINER else {}
    if role is Role.FOCAL_POINT:
        scope = {"country": "BO"}
    by = factories.account(role, **scope)
    for act in (
        lambda: waiver_operations.ask(course_id, number, "x", by),
        lambda: waiver_operations.approve(course_id, number, by),
        lambda: waiver_operations.refuse(course_id, number, by),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_page_says_who_asks_and_whoever_asked_can_take_it_back(
    app: Flask, client: FlaskClient
) -> None:
    asking = factories.account(Role.ORGANISER, agency="IOM", name=("Ruth", "Choque"))
    second = factories.account(Role.ORGANISER, agency="UNODC", name=("Nelson", "Fagúndez"))
    course_id = graduates.course_of(graduates.NAMES[:1], attended=3)
    path = f"{HERE}/exceptions/{_number(course_id)}"
    back, approve = f'action="{path}/refuse"', f'action="{path}/approve"'
    factories.sign_in(client, asking)
    send(client, path, reason="Illness")
    shown = page(client, path)
    assert "Cancel request" in shown
    assert back in shown
    assert approve not in shown
    send(client, f"{path}/refuse")
    assert "Requested by" not in page(client, path)
    send(client, path, reason="Illness of a child")
    factories.sign_in(client, second)
    shown = page(client, path)
    assert "Ruth Choque" in shown
    assert "Illness of a child" in shown
    assert "Cancel request" not in shown
    assert back in shown
    assert approve in shown
    send(client, f"{path}/approve")
    shown = page(client, path)
    assert "Nelson Fagúndez" in shown
    assert back not in shown
    db.session.close()
    looks = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "exceptions"))
    assert {who for look in looks for who in look.persons} == {asking.person_id, second.person_id}
