"""The file of endings: certificates that were ended, recorded where no SQL statement reaches.

Someone who can write to the database can restore a certificate's row to before it was revoked,
corrected or erased, and delete the trail's entries about it; the database is then consistent with
itself. So each ending is also recorded in this append-only file in the folder of the installation,
with the number of acts on the certificate so far (its own count, covered by the code of its row). A
row with fewer acts than recorded was put back.

An ending has two lines. ``will`` is on the disk before the transaction commits, ``done`` before the
person who ended the certificate gets an answer. If the process is killed between the two, nobody
can tell at once whether the commit happened: the certificate *cannot be confirmed now*. The worker
settles that within seconds (``ending_operations.settle``), under the lock of the row, which a
transaction still running would hold: if the row or the trail has the act, the line is ``done``;
else the transaction was rolled back and the line is ``void``. The certificate is then valid as
before, and the person who wanted it ended, and got no answer, sees that.

Each line carries a code under the register's key; a line cut short by a crash was never
acknowledged and does not count. Each process caches what it read and reads only what was added: the
file is opened at each check (which makes a network drive look for changes), so several hosts can
share the folder as they share the files.
"""

from __future__ import annotations

import fcntl
import hmac
import os
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from flask import current_app
from msgspec import Struct, field
from sqlalchemy.orm import Session

from trainings.core import sealed
from trainings.core.db import afterwards, beforehand
from trainings.register.trust_rules import EndingNotKept

WILL, DONE, VOID = "will", "done", "void"
WIPED = "wiped"  # done, by an erasure: the certificate stays valid, and can be wiped again
_CODE = 64  # characters
_TAIL = 80  # bytes before the last read position, which reveal that the file was replaced


class Endings(Struct):
    """The contents of the file: by certificate, the least number of acts it must have."""

    done: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)  # of these, without erasures
    pending: dict[str, int] = field(default_factory=dict)  # announced, neither done nor void
    damaged: int = 0  # whole lines without our code

    def add(self, word: str, key: str, acts: int) -> None:
        """Add a line to the counts."""
        if word == WILL:
            self.pending[key] = max(acts, self.pending.get(key, 0))
            return
        for known in {DONE: (self.done, self.ended), WIPED: (self.done,)}.get(word, ()):
            known[key] = max(acts, known.get(key, 0))
        if self.pending.get(key, 0) <= acts:
            self.pending.pop(key, None)


class _Read(Struct):
    """A file and how far it has been read."""

    known: Endings = field(default_factory=Endings)
    file: tuple[int, int] = (0, 0)  # device and number
    stamp: tuple[int, int] = (-1, -1)  # size and time
    upto: int = 0
    tail: bytes = b""


_reading = threading.Lock()
_read: dict[Path, _Read] = {}


def path() -> Path:
    """Where the file of endings is: in the folder of the installation."""
    found: Path = current_app.extensions["settings"].instance / "certificates.endings"
    return found


def note_with(session: Session, acts: Mapping[str, int], done: str = DONE) -> None:
    """Record endings with the open transaction: before it commits, and once it has.

    ``acts`` gives, by certificate, how many acts it will then have; its row is locked. If the file
    cannot be written, nothing is committed: ``EndingNotKept``.
    """

    def announce() -> None:
        try:
            note(WILL, acts)
        except OSError:
            raise EndingNotKept from None

    beforehand(session, announce)
    afterwards(session, partial(note, done, acts))


def note(word: str, acts: Mapping[str, int]) -> None:
    """Add a line for each certificate; they are on the disk when this returns."""
    lines = "".join(f"{_line(word, key, count)}\n" for key, count in acts.items())
    where = path()
    fresh = not where.exists()
    handle = os.open(where, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # released when the file is closed
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            lines = f"\n{lines}"  # a crash cut the line before short
        _write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    if fresh:
        _fix(where.parent)


def _write(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _fix(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _line(word: str, key: str, acts: int) -> str:
    return f"{word} {key} {acts} {sealed.register_mac('ending', word, key, acts)}"


def known() -> Endings:
    """The current contents of the file; empty if there is no file. Do not change the result."""
    where = path()
    with _reading:
        seen = _read.setdefault(where, _Read())
        try:
            handle = os.open(where, os.O_RDONLY)
        except FileNotFoundError:
            _read[where] = _Read()
            return _read[where].known
        try:
            _read[where] = _read_on(handle, seen)
        finally:
            os.close(handle)
        return _read[where].known


def _read_on(handle: int, seen: _Read) -> _Read:
    """The same with what was added since; reread from the start if the file was replaced."""
    status = os.fstat(handle)
    file, stamp = (status.st_dev, status.st_ino), (status.st_size, status.st_mtime_ns)
    if (file, stamp) == (seen.file, seen.stamp):
        return seen
    tail = os.pread(handle, len(seen.tail), seen.upto - len(seen.tail))
    if file != seen.file or status.st_size < seen.upto or tail != seen.tail:
        seen = _Read()
    before = seen.known  # others may be reading it
    known = Endings(dict(before.done), dict(before.ended), dict(before.pending), before.damaged)
    content = os.pread(handle, status.st_size - seen.upto, seen.upto)
    whole = content[: content.rfind(b"\n") + 1]  # the last line may still be incomplete
    for line in whole.splitlines():
        _take(known, line.decode("ascii", "replace"))
    tail = (seen.tail + whole)[-_TAIL:]
    return _Read(known, file, stamp, seen.upto + len(whole), tail)


def _take(known: Endings, line: str) -> None:
    word, _, rest = line.partition(" ")
    key, _, rest = rest.partition(" ")
    acts = rest.partition(" ")[0]
    if (
        word in (WILL, DONE, WIPED, VOID)
        and acts.isdecimal()
        and len(acts) < 10
        and hmac.compare_digest(line.encode(), _line(word, key, int(acts)).encode())
    ):
        known.add(word, key, int(acts))
    elif len(rest.partition(" ")[2]) == _CODE:
        known.damaged += 1
