"""A front in this process with an application of the test behind it, and raw clients of it."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

from trainings.serving.connections import Connection, Crowd
from trainings.serving.front import Front
from trainings.serving.server import SETTINGS

LARGEST = 1024 * 1024


class Served:
    """The server: its port, its crowd, and what the test does inside its loop."""

    def __init__(self, app: Any, room: int, per_network: int) -> None:
        crowd = Crowd(room, per_network)
        self.crowd = crowd
        self.front = Front(app, largest=LARGEST)
        protocol = type("Under", (Connection,), {"crowd": crowd})
        config = uvicorn.Config(self.front, **SETTINGS | {"http": protocol})
        self.server = uvicorn.Server(config)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.loop: asyncio.AbstractEventLoop | None = None
        self.thread = threading.Thread(target=self._run)
        self.clients: list[socket.socket] = []

    def _run(self) -> None:
        async def main() -> None:
            self.loop = asyncio.get_running_loop()
            await self.server._serve(sockets=[self.socket])

        asyncio.run(main())

    def inside(self, act: Callable[[], Any]) -> Any:
        """What the loop of the server gives for it."""

        async def done() -> Any:
            return act()

        assert self.loop
        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(10)

    def later(self, seconds: float) -> None:
        """Look at the clients as if so many seconds had passed."""
        self.inside(lambda: self.crowd.look(time.monotonic() + seconds))

    def connections(self) -> list[Connection]:
        """Who is connected."""
        return list(self.server.server_state.connections)  # type: ignore[arg-type]

    def client(self, sent: bytes = b"", receive_buffer: int = 0) -> socket.socket:
        """A client that has sent this; closed when the test ends."""
        connection = socket.socket()
        self.clients.append(connection)
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", self.port))
        connection.sendall(sent)
        return connection


def until(holds: Callable[[], Any]) -> None:
    """Wait until it holds; fails after ten seconds."""
    limit = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.005)


def rest(connection: socket.socket) -> bytes:
    """All that the server says until it hangs up."""
    said = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65536):
            said += data
    return bytes(said)


@contextlib.contextmanager
def served(app: Any, room: int = 500, per_network: int = 500) -> Iterator[Served]:
    """A server, until the block ends."""
    it = Served(app, room, per_network)
    it.thread.start()
    try:
        until(lambda: it.server.started)
        yield it
    finally:
        for client in it.clients:
            client.close()
        it.inside(lambda: [one.abort() for one in it.connections()])
        it.server.should_exit = True
        it.thread.join(20)
        it.socket.close()
        it.front._threads.shutdown()
