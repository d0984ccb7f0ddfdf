"""What stands before the application: whole requests come in, and answers leave without it."""

import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, ClassVar

import pytest

from tests.serving.in_process import LARGEST, rest, served, until
from trainings.serving import front
from trainings.serving.front import Busy, Held

GET = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
POST = b"POST /a%20%C3%A9//b?c=%20d HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"


class App:
    """An application that keeps what it was asked and gives what the test wants."""

    def __init__(self, result: Callable[[], Iterable[bytes]] = lambda: [b"here"]) -> None:
        self.asked: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.result = result
        self.headers: list[tuple[str, str]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ.copy())
        self.bodies.append(environ["wsgi.input"].read())
        start_response("200 OK", self.headers)
        return self.result()


def test_what_the_application_reads() -> None:
    app = App()
    with served(app) as here:
        more = b"A: 1\r\na: 2\r\nX_Forwarded_For: 6.6.6.6\r\nCookie: a=1\r\nCookie: b=2\r\n"
        rest(here.client(POST + more + b"Content-Type: x/y\r\nContent-Length: 3\r\n\r\nabc"))
    (asked,) = app.asked
    assert app.bodies == [b"abc"]
    assert asked["REQUEST_METHOD"] == "POST"
    assert asked["PATH_INFO"].encode("latin-1").decode() == "/a é//b"
    assert asked["QUERY_STRING"] == "c=%20d"
    assert asked["REMOTE_ADDR"] == "127.0.0.1"
    assert asked["SERVER_PORT"] == str(here.port)
    assert asked["CONTENT_TYPE"] == "x/y"
    assert asked["CONTENT_LENGTH"] == "3"
    assert asked["HTTP_A"] == "1,2"
    assert asked["HTTP_COOKIE"] == "a=1; b=2"
    assert "HTTP_X_FORWARDED_FOR" not in asked


def test_chunks_have_a_length_and_what_trails_them_is_no_header() -> None:
    app = App()
    with served(app) as here:
        chunks = b"3\r\nabc\r\n2\r\nde\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n"
        rest(here.client(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks))
    assert app.bodies == [b"abcde"]
    assert app.asked[0]["CONTENT_LENGTH"] == "5"
    assert not {"HTTP_TRANSFER_ENCODING", "HTTP_X_FORWARDED_FOR"} & set(app.asked[0])


def test_a_body_that_is_not_whole_never_reaches_the_application() -> None:
    app = App()
    with served(app) as here:
        here.client(POST + b"Content-Length: 30\r\n\r\nabc").close()
        until(lambda: here.server.server_state.total_requests == 0 and not here.connections())
        assert app.bodies == []
        assert here.front._held.total == 0


@pytest.mark.parametrize(
    "framed",
    [
        b"Content-Length: %d\r\n\r\n%s" % (LARGEST + 1, b"x" * (LARGEST + 1)),
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
        % (LARGEST + 1, b"x" * (LARGEST + 1)),
    ],
    ids=["said", "in chunks"],
)
def test_a_body_that_is_too_large_is_read_and_not_kept(framed: bytes) -> None:
    app = App()
    with served(app) as here:
        answer = rest(here.client(POST + framed))
    assert answer.endswith(b"here\r\n0\r\n\r\n")  # whole: what was sent had been read
    assert app.bodies == [b""]
    assert int(app.asked[0]["CONTENT_LENGTH"]) > LARGEST


