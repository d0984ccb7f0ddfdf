"""Scanned signatures: kept sealed, shown on what is issued next, gone with who signed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.agencies.test_marks import picture
from tests.certificates import graduates
from trainings.agencies.rules import NoPicture
from trainings.audit.models import AuditEntry
from trainings.certificates import operations
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses import writes as course_writes
from trainings.courses.models import Course, Signatory
from trainings.planning import signature_operations
from trainings.register import document, queries, writes
from trainings.register.models import Certificate


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def course_id(lead: Viewer) -> str:
    return graduates.course_of(graduates.NAMES[:1])


def _signatory() -> Signatory:
    db.session.remove()
    return db.session.scalars(select(Signatory)).one()


def test_a_signature_stands_on_what_is_issued_and_stays_there(course_id: str, lead: Viewer) -> None:
    signature_operations.set_signature(course_id, _signatory().id, picture(), lead)
    kept = courses.signature_of(_signatory())
    assert kept.startswith(b"\x89PNG")
    operations.issue_for_course(course_id, lead)
    signature_operations.remove_signature(course_id, _signatory().id, lead)
    assert courses.signature_of(_signatory()) == b""
    row = db.session.scalars(select(Certificate).execution_options(scope="operation")).one()
    frozen = writes.content(row)
    assert frozen is not None
    assert [who.picture for who in document.thaw(frozen, queries.kept).signatories] == [kept]
    acts = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "signature.set").order_by(AuditEntry.number)
    ).all()
    assert [entry.details["kept"] for entry in acts] == [True, False]


def test_who_stays_keeps_it_and_another_title_has_none(course_id: str, lead: Viewer) -> None:
    first = _signatory()
    signature_operations.set_signature(course_id, first.id, picture(), lead)

    def say(*titles: str) -> list[bytes]:
        with transaction() as session:
            course = session.get_one(Course, course_id)
            wanted = [
                (first.agency_id, dict(first.titles) if t == "same" else {"en": t}) for t in titles
            ]
            course_writes.set_signatories(session, course, wanted)
        db.session.remove()
        rows = db.session.scalars(select(Signatory).order_by(Signatory.position)).all()
        return [courses.signature_of(row) for row in rows]

    def files() -> int:
        folder: Path = current_app.extensions["settings"].files
        return sum(path.is_file() for path in folder.rglob("*"))

    other, same = say("Somebody else", "same")
    assert (other, bool(same)) == (b"", True)
    kept = files()
    assert say("Another title") == [b""]
    assert files() == kept - 1


def test_only_the_lead_puts_signatures(course_id: str, lead: Viewer) -> None:
    key = _signatory().id
    for stranger in (
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.TRAINER, course_id=course_id),
        factories.account(Role.ADMINISTRATOR),
        Viewer(),
    ):
        with pytest.raises(NotFound):
            signature_operations.set_signature(course_id, key, picture(), stranger)
    elsewhere = factories.course("LIM27")
    with pytest.raises(NotFound):
        signature_operations.set_signature(elsewhere, key, picture(), lead)
    with pytest.raises(NoPicture):
        signature_operations.set_signature(course_id, key, b"<svg/>", lead)


def test_the_page_takes_one_and_says_why_not(
    course_id: str, lead: Viewer, client: FlaskClient
) -> None:
    factories.sign_in(client, lead)
    key = _signatory().id
    page = client.get("/courses/BUE26/signatures").get_data(as_text=True)
    assert "None: signed by hand" in page

    def send(data: bytes) -> str:
        answer = client.post(
            f"/courses/BUE26/signatures/{key}",
            data={"picture": (io.BytesIO(data), "s.png")},
            follow_redirects=True,
        )
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    assert "Choose a PNG or JPEG picture" in send(b"<svg/>")
    assert "The signature has been saved. It appears on everything" in send(picture())
    assert client.get(f"/courses/BUE26/signatures/{key}.png").data.startswith(b"\x89PNG")
