"""Sits in front of the application, which gets only whole requests and is free once it answers.

Bodies are read and answers are sent here, on the event loop; threads are used for the application
alone. ``serving.connections`` closes clients that take too long.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol
from urllib.parse import unquote_to_bytes

from trainings.core import group_commit
from trainings.serving.answer import Answer
from trainings.web.page_frame import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_log = logging.getLogger(__name__)

THREADS = 4  # at work at the same moment
ASIDE = 28  # further ones, which wait for what another does for them, too
QUEUE = 200  # whole requests waiting for a thread; further ones are told to retry
HELD = 64 * 1024 * 1024  # bytes of bodies and answers in memory, per worker
SPOOLED = 4  # large bodies received at once, on disk, per worker
SLICE = 64 * 1024


class Client(Protocol):
    """The connection a request came over."""

    def abort(self) -> None:
        """End it at once, whatever it is waiting for."""

    def gone(self) -> bool:
        """Whether the client has disconnected."""


class Busy(Exception):
    """This worker already holds as much in memory as it may."""


class Held:
    """Bytes of bodies and answers in memory: if there are too many, the oldest client is closed."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: dict[Client, int] = {}
        self._working: dict[Client, int] = {}

    @property
    def total(self) -> int:
        """How many bytes are held."""
        return sum(self._waiting.values()) + sum(self._working.values())

    def wait(self, client: Client, count: int) -> None:
        """Hold this many more bytes for a slow client; raises ``Busy`` if none can be freed."""
        self._waiting[client] = self._waiting.get(client, 0) + count
        while self.total > self._limit:
            oldest = next(iter(self._waiting))
            if oldest is client:
                raise Busy
            del self._waiting[oldest]
            oldest.abort()

    def work(self, client: Client) -> None:
        """Count this client's data as being in the hands of the application."""
        if client in self._waiting:
            self._working[client] = self._waiting.pop(client)

    def drop(self, client: Client) -> None:
        """Nothing is held for this client any more."""
        self._waiting.pop(client, None)
        self._working.pop(client, None)


