"""What is read from a file that anybody may have sent, in the cage; and an own file without it."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pikepdf
import pytest

from tests.printing.samples import CERTIFICATE
from tests.signing.test_signing import NOW, check
from tests.verification.forging import scanned
from trainings.printing.renderer import OutOfTime, answer_of
from trainings.printing.rules import Seal, SealCheck
from trainings.signing import own_signature, reader, signing
from trainings.signing.issuer import create_key, current_key_id
from trainings.signing.pades import Signer
from trainings.signing.signing import inspect


def test_a_file_of_ours_says_whose_it_is(signed: bytes, keys: Path) -> None:
    found = inspect(signed, keys)
    assert found.seal == SealCheck(Seal.WHOLE, current_key_id(keys))
    assert set(found.identifiers) == {CERTIFICATE.verify_url, CERTIFICATE.serial}
    assert CERTIFICATE.serial in found.text
    assert CERTIFICATE.holder_name in found.text


def test_an_edited_copy_without_its_metadata_still_shows_its_serial(
    signed: bytes, keys: Path
) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        for key in ("/Metadata", "/AcroForm", "/Perms"):
            del pdf.Root[key]
        del pdf.pages[0].obj["/Annots"]
        out = io.BytesIO()
        pdf.save(out)
    found = inspect(out.getvalue(), keys)
    assert found.seal.seal is not Seal.WHOLE
    assert CERTIFICATE.serial in found.text


def test_the_code_is_read_where_a_page_is_only_a_picture(signed: bytes, keys: Path) -> None:
    found = inspect(scanned(signed), keys)
    assert CERTIFICATE.serial not in found.text
    assert found.codes == (CERTIFICATE.verify_url,)
    assert found.opened


@pytest.mark.parametrize("side", [3, 14400])
def test_a_page_of_any_size_is_looked_at(keys: Path, side: int) -> None:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(side, side))
        made.save(out)
    assert inspect(out.getvalue(), keys).opened


def test_an_own_file_is_checked_without_a_process_as_by_the_library(
    signed: bytes, unsigned: bytes, keys: Path, tmp_path: Path
) -> None:
    create_key(tmp_path / "theirs", "Trainings", NOW)
    digit = signed.index(b"/Contents <") + 200
    flipped = bytes([ord("1") if signed[digit] != ord("1") else ord("2")])
    files = {
        "as signed": signed,
        "not signed": unsigned,
        "a digit of the signature": signed[:digit] + flipped + signed[digit + 1 :],
        "a byte of a page": signed[:3000] + bytes([signed[3000] ^ 1]) + signed[3001:],
        "a byte at the end": signed + b"\n",
        "signed by somebody else": Signer(tmp_path / "theirs").sign(unsigned, NOW),
    }
    for what, data in files.items():
        whole = check(data, keys).seal is Seal.WHOLE
        assert own_signature.is_whole(data, keys) == whole == (what == "as signed"), what
    assert not own_signature.is_whole(signed, tmp_path / "theirs")
    create_key(keys, "Trainings", NOW)
    assert own_signature.is_whole(signed, keys), "a retired key still counts"


def test_a_hostile_file_ends_in_the_cage(keys: Path) -> None:
    """A page tree that is its own child, and streams that unpack to gigabytes."""
    bomb = zlib.compress(b"\0" * 200_000_000, 9)
    objects = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 3 0 R]/Count 100000000>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length " + str(len(bomb)).encode() + b"/Filter/FlateDecode>>stream\n"
    )
    began = time.monotonic()
    found = inspect(objects + bomb + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF", keys)
    assert time.monotonic() - began < 20
    assert found.seal.seal in (Seal.UNREADABLE, Seal.NONE)


def test_out_of_time_is_said_and_is_no_answer(
    signed: bytes, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy machine: it was answered as a file that cannot be read, and is not ours."""
    monkeypatch.setattr(signing, "SECONDS", 0)
    with pytest.raises(OutOfTime):
        inspect(signed, keys)


def test_what_uses_up_its_processor_time_runs_out_of_time() -> None:
    """Or of the three times as long that it may take for it, if the machine is busy."""
    with pytest.raises(OutOfTime):
        answer_of("tests.signing.spinning", 1, b"")


def test_a_page_that_cannot_be_read_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its code may be the one that counts: such a file was called *not ours*."""

    def fail(_page: object) -> list[str]:
        raise MemoryError

    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    assert reader.readable(out.getvalue()) == ("", [], True)
    monkeypatch.setattr(reader, "_codes", fail)
    assert reader.readable(out.getvalue()) == ("", [], False)


def test_a_file_too_large_is_not_looked_into(keys: Path) -> None:
    assert inspect(b"%PDF-1.7\n" + b"0" * (11 * 1024 * 1024), keys).seal.seal is Seal.UNREADABLE


def test_the_web_process_loads_no_signing_library(keys: Path) -> None:
    code = (
        "import sys, trainings.signing.signing, trainings.signing.issuer;"
        "sys.exit('pyhanko' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
