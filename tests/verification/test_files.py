"""Files dropped on the check page: what each is told, and what each may cost."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from trainings.core import config
from trainings.core.db import new_key
from trainings.print_room import operations as print_operations
from trainings.printing.renderer import OutOfTime
from trainings.printing.rules import Inspection, Seal, SealCheck
from trainings.register import file_mac
from trainings.register.models import Certificate
from trainings.register.serial_rules import new_serial
from trainings.signing import signing
from trainings.signing.signing import UNREADABLE
from trainings.verification import operations as check_operations
from trainings.verification import views as check_views
from trainings.verification.rules import AT_ONCE, FILES, FileNotRead, TooManyFiles, Verdict


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


def _pdf(*identifiers: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        with made.open_metadata() as metadata:
            metadata["xmp:Identifier"] = list(identifiers)
        made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("way", ["serial", "link"])
def test_a_file_earns_no_more_than_its_number_would_typed(
    row: Certificate, client: FlaskClient, way: str
) -> None:
    """A few bytes with a serial or a link in them: nothing of the register is shown (F10)."""
    link = f"{config.settings().base_url}/verify/{row.token}"
    said = row.serial if way == "serial" else link
    page = client.post("/verify/file", data={"file": (io.BytesIO(_pdf(said)), "c.pdf")})
    body = page.get_data(as_text=True)
    assert "This is not the file that was issued" in body
    assert "verdict-green" not in body and "verdict-red" not in body
    assert "Course for investigators" not in body and "Planned hours" not in body
    assert (row.token in body, row.serial in body) == (way == "link", way == "serial")
    if way == "link":  # its own page knows whether the holder's name is still there to compare
        assert 'name="name"' not in body
        assert f'href="/verify/{row.token}">Compare the name on it' in body
    else:
        serial = re.search(r'name="serial"[^>]*value="([^"]*)"', body)
        assert serial and 'action="/verify"' in body
        sent = {"serial": serial[1], "name": "María José Núñez de la Peña"}
        assert b"This certificate is genuine" in client.post("/verify", data=sent).data


def test_a_file_does_not_tell_whether_a_serial_is_known(
    row: Certificate, client: FlaskClient
) -> None:
    bodies = set()
    for serial in (row.serial, new_serial("BUE26")):
        page = client.post("/verify/file", data={"file": (io.BytesIO(_pdf(serial)), "c.pdf")})
        body = re.sub(rb'name="(form_token|csrf_token)"[^>]*', b"", page.data)
        bodies.add(body.replace(serial.encode(), b"S"))
    assert len(bodies) == 1


def test_a_file_without_a_number_of_ours_is_not_ours(row: Certificate) -> None:
    slip = row.serial[:-1] + ("K" if row.serial[-1] != "K" else "M")
    base = config.settings().base_url
    elsewhere = f"http://elsewhere.example/verify/{row.token}"
    for said in ("Something", slip, elsewhere, f"{base}/verify/{new_key()}"):
        assert check_operations.by_file(_pdf(said)).verdict is Verdict.NOT_OURS, said


def test_what_cannot_be_read_is_not_said_to_bear_no_number(row: Certificate) -> None:
    assert check_operations.by_file(b"%PDF-1.7 rubbish").verdict is Verdict.UNREADABLE


def test_only_the_code_made_for_a_certificate_shows_that_a_file_was_made_from_its(
    row: Certificate,
) -> None:
    made_from = check_operations.by_file(_pdf(row.serial, file_mac.of_certificate(row)))
    assert made_from.verdict is Verdict.ALTERED
    assert made_from.shown is not None and made_from.shown.serial == row.serial
    invented = f"urn:trainings:certificate:{'0' * 64}"
    assert check_operations.by_file(_pdf(row.serial, invented)).verdict is Verdict.NUMBER


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF" + b"x" * 2000])
def test_a_bad_file_gets_a_sentence(
    app: Flask, client: FlaskClient, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_views, "LARGEST_FILE", 2000)
    page = client.post("/verify/file", data={"file": (io.BytesIO(content), "c.pdf")})
    assert page.status_code == 200
    assert re.search(r"Choose|PDF file of up to 5 MB", page.get_data(as_text=True))


def test_a_paper_of_before_the_site_moved_still_carries_our_number(
    row: Certificate, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan of one was called *not ours*: its code holds the address of its time."""
    code = f"{config.settings().base_url}/verify/{row.token}"
    settings = replace(config.settings(), base_url="https://moved.example")
    monkeypatch.setattr(config, "settings", lambda: settings)
    seen = Inspection(SealCheck(Seal.NONE), codes=(code,), opened=True)
    monkeypatch.setattr(signing, "inspect", lambda _pdf, _folder: seen)
    page = client.post("/verify/file", data={"file": (io.BytesIO(_pdf("Other")), "c.pdf")}).text
    assert "This is not the file that was issued" in page and "not ours" not in page
    assert f"/verify/{row.token}" in page


def test_a_file_not_read_in_time_is_not_called_anything(
    row: Certificate, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(_pdf: bytes, _folder: Path) -> Inspection:
        raise OutOfTime

    monkeypatch.setattr(signing, "inspect", late)
    answer = client.post("/verify/file", data={"file": (io.BytesIO(_pdf("Other")), "c.pdf")})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "could not read this file in time" in page and 'name="serial"' in page
    for verdict in ("not ours", "not a file that we issued", "cannot be read", "altered"):
        assert verdict not in page
    with pytest.raises(FileNotRead):
        check_operations.by_file(_pdf("Other"))
    content = print_operations.content(row)
    own = client.post("/verify/file", data={"file": (io.BytesIO(content), "c.pdf")})
    assert "This certificate is genuine" in own.get_data(as_text=True), "ours needs no reading"


@pytest.mark.parametrize(("networks", "room"), [(9, AT_ONCE), (1, 1)])
def test_files_made_to_keep_us_busy_leave_room(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, networks: int, room: int
) -> None:
    """While one is looked into the next arrives: one of a network, a few in all."""
    looked_into, turned_away = [], []

    def drop() -> None:
        number = len(looked_into)
        try:
            check_operations.by_file(b"%PDF" + bytes(number), f"192.0.2.{number % networks}")
        except TooManyFiles:
            turned_away.append(number)

    def slow(pdf: bytes, _folder: object) -> Inspection:
        looked_into.append(pdf)
        drop()
        return UNREADABLE

    monkeypatch.setattr(signing, "inspect", slow)
    drop()
    assert (len(looked_into), len(turned_away)) == (room, 1)
    drop()
    assert len(looked_into) == 2 * room, "a place was not given back"


def test_the_command_line_does_not_have_to_wait(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "inspect", lambda _pdf, _folder: UNREADABLE)
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF")
    for _ in range(FILES.free + 2):
        done = app.test_cli_runner().invoke(args=["certificates", "verify", str(path)])
        assert isinstance(done.exception, SystemExit) and done.exit_code == 1, done.output


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
