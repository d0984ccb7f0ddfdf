"""Many people are asked about their working contacts: each gets a link of their own."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.mailings import sent
from tests.networks import asking
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.mail import queries as mails
from trainings.mail.models import OutboxMail
from trainings.mailings import rules
from trainings.mailings.rules import MailingState
from trainings.networks import operations, queries
from trainings.networks.rules import WaveKind
from trainings.registrations import locked_queries


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PORTION", 4)


def emails() -> list[tuple[str, str, list[str]]]:
    """The email of each person: to whom, its body, the link in it."""
    db.session.close()
    rows = db.session.scalars(select(OutboxMail).where(OutboxMail.event == "network_asked")).all()
    found = [(one.person_id or "", mails.stored_body(one), links(one)) for one in rows]
    return sorted(found)


def links(mail: OutboxMail) -> list[str]:
    return [one for one in mails.opened(mail).body.split() if one.startswith("http")]


def test_each_has_their_own_link_and_all_that_is_said(app: Flask) -> None:
    course, by = asking.course(), asking.organiser()
    assert operations.send(course, WaveKind.START, by) == 18
    assert emails() == [] and sent.mailing().event == "network_asked"
    factories.run_jobs(app)
    wave = asking.wave_of(course)
    there: Any = locked_queries.with_persons(course, operations.ASKED)
    letters = operations.letters(
        db.session.get_one(Course, course), "network_asked", wave.id, there
    )
    want = sorted((one.person_id or "", str(one.context["link"])) for one in letters)
    assert [(who, link[0]) for who, _body, link in emails()] == want and len(want) == 18
    assert all("until" in body or "hasta" in body or "até" in body for _, body, _ in emails())
    assert sent.mailing().state is MailingState.WRITTEN
    assert len({queries.token(wave.id, one.id) for one in there}) == 18


def test_nobody_is_asked_any_more_once_it_is_closed(app: Flask) -> None:
    course, by = asking.course(), asking.organiser()
    operations.send(course, WaveKind.START, by)
    operations.close(course, WaveKind.START, by)
    factories.run_jobs(app)
    assert emails() == [] and sent.mailing().state is MailingState.WRITTEN
