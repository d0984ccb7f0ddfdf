"""What somebody beside the organisers could read before there were versions is version 1."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade

from tests import factories, teaching
from trainings.agenda import operations as agenda
from trainings.agenda_versions import queries
from trainings.core.config import ROOT
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.registrations.rules import State


def test_no_course_loses_the_agenda_that_people_see(each_app: Flask) -> None:
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    by = factories.account(Role.ORGANISER, agency="IOM")
    trainer = teaching.trainer(by)
    drafts = {}
    for number, code in enumerate(("TAKE27", "TEACH27", "OFFER27", "NONE27", "EMPTY27")):
        course = factories.course(code, starts_in=30 + 10 * number)
        givers: tuple[str, ...] = ()
        if code == "TEACH27":
            givers = (teaching.course_trainer(course, trainer, by),)
        if code in ("TAKE27", "EMPTY27"):
            teaching.participant(course)
        if code == "OFFER27":
            teaching.participant(course, state=State.OFFERED)
        if code != "EMPTY27":
            data = teaching.slot(course, "23:00", "23:45", new_room="Aula", trainers=givers)
            agenda.add_session(course, data, by)
        drafts[code] = (course, queries.draft_of(course))
    db.session.remove()
    downgrade(revision="0022")
    upgrade()
    for code, (course, draft) in drafts.items():
        version = queries.latest(course)
        if code in ("TAKE27", "TEACH27"):
            assert version is not None and version.number == version.acts == 1
            assert queries.entries_of(version) == draft and draft
            assert queries.standing(course).changes == []
        else:
            assert version is None, code
