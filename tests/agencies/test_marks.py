"""Marks of agencies: drawn anew in a cage, never kept as they came, frozen when issued."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from PIL import Image, PngImagePlugin
from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from trainings.accounts import queries
from trainings.agencies import mark_operations, mark_queries
from trainings.agencies.rules import NoPicture
from trainings.audit.models import AuditEntry
from trainings.certificates import operations
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.core.sealed import SealBroken
from trainings.courses import paper_document
from trainings.courses import queries as courses
from trainings.printing import renderer
from trainings.printing.renderer import LARGEST_PICTURE, reencoded
from trainings.register import document, writes
from trainings.register import queries as register
from trainings.register.models import Certificate, Picture

SIGNATURE = b"\x89PNG\r\n\x1a\n"  # of a PNG file (W3C PNG, 5.2)


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 120), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#0b3d91").save(out, kind, **more)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 pixels a side."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 900_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def administrator(app: Flask) -> Viewer:
    return factories.account(Role.ADMINISTRATOR)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_pixels_stay_and_nothing_else(kind: str) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "secret words")
    more = {"pnginfo": info} if kind == "PNG" else {"comment": b"secret words"}
    data = picture(kind, **more) + b"<script>PK\x03\x04"
    assert b"secret words" in data
    made = reencoded(data)
    assert made is not None
    assert b"secret words" not in made
    assert b"<script>" not in made
    with Image.open(io.BytesIO(made)) as opened:
        assert (opened.format, opened.size) == ("PNG", (300, 120))
        blue = opened.convert("RGB").getpixel((5, 5))
    assert all(abs(got - meant) < 6 for got, meant in zip(blue, (0x0B, 0x3D, 0x91), strict=True))


def test_transparency_stays_and_large_ones_become_small() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (2000, 1000), (0, 0, 0, 0)).save(out, "PNG")
    made = reencoded(out.getvalue())
    assert made is not None
    with Image.open(io.BytesIO(made)) as opened:
        assert opened.size == (600, 300)
        assert opened.mode == "RGBA"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"x" * 500,
        picture("GIF"),
        picture("WEBP"),
        picture("TIFF"),
        picture(size=(2001, 10)),
        bomb(),
        picture() + b"0" * LARGEST_PICTURE,
    ],
    ids=["nothing", "svg", "head", "rubbish", "gif", "webp", "tiff", "wide", "bomb", "heavy"],
)
def test_anything_else_is_refused(data: bytes) -> None:
    assert reencoded(data) is None


def test_a_mark_is_kept_sealed_and_shown(administrator: Viewer) -> None:
    course_id = factories.course()
    mark_operations.set_mark("IOM", picture(), administrator)
    db.session.remove()
    agency = queries.agency_with_code("IOM")
    assert agency is not None
    kept = mark_queries.picture(agency)
    assert kept.startswith(SIGNATURE)
    folder: Path = current_app.extensions["settings"].files
    for path in (path for path in folder.rglob("*") if path.is_file()):
        assert SIGNATURE not in path.read_bytes()
    shown = {
        mark.short_name: mark.picture for mark in paper_document.marks(courses.by_id(course_id))
    }
    assert shown == {"IOM": kept, "INTERPOL": b"", "UNODC": b""}


def test_another_takes_its_place_and_it_can_be_taken_away(administrator: Viewer) -> None:
    folder: Path = current_app.extensions["settings"].files

    def number() -> int:
        return sum(path.is_file() for path in folder.rglob("*"))

    before = number()
    mark_operations.set_mark("IOM", picture(), administrator)
    mark_operations.set_mark("IOM", picture(size=(80, 80)), administrator)
    assert number() == before + 1
    mark_operations.remove_mark("IOM", administrator)
    mark_operations.remove_mark("IOM", administrator)
    assert number() == before
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "agency.mark").order_by(AuditEntry.number)
    ).all()
    assert [entry.details["kept"] for entry in entries] == [True, True, False]


def test_an_agencys_own_organisers_choose_its_mark_and_no_others(
    app: Flask, client: FlaskClient
) -> None:
    course_id = factories.course()
    own = factories.account(Role.ORGANISER, agency="IOM")
    mark_operations.set_mark("IOM", picture(), own)
    mark_operations.remove_mark("IOM", own)
    for stranger in (
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.ORGANISER, course_id=course_id),  # of one course, for no agency
        factories.account(Role.TRAINER, course_id=course_id),
        factories.account(Role.DATA_PROTECTION),
        Viewer(),
    ):
        with pytest.raises(NotFound):
            mark_operations.set_mark("IOM", picture(), stranger)
        with pytest.raises(NotFound):
            mark_operations.remove_mark("IOM", stranger)
    with pytest.raises(NotFound):
        mark_operations.set_mark("NOBODY", picture(), own)
    factories.sign_in(client, own)
    page = client.get("/courses/BUE27/signatures").get_data(as_text=True)
    assert page.count("/mark?next=") == 1
    assert 'href="/agencies/IOM/mark?next=/courses/BUE27/signatures"' in page
    page = client.get("/agencies/IOM/mark?next=/courses/BUE27/signatures").get_data(as_text=True)
    assert 'href="/agencies"' not in page  # those are the administrator's
    answer = client.post(
        "/agencies/IOM/mark?next=/courses/BUE27/signatures",
        data={"picture": (io.BytesIO(picture()), "mark.png")},
    )
    assert answer.location == "/courses/BUE27/signatures"
    assert "mark.png?of=" in client.get(answer.location).get_data(as_text=True)


def test_what_fails_half_way_leaves_no_file(
    administrator: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder: Path = current_app.extensions["settings"].files
    mark_operations.set_mark("IOM", picture(), administrator)
    before = {path for path in folder.rglob("*") if path.is_file()}

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(mark_operations, "record", fail)
    with pytest.raises(RuntimeError):
        mark_operations.set_mark("IOM", picture(size=(80, 80)), administrator)
    with pytest.raises(RuntimeError):
        mark_operations.remove_mark("IOM", administrator)
    assert {path for path in folder.rglob("*") if path.is_file()} == before
    db.session.remove()
    agency = queries.agency_with_code("IOM")
    assert agency is not None
    assert mark_queries.picture(agency)


def test_a_bad_picture_leaves_the_old_one(administrator: Viewer) -> None:
    mark_operations.set_mark("IOM", picture(), administrator)
    with pytest.raises(NoPicture):
        mark_operations.set_mark("IOM", b"<svg/>", administrator)
    agency = queries.agency_with_code("IOM")
    assert agency is not None
    assert mark_queries.picture(agency)


def test_a_picture_not_read_in_time_is_not_called_bad(
    administrator: Viewer, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_given: object) -> bytes:
        raise renderer.OutOfTime

    monkeypatch.setattr(renderer, "answer_of", late)
    factories.sign_in(client, administrator)
    sent = {"picture": (io.BytesIO(picture()), "logo.png")}
    page = client.post("/agencies/IOM/mark", data=sent, follow_redirects=True).text
    assert "could not read the file in time" in page and str(NoPicture()) not in page
    agency = queries.agency_with_code("IOM")
    assert agency is not None and not mark_queries.picture(agency)


def test_the_page_takes_a_picture_and_says_why_not(
    administrator: Viewer, client: FlaskClient
) -> None:
    factories.sign_in(client, administrator)

    def send(data: bytes, name: str) -> str:
        page = client.post(
            "/agencies/IOM/mark", data={"picture": (io.BytesIO(data), name)}, follow_redirects=True
        )
        assert page.status_code == 200
        return page.get_data(as_text=True)

    assert "Choose a PNG or JPEG picture" in send(b"<svg/>", "mark.svg")
    assert client.get("/agencies/IOM/mark.png").status_code == 404
    assert "The logo has been saved. It appears on everything issued" in send(
        picture("JPEG"), "mark.jpg"
    )
    answer = client.get("/agencies/IOM/mark.png")
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")


def test_what_was_issued_keeps_the_mark_it_was_issued_with(administrator: Viewer) -> None:
    lead = factories.account(Role.ORGANISER, agency="IOM")
    mark_operations.set_mark("IOM", picture(), administrator)
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    mark_operations.set_mark("IOM", picture(size=(50, 50)), administrator)
    mark_operations.remove_mark("IOM", administrator)
    db.session.remove()
    row = db.session.scalars(select(Certificate).execution_options(scope="operation")).one()
    frozen = writes.content(row)
    assert frozen is not None
    (first, *others) = document.thaw(frozen, register.kept).marks
    with Image.open(io.BytesIO(first.picture)) as opened:
        assert opened.size == (300, 120)
    assert [mark.picture for mark in others] == [b"", b""]
    assert len(db.session.scalars(select(Picture)).all()) == 1


def test_a_mark_is_kept_once_for_all_certificates_and_not_in_clear(administrator: Viewer) -> None:
    lead = factories.account(Role.ORGANISER, agency="IOM")
    mark_operations.set_mark("IOM", picture(), administrator)
    for code in ("BUE26", "BUE28"):
        operations.issue_for_course(graduates.course_of(code=code), lead)
    db.session.remove()
    (kept,) = db.session.scalars(select(Picture)).all()
    assert SIGNATURE not in kept.content
    rows = db.session.scalars(select(Certificate).execution_options(scope="operation")).all()
    assert len(rows) == 6
    for row in rows:
        frozen = writes.content(row)
        assert frozen is not None
        assert len(frozen) < 5000
        paper = document.thaw(frozen, register.kept)
        assert paper.marks[0].picture.startswith(b"\x89PNG")


def test_a_picture_that_was_exchanged_is_refused(administrator: Viewer) -> None:
    lead = factories.account(Role.ORGANISER, agency="IOM")
    mark_operations.set_mark("IOM", picture(), administrator)
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, lead)
    row = db.session.scalars(select(Certificate).execution_options(scope="operation")).one()
    frozen = writes.content(row)
    assert frozen is not None
    with pytest.raises(SealBroken):
        document.thaw(frozen, lambda _digest: b"another")
    with pytest.raises(SealBroken):
        document.thaw(frozen, lambda _digest: b"")
