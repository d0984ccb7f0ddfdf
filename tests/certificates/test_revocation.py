"""Revoking and correcting: the register says it at once, and what was issued stays."""

from __future__ import annotations

import io

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import counting, factories
from tests.certificates import graduates
from tests.certificates.paper import Paper
from trainings.certificates import (
    operations,
    reissue_operations,
    rendering_operations,
    revocation_operations,
)
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.print_room import operations as print_operations
from trainings.register import document, queries, writes
from trainings.register.models import Certificate
from trainings.register.rules import EndReason, Status, StatusRefused
from trainings.verification import operations as check_operations
from trainings.verification.rules import Verdict


def _all(course_id: str) -> list[Certificate]:
    db.session.remove()
    return list(
        db.session.scalars(
            select(Certificate)
            .where(Certificate.course_id == course_id)
            .order_by(Certificate.issued_at, Certificate.id)
            .execution_options(scope="operation")
        )
    )


@pytest.fixture
def lead(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Viewer:
    monkeypatch.setattr(rendering_operations, "workers", lambda: Paper())
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def issued(lead: Viewer) -> Certificate:
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    rendering_operations.render(course_id)
    (row,) = _all(course_id)
    return row


def test_a_revoked_one_shows_at_once(issued: Certificate, lead: Viewer) -> None:
    content = print_operations.content(issued)
    revocation_operations.revoke(issued.course_id, issued.id, EndReason.MISUSE, "a note", lead)
    shown = check_operations.by_token(issued.token)
    assert shown is not None
    assert shown.verdict is Verdict.REVOKED
    assert check_operations.by_file(content).verdict is Verdict.REVOKED
    holder = graduates.holder(issued.course_id, "María")
    with pytest.raises(NotFound):
        print_operations.own_file(issued.id, holder)


def test_revoking_asks_the_database_little(issued: Certificate, lead: Viewer) -> None:
    with counting.statements() as sent:
        revocation_operations.revoke(issued.course_id, issued.id, EndReason.MISUSE, "note", lead)
    assert len(sent) <= 9, "\n".join(sent)
    assert len(factories.mails("certificate_revoked")) == 1


def test_its_holder_is_told_with_the_reason_and_without_the_note(
    issued: Certificate, lead: Viewer
) -> None:
    revocation_operations.revoke(
        issued.course_id, issued.id, EndReason.NOT_EARNED, "Kept inside", lead
    )
    db.session.remove()
    (mail,) = factories.mails("certificate_revoked")
    assert mail.subject == "Un certificado ya no es válido (BUE26)"
    for said in ("María José", issued.serial, "No se cumplían", f"/verify/{issued.token}"):
        assert said in mail.body
    assert "Kept inside" not in mail.body


def test_nobody_is_told_of_one_that_could_not_be_had_or_was_replaced(
    issued: Certificate, lead: Viewer
) -> None:
    new = reissue_operations.reissue(
        issued.course_id, issued.id, "Ana Paz", EndReason.NAME, "", lead
    )
    for key in (issued.id, new):  # superseded, and not yet ready
        revocation_operations.revoke(issued.course_id, key, EndReason.MISTAKE, "", lead)
    db.session.remove()
    assert factories.mails("certificate_revoked") == []


def test_revoked_is_for_good(issued: Certificate, lead: Viewer) -> None:
    revocation_operations.revoke(issued.course_id, issued.id, EndReason.MISUSE, "", lead)
    with pytest.raises(StatusRefused):
        revocation_operations.revoke(issued.course_id, issued.id, EndReason.MISUSE, "", lead)
    with pytest.raises(StatusRefused):
        reissue_operations.reissue(issued.course_id, issued.id, "X Y", EndReason.NAME, "", lead)


def test_issuing_to_all_leaves_a_revoked_one_revoked(issued: Certificate, lead: Viewer) -> None:
    revocation_operations.revoke(issued.course_id, issued.id, EndReason.NOT_EARNED, "", lead)
    assert operations.issue_for_course(issued.course_id, lead) == 0
    assert operations.issue_for_course(issued.course_id, lead, again="another") == 0
    assert operations.issue_for_course(issued.course_id, lead, again=issued.id) == 1
    assert operations.issue_for_course(issued.course_id, lead, again=issued.id) == 0
    assert sorted(row.status for row in _all(issued.course_id)) == [Status.ISSUED, Status.REVOKED]


def test_the_list_says_who_lost_theirs_and_gives_it_back_on_purpose(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering_operations, "workers", lambda: Paper())
    lead = factories.account(Role.ORGANISER, agency="IOM")
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    rendering_operations.render(course_id)
    (issued,) = _all(course_id)
    factories.sign_in(client, lead)
    answer = client.post(
        f"/courses/BUE26/certificates/{issued.id}/revoke", data={"reason": "mistake"}
    )
    assert answer.location.endswith("?kind=completion")
    page = client.get("/courses/BUE26/certificates").get_data(as_text=True)
    assert "Revoked" in page
    assert issued.serial in page
    assert "Issue again" in page
    assert "Issue 1 certificate" not in page
    client.post(f"/courses/BUE26/certificates?kind=completion&again={issued.id}")
    assert {row.status for row in _all(course_id)} == {Status.REVOKED, Status.ISSUED}


def test_a_corrected_one_supersedes(issued: Certificate, lead: Viewer) -> None:
    old_content = print_operations.content(issued)
    key = reissue_operations.reissue(
        issued.course_id, issued.id, "María José Núñez Peña", EndReason.NAME, "", lead
    )
    rendering_operations.render(issued.course_id)
    rows = {row.id: row for row in _all(issued.course_id)}
    old, new = rows[issued.id], rows[key]
    assert (old.status, old.successor_id, new.status) == (Status.SUPERSEDED, key, Status.READY)
    assert check_operations.by_file(old_content).verdict is Verdict.SUPERSEDED
    assert check_operations.by_file(print_operations.content(new)).verdict is Verdict.GENUINE
    frozen = writes.content(new)
    assert frozen is not None
    paper = document.thaw(frozen, queries.kept)
    assert paper.holder_name == "María José Núñez Peña"
    assert old.serial in paper.first.notes
    before = writes.content(old)
    assert before is not None
    assert document.thaw(before, queries.kept).first.course_title == paper.first.course_title


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ADMINISTRATOR, Role.DATA_PROTECTION])
def test_only_the_lead_agency_ends(issued: Certificate, role: Role) -> None:
    scope = {"course_id": issued.course_id} if role is Role.TRAINER else {}
    for by in (factories.account(role, **scope), factories.account(Role.ORGANISER, agency="UNODC")):
        with pytest.raises(NotFound):
            revocation_operations.revoke(issued.course_id, issued.id, EndReason.MISUSE, "", by)


