"""Two at once: the room of a course is given once, and a file is replaced by one of two.

Without the locks the same races must go wrong: otherwise they would prove nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests import racing
from tests.materials import making
from trainings.core.db import db
from trainings.courses import queries as courses
from trainings.materials import operations, queries
from trainings.materials.models import Material
from trainings.materials.rules import NoRoomLeft

MB = 1024 * 1024


def two_for_one_place(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], int]:
    """Room for one of two files: both looked whether there is room before either wrote."""
    app.extensions["settings"] = replace(app.extensions["settings"], materials_bytes=2 * MB)
    by = making.organiser()
    course, session = making.course_with_session(by)
    big = making.PDF + bytes(MB)
    act = lambda: making.material(course, session, by, content=big)  # noqa: E731
    answers = racing.both_look(app, monkeypatch, operations, "_check_room", [act, act])
    db.session.close()
    return answers, len(db.session.scalars(select(Material.id)).all())


def test_of_two_files_for_one_place_one_is_refused(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, kept = two_for_one_place(each_app, monkeypatch)
    assert kept == 1, answers
    assert sum(isinstance(answer, NoRoomLeft) for answer in answers) == 1, answers
    assert len(making.contents(each_app)) == 1


def test_without_the_locks_both_come_in(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    racing.take_locks_off(monkeypatch, courses, queries)
    answers, kept = two_for_one_place(each_app, monkeypatch)
    assert not any(isinstance(answer, NoRoomLeft) for answer in answers), answers
    if db.engine.dialect.name == "postgresql":
        assert kept == 2, answers
    else:  # SQLite notices that the second wrote on an old view, and can only give up
        assert any(isinstance(answer, OperationalError) for answer in answers), answers


def two_replace(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], int, int]:
    """Two replace one file: both have read it before either writes. Version, contents on disk."""
    by = making.organiser()
    course, session = making.course_with_session(by)
    made = making.material(course, session, by)
    act = lambda: operations.replace(made, making.upload(), by)  # noqa: E731
    answers = racing.both_look(app, monkeypatch, operations, "_check_room", [act, act])
    db.session.close()
    version = db.session.get_one(Material, made).version
    return answers, version, len(making.contents(app))


def test_two_replacements_are_two_versions_and_one_content(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, version, left = two_replace(each_app, monkeypatch)
    assert (version, left) == (3, 1), answers


def test_without_the_locks_a_content_is_left_behind(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, courses, queries)
    answers, version, left = two_replace(each_app, monkeypatch)
    assert version == 2, answers
    if db.engine.dialect.name == "postgresql":
        assert left == 2, "one of the new contents has no row"
    else:
        assert any(isinstance(answer, OperationalError) for answer in answers), answers
