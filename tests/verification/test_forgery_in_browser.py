"""Each forgery, dropped by somebody on a phone who reads Spanish, gets its own answer."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.browsing import whole
from tests.certificates.registry import Registry
from tests.signing.test_signing import sign_with_pyhanko
from tests.verification.forging import saved, scanned, updated
from trainings.certificates import reissue_operations, revocation_operations
from trainings.core import clock
from trainings.core.db import db, new_key
from trainings.print_room import operations as print_operations
from trainings.print_room.rules import PrintChoice
from trainings.register.models import Certificate
from trainings.register.rules import EndReason
from trainings.signing.issuer import create_key

pytestmark = pytest.mark.browser

GENUINE, ALTERED = "Este certificado es auténtico", "Este archivo fue alterado"
SUPERSEDED, REVOKED = "Este certificado fue sustituido", "Este certificado ya no es válido"
NUMBER, UNREADABLE = "Este no es el archivo que se emitió", "Este archivo no se puede leer"
PRINTED = "Este es un archivo de impresión"
NOT_OURS = "Este certificado no es nuestro"
UNCONFIRMED = "Este certificado no se puede confirmar en este momento"
Ask = Callable[..., str]


@pytest.fixture
def ask(issued: Registry, browser: Browser, tmp_path: Path) -> Iterator[Ask]:
    """Drops a file, or scans a code, on a phone; gives the one verdict of the page."""
    server = make_server("127.0.0.1", 0, whole(issued.app))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    phone = browser.new_context(
        locale="es-AR",
        viewport={"width": 390, "height": 844},
        base_url=f"http://127.0.0.1:{server.server_port}",
    )
    page = phone.new_page()

    def answer(pdf: bytes = b"", *, name: str = "certificado.pdf", token: str = "") -> str:
        page.goto(f"/verify/{token}" if token else "/verify")
        if pdf:
            path = tmp_path / name
            path.write_bytes(pdf)
            page.locator('input[type="file"]').set_input_files(path)
            page.get_by_role("button", name="Verificar el archivo PDF").click()
            page.locator(".verdict").wait_for()
        body = page.locator("main").inner_text()
        assert not any(part in body for part in ("María", "Núñez", "Álvarez", "Bolivia"))
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        (found,) = page.locator(".verdict h2").all_inner_texts()
        return found

    yield answer
    phone.close()
    server.shutdown()
    thread.join()
    server.server_close()
    issued.put_back()


def test_what_was_done_to_the_file_is_told(issued: Registry, ask: Ask, tmp_path: Path) -> None:
    assert ask(issued.file) == GENUINE
    assert ask(issued.file, name="Otra Persona (final) ñ.pdf") == GENUINE  # its name is nobody's
    byte = bytearray(issued.file)
    byte[byte.index(b"/Contents <") + 200] ^= 0x01
    assert ask(bytes(byte)) == ALTERED
    assert ask(updated(issued.file)) == ALTERED
    create_key(tmp_path / "theirs", "Trainings", clock.now())
    with ThreadPoolExecutor(1) as apart:  # the browser's driver has a loop running in this one
        signed = apart.submit(sign_with_pyhanko, issued.before_file, tmp_path / "theirs").result()
    assert ask(signed) == ALTERED
    with issued.app.app_context():
        printed = print_operations.print_file(issued.row.course_id, PrintChoice(), issued.lead)
    assert ask(printed) == PRINTED
    assert ask(scanned(issued.file)) == NUMBER
    assert ask(b"%PDF-1.7\nanything else") == UNREADABLE


def test_what_was_done_to_the_register_is_told(issued: Registry, ask: Ask) -> None:
    with issued.app.app_context():
        reissue_operations.reissue(
            issued.other.course_id, issued.other.id, "Ana María", EndReason.NAME, "", issued.lead
        )
        revocation_operations.revoke(
            issued.row.course_id, issued.row.id, EndReason.MISUSE, "", issued.lead
        )
        db.session.remove()
    assert ask(issued.other_file) == ask(token=issued.other.token) == SUPERSEDED
    assert ask(issued.file) == ask(token=issued.row.token) == REVOKED
    issued.sql(  # the row as it was before, byte for byte
        "UPDATE certificate SET status = 'ready', ended_at = NULL, ended_reason = NULL, "
        "ended_note = NULL, mac = :mac WHERE id = :row",
        mac=issued.row.mac,
        row=issued.row.id,
    )
    assert ask(issued.file) == UNCONFIRMED
    assert ask(token=issued.row.token) == UNCONFIRMED


def test_a_row_cloned_for_a_forged_file_is_told(issued: Registry, ask: Ask) -> None:
    forged = saved(issued.file)
    changed = {
        "id": ":new",
        "token": ":token",
        "serial": ":new",
        "serial_key": ":new",
        "signed": "0",
        "registration_id": "NULL",
        "digest": ":digest",
    }
    columns = [column.name for column in Certificate.__table__.columns]
    values = ", ".join(changed.get(name, name) for name in columns)
    issued.sql(
        f"INSERT INTO certificate ({', '.join(columns)}) SELECT {values} FROM certificate "
        "WHERE id = :row",
        row=issued.row.id,
        new=new_key(),
        token="B" * 22,
        digest=hashlib.sha256(forged).hexdigest(),
    )
    assert ask(forged) == ALTERED
    assert ask(token="B" * 22) == NOT_OURS
    assert ask(issued.file) == GENUINE
