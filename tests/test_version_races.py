"""Two editors who save at the same moment: one is asked; without the lock neither is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories, teaching
from tests.forms_in_pages import form_with
from tests.racing import both_look, take_locks_off
from trainings.agenda import operations as agenda
from trainings.core import versions
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses import queries as courses


def saved_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What two organisers are answered who change one session's title at once, in order."""
    lead = factories.account(Role.ORGANISER, agency="IOM")
    course_id = factories.course()
    session_id = agenda.add_session(course_id, teaching.slot(course_id), lead)
    path = f"/courses/BUE27/agenda/{session_id}"
    acts: list[Callable[[], int]] = []
    for title in ("First", "Second"):
        client = app.test_client()
        factories.sign_in(client, lead)
        fields = form_with(client.get(path).text, versions.VERSION) | {"title_en": [title]}
        fields.pop("form_token", None)  # keeping it writes, and one writer waits for the other
        acts.append(lambda client=client, fields=fields: client.post(path, data=fields).status_code)
    return sorted(both_look(app, monkeypatch, versions, "check", acts))


def test_of_two_who_save_at_once_one_is_asked(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert saved_at_once(each_app, monkeypatch) == [200, 303]


def test_without_the_lock_nobody_is_asked(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL then loses the first one's change; SQLite turns the second away as busy."""
    take_locks_off(monkeypatch, courses)
    with each_app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
    assert saved_at_once(each_app, monkeypatch) == ([303, 503] if sqlite else [303, 303])
