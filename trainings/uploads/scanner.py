"""The virus scanner (ClamAV), asked over its socket: ``INSTREAM`` of clamd's protocol.

The package clamd has had no release since 2014, and all we need of it stands here.
"""

from __future__ import annotations

import re
import socket
from typing import IO

from trainings.core import large_files
from trainings.uploads.rules import NotScannable, ScannerSilent

TIMEOUT = 60.0  # seconds between two signs of life
_ANSWER = 4096


def found_in(source: IO[bytes], where: str) -> str | None:
    """The name of what the scanner finds in a file; None where it is clean.

    ``where``: the path of its socket, or host:port. Raises ``ScannerSilent``, ``NotScannable``;
    leaves the file at its beginning.
    """
    source.seek(0)
    try:
        with _connected(where) as scanner:
            answer = _asked(scanner, source)
    except OSError:
        raise ScannerSilent from None
    finally:
        source.seek(0)
    if answer == "stream: OK":
        return None
    if found := re.fullmatch(r"stream: (.+) FOUND", answer):
        return re.sub(r"[^\w.,:()\-]", "?", found[1], flags=re.ASCII)[:80]
    raise NotScannable if "size limit" in answer.lower() else ScannerSilent


def _connected(where: str) -> socket.socket:
    if not where.startswith("/"):
        host, _colon, port = where.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), TIMEOUT)
    scanner = socket.socket(socket.AF_UNIX)
    scanner.settimeout(TIMEOUT)
    try:
        scanner.connect(where)
    except OSError:
        scanner.close()
        raise
    return scanner


def _asked(scanner: socket.socket, source: IO[bytes]) -> str:
    """Send the file in pieces, each with its length in front; the answer ends with a zero byte."""
    try:
        scanner.sendall(b"zINSTREAM\0")
        for piece in large_files.pieces(source):
            scanner.sendall(len(piece).to_bytes(4, "big") + piece)
        scanner.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it hangs up on what is too large, and has said so
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER:
        more = scanner.recv(_ANSWER)
        if not more:
            break
        answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