class Front:
    """The application as an ASGI server calls it."""

    def __init__(
        self,
        app: WSGIApplication,
        largest: int,
        allowed: Callable[[dict[str, Any]], int] | None = None,
        spool: Callable[[], BinaryIO] = BytesIO,
    ) -> None:
        """``allowed``: how much a request may send, asked where it announces more than ``largest``.

        What is more is not held in memory, but in what ``spool`` makes.
        """
        self._app = app
        self._largest = largest
        self._allowed = allowed or (lambda _environ: largest)
        self._spool = spool
        self._spooled = 0
        self._threads = ThreadPoolExecutor(THREADS + ASIDE, thread_name_prefix="application")
        self._places = threading.Semaphore(THREADS)
        self._at_work = 0
        self._held = Held(HELD)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        client: Client = scope["extensions"]["client"]["connection"]
        context = contextvars.Context()
        begun = False
        try:
            answer = await self._asked(client, scope, receive, context)
            if answer is not None:
                begun = True
                await self._deliver(client, answer, context, send)
        except Busy:
            await _say(send, 503, "The system is busy. Nothing was saved; try again soon.")
        except Exception as error:  # the application handles its own
            places = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
            _log.error("failed: %s at %s", type(error).__name__, ", ".join(places))
            if begun:
                client.abort()
            else:
                await _say(send, 500, "Something went wrong here.")
        finally:
            self._held.drop(client)

    async def _asked(
        self, client: Client, scope: Scope, receive: Receive, context: contextvars.Context
    ) -> Answer | None:
        """The application's answer; None if the client left before it was asked."""
        environ = _environ(scope)
        if int(environ.get("CONTENT_LENGTH") or 0) > self._largest:
            return await self._asked_with_much(client, environ, receive, context)
        body = await self._body(client, environ, receive)
        return None if body is None else await self._begun(client, environ, body, context)

    async def _begun(
        self, client: Client, environ: dict[str, Any], body: BinaryIO, context: contextvars.Context
    ) -> Answer | None:
        self._held.work(client)
        if self._at_work >= THREADS + QUEUE:
            raise Busy
        answer = Answer(self._app, environ | {"wsgi.input": body})
        await self._in_thread(context, lambda: None if client.gone() else answer.begin())
        self._held.drop(client)
        return answer if answer.status else None

    async def _asked_with_much(
        self,
        client: Client,
        environ: dict[str, Any],
        receive: Receive,
        context: contextvars.Context,
    ) -> Answer | None:
        """The answer to a request that announces a large body: who may send it is asked first."""
        found: list[int] = []
        empty = environ | {"wsgi.input": BytesIO()}
        await self._in_thread(context, lambda: found.append(self._allowed(empty)))
        if int(environ["CONTENT_LENGTH"]) > found[0]:
            body = await self._body(client, environ, receive)
            return None if body is None else await self._begun(client, environ, body, context)
        if self._spooled >= SPOOLED:
            raise Busy
        self._spooled += 1
        try:
            with self._spool() as spool:
                if not await _received(spool, int(environ["CONTENT_LENGTH"]), receive):
                    return None
                return await self._begun(client, environ, spool, context)
        finally:
            self._spooled -= 1

    async def _deliver(
        self, client: Client, answer: Answer, context: contextvars.Context, send: Send
    ) -> None:
        """Send an answer as fast as the client takes it; a long one is produced only as needed."""
        await _start(send, answer.status, answer.headers)
        while answer.piece and not client.gone():
            await self._hand_over(client, answer.piece, send)
            if answer.ended:
                break
            await self._in_thread(context, answer.go_on)
        if not answer.ended:
            await self._in_thread(context, answer.end)
        if not client.gone():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _body(
        self, client: Client, environ: dict[str, Any], receive: Receive
    ) -> BytesIO | None:
        """The whole body; None if the client left. One that is too large is read but not kept."""
        body, count = BytesIO(), 0
        declared = int(environ.get("CONTENT_LENGTH") or 0)
        if declared > self._largest and "HTTP_EXPECT" in environ:
            return body  # the client asked first, and the application refuses
        more = True
        while more and count <= 4 * self._largest:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            more = message["more_body"]
            count += len(message["body"])
            if max(count, declared) <= self._largest:
                if message["body"]:
                    self._held.wait(client, len(message["body"]))
                    body.write(message["body"])
            else:
                self._held.drop(client)
                body = BytesIO()
        body.seek(0)
        if count or declared:
            environ["CONTENT_LENGTH"] = str(max(count, declared))
        return body

    async def _in_thread(self, context: contextvars.Context, act: Callable[[], None]) -> None:
        self._at_work += 1
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._threads, context.run, self._at_a_place, act)
        finally:
            self._at_work -= 1

    def _at_a_place(self, act: Callable[[], None]) -> None:
        group_commit.aside.set(self._aside)
        with self._places:
            act()

    @contextlib.contextmanager
    def _aside(self) -> Iterator[None]:
        self._places.release()
        try:
            yield
        finally:
            self._places.acquire()

    async def _hand_over(self, client: Client, piece: bytes, send: Send) -> None:
        """Send in slices, so that the connection never buffers more than the client takes."""
        if len(piece) > SLICE:
            try:
                self._held.wait(client, len(piece))
            except Busy:
                _log.warning("answers take more memory than they may")
        for start in range(0, len(piece), SLICE):
            part = piece[start : start + SLICE]
            await send({"type": "http.response.body", "body": part, "more_body": True})
        self._held.drop(client)


async def _received(spool: BinaryIO, announced: int, receive: Receive) -> bool:
    """Receive a large body; whether it came whole. What reads requests lets no more come."""
    count, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return False
        more = message["more_body"]
        count += len(message["body"])
        if count > announced:
            return False
        if message["body"]:
            spool.write(message["body"])
    spool.seek(0)
    return count == announced


async def _start(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _say(send: Send, status: int, sentence: str) -> None:
    text = sentence.encode() + b"\n"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
        (b"retry-after", b"5"),
        (b"connection", b"close"),
    ]
    headers += [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": text, "more_body": False})


def _environ(scope: Scope) -> dict[str, Any]:
    """The application's view of a request (PEP 3333), without its body."""
    host, port = scope["server"] or ("", None)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ.update(_headers(scope["headers"]))
    return environ


def _headers(headers: list[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    """The headers by their PEP 3333 names; those with a «_» are dropped, as they are ambiguous."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        if b"_" in raw_name:
            continue
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        name = name.upper().replace("-", "_")
        if name == "TRANSFER_ENCODING":
            continue
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        found[key] = f"{found[key]}{joint}{value}" if key in found else value
    yield from found.items()
