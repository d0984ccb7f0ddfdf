"""Adding, replacing, renaming and removing files; what is left on the disk, and what is not."""

from __future__ import annotations

import io
import os
import time
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import func, select

from tests import teaching
from tests.materials import making
from trainings.agenda import operations as agenda
from trainings.core import large_files
from trainings.core.db import db
from trainings.core.errors import NotFound, Refusal
from trainings.core.large_files import Opened
from trainings.courses import operations as courses
from trainings.materials import operations, queries, rules
from trainings.materials.models import Material
from trainings.materials.rules import Audience, Relation
from trainings.uploads import rules as uploads

MB = 1024 * 1024


def bounded(app: Flask, **bounds: int) -> None:
    """Set bounds that a test can reach."""
    app.extensions["settings"] = replace(app.extensions["settings"], **bounds)


def content(material_id: str) -> bytes:
    """What a file holds now."""
    row = db.session.get_one(Material, material_id, populate_existing=True)
    with Opened(row.file, row.size, queries.key_of(row)) as found:
        return found.read()


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(Material)) or 0


def test_added_sealed_and_found_again(each_app: Flask) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    made = making.material(course, session, by, content=making.PDF * 9000, name="Ana Rojas.pdf")
    assert content(made) == making.PDF * 9000
    row = db.session.get_one(Material, made)
    assert (row.version, row.size, row.kind) == (1, len(making.PDF) * 9000, uploads.FileKind.PDF)
    assert queries.name_of(row) == "Ana Rojas"
    assert b"Ana Rojas" not in row.name
    (path,) = making.contents(each_app)
    assert b"%PDF-1.7" not in path.read_bytes()


def test_replaced_it_is_the_next_version_and_the_old_content_is_gone(each_app: Flask) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    made = making.material(course, session, by, audience=Audience.TRAINERS)
    operations.replace(made, making.upload(making.png(), "other name.png"), by)
    assert content(made) == making.png()
    row = db.session.get_one(Material, made)
    assert (row.version, row.kind, row.audience) == (2, uploads.FileKind.PNG, Audience.TRAINERS)
    assert queries.item_of(row).file_name == "Slides.png"
    assert len(making.contents(each_app)) == 1


def test_renamed_and_given_to_others(each_app: Flask) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    made = making.material(course, session, by)
    operations.change(made, "Day 1: Intro.pdf", Audience.AFTER, by)
    row = db.session.get_one(Material, made)
    assert queries.item_of(row).file_name == "Day 1 Intro.pdf"
    assert row.audience is Audience.AFTER
    with pytest.raises(uploads.NameMissing):
        operations.change(made, " ../ ", Audience.AFTER, by)


def test_removed_nothing_is_left(each_app: Flask) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    made = making.material(course, session, by)
    operations.remove(made, by)
    assert making.contents(each_app) == []
    assert rows() == 0
    with pytest.raises(NotFound):
        operations.remove(made, by)


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ((b"", "a.pdf"), uploads.FileMissing),
        ((making.PDF + bytes(3 * MB), "a.pdf"), uploads.FileTooLarge),
        ((b"<html>", "a.html"), uploads.KindNotTaken),
        ((making.PDF, "a.docx"), uploads.KindDisagrees),
        ((making.PDF, ".pdf"), uploads.NameMissing),
        ((making.archive(a="a"), "a.zip"), uploads.ArchiveNotTaken),
        ((making.office(uploads.FileKind.DOCX, macros=True), "a.docx"), uploads.HasMacros),
    ],
)
def test_what_is_refused_leaves_nothing(
    app: Flask, sent: tuple[bytes, str], refusal: type[Refusal]
) -> None:
    bounded(app, material_bytes=2 * MB)
    by = making.organiser()
    course, session = making.course_with_session(by)
    with pytest.raises(refusal):
        making.material(course, session, by, content=sent[0], name=sent[1])
    assert making.contents(app) == []
    assert rows() == 0


