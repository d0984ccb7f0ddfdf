"""A message to a group is written, looked at as its readers get it, and sent, on its page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.asking import page
from tests.forms_in_pages import form_with
from tests.registrations import acting
from trainings.core.db import transaction
from trainings.people.models import Person
from trainings.registrations.rules import State

WRITE = "/courses/BUE27/registrations/message"


def test_it_is_written_checked_and_sent_on_the_page(client: FlaskClient) -> None:
    course = factories.course()
    acting.standing(course, State.RESERVE, country="PE")
    factories.sign_in(client, acting.organiser())
    typed = {
        **form_with(page(client, WRITE), "subject_en"),
        "recipients": "reserve",
        "countries": "PE",
        "subject_en": "News of {code}",
        "text_en": "Dear {name}",
    }
    shown = client.post(WRITE, data={**typed, "step": "show"}).text
    assert "News of BUE27" in shown and "Send to one person" in shown and "Peru" in shown
    again = form_with(shown, "subject_en")
    assert (again["countries"], again["recipients"]) == (["PE"], ["reserve"])
    answer = client.post(WRITE, data={**again, "step": "send"}, follow_redirects=True)
    assert "The message goes to one person." in answer.text
    assert [one.subject for _, one in factories.events_and_mails()] == ["News of BUE27"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"en": "A"}, ["2 of them read our emails in Portuguese (Brazil), and get", "in English."]),
        ({"es": "A"}, ["One of them reads our emails in English, and gets", "in Spanish."]),
        ({"es": "A", "en": "B", "pt_BR": "C"}, []),
    ],
)
def test_before_it_is_sent_it_says_who_reads_another_language(
    each_app: Flask, written: dict[str, str], told: list[str]
) -> None:
    course = factories.course()
    for language in ("en", "es", "pt_BR", "pt_BR"):
        _number, person = acting.standing(course, State.CONFIRMED)
        with transaction() as session:
            session.get_one(Person, person.person_id).language = language
    client = each_app.test_client()
    factories.sign_in(client, acting.organiser())
    texts = {
        f"{part}_{code}": text for code, text in written.items() for part in ("subject", "text")
    }
    form = {**form_with(page(client, WRITE), "subject_en"), "recipients": "confirmed"}
    emptied = {name: "" for name in form if name.startswith(("subject_", "text_"))}
    shown = client.post(WRITE, data={**form, **emptied, **texts, "step": "show"}).text
    assert all(words in shown for words in told)
    assert ("of them read" in shown) == bool(told)


def test_an_empty_group_is_said_before_anything_is_sent(client: FlaskClient) -> None:
    factories.course()
    factories.sign_in(client, acting.organiser())
    typed = {
        **form_with(page(client, WRITE), "subject_en"),
        "subject_en": "A",
        "text_en": "What I typed",
        "step": "show",
    }
    shown = client.post(WRITE, data=typed).text
    assert "Nobody belongs to this group" in shown and "What I typed" in shown
