"""Sealing: a value opens in its place under its key, and nowhere else (S18)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.pool import Pool

from tests.conftest import make_settings
from trainings.app import create_app
from trainings.core import keys, sealed, startup_checks
from trainings.core.db import transaction


def test_opens_in_its_place_only(app: Flask) -> None:
    value = sealed.seal("Ñandú", "person|given_name|1")
    assert "Ñandú".encode() not in value
    assert sealed.unseal(value, "person|given_name|1") == "Ñandú"
    for place in ("person|given_name|2", "person|family_name|1", "trainer|given_name|1"):
        with pytest.raises(sealed.SealBroken):
            sealed.unseal(value, place)


def test_a_changed_value_does_not_open(app: Flask) -> None:
    value = bytearray(sealed.seal("Ana", "person|given_name|1"))
    value[-1] ^= 1
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(bytes(value), "person|given_name|1")


def test_the_same_text_is_sealed_differently(app: Flask) -> None:
    assert sealed.seal("Ana", "p") != sealed.seal("Ana", "p")


def test_an_unknown_key_does_not_open(app: Flask) -> None:
    value = sealed.seal("Ana", "p")
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(b"k9" + value[2:], "p")


def test_a_blind_index_tells_kinds_apart(app: Flask) -> None:
    assert sealed.blind_index("mail", "a@b.example") == sealed.blind_index("mail", "a@b.example")
    assert sealed.blind_index("mail", "a@b.example") != sealed.blind_index("name", "a@b.example")


@pytest.fixture
def connections() -> Iterator[set[int]]:
    """The connections to databases that were opened meanwhile and not closed."""
    there: set[int] = set()

    def opened(connection: Any, _record: Any) -> None:
        there.add(id(connection))

    def closed(connection: Any, _record: Any) -> None:
        there.discard(id(connection))

    event.listen(Pool, "connect", opened)
    event.listen(Pool, "close", closed)
    yield there
    event.remove(Pool, "connect", opened)
    event.remove(Pool, "close", closed)


def test_a_wrong_key_stops_the_start(
    make_app: Callable[..., Flask],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    connections: set[int],
) -> None:
    app = make_app("sqlite")
    other = tmp_path / "other.json"
    keys.create(other)
    before = set(connections)
    with pytest.raises(SystemExit) as stop:
        create_app(make_settings(app.extensions["settings"].instance, other))
    assert stop.value.code == 78
    assert "keys are not those" in capsys.readouterr().err
    assert connections == before, "who is refused leaves nothing open"


def test_an_old_schema_stops_the_start(
    make_app: Callable[..., Flask], key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app("sqlite")
    with app.app_context():
        with transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        fault = startup_checks.fault()
        assert fault is not None and "newest schema" in fault.words
    with pytest.raises(SystemExit) as stop:
        create_app(make_settings(app.extensions["settings"].instance, key_file))
    assert stop.value.code == 78
    assert "db upgrade" in capsys.readouterr().err
