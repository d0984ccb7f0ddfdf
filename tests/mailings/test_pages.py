"""How far a mailing is, on the course's pages: read, kept back, let go, stopped."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.asking import page
from tests.forms_in_pages import form_with
from tests.mailings import sent
from tests.registrations import acting
from trainings.core.permissions import Viewer
from trainings.mailings import operations, rules

MAIL = "/courses/BUE27/mail"


@pytest.fixture
def by(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Viewer:
    monkeypatch.setattr(rules, "PORTION", 2)
    made = acting.organiser()
    factories.sign_in(client, made)
    return made


def test_the_page_says_how_many_are_written_with_and_without_script(
    client: FlaskClient, by: Viewer
) -> None:
    key = sent.send(sent.course(), by)
    operations.write_on(key)
    here = f"{MAIL}/mailings/{key}"
    for where in (MAIL, here):
        text = page(client, where)
        assert "Being written: 2 of 7" in text and f'hx-get="{here}/progress"' in text
        assert '<noscript><meta http-equiv="refresh"' in text
    assert f'href="{here}"' in page(client, MAIL)
    assert "Confirmed participants" in text and "Whoever withdraws meanwhile" in text
    bar = page(client, f"{here}/progress")
    assert "Being written: 2 of 7" in bar and "<html" not in bar


def test_when_all_are_written_nothing_is_asked_for_any_more(
    app: Flask, client: FlaskClient, by: Viewer
) -> None:
    key = sent.send(sent.course(), by)
    factories.run_jobs(app)
    text = page(client, f"{MAIL}/mailings/{key}")
    assert "All written: 7 of 7" in text
    assert "hx-get" not in text.split("<main")[1] and 'http-equiv="refresh"' not in text
    assert "/mailings/" not in page(client, MAIL), "the list has them, one by one"


def test_it_is_kept_back_and_let_go_with_the_emails_of_the_course(
    client: FlaskClient, by: Viewer
) -> None:
    key = sent.send(sent.course(), by)
    assert f"{MAIL}/hold" in page(client, MAIL)
    answer = client.post(f"{MAIL}/hold", follow_redirects=True).text
    assert "7 emails are on hold." in answer and "On hold: 0 of 7" in answer
    assert "Nothing more is written" in page(client, f"{MAIL}/mailings/{key}")
    answer = client.post(f"{MAIL}/release", data={"held": "7"}, follow_redirects=True).text
    assert "7 emails are on their way." in answer and "Being written: 0 of 7" in answer


def test_it_is_stopped_after_a_question(client: FlaskClient, by: Viewer) -> None:
    key = sent.send(sent.course(), by)
    operations.write_on(key)
    stop = f"{MAIL}/mailings/{key}/stop"
    asked = page(client, stop)
    assert "5 people for whom no email is written yet get none." in asked
    done = client.post(stop, data=form_with(asked, "csrf_token"), follow_redirects=True).text
    assert "Stopped. 5 people get no email." in done and "Stopped: 2 of 7" in done
    assert f"{stop}" not in done
    again = client.post(stop).text
    assert "were all written, or stopped, in the meantime" in again
