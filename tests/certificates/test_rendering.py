"""Making the files: a portion at a time, and sound whatever was interrupted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select, update

from tests.certificates import graduates, soundness
from tests.certificates.paper import Paper
from trainings.certificates import operations, rendering_operations
from trainings.certificates import writes as issuing_writes
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.jobs import operations as jobs
from trainings.jobs.models import Job
from trainings.register import document, queries, writes


def test_killed_between_the_file_and_the_register_leaves_no_second_file(
    lead: Viewer, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)

    def dying(*_rest: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(writes, "make_ready", dying)
        rendering_operations.render(course_id)
    folder = current_app.extensions["settings"].files
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
    rendering_operations.render(course_id)
    assert soundness.faults(current_app.extensions["settings"], course_id) == []


def test_many_are_made_a_portion_at_a_time(
    lead: Viewer, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other work gets its turn in between, and each job draws only its share."""
    monkeypatch.setattr(rendering_operations, "PORTION", 2)
    course_id = graduates.course_of(graduates.NAMES)
    operations.issue_for_course(course_id, lead)
    shares = []
    whole = rendering_operations.render

    def noting(course_id: str) -> None:
        before = len(paper.drawn)
        whole(course_id)
        shares.append(len(paper.drawn) - before)

    while jobs.run_next({"certificates.render": noting, "mail.send": lambda **_more: None}):
        pass
    assert shares == [2, 2, 2, 0]
    assert soundness.faults(current_app.extensions["settings"], course_id) == []


def test_files_whose_job_was_given_up_are_asked_for_again(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    rendering_operations.take_up()
    assert _rendering("waiting") == 1  # it waits already: not twice
    with transaction() as session:
        session.execute(
            update(Job).values(state="running", leased_until=clock.now() + timedelta(seconds=9))
        )
    rendering_operations.take_up()
    assert _rendering("waiting") == 0  # somebody is at it
    with transaction() as session:
        session.execute(update(Job).values(state="failed"))
    rendering_operations.take_up()
    assert _rendering("waiting") == 1
    rendering_operations.render(course_id)
    with transaction() as session:
        session.execute(update(Job).values(state="done"))
    rendering_operations.take_up()
    assert _rendering("waiting") == 0


def _rendering(state: str) -> int:
    statement = select(func.count()).where(Job.task == "certificates.render", Job.state == state)
    return db.session.scalar(statement) or 0


def test_a_serial_drawn_twice_is_drawn_again(
    lead: Viewer, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["BUE26-333333C", "BUE26-333333C", "BUE26-444444C", "BUE26-666666C"])
    monkeypatch.setattr(issuing_writes, "new_serial", lambda _code: next(drawn))
    course_id = graduates.course_of()
    assert operations.issue_for_course(course_id, lead) == 3
    assert len(queries.serial_keys(course_id)) == 3


def test_what_many_certificates_show_is_opened_once_for_a_portion(
    lead: Viewer, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document.mark_queries, "picture", lambda _agency: b"\x89PNG mark")
    course_id = graduates.course_of(graduates.NAMES)
    operations.issue_for_course(course_id, lead)
    opened: list[str] = []
    kept = queries.kept
    monkeypatch.setattr(queries, "kept", lambda digest: opened.append(digest) or kept(digest))
    rendering_operations.render(course_id)
    assert len(paper.drawn) == len(graduates.NAMES)
    assert len(opened) == 1
