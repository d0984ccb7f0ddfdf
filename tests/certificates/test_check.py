"""The check page: tells genuine from forged, and nobody anything about people."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from tests import factories
from tests.certificates import graduates
from tests.certificates.paper import Paper
from trainings.certificates import check_operations, check_views, operations, print_operations
from trainings.certificates.check_rules import AT_ONCE, FILES, TooManyFiles, Verdict
from trainings.certificates.models import Certificate
from trainings.certificates.rules import TooManyNames
from trainings.certificates.serial_rules import new_serial
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role
from trainings.printing import signing
from trainings.printing.rules import Inspection
from trainings.printing.signing import UNREADABLE


@pytest.fixture
def row(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """María José's certificate, ready."""
    monkeypatch.setattr(operations, "workers", lambda: Paper())
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, factories.account(Role.ORGANISER, agency="IOM"))
    operations.render(course_id)
    db.session.remove()
    return db.session.scalars(select(Certificate).execution_options(scope="operation")).one()


def _sql(statement: str, **values: object) -> None:
    with transaction() as session:
        session.execute(text(statement), values)


def test_the_code_says_what_but_not_who(row: Certificate, client: FlaskClient) -> None:
    page = client.get(f"/verify/{row.token}")
    assert page.status_code == 200
    body = page.get_data(as_text=True)
    assert "This certificate is genuine" in body
    assert "Course for investigators" in body
    assert row.serial in body
    for part in ("Núñez", "María", "Bolivia", "prosecutor"):
        assert part not in body
    assert page.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "typed",
    [
        "María José Núñez de la Peña",
        "nunez de la pena maria jose",
        "  MARÍA JOSÉ, NÚÑEZ DE LA PEÑA",
    ],
)
def test_the_name_on_the_paper_matches(row: Certificate, client: FlaskClient, typed: str) -> None:
    page = client.post(f"/verify/{row.token}", data={"name": typed})
    assert "The name matches" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "typed", ["María Núñez", "Ana Álvarez", "María José Núñez de la Peña Ruiz"]
)
def test_another_name_does_not(row: Certificate, client: FlaskClient, typed: str) -> None:
    page = client.post(f"/verify/{row.token}", data={"name": typed})
    body = page.get_data(as_text=True)
    assert "The name does not match" in body
    assert "Núñez de la Peña" not in body.replace(typed, "")


def test_unknown_and_malformed_codes_look_the_same(client: FlaskClient) -> None:
    pages = [client.get(f"/verify/{token}") for token in (new_key(), "x", "a" * 300, "%20")]
    changing = rb'value="/verify[^"]*"|name="csrf_token"[^>]*'
    bodies = {re.sub(changing, b"", page.data) for page in pages}
    assert {page.status_code for page in pages} == {404}
    assert len(bodies) == 1
    assert b"not ours" in pages[0].data


def test_unknown_serial_and_wrong_name_look_the_same(row: Certificate, client: FlaskClient) -> None:
    wrong_name = client.post("/verify", data={"serial": row.serial, "name": "Someone Else"})
    unknown = client.post("/verify", data={"serial": "BUE26-7KXQ4MP", "name": "Someone Else"})

    def plain(body: bytes) -> bytes:
        # the CSRF token of the language switch holds the second in which it was made
        body = re.sub(rb'name="(form_token|csrf_token)"[^>]*', b"", body)
        return body.replace(row.serial.encode(), b"S").replace(b"BUE26-7KXQ4MP", b"S")

    assert plain(wrong_name.data) == plain(unknown.data)
    assert wrong_name.status_code == unknown.status_code


def test_serial_and_name_open_the_entry(row: Certificate, client: FlaskClient) -> None:
    typed = row.serial.replace("-", " ").lower()
    page = client.post("/verify", data={"serial": typed, "name": "Maria Jose Nunez de la Pena"})
    assert "This certificate is genuine" in page.get_data(as_text=True), typed


