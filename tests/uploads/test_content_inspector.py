"""What a file is, by its content; what is hidden in one is found before anybody gets it."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.materials import making
from trainings.core.errors import Refusal
from trainings.uploads import content_inspector, rules
from trainings.uploads.rules import FileKind as K

OFFICE = (K.DOCX, K.PPTX, K.XLSX)
OPEN = (K.ODT, K.ODP, K.ODS)


def kind(content: bytes) -> K:
    return content_inspector.kind_of(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "is_"),
    [
        (making.PDF, K.PDF),
        (making.png(), K.PNG),
        (making.jpeg(), K.JPEG),
        (making.mp4(), K.MP4),
        *((making.office(one), one) for one in OFFICE),
        *((making.open_document(one), one) for one in OPEN),
    ],
    ids=lambda one: one if isinstance(one, str) else "content",
)
def test_what_is_taken_is_known_by_its_content(content: bytes, is_: K) -> None:
    assert kind(content) is is_
    source = io.BytesIO(content)
    content_inspector.kind_of(source)
    assert source.tell() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\0" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"#!/bin/sh\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"Rar!\x1a\x07\x00" + bytes(100),
        b" " + making.PDF,
    ],
)
def test_what_is_not_on_the_list_is_refused(content: bytes) -> None:
    with pytest.raises(rules.KindNotTaken):
        kind(content)


@pytest.mark.parametrize(
    "content",
    [
        *(making.office(one, macros=True) for one in OFFICE),
        *(making.open_document(one, macros=True) for one in OPEN),
        making.archive(
            **{
                "[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml",
                "word/document.xml": "<a/>",
            }
        ),
    ],
)
def test_macros_are_refused(content: bytes) -> None:
    with pytest.raises(rules.HasMacros):
        kind(content)


@pytest.mark.parametrize(
    "content",
    [
        making.archive(**{"a.txt": "a"}),
        making.archive(mimetype="application/epub+zip"),
        making.archive(**{"META-INF/MANIFEST.MF": "Manifest-Version: 1.0"}),
        making.archive(**{"[Content_Types].xml": "<Types/>", "a.exe": b"MZ"}),
    ],
)
def test_an_archive_is_refused(content: bytes) -> None:
    with pytest.raises(rules.ArchiveNotTaken):
        kind(content)


def doubled() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "x")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("mimetype", "y")
    return out.getvalue()


def huge_directory() -> bytes:
    """A ZIP file whose directory says that it is larger than we read."""
    content = bytearray(making.office(K.DOCX))
    at = content.rindex(b"PK\x05\x06")
    content[at + 12 : at + 16] = struct.pack("<I", 500_000_000)
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" + bytes(100),
        making.office(K.DOCX)[:-30],
        doubled(),
        huge_directory(),
        making.archive(mimetype=b"x" * 3_000_000),
    ],
    ids=["head only", "cut", "twice the same name", "huge directory", "a bomb"],
)
def test_what_cannot_be_looked_into_is_refused(content: bytes) -> None:
    with pytest.raises(rules.FileUnreadable):
        kind(content)


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"\xff\xd8"]))
def test_rubbish_is_refused_or_known_and_never_a_fault(rest: bytes, head: bytes) -> None:
    with contextlib.suppress(Refusal):
        assert kind(head + rest) in K


@given(st.integers(0, 300), st.integers(0, 255))
def test_one_changed_byte_of_an_office_file_is_never_a_fault(at: int, byte: int) -> None:
    content = bytearray(making.office(K.DOCX))
    content[at % len(content)] = byte
    with contextlib.suppress(Refusal):
        assert kind(bytes(content)) in K


@pytest.mark.parametrize(
    ("name", "is_", "fits"),
    [
        ("a.pdf", K.PDF, True),
        ("a.PDF", K.PDF, True),
        ("a.jpg", K.JPEG, True),
        ("a.jpeg", K.JPEG, True),
        ("a.png", K.JPEG, False),
        ("a.docx", K.PDF, False),
        ("a.pdf.exe", K.PDF, False),
        ("pdf", K.PDF, False),
    ],
)
def test_the_name_must_agree_with_the_content(name: str, is_: K, fits: bool) -> None:
    if fits:
        rules.check_ending(name, is_)
    else:
        with pytest.raises(rules.KindDisagrees):
            rules.check_ending(name, is_)
