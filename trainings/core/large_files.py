"""Large sealed files: written and read in pieces, so that their size needs no memory.

Each file has a data key of its own, each piece its place in the file: pieces cannot be swapped,
left out or taken from another file. They lie apart from the small sealed files, so that one to
which no row refers can be found.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

from trainings.core import config, sealed
from trainings.core.config import Settings

_SEALED = 256 * 1024  # bytes of a whole piece once padded
PIECE = _SEALED - 1  # of its content: the end of the padding takes one
_STEP = _SEALED + 12 + 16  # with its nonce and its code, on disk


def _folder() -> Path:
    settings: Settings = config.settings()
    return settings.large_files


def _path(name: str) -> Path:
    return _folder() / name[:2] / name


def _place(name: str, size: int, number: int) -> str:
    return f"large|{name}|{size}|{number}"


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    """What is left to read of a file, in whole pieces and the rest."""
    while piece := source.read(PIECE):
        while len(piece) < PIECE and (more := source.read(PIECE - len(piece))):
            piece += more
        yield piece


def store(source: IO[bytes], size: int, key: bytes) -> str:
    """Seal a file of this size durably; returns the name to find it by.

    Raises ``ValueError`` where it is not as long as was said; then nothing is left of it.
    """
    name = secrets.token_hex(16)
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    count = 0
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for number, piece in enumerate(pieces(source)):
                file.write(sealed.seal_with(key, piece, _place(name, size, number)))
                count += len(piece)
            file.flush()
            os.fsync(file.fileno())
        if count != size:
            raise ValueError("not as long as was said")
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


class Opened(io.RawIOBase):
    """The content of a sealed file, from wherever it is asked for; one piece in memory.

    Raises ``FileNotFoundError``; reading raises ``SealBroken`` where it was altered.
    """

    def __init__(self, name: str, size: int, key: bytes) -> None:
        super().__init__()
        self._file = _path(name).open("rb")
        self._name, self._size, self._key = name, size, key
        self._at, self._number, self._piece = 0, -1, b""

    def readinto(self, buffer: Any, /) -> int:
        """Read what is left of the piece at hand, or of the next."""
        if self._at >= self._size:
            return 0
        number, skip = divmod(self._at, PIECE)
        if number != self._number:
            self._file.seek(number * _STEP)
            place = _place(self._name, self._size, number)
            self._piece = sealed.open_with(self._key, self._file.read(_STEP), place)
            self._number = number
        found = self._piece[skip : skip + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go on reading elsewhere."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Where it is read next."""
        return self._at

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from anywhere."""
        return True

    def close(self) -> None:
        """Let go of the file."""
        if not self.closed and hasattr(self, "_file"):  # it lacks where there is no such content
            self._file.close()
        super().close()


def remove(name: str) -> None:
    """Remove a file; does nothing if it is already gone."""
    _path(name).unlink(missing_ok=True)


def left_behind(known: Collection[str], before: float) -> list[str]:
    """The names of files that nobody knows and nobody has written to since a moment (POSIX time).

    They are what a process left that died between writing a file and committing its row, or
    between removing its row and the file.
    """
    found = []
    for path in _folder().glob("??/*"):
        try:
            old = path.stat().st_mtime < before
        except FileNotFoundError:
            continue
        if old and path.name not in known:
            found.append(path.name)
    return found
