"""Pages in a real browser: what bars the way, and how the test client answers for a server."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.base import AXE_SCRIPT
from flask.testing import FlaskClient
from playwright.sync_api import Page

HOUSE = "http://localhost"  # the browser is told where that is: the front below
WHO = "x-visitor"
HEARD = ("content-type", "accept", "unattended")  # of what a browser says, and all of htmx
KEPT = ("Cache-Control", "max-age=3600")  # as in production
STILL = "Promise.all(document.getAnimations().map(one => one.finished)).then(() => null)"
# What axe finds by colour and size.
_BY_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
NIGHTLY = {"runOnly": {"type": "rule", "values": _BY_LOOKS}}
# Looking at contrast takes most of axe's time: of words in the same colours, size and weight, on
# the same grounds all the way up, it looks at the first two.
FOUND = """options => {
    if (!window.axe) return null;
    const kinds = new Map(), times = new Map();
    const look = (one, around) => {
        const style = getComputedStyle(one);
        const looks = [around, style.color, style.backgroundColor, style.backgroundImage,
            style.opacity, style.fontSize, style.fontWeight, style.position].join(";");
        if (!kinds.has(looks)) kinds.set(looks, kinds.size);
        const kind = kinds.get(looks);
        const says = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        one.removeAttribute("data-sample");
        if (says || one.matches("input, select, textarea")) {
            times.set(kind, (times.get(kind) ?? 0) + 1);
            if (times.get(kind) <= 2) one.setAttribute("data-sample", "");
        }
        for (const child of one.children) look(child, kind);
    };
    look(document.body, "");
    axe.configure({rules: [{id: "color-contrast", selector: "[data-sample]"}]});
    return axe.run(options).then(found => found.violations);
}"""
Given = tuple[str, list[tuple[str, str]], bytes]  # status, headers, body
_static: dict[str, Given] = {}  # files that every page asks for, by path
_brought: WeakKeyDictionary[Page, int] = WeakKeyDictionary()  # how often axe was sent


def whole(app: Callable[..., Iterable[bytes]]) -> Callable[..., list[bytes]]:
    """The app, each answer read before it is sent: who leaves half-way leaves no file open."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        given = app(environ, start_response)
        try:
            return [b"".join(given)]
        finally:
            getattr(given, "close", lambda: None)()

    return answer


class _Front(ThreadingHTTPServer):
    """The one server of this process; whose request it is, a header says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.visitors: dict[str, FlaskClient] = {}
        self.faults: list[Exception] = []
        self.one_by_one = threading.Lock()  # a test client answers nobody else meanwhile


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # a connection stays open for the next request
    disable_nagle_algorithm = True
    server: _Front

    def _answer(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        found = _static.get(self.path)
        if found is None:
            with self.server.one_by_one:
                try:
                    found = self._asked(sent)
                except Exception as fault:
                    self.server.faults.append(fault)
                    found = "500 Fault", [], b""
        status, headers, body = found
        head = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
        head += [f"Content-Length: {len(body)}", "", ""]
        self.wfile.write("\r\n".join(head).encode("latin-1") + body)

    do_GET = do_POST = _answer

    def _asked(self, sent: bytes) -> Given:
        client = self.server.visitors.get(self.headers.get(WHO, ""))
        if client is None:
            return "403 Nobody", [], b""
        given = client.open(
            self.path,
            method=self.command,
            data=sent,
            headers=[
                (key, value)
                for key, value in self.headers.items()
                if key.lower() in HEARD or key.lower().startswith("hx-")
            ],
        )
        headers = [
            (key, value)
            for key, value in given.headers.items()
            if key.lower() not in ("set-cookie", "content-length")
        ]
        found = given.status, headers, given.get_data()
        given.close()
        if given.status_code == 200 and self.path.startswith("/static/"):
            kept = [one for one in headers if one[0].lower() != "cache-control"]
            _static[self.path] = found = given.status, [*kept, KEPT], found[2]
        return found

    def log_message(self, *_words: Any) -> None:
        """Tests say by themselves what went wrong."""


_front: _Front | None = None


@contextmanager
def front() -> Iterator[int]:
    """Answer browsers at a port of this machine, until the block ends."""
    global _front
    with _Front() as _front:
        thread = threading.Thread(target=_front.serve_forever, args=(0.02,))
        thread.start()
        yield _front.server_port
        _front.shutdown()
        thread.join()


def serve(client: FlaskClient, page: Page) -> None:
    """Let the page's requests be answered by the test client, which is signed in.

    They come to a server of this process, not to routes of Playwright's: where these are, Chromium
    keeps no files, and asks for each of thirty again with each page.
    """
    assert _front is not None
    who = secrets.token_hex(8)
    _front.visitors[who] = client
    page.set_extra_http_headers({WHO: who})


def leave() -> None:
    """Answer nobody any more, once who is being answered has been."""
    if _front is None:
        return
    with _front.one_by_one:
        _front.visitors.clear()
        faults, _front.faults = _front.faults, []
    if faults:
        raise ExceptionGroup("while a page was answered", faults)


def barriers(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page as it is now: the rule, the element, and how to mend it."""
    # style sheets are not read anew: only a rule that is off unless asked for looks into them
    given: dict[str, Any] = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
    given |= {"rules": {"target-size": {"enabled": True}}} | options  # of WCAG 2.2, off by default
    rules = page.evaluate(FOUND, given)
    if rules is None:
        _bring_axe(page)
        rules = page.evaluate(FOUND, given)
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:160]}"
        for rule in rules
        for node in rule["nodes"]
    ]


def faults_in_sight(page: Page, widths: Sequence[int] = (390, 1280)) -> list[str]:
    """What sticks out at one of these widths, or bars the way: on a phone by day, later by night.

    By night, at the last width, axe looks for what it finds by colour and size: all else it has
    found by day, at whatever width.
    """
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"{over} px too wide at {width}")
        if width == widths[0]:
            found += [f"by day: {one}" for one in barriers(page)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate(STILL)
    found += [f"by night: {one}" for one in barriers(page, **NIGHTLY)]
    page.emulate_media(color_scheme="light")
    return found


def _bring_axe(page: Page) -> None:
    """Where it is asked for a second time, each page that comes brings it along, sent once."""
    page.evaluate(AXE_SCRIPT)
    _brought[page] = _brought.get(page, 0) + 1
    if _brought[page] == 2:
        page.add_init_script(AXE_SCRIPT)
