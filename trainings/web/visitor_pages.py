"""Pages as visitors see them, kept in memory until something that they show changes.

A visitor sends no cookie but that of the language. A page is kept for one address and one language,
together with the stamp that the database had *before* the page was made. Triggers of the database
give it another stamp in every transaction that changes what visitors see, whoever makes it and by
whatever statement. See docs/decisions/2026-11-28-visitor-pages.md.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from flask import Flask, current_app, request, session
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie, parse_etags

from trainings.core import clock
from trainings.core.db import db
from trainings.core.shown import ASKED
from trainings.web.chosen_language import language_cookie, locale_for

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication

View = TypeVar("View", bound=Callable[..., Any])
Headers = list[tuple[str, str]]

MOST = 8 * 1024 * 1024  # bytes of pages kept in each worker
QUARTER = 15 * 60  # seconds; the days of all time zones begin at a quarter of an hour
LONGEST = 200  # letters of a browser's languages that are looked at more than once
_SLOT = "trainings.visitor_page"


class Version(NamedTuple):
    """Of when a page is: what it shows can have changed only if one of these has."""

    stamp: str
    quarter: int


class PageKey(NamedTuple):
    """What tells one kept page from another."""

    path: str
    locale: str


class KeptPage(NamedTuple):
    """A page as it was answered, and of when it is."""

    version: Version
    headers: Headers
    body: bytes

    @property
    def etag(self) -> str:
        """The name of these bytes, by which a browser asks whether they are still right."""
        return next(value for name, value in self.headers if name.lower() == "etag")

    @property
    def size(self) -> int:
        """The bytes it takes, about."""
        return len(self.body) + 2048


class Memory:
    """The pages a worker keeps; those asked for longest ago make room for others."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._pages: OrderedDict[PageKey, KeptPage] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def get(self, key: PageKey) -> KeptPage | None:
        """The page kept under a key."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: PageKey, page: KeptPage) -> None:
        """Keep a page instead of the one kept before; one that takes a quarter of all is not."""
        with self._lock:
            before = self._pages.pop(key, None)
            self.size -= before.size if before else 0
            if page.size > self._most // 4:
                return
            self._pages[key] = page
            self.size += page.size
            while self.size > self._most:
                _key, oldest = self._pages.popitem(last=False)
                self.size -= oldest.size

    def clear(self) -> None:
        """Forget all pages."""
        with self._lock:
            self._pages.clear()
            self.size = 0

    def pages(self) -> list[KeptPage]:
        """All that is kept."""
        with self._lock:
            return list(self._pages.values())


class _Slot:
    """Whether the answer to this request may be kept, and of when it is: its view says so."""

    def __init__(self, now: Version | None) -> None:
        self.now = now  # if it was read already
        self.version: Version | None = None


def kept_for_visitors(view: View) -> View:
    """Mark a public view whose page, to visitors, is the same until something it shows changes."""

    @wraps(view)
    def answered(*args: Any, **values: Any) -> Any:
        slot: _Slot | None = request.environ.get(_SLOT)
        if slot is None:
            return view(*args, **values)
        # first: what is read later is as new or newer
        found = slot.now or version(db.engine)
        response = current_app.make_response(view(*args, **values))
        if found is not None and response.status_code == 200 and not session:
            response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for each time
            response.add_etag()
            slot.version = found
        return response

    return answered  # type: ignore[return-value]


def version(engine: Engine) -> Version | None:
    """Of when a page is that is made from now on; None where nothing is to be kept."""
    quarter = int(clock.now().timestamp()) // QUARTER
    with engine.connect() as connection:
        stamp = connection.exec_driver_sql(ASKED).scalar()
    return None if stamp is None else Version(stamp, quarter)


class VisitorPages:
    """Answers visitors from memory where nothing has changed; passes on everything else."""

    def __init__(self, app: WSGIApplication, engine: Engine, cookie: str) -> None:
        self._app = app
        self._engine = engine
        self._cookie = cookie
        self.memory = Memory()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        key = self._key(environ)
        if key is None:
            return self._app(environ, start_response)
        page = self.memory.get(key)
        now = None if page is None else self._now()
        if page is not None and page.version == now:
            return _answer(page, environ, start_response)
        return self._made(key, now, environ, start_response)

    def _key(self, environ: dict[str, Any]) -> PageKey | None:
        """Under what the page is kept; None if it is not a visitor who asks, or not so simply."""
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or environ.get("QUERY_STRING")
            or environ.get("SCRIPT_NAME")
            or "HTTP_AUTHORIZATION" in environ
        ):
            return None
        cookies, chosen = environ.get("HTTP_COOKIE"), ""
        if cookies:
            sent = parse_cookie(cookies) if cookies.isascii() else {}
            if set(sent) != {self._cookie}:
                return None
            chosen = sent[self._cookie]
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        if len(chosen) + len(accepted) > LONGEST:
            return None
        return PageKey(environ.get("PATH_INFO", ""), _locale(chosen, accepted))

    def _now(self) -> Version | None:
        try:
            return version(self._engine)
        except SQLAlchemyError:  # the application says so
            return None

    def _made(
        self,
        key: PageKey,
        now: Version | None,
        environ: dict[str, Any],
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Let the application answer; if the answer may be kept, keep it."""
        slot = _Slot(now)
        kept: list[Headers] = []

        def begin(
            status: str, headers: Headers, exc_info: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            names = {name.lower() for name, _value in headers}
            whole = environ["REQUEST_METHOD"] == "GET" and status.startswith("200 ")
            if slot.version is None or not whole or "set-cookie" in names:
                return start_response(status, headers, exc_info)
            kept.append(headers)
            return _writes_nothing

        parts = self._app({**environ, _SLOT: slot}, begin)
        if not kept or slot.version is None:
            return parts
        try:
            page = KeptPage(slot.version, kept[0], b"".join(parts))
        finally:
            getattr(parts, "close", lambda: None)()
        self.memory.put(key, page)
        return _answer(page, environ, start_response)


@lru_cache(1000)
def _locale(chosen: str, accepted: str) -> str:
    return locale_for(chosen, parse_accept_header(accepted, LanguageAccept))


def _writes_nothing(_part: bytes) -> None:
    raise RuntimeError("the application answers in pieces that it returns")


def _answer(
    page: KeptPage, environ: dict[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and parse_etags(asked).contains_weak(page.etag.strip('"')):
        about_body = ("content-length", "content-type")
        start_response(
            "304 NOT MODIFIED", [pair for pair in page.headers if pair[0].lower() not in about_body]
        )
        return [b""]
    start_response("200 OK", page.headers)
    return [page.body if environ["REQUEST_METHOD"] == "GET" else b""]


def init_app(app: Flask) -> None:
    """Put the memory in front of an app."""
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "postgresql":  # one journey to it, not one each to begin and end
            engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        pages = VisitorPages(app.wsgi_app, engine, language_cookie())
    app.wsgi_app = pages  # type: ignore[method-assign]
    app.extensions["visitor_pages"] = pages
