"""Finds out who sent a request from its session cookie.

See docs/decisions/2026-11-24-foundation.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Flask, Request, Response, current_app, g, request, session
from flask_login import LoginManager
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from trainings.accounts import operations, queries, session_queries
from trainings.accounts.rules import COOKIE, device_words
from trainings.core import clock, config
from trainings.core.permissions import NOBODY, Viewer
from trainings.web import refill
from trainings.web.access import unattended, viewer
from trainings.web.refill import Ended

_SEEN_EVERY = timedelta(minutes=1)
_KNOWN = (
    "known"  # in the signed visit cookie: marks of the addresses for which this browser is known
)
_KNOWN_MOST = 5
_LEFT = "left"  # in the visit cookie: the id of the session that was signed out of here

login_manager = LoginManager()
login_manager.anonymous_user = lambda: NOBODY


def init_app(app: Flask) -> None:
    """Read the cookie of every request, and record once a minute that a session is in use.

    What a page asks for by itself is no use: nobody need be there.
    """
    login_manager.init_app(app)
    app.after_request(_note_use)


def cookie_name() -> str:
    """The name of the session cookie; bound to this host if the site uses https."""
    return "__Host-session" if config.settings().https else "session_id"


@login_manager.request_loader  # type: ignore[untyped-decorator]
def load_viewer(request: Request) -> Viewer | None:
    """The viewer of a request; None if there is no session or it has been idle too long."""
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    at = clock.now()
    found = session_queries.session_with(token, at)
    if found is None:
        return None
    who, seen_at = found
    g.seen = who.session_id if seen_at + _SEEN_EVERY < at and not unattended() else None
    return who


def ended_sessions() -> Sequence[Ended]:
    """The ended sessions that this request's form may have been made in.

    Of nobody, that of the cookie, if there was such a session, or the one signed out of in this
    browser; of somebody who has signed in again since, all of their own.
    """
    at = clock.now()
    account_id = viewer().account_id
    if account_id is not None:
        account = queries.account(account_id)
        password = account is not None and account.password_hash is not None
        return [
            Ended(account_id, session_id, password)
            for session_id in session_queries.ended_sessions(account_id, at)
        ]
    found = session_queries.ended_session(request.cookies.get(cookie_name(), ""), at)
    here = found is None
    if here:
        found = session_queries.session_left(session.get(_LEFT, ""), at)
    if found is None:
        return []
    row, theirs = found
    return [Ended(theirs.id, row.id, theirs.password_hash is not None, here)]


def _note_use(response: Response) -> Response:
    seen = g.get("seen")
    if seen:
        try:
            operations.touch(seen)
        except OperationalError:  # the database is busy: the next request records it
            current_app.logger.warning("session use not noted")
    return response


def browser(request: Request, *, own: bool = False) -> operations.Browser:
    """What is known about the browser that sent the request; ``own``: the person's own device."""
    return operations.Browser(
        address=request.remote_addr or "",
        device=device_words(request.headers.get("User-Agent", "")),
        session_id=viewer().session_id,
        known=frozenset(session.get(_KNOWN, ())),
        own=own,
    )


def let_in(response: BaseResponse, door: operations.SignedIn) -> BaseResponse:
    """Give a browser its new session; of the previous visit is kept who is known.

    Whatever the way in was, password or link, the browser is known from now on.
    """
    keep_left = refill.left_for(door.account_id)
    _start_over([*(known for known in session.get(_KNOWN, ()) if known != door.mark), door.mark])
    keep_left()
    set_cookie(response, door.token)
    return response


def let_out(response: BaseResponse) -> BaseResponse:
    """Remove a browser's session, as part of signing out; which one it was is noted for an hour.

    A form that is still open in another window was made in it.
    """
    _start_over(session.get(_KNOWN, []))
    session[_LEFT] = viewer().session_id
    clear_cookie(response)
    return response


def _start_over(known: list[str]) -> None:
    session.clear()
    if known:
        session[_KNOWN] = known[-_KNOWN_MOST:]


def set_cookie(response: BaseResponse, token: str) -> None:
    """Set the session cookie in a browser."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(COOKIE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=config.settings().https,
        path="/",
    )


def clear_cookie(response: BaseResponse) -> None:
    """Remove the session cookie from a browser."""
    response.delete_cookie(
        cookie_name(), httponly=True, samesite="Lax", secure=config.settings().https, path="/"
    )
