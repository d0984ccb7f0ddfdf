"""Every forgery we could think of, against certificates that were truly drawn and signed."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

from tests.certificates.registry import Registry
from tests.codes import codes_on
from tests.signing.test_signing import sign_with_pyhanko
from tests.verification.forging import (
    ALTERED,
    COMPARE,
    FOREIGN,
    GENUINE,
    NUMBER,
    PRINTED,
    UNREADABLE,
    drawn_for,
    printed_again,
    saved,
    scanned,
    updated,
)
from trainings.core import clock, config
from trainings.print_room import operations as print_operations
from trainings.print_room.rules import Order, PrintChoice
from trainings.printing import joining
from trainings.printing.pdf import Engine
from trainings.register import signature
from trainings.signing import signing
from trainings.signing.issuer import create_key
from trainings.signing.pades import Signer


def test_the_file_itself_is_genuine(issued: Registry, told: Callable[[bytes], str]) -> None:
    assert issued.row.signed
    assert told(issued.file) == GENUINE
    assert issued.row.serial in issued.drop(issued.file)


def test_many_genuine_files_at_once_cost_no_process(
    issued: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are answered, each for no more than a page costs (F4)."""
    started: list[bytes] = []

    def start(_module: str, _seconds: int, given: bytes) -> None:
        started.append(given)

    monkeypatch.setattr(signing, "answer_of", start)
    with ThreadPoolExecutor(16) as people:
        pages = list(people.map(issued.drop, [issued.file, issued.before_file] * 8))
    assert all(GENUINE in page for page in pages)
    assert not started
    assert UNREADABLE in issued.drop(issued.file + b"\n")
    assert started, "a stranger's file starts one, or this would not see it"


def test_the_code_on_the_paper_leads_to_its_check_page(issued: Registry) -> None:
    with issued.app.app_context():
        printed = print_operations.print_file(issued.row.course_id, PrintChoice(), issued.lead)
    base = issued.app.extensions["settings"].base_url
    found = [code for page in codes_on(printed) for code in page]
    assert sorted(found) == sorted(
        f"{base}/verify/{row.token}" for row in (issued.row, issued.other)
    )
    assert codes_on(issued.file) == [[f"{base}/verify/{issued.row.token}"]]
    page = issued.app.test_client().get(f"/verify/{issued.row.token}").get_data(as_text=True)
    assert COMPARE in page
    assert issued.row.serial in page


