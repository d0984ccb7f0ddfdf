"""The application's answer to one request, taken from it in pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PIECE = 256 * 1024  # bytes of a long answer read from a file at a time


class Answer:
    """One answer: its status and headers once begun, its body piece by piece.

    Each of its methods runs in a thread, one at a time, and not always in the same one.
    """

    def __init__(self, app: WSGIApplication, environ: dict[str, Any]) -> None:
        self._app = app
        self._environ = environ
        self._close: Callable[[], object] | None = None
        self._parts: Iterator[bytes] = iter(())
        self._written: list[bytes] = []
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.piece = b""
        self.ended = False

    def begin(self) -> None:
        """Run the application up to the first piece of the body."""
        result = self._app(self._environ, self._start)
        self._environ = {}
        self._close = getattr(result, "close", None)
        self._parts = iter(result)
        self.go_on()

    def go_on(self) -> None:
        """Take the next piece of the body; empty if there is none."""
        parts, self._written = self._written, []
        count = sum(map(len, parts))
        try:
            while count < PIECE:
                part = next(self._parts, None)
                if part is None:
                    self.end()
                    break
                parts.append(part)
                count += len(part)
        except BaseException:
            self.end()
            raise
        self.piece = parts[0] if len(parts) == 1 else b"".join(parts)

    def end(self) -> None:
        """Stop the answer and close what it opened."""
        close, self._close = self._close, None
        self.ended = True
        self._parts = iter(())
        if close:
            close()

    def _start(
        self, status: str, headers: list[tuple[str, str]], _exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        self.status = int(status.partition(" ")[0])
        self.headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        return self._written.append
