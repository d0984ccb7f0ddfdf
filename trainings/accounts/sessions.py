"""Who is at the other end: reads the session cookie of a request."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Request, Response, current_app, g, session
from flask_login import LoginManager
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from trainings.accounts import operations, queries
from trainings.accounts.rules import ABSOLUTE, device_words
from trainings.core import clock
from trainings.core.access import viewer
from trainings.core.permissions import NOBODY, Viewer

_SEEN_EVERY = timedelta(minutes=1)
_KNOWN = "known"  # in the signed visit cookie: for which addresses this browser is known
_KNOWN_MOST = 5

login_manager = LoginManager()
login_manager.anonymous_user = lambda: NOBODY


def init_app(app: Flask) -> None:
    """Read the cookie of every request, and note once a minute that a session is in use."""
    login_manager.init_app(app)
    app.after_request(_note_use)


def cookie_name() -> str:
    """The session cookie; bound to this host where the site is on https."""
    return "__Host-session" if current_app.extensions["settings"].https else "session_id"


@login_manager.request_loader  # type: ignore[untyped-decorator]
def load_viewer(request: Request) -> Viewer | None:
    """The viewer of a request, or None; an idle session is as good as none."""
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    at = clock.now()
    found = queries.session_with(token, at)
    if found is None:
        return None
    row, _account, who = found
    g.seen = row.id if row.seen_at + _SEEN_EVERY < at else None
    return who


def _note_use(response: Response) -> Response:
    seen = g.get("seen")
    if seen:
        try:
            operations.touch(seen)
        except OperationalError:  # the database is busy: the next page notes it
            current_app.logger.warning("session use not noted")
    return response


def browser(request: Request) -> operations.Browser:
    """What is known of the browser at the door."""
    return operations.Browser(
        address=request.remote_addr or "",
        device=device_words(request.headers.get("User-Agent", "")),
        session_id=viewer().session_id,
        known=frozenset(session.get(_KNOWN, ())),
    )


def let_in(response: BaseResponse, token: str, mark: str | None = None) -> BaseResponse:
    """Give a browser its new session, and nothing of the visit before but its language."""
    kept = [known for known in session.get(_KNOWN, ()) if known != mark]
    _start_over([*kept, mark] if mark else kept)
    set_cookie(response, token)
    return response


def let_out(response: BaseResponse) -> BaseResponse:
    """Take a browser's session away."""
    _start_over(session.get(_KNOWN, []))
    clear_cookie(response)
    return response


def _start_over(known: list[str]) -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    if known:
        session[_KNOWN] = known[-_KNOWN_MOST:]


def set_cookie(response: BaseResponse, token: str) -> None:
    """Give a browser its session."""
    response.set_cookie(
        cookie_name(), token, max_age=int(ABSOLUTE.total_seconds()), httponly=True,
        samesite="Lax", secure=current_app.extensions["settings"].https, path="/",
    )  # fmt: skip


def clear_cookie(response: BaseResponse) -> None:
    """Take a browser's session away."""
    response.delete_cookie(
        cookie_name(), httponly=True, samesite="Lax",
        secure=current_app.extensions["settings"].https, path="/",
    )  # fmt: skip
