"""The web server as it is set up, whatever application it serves: limits, sockets, its end."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

import uvicorn

from trainings.serving.connections import Connection

FINISH = 10  # seconds a worker has to finish running requests once it is told to stop

# Details of the client follow ``TRAININGS_PROXIES`` alone (app.py).
SETTINGS: dict[str, Any] = {
    "http": Connection,
    "ws": "none",
    "loop": "asyncio",
    "interface": "asgi3",
    "lifespan": "off",
    "proxy_headers": False,
    "server_header": False,
    "access_log": False,
    "log_config": None,
    "log_level": "critical",
    "backlog": 1024,
    "timeout_keep_alive": 60,  # the crowd ends it before
    "timeout_graceful_shutdown": FINISH,
}


class Server(uvicorn.Server):
    """A server that checks once a second which clients take too long."""

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second."""
        if counter % 10 == 0:
            Connection.crowd.look(time.monotonic())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish running requests; after half the time, stop waiting for clients."""
        asyncio.get_running_loop().call_later(FINISH / 2, Connection.crowd.close)
        await super().shutdown(sockets)


def listening(host: str, port: int) -> socket.socket:
    """This worker's own socket at the shared address: the kernel distributes connections."""
    family, kind, proto, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    sock = socket.socket(family, kind, proto)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind(address)
    return sock
