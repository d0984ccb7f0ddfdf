"""The check page: says what was issued, and nobody anything about people."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from trainings.core.db import db, new_key, transaction
from trainings.register import writes
from trainings.register.models import Certificate
from trainings.register.rules import EndReason, Status
from trainings.register.serial_rules import new_serial
from trainings.verification import operations as check_operations
from trainings.verification.rules import Verdict

RIGHT = "María José Núñez de la Peña"


def _sql(statement: str, **values: object) -> None:
    with transaction() as session:
        session.execute(text(statement), values)


def test_the_code_says_what_but_not_who(row: Certificate, client: FlaskClient) -> None:
    page = client.get(f"/verify/{row.token}")
    assert page.status_code == 200
    body = page.get_data(as_text=True)
    assert "This number is ours: now compare" in body
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
    assert "This certificate is genuine" in page.get_data(as_text=True)


def test_there_is_no_tick_before_a_name_or_the_file(row: Certificate, client: FlaskClient) -> None:
    """A code borrowed for a forged paper, and its number: neither is a yes."""

    def ticks(data: bytes) -> int:
        return data.count(b"verdict-green")

    assert ticks(client.get(f"/verify/{row.token}").data) == 0
    assert ticks(client.post("/verify", data={"serial": row.serial}).data) == 0
    for address in ("/verify", f"/verify/{row.token}"):
        sent = {"serial": row.serial, "name": "Otra Persona"}
        assert ticks(client.post(address, data=sent).data) == 0
        sent["name"] = RIGHT
        assert ticks(client.post(address, data=sent).data) == 1


@pytest.mark.parametrize(
    ("status", "act"), [("superseded", "certificate.supersede"), ("revoked", "certificate.revoke")]
)
def test_the_right_name_gives_no_tick_to_what_has_ended(
    row: Certificate, client: FlaskClient, status: str, act: str
) -> None:
    with transaction() as session:
        kept = session.get_one(Certificate, row.id, execution_options={"scope": "operation"})
        writes.end(kept, Status(status), EndReason.OTHER, "")
        writes.record_ending(session, kept, act, None)
    db.session.remove()
    sent = {"serial": row.serial, "name": RIGHT}
    for address in ("/verify", f"/verify/{row.token}"):
        body = client.post(address, data=sent).get_data(as_text=True)
        assert "The name matches" in body
        assert "verdict-green" not in body


def test_the_paper_of_an_erased_holder_is_not_called_somebody_elses(
    row: Certificate, client: FlaskClient
) -> None:
    with transaction() as session:
        writes.forget_person(session, row.person_id or "")
    db.session.remove()
    asked = client.get(f"/verify/{row.token}")
    named = client.post(f"/verify/{row.token}", data={"name": RIGHT})
    for page in (asked, named):
        body = page.get_data(as_text=True)
        assert "but the name can no longer be compared" in body
        assert "does not match" not in body
        assert "verdict-green" not in body and 'name="name"' not in body


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


@pytest.mark.parametrize("name", [{}, {"name": ""}, {"name": "Someone Else"}])
def test_unknown_serial_and_wrong_name_look_the_same(
    row: Certificate, client: FlaskClient, name: dict[str, str]
) -> None:
    """In each step: before a name is typed, with none, with a wrong one."""
    strange = new_serial("BUE26")
    known = client.post("/verify", data={"serial": row.serial, **name})
    unknown = client.post("/verify", data={"serial": strange, **name})

    def plain(body: bytes) -> bytes:
        # the CSRF token of the language switch holds the second in which it was made
        body = re.sub(rb'name="(form_token|csrf_token)"[^>]*', b"", body)
        return body.replace(row.serial.encode(), b"S").replace(strange.encode(), b"S")

    assert plain(known.data) == plain(unknown.data)
    assert known.status_code == unknown.status_code
    if name.get("name"):
        assert b"No certificate has both this serial number and this name." in known.data


@pytest.mark.parametrize("name", [{}, {"name": "Someone Else"}])
def test_a_mistyped_serial_is_called_so_and_no_other(
    row: Certificate, client: FlaskClient, name: dict[str, str]
) -> None:
    slip = row.serial[:-1] + ("K" if row.serial[-1] != "K" else "M")
    for typed, mistyped in ((slip, True), (row.serial, False), (new_serial("BUE26"), False)):
        page = client.post("/verify", data={"serial": typed, **name})
        assert (b"There is a typing mistake in this serial number." in page.data) == mistyped


def test_a_serial_is_said_again_as_it_is_printed(row: Certificate, client: FlaskClient) -> None:
    for typed in (row.serial.lower().replace("-", " "), f"N.º {row.serial}"):
        page = client.post("/verify", data={"serial": typed}).text
        assert f"{row.serial} has no typing mistake." in page


def test_serial_and_name_open_the_entry(row: Certificate, client: FlaskClient) -> None:
    typed = f"N.º {row.serial.replace('-', ' ').lower()}"
    page = client.post("/verify", data={"serial": typed, "name": "Maria Jose Nunez de la Pena"})
    assert "This certificate is genuine" in page.get_data(as_text=True), typed


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
    assert not _vouched_for(row.token)
    assert not _vouched_for("a" * 22)


def _vouched_for(token: str) -> bool:
    """Whether the check page says anything of it but that it cannot be confirmed."""
    shown = check_operations.by_token(token)
    return shown is not None and shown.verdict is not Verdict.UNCONFIRMED


def test_a_cloned_row_never_verifies(row: Certificate) -> None:
    token = new_key()
    columns = [column.name for column in Certificate.__table__.columns]
    changed = {
        "id": ":key",
        "token": ":token",
        "serial": ":key",
        "serial_key": ":key",
        "registration_id": "NULL",
    }
    values = ", ".join(changed.get(name, name) for name in columns)
    _sql(
        f"INSERT INTO certificate ({', '.join(columns)}) SELECT {values} FROM certificate",
        key=new_key(),
        token=token,
    )
    assert check_operations.by_token(token) is None


def test_an_un_revoked_row_never_verifies(row: Certificate) -> None:
    _sql("UPDATE certificate SET status = 'revoked'")
    assert not _vouched_for(row.token)
    _sql("UPDATE certificate SET status = 'ready'")
    assert _vouched_for(row.token)


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
