"""A mail server on this machine that takes every email and keeps what it says."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP


class _Session(socketserver.StreamRequestHandler):
    """One client; understands what smtplib says."""

    server: "Postbox"

    def handle(self) -> None:
        """Take emails until the client leaves."""
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                self.wfile.write(self.server.greeting)
            elif word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self._take()
                self.wfile.write(b"250 taken\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")

    def _take(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        if line:
            self.server.mails.append(message_from_bytes(b"".join(lines), policy=SMTP))


class Postbox(socketserver.ThreadingTCPServer):
    """The server; ``mails`` holds what it took, the oldest first."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, greeting: bytes = b"250 postbox\r\n") -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.greeting = greeting
        self.mails: list[Message] = []

    @property
    def settings(self) -> dict[str, str]:
        """What an installation must be told to use it."""
        host, port = self.server_address[:2]
        return {"SMTP_HOST": str(host), "SMTP_PORT": str(port), "SMTP_TLS": "0"}

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients may be killed at any moment."""


@contextmanager
def opened(greeting: bytes = b"250 postbox\r\n") -> Iterator[Postbox]:
    """A post box that takes emails until the block ends."""
    with Postbox(greeting) as box:
        thread = threading.Thread(target=box.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield box
        finally:
            box.shutdown()
            thread.join()
