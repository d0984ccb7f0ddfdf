"""Connections of the web server: limits how long it waits for each client.

A client has a limited time to send its request and to take the answer; no limit applies while the
application is working. If there are too many connections, from one network or in all, the one that
has kept the server waiting longest is closed.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

HEAD = 10.0  # seconds, for the headers of a request
BODY = 10.0  # seconds, plus one for each RATE bytes received
RATE = 16 * 1024
IDLE = 30.0  # between two requests
ANSWER = 30.0  # to take 64 KB of an answer
HEAD_BYTES = 64 * 1024
PIPELINED = 8

IN_ALL = 500  # of one worker
PER_NETWORK = 200


def network(address: str) -> str:
    """The network an address belongs to: in IPv6 the 64 bits that a provider gives one customer."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((int(ip), 64), strict=False))
    return str(ip)


class Crowd:
    """All connections to this worker, up to a maximum."""

    def __init__(self, in_all: int = IN_ALL, per_network: int = PER_NETWORK) -> None:
        self.in_all, self.per_network = in_all, per_network
        self._networks: dict[str, set[Connection]] = {}
        self._all: set[Connection] = set()

    def enter(self, new: Connection) -> None:
        """Add a connection; if there is no room, another one is closed, or the new one itself."""
        neighbours = self._networks.setdefault(new.network, set())
        for among, room in ((neighbours, self.per_network), (self._all, self.in_all)):
            if len(among) >= room:
                waiting = [one for one in among if one.since is not None]
                goes = min(waiting, key=lambda one: (not one.idle, one.since), default=new)
                goes.abort()
                if goes is new:
                    break
        else:
            self._all.add(new)
            self._networks.setdefault(new.network, set()).add(new)

    def leave(self, one: Connection) -> None:
        """Remove a connection."""
        self._all.discard(one)
        neighbours = self._networks.get(one.network, set())
        neighbours.discard(one)
        if not neighbours:
            self._networks.pop(one.network, None)

    def look(self, now: float) -> None:
        """End the connections that have kept the server waiting for too long."""
        for one in [one for one in self._all if one.overdue(now)]:
            one.cut()

    def close(self) -> None:
        """End all connections waiting for their clients: the server is about to stop."""
        for one in [one for one in self._all if one.since is not None]:
            one.abort()


class Connection(HttpToolsProtocol):
    """One client: what it has sent so far, and since when the server has been waiting for it.

    ``since`` is None while the application is working.
    """

    crowd = Crowd()
    since: float | None = None
    idle = False  # had an answer, and asked nothing since
    network = ""
    _grace = HEAD
    _moved = 0  # bytes of the body
    _came = 0  # bytes of the whole request

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client connected."""
        super().connection_made(transport)
        self.network = network(self.client[0]) if self.client else ""
        self._wait(HEAD)
        self.crowd.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client disconnected."""
        self.crowd.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request arrived; everything but its body is limited in size."""
        self._came += len(data)
        super().data_received(data)
        if self._came > HEAD_BYTES + 2 * self._moved and not self.transport.is_closing():
            self._refuse(431)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self.scope["extensions"] = {"client": {"connection": self}}
        self._came = self._moved = 0
        if not self._answering():
            self.idle = False
            self._wait(HEAD)

    def on_headers_complete(self) -> None:
        """The request is complete except for its body."""
        super().on_headers_complete()
        self.headers = []  # trailers after a body are not request headers
        if len(self.pipeline) > PIPELINED:
            self._refuse(429)
        elif not self.pipeline:
            self._wait(BODY)

    def on_body(self, body: bytes) -> None:
        """Part of the body arrived."""
        self._moved += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is complete: from now on the application is working."""
        super().on_message_complete()
        self._came = self._moved = 0
        if not self.pipeline and self._answering():
            self.since = None

    def on_response_complete(self) -> None:
        """The answer is complete; the next request may have arrived already."""
        more = bool(self.pipeline)
        super().on_response_complete()
        if not more:
            self.idle = True
            self._wait(IDLE)
        elif self.cycle.more_body:
            self._wait(BODY)

    def pause_writing(self) -> None:
        """The client is slow to take the answer."""
        super().pause_writing()
        self._wait(ANSWER)

    def resume_writing(self) -> None:
        """The client has taken what was sent so far."""
        super().resume_writing()
        if not self._answering():
            self._wait(IDLE)
        elif not self.cycle.more_body:
            self.since = None

    def overdue(self, now: float) -> bool:
        """Whether the server has waited for this client for too long."""
        return self.since is not None and now - self.since > self._grace + self._moved / RATE

    def cut(self) -> None:
        """End a connection that takes too long, with an error message if one can still be sent."""
        unsent = self.transport.get_write_buffer_size() or self.transport.is_closing()
        if self.idle or unsent or (self._answering() and self.cycle.response_started):
            self.abort()
        else:
            self._refuse(408)

    def abort(self) -> None:
        """End it at once, whatever it is waiting for."""
        self.crowd.leave(self)
        self.transport.abort()

    def gone(self) -> bool:
        """Whether the client has disconnected."""
        return self.transport.is_closing()

    def _answering(self) -> bool:
        """Whether there is a request whose answer is not complete."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _wait(self, grace: float) -> None:
        self.since, self._grace = time.monotonic(), grace

    def _refuse(self, status: int) -> None:
        """Send a one-line refusal and hang up; a client that does not even take that is cut off."""
        close = b"content-length: 0\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[status] + close)
        self.transport.close()
        self._moved = 0
        self._wait(HEAD)
