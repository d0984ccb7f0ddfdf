"""Two hundred clients that take their time, on the server as it is started."""

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.running import Running, answering

LARGE = b"/static/vendor/fonts/noto-serif/files/noto-serif-latin-ext-wght-normal.woff2"
FORM = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
# How they hang, by hand: what each of them sends before it falls asleep.
WAYS = {
    "nothing": b"",
    "headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-",
    "body": FORM + b"Content-Length: 5000\r\n\r\na",
    "chunks": FORM + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    "asked first": FORM + b"Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n",
    "too much": FORM + b"Content-Length: 99999999\r\n\r\naaaa",
    "answers": b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % LARGE * 5,
}
CLIENTS = 200


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("instance"))
    try:
        running.until_ready()
        yield running
    finally:
        running.end()


def healthy_within(port: int, seconds: float) -> None:
    begun = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        assert answer.status == 200
    assert time.monotonic() - begun < seconds


def hang(port: int, way: bytes) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    client.sendall(way)
    client.setblocking(False)
    return client


def test_slow_clients_hold_nobody_up(server: Running) -> None:
    ways = list(WAYS.values())
    with ExitStack() as closing:
        slow = [
            closing.enter_context(hang(server.port, ways[number % len(ways)]))
            for number in range(CLIENTS)
        ]
        for _ in range(20):
            for client in slow:
                try:
                    client.send(b"a")
                except OSError:  # the server has had enough of it
                    continue
            healthy_within(server.port, 1)


def test_a_worker_that_dies_is_replaced(server: Running) -> None:
    before = answering(server.port)
    os.kill(before[0], signal.SIGKILL)
    limit = time.monotonic() + 60
    while not set(answering(server.port)) - set(before):
        assert time.monotonic() < limit
        time.sleep(0.01)
    while True:  # the other may have been starting itself
        try:
            healthy_within(server.port, 10)
        except OSError:
            assert time.monotonic() < limit
            time.sleep(0.01)
        else:
            break


def test_what_runs_is_finished_and_the_slow_are_not_waited_for(server: Running) -> None:
    with hang(server.port, WAYS["body"]), hang(server.port, WAYS["headers"]):
        healthy_within(server.port, 10)
        os.killpg(server.process.pid, signal.SIGTERM)
        assert server.process.wait(60) == 0
    server.until_gone()
