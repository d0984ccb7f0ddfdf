"""Until when a name can change: one rule, and one sentence wherever people read it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import asking, factories
from tests.certificates import graduates, pages
from tests.certificates.paper import Paper
from tests.registrations import acting
from trainings.certificates import operations, revocation_operations
from trainings.core.permissions import Viewer
from trainings.participants import operations as own
from trainings.register.rules import EndReason, NameIssued
from trainings.registrations import queries
from trainings.registrations.rules import State
from trainings.selection import name_operations

RULE = "The name on the certificate can be changed until the certificate is issued."


def test_it_changes_until_the_certificate_is_issued(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of((("Ana", "Rojas"),))
    ana = graduates.holder(course_id, "Ana")
    (mine,) = queries.own(ana)
    number = mine.number
    own.confirm_name(number, "Ana R. Rojas", "es", ana)  # the course has ended
    assert operations.issue_for_course(course_id, lead) == 1
    with pytest.raises(NameIssued):
        own.confirm_name(number, "Ana Maria Rojas", "es", ana)
    with pytest.raises(NameIssued):
        name_operations.confirm_for(course_id, number, "Ana M.", "es", "Passport", lead)
    assert queries.printed_name(acting.registration(number)) == "Ana R. Rojas"

    certificate = pages.of_holder(ana)
    revocation_operations.revoke(course_id, certificate.id, EndReason.NAME, "", lead)
    own.confirm_name(number, "Ana Maria Rojas", "es", ana)  # none prints it any more


def test_the_way_to_change_it_is_shown_just_as_long(client: FlaskClient, olga: Viewer) -> None:
    course_id = graduates.course_of((("Ana", "Rojas"),))
    ana = graduates.holder(course_id, "Ana")
    (mine,) = queries.own(ana)
    page, way = f"/my/registrations/{mine.number}", f"/my/registrations/{mine.number}/name"
    factories.sign_in(client, ana)
    assert way in client.get(page).text and RULE in client.get(page).text
    operations.issue_for_course(course_id, olga)
    assert way not in client.get(page).text and RULE not in client.get(page).text
    refused = asking.send(client, way, 200, printed_name="Ana Maria", language="es")
    assert "can no longer be changed" in refused


def test_one_sentence_wherever_people_read_it(app: Flask, client: FlaskClient) -> None:
    """The profile said one thing, the organisers' page another."""
    course_id = factories.course()
    number, person = acting.standing(course_id, State.CONFIRMED)
    by = acting.organiser()
    factories.sign_in(client, person)
    for page in ("/profile", f"/my/registrations/{number}", f"/my/registrations/{number}/name"):
        assert RULE in client.get(page).text, page
    factories.sign_in(client, by)
    assert RULE in client.get(f"/courses/BUE27/registrations/{number}/name").text
    name_operations.confirm_for(course_id, number, "Ana Rojas", "en", "Passport", by)
    (told,) = factories.mails("registration_named")
    assert RULE in told.body