def test_names_cannot_be_fished(row: Certificate) -> None:
    for number in range(5):
        assert not check_operations.name_matches(row.id, f"Guess {number}", "192.0.2.1")
    with pytest.raises(TooManyNames):
        for number in range(5):
            check_operations.name_matches(row.id, f"Guess {number}", "192.0.2.1")
    assert check_operations.name_matches(row.id, "María José Núñez de la Peña", "198.51.100.7")


def test_whoever_has_to_wait_is_told_how_long_and_what_else_helps(
    row: Certificate, client: FlaskClient
) -> None:
    path = f"/verify/{row.token}"
    said = {
        language: [
            client.post(path, data={"name": "X Y"}, headers={"Accept-Language": language})
            .get_data(as_text=True)
            for _ in range(6)
        ][-1]
        for language in ("es", "en")
    }  # fmt: skip
    assert "dentro de 1 minuto " in said["es"]
    assert "in 1 minute," in said["en"] or re.search(r"in \d+ minutes,", said["en"])
    assert "Check its PDF file instead</a>" in said["en"]


def test_a_right_name_is_not_counted(row: Certificate) -> None:
    for _ in range(12):
        assert check_operations.name_matches(row.id, "María José Núñez de la Peña", "192.0.2.1")


def test_the_file_itself_is_genuine(row: Certificate, client: FlaskClient) -> None:
    content = print_operations.content(row)
    page = client.post("/verify/file", data={"file": (io.BytesIO(content), "c.pdf")})
    assert "This certificate is genuine" in page.get_data(as_text=True)


def test_the_same_page_checks_one_file_after_the_other(row: Certificate, app: Flask) -> None:
    client = app.test_client()
    for _ in range(2):
        sent = {"file": (io.BytesIO(_pdf("Something")), "c.pdf"), "form_token": "one page"}
        page = client.post("/verify/file", data=sent)
        assert page.status_code == 200 and "not ours" in page.get_data(as_text=True)


