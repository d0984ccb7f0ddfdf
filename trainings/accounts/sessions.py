"""Who is at the other end: reads the session cookie of a request."""

from __future__ import annotations

from datetime import timedelta

from flask import Request, Response, current_app, g
from flask_login import LoginManager

from trainings.accounts import queries
from trainings.core import clock
from trainings.core.permissions import NOBODY, Viewer

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)

login_manager = LoginManager()
login_manager.anonymous_user = lambda: NOBODY


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
    if found is None or found[0].seen_at + IDLE < at:
        return None
    session, _account, viewer = found
    g.seen = session.id if session.seen_at + _SEEN_EVERY < at else None
    return viewer


def set_cookie(response: Response, token: str) -> None:
    """Give a browser its session."""
    response.set_cookie(
        cookie_name(), token, max_age=int(ABSOLUTE.total_seconds()), httponly=True,
        samesite="Lax", secure=current_app.extensions["settings"].https, path="/",
    )  # fmt: skip


def clear_cookie(response: Response) -> None:
    """Take a browser's session away."""
    response.delete_cookie(
        cookie_name(), httponly=True, samesite="Lax",
        secure=current_app.extensions["settings"].https, path="/",
    )  # fmt: skip