def test_outside_tools_agree(issued: Registry, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(issued.file)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


@pytest.mark.parametrize("place", [0.001, 0.1, 0.5, 0.85, 0.999])
def test_one_byte_altered(issued: Registry, told: Callable[[bytes], str], place: float) -> None:
    altered = bytearray(issued.file)
    altered[int(len(altered) * place)] ^= 0x01
    said = told(bytes(altered)) if bytes(altered).startswith(b"%PDF") else ALTERED
    assert said in (ALTERED, UNREADABLE)  # where the byte broke the file itself


def test_one_digit_of_the_signature(issued: Registry, told: Callable[[bytes], str]) -> None:
    place = issued.file.index(b"/Contents <") + 200
    altered = bytearray(issued.file)
    altered[place] = ord("1") if altered[place] != ord("1") else ord("2")
    assert told(bytes(altered)) == ALTERED
    assert issued.row.serial in issued.drop(bytes(altered))


def test_an_incremental_update(issued: Registry, told: Callable[[bytes], str]) -> None:
    assert told(updated(issued.file)) == ALTERED


@pytest.mark.parametrize("tail", [b"\n", b"\0" * 500])
def test_bytes_after_the_end(issued: Registry, told: Callable[[bytes], str], tail: bytes) -> None:
    assert told(issued.file + tail) == ALTERED


def test_saved_again_without_a_change(issued: Registry, told: Callable[[bytes], str]) -> None:
    assert told(saved(issued.file)) == ALTERED


def unsign(pdf: pikepdf.Pdf) -> None:
    for key in ("/AcroForm", "/Perms"):
        del pdf.Root[key]
    del pdf.pages[0].obj["/Annots"]


def strip(pdf: pikepdf.Pdf) -> None:
    unsign(pdf)
    del pdf.Root["/Metadata"]


@pytest.mark.parametrize(
    "change",
    [lambda pdf: saved(pdf, strip), printed_again, scanned],
    ids=["without metadata and signature", "printed again", "scanned"],
)
def test_a_copy_with_nothing_left_but_its_number(
    issued: Registry, told: Callable[[bytes], str], change: Callable[[bytes], bytes]
) -> None:
    """It leads to the name, and shows no more than the number that is on it."""
    copy = change(issued.file)
    assert told(copy) == NUMBER
    page = issued.drop(copy)
    assert "Course for investigators" not in page and "Planned hours" not in page
    assert f'href="/verify/{issued.row.token}"' in page  # its own code says so


def test_made_smaller_or_for_the_web(issued: Registry, told: Callable[[bytes], str]) -> None:
    """Other programs keep the metadata, and with it the file's code: it was made from ours."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(issued.file)) as opened:
        opened.save(out, linearize=True, recompress_flate=True)
    assert told(out.getvalue()) == ALTERED
    without = saved(out.getvalue(), unsign)
    assert told(without) == ALTERED
    assert issued.row.serial in issued.drop(without)


def test_a_signature_borrowed_from_one_shows_nothing_of_another(
    issued: Registry, told: Callable[[bytes], str]
) -> None:
    """Whoever has one certificate puts another one's number and address into its metadata."""
    with issued.app.app_context():
        theirs = f"{config.settings().base_url}/verify/{issued.other.token}"

    def borrow(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata() as metadata:
            metadata["xmp:Identifier"] = [theirs, issued.other.serial]

    forged = saved(issued.file, borrow)
    assert told(forged) == ALTERED
    page = issued.drop(forged)
    assert "Planned hours" not in page


def test_drawn_for_another_name(
    issued: Registry, told: Callable[[bytes], str], engine: Engine
) -> None:
    assert told(drawn_for(issued, engine, "Otra Persona")) == NUMBER


def test_drawn_for_another_name_and_signed_with_another_key(
    issued: Registry, told: Callable[[bytes], str], engine: Engine, tmp_path: Path
) -> None:
    create_key(tmp_path / "theirs", "Trainings", clock.now())
    forged = Signer(tmp_path / "theirs").sign(
        drawn_for(issued, engine, "Otra Persona"), clock.now()
    )
    assert told(forged) == NUMBER


def test_the_same_certificate_signed_with_another_key(
    issued: Registry, told: Callable[[bytes], str], tmp_path: Path
) -> None:
    create_key(tmp_path / "theirs", "Trainings", clock.now())
    assert told(sign_with_pyhanko(saved(issued.before_file), tmp_path / "theirs")) == ALTERED
    assert told(sign_with_pyhanko(issued.before_file, tmp_path / "theirs")) == ALTERED


def test_even_our_own_key_makes_no_certificate_without_the_register(
    issued: Registry, told: Callable[[bytes], str], engine: Engine
) -> None:
    with issued.app.app_context():
        secret = signature.secret()
    signer = Signer(issued.keys, secret)
    stolen = signer.sign(drawn_for(issued, engine, "Otra Persona"), clock.now())
    assert told(stolen) == ALTERED
    assert "Planned hours" not in issued.drop(stolen)


def test_a_print_file(issued: Registry, told: Callable[[bytes], str]) -> None:
    with issued.app.app_context():
        course_id = issued.row.course_id
        printed = print_operations.print_file(course_id, PrintChoice(), issued.lead)
        choice = PrintChoice(order=Order.COUNTRY, back=True, check_sheet=True)
        whole = print_operations.print_file(course_id, choice, issued.lead)
    assert told(printed) == PRINTED
    assert told(whole) == PRINTED
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        sizes = [float(page.MediaBox[2]) > float(page.MediaBox[3]) for page in pdf.pages]
    assert sizes == [True] * 5  # two with their backs, then the check sheet
    changed = whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:]
    for copied in (
        joining.join([issued.file], "One", "en"),  # joined by somebody else
        changed,
        whole + b"\n",
        issued.file + printed[printed.rindex(b"%trainings") - 1 :],  # its last line, elsewhere
    ):
        assert told(copied) in (NUMBER, ALTERED)


def test_the_word_of_a_print_file_is_worth_nothing(
    issued: Registry, told: Callable[[bytes], str]
) -> None:
    def say_so(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata() as metadata:
            metadata["dc:identifier"] = "print-run"

    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    assert told(saved(out.getvalue(), say_so)) == FOREIGN


def test_two_certificates_in_one_file(issued: Registry, told: Callable[[bytes], str]) -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(issued.other_file)) as other:
            pdf.add_pages_from(other)

    assert told(saved(issued.file, add)) == ALTERED


def test_a_strangers_file(issued: Registry, told: Callable[[bytes], str]) -> None:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    assert told(out.getvalue()) == FOREIGN


# keys


def test_issued_before_there_was_a_key(issued: Registry, told: Callable[[bytes], str]) -> None:
    assert not issued.before.signed
    assert told(issued.before_file) == GENUINE
    assert told(saved(issued.before_file)) == ALTERED


def test_after_a_rotation_all_stay_genuine(
    issued: Registry, told: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: later)
    run = issued.app.test_cli_runner().invoke
    assert run(args=["certificates", "key", "create"]).exit_code == 1
    assert run(args=["certificates", "key", "rotate"]).exit_code == 0
    listed = run(args=["certificates", "key", "list"]).output.splitlines()
    assert ["retired" in line for line in listed] == [True, False]
    assert told(issued.file) == GENUINE
    assert told(issued.before_file) == GENUINE
    assert told(updated(issued.file)) == ALTERED


def test_without_the_keys_certificate_a_signed_file_is_not_taken_for_genuine(
    issued: Registry, told: Callable[[bytes], str]
) -> None:
    for path in issued.keys.glob("*.pem"):
        path.unlink()
    (issued.keys / "current").unlink()
    assert told(issued.file) != GENUINE
    assert told(issued.before_file) == GENUINE
