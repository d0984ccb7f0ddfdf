"""What somebody sends, while it is received: on disk, but readable by this process alone.

A large upload does not fit into memory, and must not lie on the disk in clear, where the rest of a
crash or an old block could be read. Its key is never written down; the file has no name.
"""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 16
IN_MEMORY = 512 * 1024  # bytes of an uploaded file that are kept in memory alone


class Spool(io.RawIOBase):
    """A file to write once and to read from anywhere, encrypted under a key of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed below)
        self._key, self._start = os.urandom(32), int.from_bytes(os.urandom(_BLOCK), "big")
        self._at = self._size = 0

    def _crypted(self, data: bytes, at: int) -> bytes:
        """Data as it stands at a place of the file, or back: the same for both (AES-CTR)."""
        block, skip = divmod(at, _BLOCK)
        counter = (self._start + block) % (1 << 128)
        stream = Cipher(
            algorithms.AES(self._key), modes.CTR(counter.to_bytes(_BLOCK, "big"))
        ).encryptor()
        return stream.update(b"\0" * skip + data)[skip:]

    def write(self, data: Any, /) -> int:
        """Add data at the end; the same place is never written twice."""
        given = bytes(data)
        self._file.seek(self._size)
        self._file.write(self._crypted(given, self._size))
        self._size += len(given)
        self._at = self._size
        return len(given)

    def readinto(self, buffer: Any, /) -> int:
        """Read what fits into a buffer."""
        self._file.seek(self._at)
        found = self._crypted(self._file.read(len(buffer)), self._at)
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

    def writable(self) -> bool:
        """It can be written."""
        return True

    def seekable(self) -> bool:
        """It can be read from anywhere."""
        return True

    def close(self) -> None:
        """Let go of it; nobody can read it again."""
        if not self.closed:
            self._file.close()
        super().close()