def _pdf(identifier: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        with made.open_metadata() as metadata:
            metadata["dc:identifier"] = identifier
        made.save(out)
    return out.getvalue()


def test_a_file_with_our_code_and_other_bytes_is_altered(row: Certificate) -> None:
    finding = check_operations.by_file(_pdf(f"http://trainings.example/verify/{row.token}"))
    assert finding.verdict is Verdict.ALTERED
    assert finding.shown is not None
    assert finding.shown.serial == row.serial


def test_other_files_are_not_ours(row: Certificate, client: FlaskClient) -> None:
    assert check_operations.by_file(_pdf("Something")).verdict is Verdict.NOT_OURS
    assert check_operations.by_file(b"%PDF-1.7 rubbish").verdict is Verdict.NOT_OURS
    foreign = _pdf(f"http://elsewhere.example/verify/{row.token}")
    assert check_operations.by_file(foreign).verdict is Verdict.NOT_OURS


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF" + b"x" * 2000])
def test_a_bad_file_gets_a_sentence(
    app: Flask, client: FlaskClient, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_views, "LARGEST_FILE", 2000)
    page = client.post("/verify/file", data={"file": (io.BytesIO(content), "c.pdf")})
    assert page.status_code == 200
    assert re.search(r"Choose|PDF file of up to 5 MB", page.get_data(as_text=True))


@pytest.mark.parametrize(
    "fraud",
    [
        'UPDATE certificate SET course_titles = \'{"en": "Another course"}\'',
        "UPDATE certificate SET minutes = 6000",
        "UPDATE certificate SET ended_on = '2020-01-01'",
        "UPDATE certificate SET digest = 'abc'",
        "UPDATE certificate SET token = 'aaaaaaaaaaaaaaaaaaaaaa'",
        "UPDATE certificate SET serial = 'BUE26-AAAAAAA'",
    ],
)
def test_a_row_changed_by_other_hands_never_verifies(row: Certificate, fraud: str) -> None:
    _sql(fraud)
    db.session.remove()
    assert check_operations.by_token(row.token) is None
    assert check_operations.by_token("a" * 22) is None


def test_a_cloned_row_never_verifies(row: Certificate) -> None:
    token = new_key()
    columns = [column.name for column in Certificate.__table__.columns]
    changed = {"id": ":key", "token": ":token", "serial": ":key", "serial_key": ":key",
               "registration_id": "NULL"}  # fmt: skip
    values = ", ".join(changed.get(name, name) for name in columns)
    _sql(
        f"INSERT INTO certificate ({', '.join(columns)}) SELECT {values} FROM certificate",
        key=new_key(), token=token,
    )  # fmt: skip
    assert check_operations.by_token(token) is None


def test_an_un_revoked_row_never_verifies(row: Certificate) -> None:
    _sql("UPDATE certificate SET status = 'revoked'")
    assert check_operations.by_token(row.token) is None
    _sql("UPDATE certificate SET status = 'ready'")
    assert check_operations.by_token(row.token) is not None


def test_being_told_to_wait_does_not_tell_that_a_serial_is_known(
    row: Certificate, client: FlaskClient
) -> None:
    def answers(serial: str) -> list[bool]:
        pages = [client.post("/verify", data={"serial": serial, "name": "X Y"}) for _ in range(9)]
        return [b"carries this name" in page.data for page in pages]

    known, unknown = answers(row.serial), answers(new_serial("BUE26"))
    assert known == unknown
    assert not known[-1], "nobody is told to wait"


def test_addresses_of_one_network_have_the_tries_of_one(row: Certificate) -> None:
    with pytest.raises(TooManyNames):
        for host in range(9):
            check_operations.name_matches(row.id, "Someone Else", f"2001:db8:1:2::{host:x}")


def test_files_made_to_keep_us_busy_leave_room(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_into, turned_away = [], []

    def slow(pdf: bytes, _folder: object) -> Inspection:
        """While one is looked into the next arrives."""
        looked_into.append(pdf)
        try:
            check_operations.by_file(b"%PDF" + bytes(len(looked_into)))
        except TooManyFiles:
            turned_away.append(pdf)
        return UNREADABLE

    monkeypatch.setattr(signing, "inspect", slow)
    check_operations.by_file(b"%PDF")
    assert len(looked_into) == AT_ONCE and len(turned_away) == 1
    check_operations.by_file(b"%PDF")
    assert len(looked_into) == 2 * AT_ONCE, "a place was not given back"


def test_a_network_that_drops_strangers_files_has_to_wait(
    row: Certificate, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "inspect", lambda _pdf, _folder: UNREADABLE)

    def dropped(content: bytes) -> int:
        file = (io.BytesIO(content), "x.pdf")
        return client.post("/verify/file", data={"file": file}).status_code

    codes = [dropped(b"%PDF-1.7 not ours") for _ in range(FILES.free + 2)]
    assert codes[0] == 200 and codes[-1] == 429
    assert dropped(_stored(row)) == 200, "ours is never in the way"


def _stored(row: Certificate) -> bytes:
    return print_operations.content(row)


@pytest.mark.parametrize("by_serial", [True, False])
def test_a_mistyped_name_is_typed_again_on_the_same_page(
    row: Certificate, client: FlaskClient, by_serial: bool
) -> None:
    address = "/verify" if by_serial else f"/verify/{row.token}"
    page = client.get(address)
    for typed in ("Maria Nunez", "María José Núñez de la Peña"):
        hidden = re.search(rb'name="form_token"[^>]*value="([^"]+)"', page.data)
        sent = {"serial": row.serial, "name": typed}
        page = client.post(
            address, data={**sent, "form_token": hidden[1].decode()} if hidden else sent
        )
    assert b"The name matches" in page.data