def test_who_asks_first_is_told_to_go_on() -> None:
    app = App()
    with served(app) as here:
        client = here.client(POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert rest(client).startswith(b"HTTP/1.1 200 ")
    assert app.bodies == [b"abc"]


def test_who_asks_first_for_too_much_is_told_no() -> None:
    app = App()
    with served(app) as here:
        client = here.client(POST + b"Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n")
        assert rest(client).startswith(b"HTTP/1.1 200 ")
    assert app.bodies == [b""]
    assert app.asked[0]["CONTENT_LENGTH"] == "9999999"


@pytest.mark.parametrize("to", [b"websocket", b"h2c"])
def test_who_would_rather_speak_otherwise_is_answered_in_http(to: bytes) -> None:
    app = App()
    with served(app) as here:
        upgrade = b"Connection: Upgrade\r\nUpgrade: " + to
        client = here.client(GET.replace(b"Connection: close", upgrade))
        assert client.recv(100).startswith(b"HTTP/1.1 200 ")
    assert app.bodies == [b""]


class Opened:
    """A long answer that notices when it is closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.parts = iter([bytes(300_000)] * 100)

    def __iter__(self) -> "Opened":
        return self

    def __next__(self) -> bytes:
        return next(self.parts)

    def close(self) -> None:
        self.closed.set()


def test_a_long_answer_comes_whole_and_is_closed() -> None:
    opened = Opened()
    with served(App(lambda: opened)) as here:
        assert len(rest(here.client(GET))) > 30_000_000
        assert opened.closed.wait(10)


def test_what_was_opened_for_who_left_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    opened = Opened()
    with served(App(lambda: opened)) as here:
        client = here.client(GET, receive_buffer=4096)
        assert client.recv(100)
        client.close()
        assert opened.closed.wait(10)
        until(lambda: here.front._held.total == 0)
    assert caplog.text == ""


def test_more_than_can_wait_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "QUEUE", 1)
    go_on = threading.Event()
    app = App(lambda: [b"here"] if go_on.wait(10) else [])
    with served(app) as here:
        waiting = [here.client(GET) for _ in range(front.THREADS + 1)]
        until(lambda: here.front._at_work == front.THREADS + 1)
        answer = rest(here.client(GET))
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nretry-after: 5\r\n" in answer
        go_on.set()
        assert all(rest(client).startswith(b"HTTP/1.1 200 ") for client in waiting)


def test_who_left_before_a_thread_was_free_costs_none() -> None:
    go_on = threading.Event()
    app = App(lambda: [b"here"] if go_on.wait(10) else [])
    with served(app) as here:
        stay = [here.client(GET) for _ in range(front.THREADS)]
        until(lambda: len(app.asked) == front.THREADS)
        left = here.client(GET)
        until(lambda: here.front._at_work == front.THREADS + 1)
        left.close()
        until(lambda: len(here.connections()) == front.THREADS)
        go_on.set()
        assert all(rest(client) for client in stay)
        until(lambda: here.front._at_work == 0)
    assert len(app.asked) == front.THREADS


def test_a_fault_of_the_application_is_one_line_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> Iterable[bytes]:
        raise ValueError("Ana Sample")

    with served(App(fail)) as here:
        assert rest(here.client(GET)).startswith(b"HTTP/1.1 500 ")
    assert "ValueError" in caplog.text
    assert "Ana" not in caplog.text
    assert len(caplog.records) == 1


class Someone:
    def __init__(self) -> None:
        self.left = False

    def abort(self) -> None:
        self.left = True

    def gone(self) -> bool:
        return self.left


def test_where_too_much_is_held_the_oldest_goes() -> None:
    held = Held(100)
    old, working, new = Someone(), Someone(), Someone()
    held.wait(working, 40)
    held.work(working)
    held.wait(old, 40)
    held.wait(new, 40)
    assert (old.left, working.left, new.left) == (True, False, False)
    assert held.total == 80
    with pytest.raises(Busy):
        held.wait(new, 40)
    held.drop(new)
    held.drop(working)
    assert held.total == 0


class Kept(BytesIO):
    """What a large body is received into; the test sees whether it was let go."""

    made: ClassVar[list[BytesIO]] = []

    def __init__(self) -> None:
        super().__init__()
        Kept.made.append(self)


MUCH = 3 * LARGEST


def test_a_large_body_is_received_only_after_asking_and_not_in_memory() -> None:
    app, asked = App(), []

    def allowed(environ: dict[str, Any]) -> int:
        asked.append((environ["PATH_INFO"], environ["wsgi.input"].read()))
        return MUCH

    Kept.made.clear()
    with served(app) as here:
        here.front._allowed, here.front._spool = allowed, Kept
        said = rest(here.client(POST + b"Content-Length: %d\r\n\r\n" % MUCH + b"y" * MUCH))
        assert here.front._held.total == 0
        until(lambda: here.front._spooled == 0)
    assert b"\r\nhere\r\n" in said
    assert asked[0][1] == b""
    assert [len(body) for body in app.bodies] == [MUCH]
    assert [one.closed for one in Kept.made] == [True]


def test_who_may_not_send_that_much_is_answered_as_ever() -> None:
    app = App()
    Kept.made.clear()
    with served(app) as here:
        here.front._allowed, here.front._spool = lambda _environ: MUCH - 1, Kept
        rest(here.client(POST + b"Content-Length: %d\r\n\r\n" % MUCH + b"y" * MUCH))
    assert app.bodies == [b""]
    assert app.asked[0]["CONTENT_LENGTH"] == str(MUCH)
    assert Kept.made == []


def test_a_large_body_that_stops_leaves_nothing() -> None:
    app = App()
    Kept.made.clear()
    with served(app) as here:
        here.front._allowed, here.front._spool = lambda _environ: MUCH, Kept
        client = here.client(POST + b"Content-Length: %d\r\n\r\nabc" % MUCH)
        until(lambda: Kept.made)
        client.close()
        until(lambda: here.front._spooled == 0 and Kept.made[0].closed)
    assert app.bodies == []


def test_more_large_bodies_than_there_is_room_for_are_told_to_wait() -> None:
    app = App()
    Kept.made.clear()
    with served(app) as here:
        here.front._allowed, here.front._spool = lambda _environ: MUCH, Kept
        for _one in range(front.SPOOLED):
            here.client(POST + b"Content-Length: %d\r\n\r\nabc" % MUCH)
        until(lambda: here.front._spooled == front.SPOOLED)
        said = rest(here.client(POST + b"Content-Length: %d\r\n\r\nabc" % MUCH))
        assert b" 503 " in said
        assert here.front._spooled == front.SPOOLED
