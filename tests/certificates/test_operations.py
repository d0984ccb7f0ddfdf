"""Issuing: once, by the rule, frozen; files follow one by one and never change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select, text

from tests import factories
from tests.certificates import graduates
from tests.certificates.paper import Paper
from trainings.accounts import queries as accounts
from trainings.certificates import operations, rendering_operations
from trainings.certificates.rules import CourseNotCompleted, NoneEarned
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.jobs.models import Job
from trainings.mail import queries as mails
from trainings.mail.models import OutboxMail
from trainings.print_room import operations as print_operations
from trainings.print_room.rules import NothingToPrint, PrintChoice
from trainings.printing.rules import CertificateDocument, Failure
from trainings.register import document, queries, writes
from trainings.register.models import Certificate
from trainings.register.rules import Kind, Status


def _register(course_id: str) -> list[Certificate]:
    db.session.remove()
    return list(
        db.session.scalars(
            select(Certificate)
            .where(Certificate.course_id == course_id)
            .execution_options(scope="operation")
        )
    )


def test_everyone_who_earned_one_gets_one(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of()
    assert operations.issue_for_course(course_id, lead) == 3
    rows = _register(course_id)
    assert {row.status for row in rows} == {Status.ISSUED}
    assert len({row.serial for row in rows}) == 3
    rendering_operations.render(course_id)
    rows = _register(course_id)
    assert {row.status for row in rows} == {Status.READY}
    for row in rows:
        content = print_operations.content(row)
        assert hashlib.sha256(content).hexdigest() == row.digest
        assert row.serial.encode() in content


def test_the_mail_signs_its_holder_in(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    rendering_operations.render(course_id)
    db.session.remove()
    mail = db.session.scalars(
        select(OutboxMail).where(OutboxMail.event == "certificate_ready")
    ).one()
    body = mails.opened(mail).body
    token = re.search(r"/sign-in/link/(\S+)", body)
    assert token is not None
    link = accounts.link(token[1])
    assert link is not None
    assert link.leads_to == "/my/certificates"
    assert link.account_id == graduates.holder(course_id, "María").account_id


def test_a_second_click_issues_nothing_twice(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    assert operations.issue_for_course(course_id, lead) == 0
    rendering_operations.render(course_id)
    rendering_operations.render(course_id)
    assert len(paper.drawn) == 3
    assert len(_register(course_id)) == 3
    asked = db.session.scalar(
        select(func.count()).select_from(Job).where(Job.task == "certificates.render")
    )
    assert asked == 1


def test_who_missed_too_much_gets_none(lead: Viewer) -> None:
    course_id = graduates.course_of(attended=3)  # 75 % where 80 % are asked for
    with pytest.raises(NoneEarned):
        operations.issue_for_course(course_id, lead)
    assert _register(course_id) == []


def test_not_before_the_course_is_completed(lead: Viewer) -> None:
    course_id = graduates.course_of(state=CourseState.RUNNING)
    with pytest.raises(CourseNotCompleted):
        operations.issue_for_course(course_id, lead)


def test_only_the_lead_agency_issues(each_app: Flask) -> None:
    course_id = graduates.course_of()
    for viewer in (
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.TRAINER, course_id=course_id),
        factories.account(Role.ADMINISTRATOR),
        Viewer(),
    ):
        with pytest.raises(NotFound):
            operations.issue_for_course(course_id, viewer)


def test_one_failure_leaves_the_others_going(lead: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    paper = Paper("Ana Álvarez")
    monkeypatch.setattr(rendering_operations, "workers", lambda: paper)
    rendering_operations.render(course_id)
    assert queries.progress(course_id) == (2, 1, 3)
    rendering_operations.render(course_id)
    assert len(paper.drawn) == 3  # given up until someone asks for it again
    paper.refuse = ()
    assert rendering_operations.render_again(course_id, lead) == 1
    rendering_operations.render(course_id)
    assert queries.progress(course_id) == (3, 0, 3)


def test_a_killed_worker_makes_nothing_twice(lead: Viewer, paper: Paper) -> None:
    """The job dies after the first file was stored; the next run does the rest."""
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    whole = paper.render

    def dying(
        pairs: Iterable[tuple[str, CertificateDocument]],
    ) -> Iterator[tuple[str, bytes | Failure]]:
        for number, pair in enumerate(whole(pairs)):
            if number == 1:
                raise KeyboardInterrupt
            yield pair

    paper.render = dying  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        rendering_operations.render(course_id)
    db.session.remove()
    paper.render = whole  # type: ignore[method-assign]
    rendering_operations.render(course_id)
    assert queries.progress(course_id) == (3, 0, 3)
    mails = db.session.scalars(select(OutboxMail).where(OutboxMail.event == "certificate_ready"))
    assert len(mails.all()) == 3


def test_later_edits_change_nothing_that_was_issued(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    before = {row.id: writes.content(row) for row in _register(course_id)}
    with transaction() as session:
        course = session.get_one(Course, course_id)
        course.titles = {"en": "Another title"}
        course.city, course.threshold = "Lima", 100
        session.execute(text('UPDATE agency SET short_names = \'{"en": "X"}\''))
        session.execute(text('UPDATE signatory SET titles = \'{"en": "X"}\''))
        session.execute(text("UPDATE registration SET printed_name = NULL"))
    assert {row.id: writes.content(row) for row in _register(course_id)} == before
    rendering_operations.render(course_id)
    for row in _register(course_id):
        frozen = before[row.id]
        assert frozen is not None
        assert row.course_titles["en"] == "Course for investigators"
        assert document.thaw(frozen, queries.kept).holder_name.encode() in print_operations.content(
            row
        )


def test_the_language_is_the_holders(lead: Viewer) -> None:
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    frozen = writes.content(_register(course_id)[0])
    assert frozen is not None
    paper = document.thaw(frozen, queries.kept)
    assert paper.first.language == "es"
    assert paper.first.course_title == "Curso para investigadores"
    assert "Bolivia" in paper.first.holder_line
    assert paper.signatories[0].title == "Dirección Regional"


def test_nothing_readable_is_stored(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    rendering_operations.render(course_id)
    for row in _register(course_id):
        assert row.content is not None
        assert "Núñez".encode() not in row.content
        assert b"startxref" not in row.content
    folder = current_app.extensions["settings"].instance
    stored = [path for path in folder.rglob("*") if path.is_file()]
    assert len(stored) >= 3
    for path in stored:
        assert "Núñez".encode() not in path.read_bytes()


def test_the_print_file_needs_a_certificate(lead: Viewer) -> None:
    course_id = graduates.course_of()
    with pytest.raises(NothingToPrint):
        print_operations.print_file(course_id, PrintChoice(), lead)


def test_the_print_file_is_in_order_of_name(
    lead: Viewer, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    rendering_operations.render(course_id)
    joined: list[bytes] = []
    monkeypatch.setattr(
        print_operations.joining, "join", lambda parts, *_: joined.extend(parts) or b"%PDF"
    )
    print_operations.print_file(course_id, PrintChoice(), lead)
    names = [b"lvarez" in part for part in joined]
    assert names[0]
    assert "Núñez".encode() in joined[1]


def test_a_trainer_prints_the_course_they_gave_and_no_other(
    each_app: Flask, lead: Viewer, paper: Paper
) -> None:
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    with pytest.raises(NotFound):
        print_operations.print_file(
            course_id,
            PrintChoice(),
            factories.account(Role.TRAINER, course_id=factories.course("LIM27")),
        )


def test_own_file_is_ones_own(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of()
    operations.issue_for_course(course_id, lead)
    rendering_operations.render(course_id)
    ana, maria = graduates.holder(course_id, "Ana"), graduates.holder(course_id, "María")
    mine = next(row for row in _register(course_id) if row.person_id == ana.person_id)
    content, serial = print_operations.own_file(mine.id, ana)
    assert serial == mine.serial
    assert "Ana Álvarez".encode() in content
    with pytest.raises(NotFound):
        print_operations.own_file(mine.id, maria)
    with pytest.raises(NotFound):
        print_operations.own_file(mine.id, Viewer())


def test_each_kind_is_issued_once_beside_the_others(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of()
    assert operations.issue_for_course(course_id, lead, Kind.ATTENDANCE) == 3
    assert operations.issue_for_course(course_id, lead, Kind.COMPLETION) == 3
    assert operations.issue_for_course(course_id, lead, Kind.ATTENDANCE) == 0
    assert {row.kind for row in _register(course_id)} == {Kind.ATTENDANCE, Kind.COMPLETION}


def test_who_taught_gets_a_trainers_certificate(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of(state=CourseState.RUNNING)
    teaches, idle = (graduates.trainer_of(course_id, lead, n) for n in (2, 0))
    graduates.complete(course_id)
    assert operations.issue_for_course(course_id, lead, Kind.TRAINER) == 1
    (row,) = _register(course_id)
    assert (row.kind, row.course_trainer_id, row.minutes) == (Kind.TRAINER, teaches, 240)
    assert row.course_trainer_id != idle
    frozen = writes.content(row)
    assert frozen is not None
    assert document.thaw(frozen, queries.kept).first.modules == ()
