"""Large sealed files: read from anywhere, in pieces that cannot be changed, swapped or left out."""

from __future__ import annotations

import io
import os
import secrets
import time
import tracemalloc
from pathlib import Path

import pytest
from flask import Flask

from trainings.core import large_files
from trainings.core.large_files import PIECE, Opened
from trainings.core.sealed import SealBroken

KEY = secrets.token_bytes(32)


def kept(content: bytes) -> str:
    return large_files.store(io.BytesIO(content), len(content), KEY)


def paths(app: Flask) -> list[Path]:
    folder: Path = app.extensions["settings"].large_files
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17])
def test_it_comes_back_whole_and_from_anywhere(app: Flask, size: int) -> None:
    content = secrets.token_bytes(size)
    name = kept(content)
    with Opened(name, size, KEY) as found:
        assert found.read() == content
    for start in (0, 1, PIECE - 1, PIECE, size - 1, size, size + 9):
        with Opened(name, size, KEY) as found:
            found.seek(max(0, start))
            buffered = io.BufferedReader(found)
            assert buffered.read(PIECE + 5) == content[max(0, start) :][: PIECE + 5]


def test_it_is_sealed_padded_and_closed_to_others(app: Flask) -> None:
    kept(b"Ana Ejemplo " * 40_000)
    (path,) = paths(app)
    assert b"Ana Ejemplo" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    sizes = {len(content): 0 for content in (b"", b"a", b"a" * 400)}
    for length in sizes:
        path.unlink(missing_ok=True)
        kept(b"a" * length)
        (path,) = paths(app)
        sizes[length] = path.stat().st_size
    assert sizes[1] == sizes[400]


@pytest.mark.parametrize("harm", ["swapped", "cut", "another file's", "changed", "another size"])
def test_what_was_altered_does_not_open(app: Flask, harm: str) -> None:
    content = secrets.token_bytes(3 * PIECE)
    name, size, key = kept(content), len(content), KEY
    path = next(path for path in paths(app) if path.name == name)
    sealed = path.read_bytes()
    step = len(sealed) // 3
    pieces = [sealed[at : at + step] for at in range(0, len(sealed), step)]
    if harm == "swapped":
        path.write_bytes(pieces[1] + pieces[0] + pieces[2])
    elif harm == "cut":
        path.write_bytes(pieces[0] + pieces[1])
    elif harm == "another file's":
        other = kept(content)
        path.write_bytes(next(p for p in paths(app) if p.name == other).read_bytes())
    elif harm == "changed":
        path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    else:
        size = 2 * PIECE  # what the row says was changed to hide the end
    with Opened(name, size, key) as found, pytest.raises(SealBroken):
        found.read()


def test_shorter_than_was_said_leaves_nothing(app: Flask) -> None:
    with pytest.raises(ValueError, match="long"):
        large_files.store(io.BytesIO(b"abc"), 4, KEY)
    assert paths(app) == []


def test_many_megabytes_take_few(app: Flask) -> None:
    class Endless(io.RawIOBase):
        left = 60 * 1024 * 1024

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            size = min(len(buffer), self.left)
            self.left -= size
            buffer[:size] = b"x" * size
            return size

    size = Endless.left
    tracemalloc.start()
    name = large_files.store(Endless(), size, KEY)  # type: ignore[arg-type]
    with Opened(name, size, KEY) as found:
        count = sum(len(piece) for piece in large_files.pieces(found))  # type: ignore[arg-type]
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == size
    assert most < 8 * 1024 * 1024


def test_only_what_is_old_and_unknown_was_left_behind(app: Flask) -> None:
    known, lost, fresh = kept(b"a"), kept(b"b"), kept(b"c")
    now = time.time()
    for path in paths(app):
        if path.name != fresh:
            os.utime(path, (now - 7200, now - 7200))
    (half := paths(app)[0].parent / "half.part").write_bytes(b"half")
    os.utime(half, (now - 7200, now - 7200))
    found = large_files.left_behind({known}, now - 3600)
    assert sorted(found) == sorted([lost, "half.part"])