def test_another_courses_certificate_is_not_found(issued: Certificate, lead: Viewer) -> None:
    other = factories.course("LIM27")
    with pytest.raises(NotFound):
        revocation_operations.revoke(other, issued.id, EndReason.MISUSE, "", lead)


def test_an_erased_person_leaves_an_entry_that_verifies(issued: Certificate) -> None:
    content = print_operations.content(issued)
    with transaction() as session:
        assert writes.forget_person(session, issued.person_id or "") == 1
    shown = check_operations.by_token(issued.token)
    assert shown is not None
    assert shown.verdict is Verdict.GENUINE
    assert check_operations.by_file(content).verdict is Verdict.GENUINE
    assert not check_operations.name_matches(issued.id, "María José Núñez de la Peña", "192.0.2.9")
    (row,) = _all(issued.course_id)
    assert (row.data_key, row.content, row.file_name, row.person_id) == (None, None, None, None)
    with pytest.raises(NotFound):
        print_operations.content(row)


def test_an_erasure_that_is_rolled_back_keeps_the_file(issued: Certificate) -> None:
    with pytest.raises(ValueError), transaction() as session:
        writes.forget_person(session, issued.person_id or "")
        raise ValueError
    (row,) = _all(issued.course_id)
    assert print_operations.content(row).startswith(b"%PDF")
    with transaction() as session:
        writes.forget_person(session, issued.person_id or "")
    folder = current_app.extensions["settings"].files
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_who_is_erased_before_there_is_a_file_leaves_none(
    lead: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = graduates.course_of(graduates.NAMES[:2])
    operations.issue_for_course(course_id, lead)
    first, *_rest = _all(course_id)

    class Meanwhile(Paper):
        def render(self, pairs):  # type: ignore[no-untyped-def]
            for key, result in super().render(pairs):
                if key == first.id:
                    with transaction() as session:
                        writes.forget_person(session, first.person_id or "")
                yield key, result

    monkeypatch.setattr(rendering_operations, "workers", lambda: Meanwhile())
    rendering_operations.render(course_id)
    rows = {row.id: row for row in _all(course_id)}
    assert rows[first.id].status is Status.ISSUED
    assert rows[first.id].digest is None
    folder = current_app.extensions["settings"].files
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
    assert queries.progress(course_id) == (1, 0, 1), "the bar comes to its end"
    assert list(queries.unrendered(course_id)) == []
    shown = check_operations.by_token(rows[first.id].token)
    assert shown is not None
    assert shown.verdict is Verdict.GENUINE


def test_revoking_asks_to_sign_in_again(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering_operations, "workers", lambda: Paper())
    lead = factories.account(Role.ORGANISER, agency="IOM")
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    rendering_operations.render(course_id)
    (row,) = _all(course_id)
    path = f"/courses/BUE26/certificates/{row.id}/revoke"
    with clock.shifted(-clock.timedelta(minutes=6)):
        factories.sign_in(client, lead)
    page = client.post(path, data={"reason": "misuse"})
    assert page.status_code == 303
    assert "/sign-in?" in page.location
    assert "again=yes" in page.location
    assert _all(course_id)[0].status is Status.READY
    factories.sign_in(client, lead)
    page = client.post(path, data={"reason": "misuse"})
    assert _all(course_id)[0].status is Status.REVOKED
    body = client.get(f"/verify/{row.token}").get_data(as_text=True)
    assert "no longer valid" in body


def test_the_pages_open_and_keep_what_was_typed(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering_operations, "workers", lambda: Paper())
    lead = factories.account(Role.ORGANISER, agency="IOM")
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    rendering_operations.render(course_id)
    (row,) = _all(course_id)
    factories.sign_in(client, lead)
    for act in ("revoke", "correct"):
        page = client.get(f"/courses/BUE26/certificates/{row.id}/{act}")
        assert page.status_code == 200
        assert row.serial in page.get_data(as_text=True)
    page = client.post(
        f"/courses/BUE26/certificates/{row.id}/correct",
        data={"printed_name": "", "reason": "name", "note": "typed before"},
    )
    body = page.get_data(as_text=True)
    assert "Enter the name as it should be printed." in body
    assert "typed before" in body
    assert queries.progress(course_id) == (1, 0, 1)
    assert io.BytesIO(print_operations.content(row)).read(4) == b"%PDF"
