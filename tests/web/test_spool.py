"""What is received lies on the disk, but only this process can read it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.web import spool
from trainings.web.spool import Spool


@given(st.lists(st.binary(max_size=70), max_size=8), st.integers(0, 300), st.integers(0, 300))
def test_it_reads_as_it_was_written(parts: list[bytes], start: int, length: int) -> None:
    whole = b"".join(parts)
    with Spool(Path("/tmp")) as kept:
        for part in parts:
            kept.write(part)
        kept.seek(start)
        assert kept.read(length) == whole[start : start + length]
        assert kept.seek(0, os.SEEK_END) == len(whole)
        kept.seek(0)
        assert kept.read() == whole


def test_nothing_of_it_lies_on_the_disk_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = b"Ana Ejemplo was here. " * 400
    written = tmp_path / "written"
    monkeypatch.setattr(
        spool.tempfile, "TemporaryFile", lambda **_where: written.open("w+b", buffering=0)
    )
    with Spool(tmp_path) as kept:
        kept.write(secret)
        assert written.stat().st_size == len(secret)
        assert b"Ana Ejemplo" not in written.read_bytes()


def test_it_has_no_name_and_is_gone_when_closed(tmp_path: Path) -> None:
    kept = Spool(tmp_path)
    kept.write(secrets.token_bytes(1000))
    assert list(tmp_path.iterdir()) == []
    kept.close()
    with pytest.raises(ValueError, match="closed"):
        kept.read()
