"""Slow and hanging clients: each phase has its deadline, only the house's own work has none."""

import socket
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from tests.serving.in_process import rest, served, until
from trainings.serving import connections
from trainings.serving.connections import network

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n"


class App:
    """An application that counts who comes to it."""

    def __init__(self, body: Iterable[bytes] = (b"here",), length: int = 4) -> None:
        self.came = 0
        self.body, self.length = body, length
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.came += 1
        assert self.go_on.wait(10)
        start_response("200 OK", [("Content-Length", str(self.length))])
        return self.body


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHo",
        POST + b"abc",
        POST.replace(b"Content-Length: 10", b"Transfer-Encoding: chunked") + b"3\r\nabc\r\n",
        POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"),
        GET + POST,
    ],
    ids=["nothing", "headers", "body", "chunks", "asked first", "second request"],
)
def test_what_does_not_come_is_not_waited_for(sent: bytes) -> None:
    app = App()
    with served(app) as here:
        client = here.client(sent)
        whole = sent.count(GET)
        until(lambda: app.came == whole and all(c.since for c in here.connections()))
        until(here.connections)
        here.later(9)
        assert len(here.connections()) == 1
        here.later(31)
        assert rest(client).count(b"200 OK") == whole
        until(lambda: not here.connections())
        assert app.came == whole


def test_who_takes_too_long_is_told() -> None:
    with served(App()) as here:
        client = here.client(POST + b"abc")
        until(lambda: any(c._moved == 3 for c in here.connections()))
        here.later(11)
        assert rest(client).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_comes_steadily_has_more_time() -> None:
    app = App()
    with served(app) as here:
        size = 512 * 1024
        client = here.client(POST.replace(b"10", str(size + 1).encode()) + b"x" * size)
        until(lambda: any(c._moved == size for c in here.connections()))
        here.later(10 + size / connections.RATE - 5)
        client.sendall(b"x")
        until(lambda: app.came == 1)


def test_the_work_of_the_house_has_no_deadline_here() -> None:
    app = App()
    app.go_on.clear()
    with served(app) as here:
        client = here.client(GET)
        until(lambda: app.came == 1)
        here.later(1000)
        app.go_on.set()
        assert client.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("also", [b"", GET], ids=["", "and asks for more"])
def test_an_answer_that_nobody_takes_is_neither_kept_nor_made(also: bytes) -> None:
    pieces = 200
    made = []

    def body() -> Iterable[bytes]:
        for number in range(pieces):
            made.append(number)
            yield bytes(256 * 1024)

    app = App(body(), pieces * 256 * 1024)
    with served(app) as here:
        here.client(GET + also, receive_buffer=4096)
        until(lambda: any(c.flow.write_paused for c in here.connections()))
        assert len(made) < pieces / 2
        here.later(29)
        assert here.connections()
        here.later(31)
        until(lambda: not here.connections())
        assert app.came == 1


def pour(client: socket.socket) -> None:
    """Send without end; fails if the server takes four megabytes of it."""
    with pytest.raises(OSError, match=r"reset|pipe"):
        for _ in range(64):
            client.sendall(b"x" * 65536)


def test_headers_without_end_are_refused() -> None:
    with served(App()) as here:
        client = here.client(b"GET / HTTP/1.1\r\nX: ")
        pour(client)
        until(lambda: not here.connections())


def test_trailers_without_end_are_refused() -> None:
    app = App()
    with served(app) as here:
        begun = POST.replace(b"Content-Length: 10", b"Transfer-Encoding: chunked")
        client = here.client(begun + b"1\r\na\r\n0\r\nX: ")
        pour(client)
        until(lambda: not here.connections())
        assert app.came == 0


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n\r\n",
        POST.replace(b"10", b"10, 11"),
        POST.replace(b"Host", b"Transfer-Encoding: chunked\r\nHost"),
    ],
)
def test_what_is_no_request_is_refused(sent: bytes) -> None:
    app = App()
    with served(app) as here:
        assert rest(here.client(sent)).startswith(b"HTTP/1.1 400 ")
        assert app.came == 0


def test_where_there_is_no_room_the_longest_waiting_goes() -> None:
    with served(App(), room=3) as here:
        first = here.client(b"GET")
        until(lambda: len(here.connections()) == 1)
        here.client(b"GET")
        here.client(b"GET")
        until(lambda: len(here.connections()) == 3)
        last = here.client(GET)
        assert last.recv(100).startswith(b"HTTP/1.1 200 ")
        assert rest(first) == b""
        until(lambda: len(here.connections()) == 3)


def test_the_idle_go_before_those_who_ask_and_those_who_just_came() -> None:
    with served(App(), room=3) as here:
        here.client(b"GET")
        until(lambda: len(here.connections()) == 1)
        idle = here.client(GET)
        assert idle.recv(100).startswith(b"HTTP/1.1 200 ")
        here.client()
        until(lambda: len(here.connections()) == 3)
        here.client(b"GET")
        rest(idle)
        until(lambda: len(here.connections()) == 3)
        assert not any(one.idle for one in here.connections())


def test_who_is_being_answered_keeps_the_place() -> None:
    app = App()
    app.go_on.clear()
    with served(app, per_network=2) as here:
        answered = [here.client(GET) for _ in range(2)]
        until(lambda: app.came == 2)
        assert rest(here.client(GET)) == b""
        app.go_on.set()
        for one in answered:
            assert one.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("unknown", "unknown", True),
    ],
)
def test_a_network_is_what_one_customer_has(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same