def test_all_files_of_a_course_have_one_bound(each_app: Flask) -> None:
    bounded(each_app, materials_bytes=2 * MB)
    by = making.organiser()
    course, session = making.course_with_session(by)
    big = making.PDF + bytes(MB)
    first = making.material(course, session, by, content=big)
    with pytest.raises(rules.NoRoomLeft) as told:
        making.material(course, session, by, content=big)
    assert "2 MB" in str(told.value)
    other, elsewhere = making.course_with_session(by, "ELSE27")
    making.material(other, elsewhere, by, content=big)
    operations.replace(first, making.upload(big + b"1"), by)  # its own place counts as free
    with pytest.raises(rules.NoRoomLeft):
        operations.replace(first, making.upload(big + bytes(MB)), by)
    assert len(making.contents(each_app)) == 2


def test_who_does_not_organise_the_course_changes_nothing(each_app: Flask) -> None:
    by, other = making.organiser(), making.organiser("UNODC")
    course, session = making.course_with_session(by, agencies=("IOM",))
    made = making.material(course, session, by)
    tries: list[Any] = [
        lambda: making.material(course, session, other),
        lambda: operations.replace(made, making.upload(), other),
        lambda: operations.change(made, "x", Audience.PARTICIPANTS, other),
        lambda: operations.remove(made, other),
        lambda: making.material(course, "no-such-session", by),
    ]
    for one in tries:
        with pytest.raises(NotFound):
            one()
    assert len(making.contents(each_app)) == 1
    assert rows() == 1


def test_a_session_of_another_course_takes_no_file(each_app: Flask) -> None:
    by = making.organiser()
    course, _session = making.course_with_session(by)
    _other, elsewhere = making.course_with_session(by, "ELSE27")
    with pytest.raises(NotFound):
        making.material(course, elsewhere, by)
    assert making.contents(each_app) == []


def test_a_session_put_back_has_its_files_again(each_app: Flask) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    making.material(course, session, by)
    staff = frozenset({Relation.STAFF})
    found = queries.courses.by_id(course)
    agenda.remove_session(course, session, by)
    db.session.close()
    (gone,) = queries.shelves(found, staff)
    assert (gone.title, gone.day, len(gone.items)) == ("", None, 1)
    assert queries.shelves(found, frozenset({Relation.TRAINER})) == []
    agenda.undo(course, by)
    db.session.close()
    (back,) = queries.shelves(found, staff)
    assert back.day is not None
    assert len(back.items) == 1


def test_a_module_removed_takes_its_files_along(each_app: Flask) -> None:
    by = making.organiser()
    module = teaching.module("interviews")
    operations.add_to_module(module, making.upload(), Audience.PARTICIPANTS, by)
    assert len(making.contents(each_app)) == 1
    courses.remove_module("interviews", by=by)
    assert making.contents(each_app) == []
    assert rows() == 0


def test_only_the_agency_of_a_module_changes_its_files(each_app: Flask) -> None:
    module = teaching.module("interviews", agency="UNODC")
    with pytest.raises(NotFound):
        operations.add_to_module(
            module, making.upload(), Audience.PARTICIPANTS, making.organiser("IOM")
        )
    assert making.contents(each_app) == []


def test_what_a_crash_left_is_swept_and_nothing_else(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    kept = making.material(course, session, by)

    def dies(*_args: object, **_values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:  # killed between the content and its row …
        patch.setattr(operations, "record", dies)
        patch.setattr(large_files, "remove", lambda _name: None)
        with pytest.raises(KeyboardInterrupt):
            making.material(course, session, by)
        patch.undo()
    with monkeypatch.context() as patch:  # … and between a removed row and its content
        gone = making.material(course, session, by)
        patch.setattr(large_files, "remove", lambda _name: None)
        operations.remove(gone, by)
    assert len(making.contents(app)) == 3
    operations.sweep()
    assert len(making.contents(app)) == 3, "what is fresh may still be on its way"
    hours_ago = time.time() - 2 * 3600
    for path in making.contents(app):
        os.utime(path, (hours_ago, hours_ago))
    operations.sweep()
    assert len(making.contents(app)) == 1
    assert content(kept) == making.PDF


def test_a_file_larger_than_memory_may_take(app: Flask) -> None:
    by = making.organiser()
    course, session = making.course_with_session(by)
    big = making.PDF + b"x" * (5 * MB)
    made = operations.add_to_session(
        course, session, operations.Upload("a.pdf", io.BytesIO(big)), Audience.STAFF, by
    )
    assert content(made) == big
