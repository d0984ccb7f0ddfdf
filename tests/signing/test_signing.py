"""A signed file shows every change, and only our own whole signature counts."""

import asyncio
import io
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from asn1crypto.core import OctetString
from cryptography.hazmat.primitives import serialization
from flask import Flask
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.printing.samples import CERTIFICATE
from trainings.core.config import ROOT
from trainings.printing.joining import join
from trainings.printing.pdf import Engine
from trainings.printing.rules import Seal, SealCheck
from trainings.register import signature
from trainings.signing import pades
from trainings.signing.issuer import (
    KeyFault,
    certificates,
    create_key,
    current_key_id,
    list_keys,
    load_private,
)
from trainings.signing.pades import NoRoom, Signer, _part
from trainings.signing.signing import open_signer

NOW = datetime(2027, 2, 4, 18, 30, tzinfo=UTC)


def check(data: bytes, folder: Path) -> SealCheck:
    return pades.check(data, certificates(folder))


def library_signer(folder: Path) -> signers.SimpleSigner:
    certificate, private = load_private(folder)
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(
            certificate.public_bytes(serialization.Encoding.DER)
        ),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            private.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        cert_registry=SimpleCertificateStore(),
    )


def sign_with_pyhanko(data: bytes, folder: Path) -> bytes:
    """Somebody's signature over a file, as any tool would add it: an incremental update."""
    signer, out = library_signer(folder), io.BytesIO()
    PdfSigner(PdfSignatureMetadata(field_name="Theirs"), signer).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data)), output=out
    )
    return out.getvalue()


def test_a_signed_file_is_whole(signed: bytes, keys: Path) -> None:
    assert check(signed, keys) == SealCheck(Seal.WHOLE, current_key_id(keys))


