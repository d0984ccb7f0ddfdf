"""The look of a course's certificates: chosen once, taken by what is issued from then on."""

from __future__ import annotations

import base64
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import delete, select

from tests import factories
from tests.certificates import graduates
from trainings.attendance.models import AttendanceMark
from trainings.audit.models import AuditEntry
from trainings.certificates import operations, reissue_operations
from trainings.certificates.rules import NoLongerEarned
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.looks import operations as look_operations
from trainings.printing import rules as printing_rules
from trainings.printing.rules import CertificateDocument, Failure, Reason, Template
from trainings.register import document, queries, register_mac, writes
from trainings.register.look_rules import (
    DEFAULT_LOOKS,
    BesideMissing,
    Look,
    Style,
    languages_of,
    look,
)
from trainings.register.models import Certificate
from trainings.register.rules import EndReason, Kind
from trainings.register.trust_rules import Trust


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def _papers(course_id: str) -> list[tuple[Certificate, CertificateDocument]]:
    rows = db.session.scalars(
        select(Certificate)
        .where(Certificate.course_id == course_id)
        .order_by(Certificate.issued_at)
        .execution_options(scope="operation")
    ).all()
    return [(row, document.thaw(writes.content(row) or b"", queries.kept)) for row in rows]


@pytest.mark.parametrize(
    ("own", "chosen", "course", "spoken"),
    [
        ("es", Look(Style.FORMAL), ["es", "en"], ("es",)),
        ("es", Look(Style.BILINGUAL, "en"), ["es"], ("es", "en")),
        ("en", Look(Style.BILINGUAL, "en"), ["es", "fr"], ("en", "es")),
        ("en", Look(Style.BILINGUAL, "en"), ["en", "fr"], ("en", "fr")),
        ("en", Look(Style.BILINGUAL, "en"), ["en"], ("en",)),
    ],
)
def test_the_holders_language_stands_first_and_nothing_twice(
    own: str, chosen: Look, course: list[str], spoken: tuple[str, ...]
) -> None:
    assert languages_of(own, chosen, course) == spoken


def test_one_language_has_nothing_beside() -> None:
    assert look(Style.MODERN, "fr") == Look(Style.MODERN)
    with pytest.raises(BesideMissing):
        look(Style.BILINGUAL, "")


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_begins_with_a_look_of_its_own(app: Flask, kind: Kind) -> None:
    assert queries.look_of(graduates.course_of(), kind) == DEFAULT_LOOKS[kind]


@pytest.mark.parametrize(
    ("style", "template"),
    [
        (Style.FORMAL, Template.FORMAL),
        (Style.MODERN, Template.MODERN),
        (Style.LETTER, Template.LETTER),
    ],
)
def test_what_is_issued_takes_it(lead: Viewer, style: Style, template: Template) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1])
    look_operations.choose(course_id, Kind.COMPLETION, style, "", lead)
    operations.issue_for_course(course_id, lead)
    ((_, paper),) = _papers(course_id)
    assert (paper.template, paper.second) == (template, None)


def test_two_languages_side_by_side(lead: Viewer) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1])
    look_operations.choose(course_id, Kind.COMPLETION, Style.BILINGUAL, "en", lead)
    operations.issue_for_course(course_id, lead)
    ((row, paper),) = _papers(course_id)
    assert row.language == paper.first.language == "es"
    assert paper.second is not None
    assert (paper.first.heading, paper.second.heading) == ("Certificado", "Certificate")
    assert paper.first.course_title == "Curso para investigadores"
    assert paper.second.course_title == "Course for investigators"
    assert paper.signatories[0].title == "Dirección Regional / Regional Director"
    assert (" de " in paper.first.when_and_where, " de " in paper.second.when_and_where) == (
        True,
        False,
    )


def test_the_version_of_the_template_is_frozen(
    lead: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    ((row, paper),) = _papers(course_id)
    now = Template.FORMAL.version
    assert paper.template_version == now > 0
    monkeypatch.setitem(printing_rules._VERSIONS, Template.FORMAL, now + 1)
    reissue_operations.reissue(course_id, row.id, "Ana Paz", EndReason.NAME, "", lead)
    db.session.expire_all()
    assert sorted(one.template_version for _, one in _papers(course_id)) == [now, now + 1]


def test_what_was_frozen_by_earlier_releases_is_understood(lead: Viewer) -> None:
    """Its pictures stood in it, and it said no version."""
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    ((row, paper),) = _papers(course_id)
    packed = json.loads(writes.content(row) or b"")
    del packed["pictures"], packed["head"]["values"]["template_version"]
    packed["body"] = base64.b64encode(document.pictures(paper)).decode()
    thawed = document.thaw(json.dumps(packed).encode(), queries.kept)
    assert thawed == replace(paper, template_version=0)


def test_what_was_issued_keeps_its_own(lead: Viewer) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    ((row, _),) = _papers(course_id)
    before = writes.content(row)
    look_operations.choose(course_id, Kind.COMPLETION, Style.LETTER, "", lead)
    db.session.expire_all()
    assert [writes.content(one) for one, _ in _papers(course_id)] == [before]


def test_the_last_choice_counts_and_is_in_the_trail(lead: Viewer) -> None:
    course_id = graduates.course_of()
    look_operations.choose(course_id, Kind.COMPLETION, Style.BILINGUAL, "fr", lead)
    look_operations.choose(course_id, Kind.COMPLETION, Style.MODERN, "fr", lead)
    assert queries.look_of(course_id, Kind.COMPLETION) == Look(Style.MODERN)
    assert queries.look_of(course_id, Kind.ATTENDANCE) == DEFAULT_LOOKS[Kind.ATTENDANCE]
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()
    assert acts.count("certificate.look") == 2


def test_only_the_lead_agency_chooses(app: Flask, lead: Viewer) -> None:
    course_id = graduates.course_of()
    for by in (
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.TRAINER, course_id=course_id),
    ):
        with pytest.raises(NotFound):
            look_operations.choose(course_id, Kind.COMPLETION, Style.MODERN, "", by)


