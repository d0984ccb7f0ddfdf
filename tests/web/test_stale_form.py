"""A form of an earlier session: nothing is done, the way in is offered, what was written stays."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete
from wtforms import Form, PasswordField, TextAreaField

from tests import factories, teaching
from trainings.agenda import operations as agenda
from trainings.core.db import Model, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Module
from trainings.courses.rules import CourseState
from trainings.rosters.models import Trainer
from trainings.web import typed

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


def _session(by: Viewer) -> tuple[str, Callable[[], object]]:
    course_id = factories.course()
    session_id = agenda.add_session(course_id, teaching.slot(course_id), by)
    return f"/courses/BUE27/agenda/{session_id}", lambda: agenda.remove_session(
        course_id, session_id, by
    )


def _module(by: Viewer) -> tuple[str, Callable[[], object]]:
    teaching.module("old")
    return "/modules/old/edit", lambda: _delete(Module)


def _trainer(by: Viewer) -> tuple[str, Callable[[], object]]:
    trainer_id = teaching.trainer(by)
    return f"/trainers/{trainer_id}/edit", lambda: _delete(Trainer)


def _delete(model: type[Model]) -> None:
    with transaction() as session:
        session.execute(delete(model))


@pytest.mark.parametrize("kept", [_session, _module, _trainer])
def test_what_was_typed_for_a_thing_that_is_gone_can_be_copied(
    app: Flask, kept: Callable[[Viewer], tuple[str, Callable[[], object]]]
) -> None:
    """It was a page that said nothing of it, and the text was lost."""
    client, by = app.test_client(), factories.account(Role.ORGANISER, agency="IOM")
    factories.sign_in(client, by)
    path, remove = kept(by)
    assert client.get(path).status_code == 200
    remove()
    typed = {"title_en": TEXT, "notes": TEXT, "city": "Cochabamba", "new_room": "Illimani"}
    chosen = {"kind": "opening", "country": "BO", "form_token": "abcdefghijk", "agency": "Agencyid"}
    answer = client.post(path, data={**typed, **chosen})
    assert answer.status_code == 404
    assert "This is no longer here" in answer.text and TEXT in answer.text
    for word in ("Cochabamba", "Illimani"):
        assert f">{word}</textarea>" in answer.text
    for word in ("opening", "BO", "abcdefghijk", "Agencyid"):
        assert f">{word}</textarea>" not in answer.text
    assert client.get(path).status_code == 404


def test_no_address_that_does_not_exist_leads_elsewhere(app: Flask) -> None:
    """A picture that is missing took the word that something was already done."""
    client = app.test_client()
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    with client.session_transaction() as session:
        session["_flashes"] = [("info", "This was already done. Nothing was done twice.")]
    for path in ("/no/such/page", "/static/img/no-such.png"):
        assert client.get(path).status_code == 404
    assert "This was already done." in client.get("/courses").text


def test_what_is_hidden_and_what_is_not_there_answer_a_form_alike(app: Flask) -> None:
    client, by = app.test_client(), factories.account(Role.ORGANISER, agency="IOM")
    factories.course("HIDDEN", lead="UNODC", agencies=("UNODC",), state=CourseState.DRAFT)
    factories.sign_in(client, by)
    answers = {
        client.post(path, data={"title_en": TEXT}).text
        for path in ("/courses/HIDDEN/agenda/new", "/courses/NOWHERE/agenda/new", "/no/such/page")
    }
    assert len(answers) == 1 and TEXT in answers.pop()


def test_the_forms_of_the_house_are_gathered_once_however_much_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For each field anew, five hundred held a web worker up for seconds."""
    asked, gathered = [], typed._gathered
    monkeypatch.setattr(typed, "_gathered", lambda: asked.append(1) or gathered())
    assert len(typed.written("", [("unknown", TEXT)] * 500)) == 500
    assert len(asked) == 1


def test_they_are_put_together_again_only_where_there_is_another_form() -> None:
    """Putting them together takes as long as all else that an answer to a form gone takes."""
    secret, times = typed.secret_names(), typed._gather.cache_info().misses
    assert "password" in secret and typed.secret_names() is secret
    assert typed._gather.cache_info().misses == times
    another = type("Another", (Form,), {"riddle": PasswordField(), "poem": TextAreaField("Poem")})
    assert typed.secret_names() == secret | {"riddle"}
    assert typed.written("Another", [("poem", "rain")]) == [typed.Written("Poem", "rain")]
    assert another.__name__ == "Another"
