"""Access control: every view declares who may use it; start-up fails if one does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainings.core import clock
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission, Viewer

View = TypeVar("View", bound=Callable[..., Any])
FRESH = timedelta(minutes=5)
_PUBLIC = "public"
STATIC = ("static", "bootstrap.static")


def requires(permission: Permission, *, fresh: bool = False) -> Callable[[View], View]:
    """Mark a view for people who hold a permission somewhere; its query limits it to their scope.

    ``fresh`` is for what cannot be undone or gives rights: they must have signed in within the last
    five minutes.
    """

    def mark(view: View) -> View:
        view._access = permission  # type: ignore[attr-defined]
        view._fresh = fresh  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view for anyone, signed in or not."""
    view._access = _PUBLIC  # type: ignore[attr-defined]
    return view


def viewer() -> Viewer:
    """The viewer of the request, as a plain value that outlives it."""
    found: Viewer = current_user._get_current_object()
    return found


def access_of(app: Flask, endpoint: str) -> Permission | str | None:
    """What a view requires: a permission, ``public``, or None if it declares nothing."""
    if endpoint in STATIC:
        return _PUBLIC
    found: Permission | str | None = getattr(app.view_functions[endpoint], "_access", None)
    return found


def _stand_at_the_door() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    if access == _PUBLIC:
        return None
    if current_user.is_anonymous:
        return redirect(url_for("accounts.sign_in", next=_wanted()), code=303)
    if not isinstance(access, Permission) or not current_user.can(access):
        raise NotFound
    if _asks_again(request.endpoint):
        if request.method == "POST":
            flash(_("Nothing was saved. Please sign in again first."), "error")
        again = nearest_page(request.path)
        return redirect(url_for("accounts.sign_in", next=again, again="yes"), code=303)
    return None


def _wanted() -> str:
    """Where to redirect after signing in; says that a form sent too late was not saved."""
    if request.method in ("GET", "HEAD"):
        return request.full_path if request.query_string else request.path
    flash(
        _("You were signed out in the meantime, so nothing was saved. Sign in to continue."),
        "error",
    )
    return nearest_page(request.path)


def nearest_page(path: str) -> str:
    """The page at an address, or the nearest above it: some addresses only take forms."""
    ways = current_app.url_map.bind("localhost")
    while path and not ways.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path or "/"


def _asks_again(endpoint: str) -> bool:
    """Whether a view needs a fresh sign-in and the viewer's is too old."""
    fresh = getattr(current_app.view_functions[endpoint], "_fresh", False)
    confirmed = current_user.confirmed_at
    return fresh and (confirmed is None or confirmed + FRESH < clock.now())


def init_app(app: Flask) -> None:
    """Check access before every request."""
    app.before_request(_stand_at_the_door)


def check_views(app: Flask) -> None:
    """Raises ``RuntimeError`` naming the views that do not declare who may use them."""
    open_views = [name for name in app.view_functions if access_of(app, name) is None]
    if open_views:
        raise RuntimeError(f"views without @requires or @public: {', '.join(sorted(open_views))}")