def test_a_correction_keeps_or_renews_the_rest(lead: Viewer) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    ((first, _),) = _papers(course_id)
    look_operations.choose(course_id, Kind.COMPLETION, Style.BILINGUAL, "en", lead)
    with transaction() as session:
        session.get_one(Course, course_id).titles = {"en": "Corrected", "es": "Corregido"}
    kept = reissue_operations.reissue(course_id, first.id, "Ana Paz", EndReason.NAME, "", lead)
    renewed = reissue_operations.reissue(
        course_id, kept, "Ana Paz", EndReason.NAME, "", lead, afresh=True
    )
    found = {row.id: (row, paper) for row, paper in _papers(course_id)}
    row, paper = found[kept]
    assert paper.first.course_title == row.course_titles["es"] == "Curso para investigadores"
    assert paper.second is None
    row, paper = found[renewed]
    assert paper.first.course_title == row.course_titles["es"] == "Corregido"
    assert paper.second is not None
    assert paper.second.course_title == "Corrected"
    assert paper.holder_name == "Ana Paz"
    assert f"Sustituye al certificado n.º {found[kept][0].serial}." in paper.first.notes
    assert f"Replaces certificate no. {found[kept][0].serial}." in paper.first.notes
    assert found[kept][0].successor_id == renewed
    assert all(register_mac.standing(one) is Trust.SOUND for one, _ in found.values())


def test_the_page_keeps_the_choice(lead: Viewer, client: FlaskClient) -> None:
    course_id = graduates.course_of()
    factories.sign_in(client, lead)
    page = client.get("/courses/BUE26/certificates/look?kind=attendance")
    assert page.status_code == 200
    answer = client.post(
        "/courses/BUE26/certificates/look?kind=attendance",
        data={"style": "bilingual", "beside": "fr", "shown": "es"},
    )
    assert answer.status_code == 303
    assert queries.look_of(course_id, Kind.ATTENDANCE) == Look(Style.BILINGUAL, "fr")
    page = client.get("/courses/BUE26/certificates?kind=attendance").get_data(as_text=True)
    assert "Formal, in two languages side by side (also in Français)" in page
    assert client.get("/courses/BUE26/certificates/look?kind=x").status_code == 404


def test_two_languages_need_a_second(lead: Viewer, client: FlaskClient) -> None:
    course_id = graduates.course_of()
    factories.sign_in(client, lead)
    page = client.post(
        "/courses/BUE26/certificates/look", data={"style": "bilingual", "beside": "", "shown": "es"}
    )
    assert page.status_code == 200
    assert "Choose the language to show beside the holder" in page.get_data(as_text=True)
    assert queries.look_of(course_id, Kind.COMPLETION) == DEFAULT_LOOKS[Kind.COMPLETION]


def test_the_specimen_follows_the_choice(
    lead: Viewer, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    graduates.course_of()
    factories.sign_in(client, lead)
    asked: list[CertificateDocument] = []

    def picture(paper: CertificateDocument, _width: int) -> bytes:
        asked.append(paper)
        return b"PNG"

    monkeypatch.setattr(look_operations.cage, "picture", picture)
    place = "/courses/BUE26/certificates/specimen"
    page = client.get(f"{place}?style=bilingual&beside=en&shown=fr").get_data(as_text=True)
    assert base64.b64encode(b"PNG").decode() in page
    assert "in Français" in page
    assert asked[0].second is not None
    assert (asked[0].first.language, asked[0].second.language) == ("fr", "en")
    assert "Sample, not a certificate" in asked[0].first.notes
    client.get(f"{place}?kind=attendance")
    assert asked[1].template is Template.LETTER
    page = client.get(f"{place}?style=bilingual&beside=").get_data(as_text=True)
    assert "Choose the language to show beside the holder" in page
    assert client.get(f"{place}?style=x").status_code == 404
    monkeypatch.setattr(look_operations.cage, "picture", lambda *_: Failure(Reason.DOES_NOT_FIT))
    assert "The text does not fit on one page. Shorten the title, the" in client.get(
        place
    ).get_data(as_text=True)


def test_nothing_is_made_anew_that_is_no_longer_earned(lead: Viewer, client: FlaskClient) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    ((issued, _),) = _papers(course_id)
    with transaction() as session:
        session.execute(delete(AttendanceMark))
    with pytest.raises(NoLongerEarned):
        reissue_operations.reissue(
            course_id, issued.id, "Ana Paz", EndReason.NAME, "", lead, afresh=True
        )
    factories.sign_in(client, lead)
    page = client.post(
        f"/courses/BUE26/certificates/{issued.id}/correct",
        data={"printed_name": "Ana Paz", "reason": "name", "note": "kept", "afresh": "y"},
    ).get_data(as_text=True)
    assert "this certificate is not earned" in page
    assert "kept" in page
    reissue_operations.reissue(course_id, issued.id, "Ana Paz", EndReason.NAME, "", lead)
    assert len(_papers(course_id)) == 2
