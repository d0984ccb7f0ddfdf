"""A form of an earlier session: nothing is done, the way in is offered, what was written stays."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests import factories
from trainings.core.permissions import Role

TEXT = "A long reason, written with care."


@pytest.fixture
def guarded(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def test_what_was_written_can_be_copied_and_nothing_is_sent(guarded: Flask) -> None:
    client = guarded.test_client()
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    sent = {
        "csrf_token": "IjAwMDAi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb",
        "text": TEXT,
        "password": "a secret phrase of words",
        "form_token": "a token",
    }
    answer = client.post("/profile/details", data=sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400 and TEXT in text and 'href="/profile/details"' in text
    assert "secret phrase" not in text and "a token" not in text
    assert not re.search(r"<form[^>]*method=\"post\"", text.partition("<main")[2])


def test_a_stranger_is_shown_nothing_that_another_site_sent(guarded: Flask) -> None:
    answer = guarded.test_client().post("/sign-in", data={"text": TEXT})
    assert answer.status_code == 400 and TEXT not in answer.get_data(as_text=True)
