"""The virus scanner: what it says counts; where it says nothing, nothing is let through."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import func, select

from tests.materials import making
from trainings.core import large_files
from trainings.core.db import db
from trainings.materials import operations
from trainings.materials.models import Material
from trainings.uploads import scanner
from trainings.uploads.rules import Infected, NotScannable, ScannerSilent


def scanned_by(app: Flask, where: str) -> None:
    """Configure a scanner."""
    app.extensions["settings"] = replace(app.extensions["settings"], scanner=where)


def test_a_clean_file_passes_whole_by_either_kind_of_socket(tmp_path: Path) -> None:
    content = bytes(range(256)) * 3000
    for path in (tmp_path / "clamd", None):
        with making.scanner(path) as (where, received):
            source = io.BytesIO(content)
            assert scanner.found_in(source, where) is None
            assert received == [content]
            assert source.tell() == 0


def test_what_is_found_is_named() -> None:
    with making.scanner() as (where, _received):
        assert scanner.found_in(io.BytesIO(making.EICAR), where) == "Eicar-Test"


def test_the_name_of_what_is_found_is_the_scanners_and_bounded() -> None:
    wild = b"stream: <b>x</b>\r\n" + b"y" * 500 + b" FOUND"
    with making.scanner(answer=lambda _sent: wild.replace(b"\r\n", b"")) as (where, _received):
        found = scanner.found_in(io.BytesIO(b"x"), where)
    assert found is not None
    assert len(found) <= 80
    assert "<" not in found


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (b"INSTREAM size limit exceeded. ERROR", NotScannable),
        (b"stream: Can't open file ERROR", ScannerSilent),
        (b"", ScannerSilent),
        (b"stream: OKAY", ScannerSilent),
        (b"\xff\xff", ScannerSilent),
    ],
)
def test_any_other_answer_lets_nothing_through(answer: bytes, refusal: type[Exception]) -> None:
    said = making.scanner(answer=lambda _sent: answer)
    with said as (where, _received), pytest.raises(refusal):
        scanner.found_in(io.BytesIO(b"x"), where)


@pytest.mark.parametrize("where", ["/nowhere/clamd.ctl", "127.0.0.1:1"])
def test_a_scanner_that_is_down_lets_nothing_through(app: Flask, where: str) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    scanned_by(app, where)
    with pytest.raises(ScannerSilent):
        making.material(course, session, by)
    assert making.contents(app) == []
    assert db.session.scalar(select(func.count()).select_from(Material)) == 0


def test_an_infected_file_is_refused_and_leaves_nothing(app: Flask) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    clean = making.material(course, session, by)
    before = making.contents(app)
    with making.scanner() as (where, _received):
        scanned_by(app, where)
        with pytest.raises(Infected) as told:
            making.material(course, session, by, content=making.PDF + making.EICAR)
        assert "Eicar-Test" in str(told.value)
        with pytest.raises(Infected):
            operations.replace(clean, making.upload(making.PDF + making.EICAR), by)
    assert making.contents(app) == before
    assert db.session.get_one(Material, clean).version == 1


def test_a_file_says_whether_it_was_scanned(app: Flask) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    without = making.material(course, session, by)
    with making.scanner() as (where, received):
        scanned_by(app, where)
        with_it = making.material(course, session, by)
        assert received == [making.PDF]
        assert not db.session.get_one(Material, without).scanned
        assert db.session.get_one(Material, with_it).scanned
        operations.replace(without, making.upload(), by)
    db.session.expire_all()
    assert db.session.get_one(Material, without).scanned


def test_many_pieces_arrive_in_order(tmp_path: Path) -> None:
    content = b"".join(bytes([one]) * 100_000 for one in range(9))
    assert len(content) > 3 * large_files.PIECE
    with making.scanner(tmp_path / "clamd") as (where, received):
        scanner.found_in(io.BytesIO(content), where)
    assert received == [content]