def test_an_outside_tool_agrees(signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "Feb 04 2027" in said


def test_it_certifies_and_allows_no_change(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        reference = pdf.Root.Perms.DocMDP.Reference[0]
        assert reference.TransformParams.P == 1
        assert pdf.Root.AcroForm.SigFlags == 3


def test_a_signed_file_is_still_an_archive_file(signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    with pikepdf.open(path) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
    assert metadata.count(b"<rdf:RDF") == 1
    assert b'pdfaid:part="3"' in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert b"pdfaExtension" in metadata
    assert (
        subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.97])
def test_one_altered_byte_breaks_it(signed: bytes, keys: Path, place: float) -> None:
    altered = bytearray(signed)
    altered[int(len(signed) * place)] ^= 0x01
    assert check(bytes(altered), keys).seal in (Seal.BROKEN, Seal.UNREADABLE)
    assert check(bytes(altered), keys).seal is not Seal.WHOLE


def test_an_incremental_update_breaks_it(signed: bytes, keys: Path) -> None:
    """Poppler and pyHanko call such a file valid; we do not."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(signed)
    assert check(out.getvalue(), keys).seal is Seal.BROKEN


def test_bytes_after_the_end_break_it(signed: bytes, keys: Path) -> None:
    assert check(signed + b"\n", keys).seal is not Seal.WHOLE
    assert check(signed + b"\n%%EOF\n", keys).seal is not Seal.WHOLE


def test_another_key_is_foreign(unsigned: bytes, keys: Path, tmp_path: Path) -> None:
    create_key(tmp_path, "Joint trainings", NOW)
    forged = Signer(tmp_path).sign(unsigned, NOW)
    assert check(forged, keys) == SealCheck(Seal.FOREIGN)
    assert check(forged, tmp_path).seal is Seal.WHOLE


def test_resigned_without_ours_is_foreign(engine: Engine, keys: Path, tmp_path: Path) -> None:
    create_key(tmp_path, "Somebody", NOW)
    assert check(sign_with_pyhanko(engine.draw(CERTIFICATE), tmp_path), keys).seal is Seal.FOREIGN


def test_our_certificate_in_another_hand_is_broken(
    unsigned: bytes, keys: Path, tmp_path: Path
) -> None:
    """A forger may copy our certificate, which is public; not the key behind it."""
    create_key(tmp_path, "Joint trainings", NOW)
    ours = Signer(keys)
    ours._private = load_private(tmp_path)[1]
    assert check(ours.sign(unsigned, NOW), keys).seal is Seal.BROKEN


def test_what_is_not_signed_is_none(engine: Engine, keys: Path) -> None:
    assert check(engine.draw(CERTIFICATE), keys) == SealCheck(Seal.NONE)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"hello" * 100, b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_unreadable(data: bytes, keys: Path) -> None:
    assert check(data, keys) == SealCheck(Seal.UNREADABLE)


def test_a_print_file_carries_no_signature(signed: bytes, keys: Path) -> None:
    printed = join([signed, signed], title="Impresión", language="es")
    assert check(printed, keys).seal is Seal.NONE


def test_a_file_is_signed_once_and_only_where_there_is_room(
    engine: Engine, signed: bytes, keys: Path
) -> None:
    for data in (signed, engine.draw(CERTIFICATE)):
        with pytest.raises(NoRoom):
            Signer(keys).sign(data, NOW)


def test_after_a_rotation_the_old_files_stay_whole(
    unsigned: bytes, signed: bytes, keys: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "issuer"
    shutil.copytree(keys, folder)
    old = current_key_id(folder)
    new = create_key(folder, "Joint trainings", NOW)
    assert [key.current for key in list_keys(folder)] == [False, True]
    assert check(signed, folder) == SealCheck(Seal.WHOLE, old)
    assert check(Signer(folder).sign(unsigned, NOW), folder) == SealCheck(Seal.WHOLE, new.key_id)
    assert b"PRIVATE" not in (folder / f"{old}.pem").read_bytes()


def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    with pytest.raises(KeyFault):
        load_private(tmp_path)
    key = create_key(tmp_path, "Joint trainings", NOW)
    path = tmp_path / f"{key.key_id}.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    os.chmod(path, 0o644)
    with pytest.raises(KeyFault, match="chmod 600"):
        Signer(tmp_path)


def test_the_folder_alone_signs_nothing(app: Flask) -> None:
    """A thief of the folder who lacks the keys of the installation has the certificate alone."""
    key = signature.create("Joint trainings")
    path = signature.folder() / f"{key.key_id}.pem"
    assert b"BEGIN PRIVATE KEY" not in path.read_bytes()
    for secret in (b"", b"another"):
        with pytest.raises(KeyFault, match="does not open with the keys of this installation"):
            load_private(signature.folder(), secret)
    signer = signature.signer()
    assert signer is not None and signer.key_id == key.key_id


def test_a_key_that_was_not_sealed_yet_is_sealed_when_it_is_used(app: Flask) -> None:
    key = create_key(signature.folder(), "Joint trainings", NOW)
    path = signature.folder() / f"{key.key_id}.pem"
    assert b"BEGIN PRIVATE KEY" in path.read_bytes()
    for _ in range(2):
        signer = signature.signer()
        assert signer is not None and signer.key_id == key.key_id
        assert b"BEGIN PRIVATE KEY" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_job_opens_its_signer_once(unsigned: bytes, keys: Path) -> None:
    signer = open_signer(keys)
    assert signer.key_id == current_key_id(keys)
    assert check(signer.sign(unsigned, NOW), keys).seal is Seal.WHOLE


def test_the_message_is_the_one_that_the_library_writes(keys: Path) -> None:
    """Only digest and signature are filled in: all other bytes are pyHanko's, in its order."""
    signer, digest = Signer(keys), bytes(range(32))
    message = signer._frame.message(signer._frame.attributes(digest), b"signature")
    made = asyncio.run(library_signer(keys).async_sign(digest, "sha256", use_pades=True))
    theirs = cms.ContentInfo.load(made.dump())
    theirs["content"]["signer_infos"][0]["signature"] = b"signature"
    assert message == theirs.dump(force=True)


@pytest.mark.parametrize("count", [0, 1, 127, 128, 255, 256, 70_000])
def test_lengths_are_written_as_others_read_them(count: int) -> None:
    assert OctetString(bytes(count)).dump() == _part(b"\x04", bytes(count))


def test_what_signs_is_loaded_before_the_first_click() -> None:
    """As the worker starts, and not as its module is imported: web workers import that, too."""
    program = """
import sys
from trainings.signing import signing
before = "trainings.signing.pades" in sys.modules
signing.warm().join()
print(before, "trainings.signing.pades" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["False", "True"], done.stderr
