"""The page of a course's files as its readers see it: by the published agenda, kept up to date."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from tests import factories, teaching
from tests.counting import statements
from tests.materials import making
from tests.materials.readers import People
from trainings.agenda import operations as agenda
from trainings.core.db import db
from trainings.materials import operations
from trainings.materials.rules import Audience
from trainings.registrations.models import Registration


def test_of_a_draft_the_page_tells_participants_nothing_but_their_files(
    each_people: People,
) -> None:
    """Neither that there is a session, nor that a published one is to be another, or later."""
    people = each_people
    course, lead = people.course, people.lead
    readers = [people.client(people.participant), people.client(teaching.answered(people.invited))]
    names = {"participants.pdf"}
    for page in [one.get("/courses/BUE27/materials").text for one in readers]:
        assert "Session at" not in page and "09:00" not in page
        assert "For sessions that are not on the published agenda yet" in page
        assert names <= set(re.findall(r"[\w]+\.pdf", page))
    teaching.publish(course, lead)
    moved = teaching.slot(course, "15:00", "16:00", titles={"en": "The raid"})
    agenda.change_session(course, people.session, moved, lead)
    for page in [one.get("/courses/BUE27/materials").text for one in readers]:
        assert "Session at 09:00" in page and "09:00–10:30" in page
        assert "The raid" not in page and "15:00" not in page
        assert "not on the published agenda yet" not in page
        assert names <= set(re.findall(r"[\w]+\.pdf", page))
    staff = people.client(lead).get("/courses/BUE27/materials").text
    assert "The raid" in staff and "15:00–16:00" in staff


def test_a_page_with_many_files_asks_no_more_than_one_with_few(people: People) -> None:
    client = people.client(people.participant)
    client.get("/courses/BUE27/materials")
    with statements() as few:
        client.get("/courses/BUE27/materials")
    for number in range(12):
        slot = teaching.slot(people.course, "14:00", "15:00", day=number % 4)
        if number < 4:
            session = agenda.add_session(people.course, slot, people.lead)
        making.material(people.course, session, people.lead, name=f"{number}.pdf")
    with statements() as many:
        page = client.get("/courses/BUE27/materials")
    assert "11.pdf" in page.text
    assert len(many) == len(few) <= 12


def test_the_page_asks_by_itself_and_learns_of_a_change(people: People) -> None:
    client = people.client(people.participant)
    page = client.get("/courses/BUE27/materials").text
    found = re.search(r'hx-get="([^"]+)"', page)
    assert found is not None
    asks = {"HX-Request": "true", "unattended": "yes"}
    assert client.get(found[1], headers=asks).status_code == 204
    key = people.files[Audience.PARTICIPANTS]
    operations.replace(key, making.upload(), people.lead)
    changed = client.get(found[1], headers=asks)
    assert changed.status_code == 200
    assert "Version 2" in changed.text


def test_nothing_yet_says_what_will_be_here(app: Flask, client: FlaskClient) -> None:
    lead = making.organiser()
    course = factories.course()
    factories.sign_in(client, lead)
    assert "No sessions yet" in client.get("/courses/BUE27/materials").text
    agenda.add_session(course, teaching.slot(course), lead)
    assert "Add the first file" in client.get("/courses/BUE27/materials").text
    person = db.session.get_one(
        Registration, teaching.participant(course), execution_options={"scope": "operation"}
    ).person_id
    reader = app.test_client()
    factories.sign_in(reader, teaching.account_of(person))
    assert "No files for you yet" in reader.get("/courses/BUE27/materials").text
