"""Two organisers publish at once: there is one version, and everybody is told once.

Without the lock the same race must go wrong: otherwise it would prove nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from tests import factories, racing, teaching
from trainings.agenda import operations as agenda
from trainings.agenda_versions import operations, queries
from trainings.agenda_versions.models import AgendaVersion
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses import queries as courses


@pytest.fixture
def no_lock(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app without its locks: a plain BEGIN, and no row held for update."""
    racing.take_locks_off(monkeypatch, courses)
    return each_app


def race(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], int, int]:
    """Two organisers have looked at the same agenda, and publish it."""
    course = factories.course()
    editors = [factories.account(Role.ORGANISER, agency=code) for code in ("IOM", "UNODC")]
    teaching.participant(course, mail="ana@police.example")
    agenda.add_session(course, teaching.slot(course), editors[0])
    seen = queries.standing(course).seen
    acts = [lambda one=one: operations.publish(course, seen, one) for one in editors]
    answers = racing.both_look(app, monkeypatch, queries, "standing", acts)
    db.session.close()
    told = len(factories.mails("registration_agenda"))
    return answers, db.session.query(AgendaVersion).count(), told


def test_one_version_and_everybody_told_once(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, versions, told = race(each_app, monkeypatch)
    assert (versions, told) == (1, 1), answers
    refusals = [one for one in answers if isinstance(one, Exception)]
    assert [type(one).__name__ for one in refusals] == ["NothingToPublish"], answers


def test_without_the_lock_it_goes_wrong(no_lock: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, versions, _told = race(no_lock, monkeypatch)
    assert versions <= 1  # the constraint stands behind the lock
    assert any(isinstance(one, IntegrityError | OperationalError) for one in answers), answers
