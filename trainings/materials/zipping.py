"""Several files as one ZIP file, made while it is sent: a piece of one file in memory at a time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import IO, NamedTuple

from trainings.core import large_files


class Entry(NamedTuple):
    """A file for the ZIP: its name there, when it was changed (local time), its open content."""

    name: str
    changed_at: datetime
    content: IO[bytes]


class _Written:
    """What was written and not sent yet; it cannot be sought, so sizes follow the contents."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep a part until it is sent."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> bytes:
        """What has come together since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def streamed(entries: Sequence[Entry]) -> Iterator[bytes]:
    """The ZIP file in pieces; the contents are closed at its end, however it ends.

    They are stored as they are: pictures, videos and office files are compressed already.
    """
    with ExitStack() as opened:
        for entry in entries:
            opened.enter_context(entry.content)
        out = _Written()
        with zipfile.ZipFile(out, "w") as archive:  # type: ignore[call-overload]
            for entry in entries:
                when = max(entry.changed_at.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
                with archive.open(zipfile.ZipInfo(entry.name, when), "w") as part:
                    for piece in large_files.pieces(entry.content):
                        part.write(piece)
                        yield out.taken()
                yield out.taken()
        yield out.taken()
