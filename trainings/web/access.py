"""Access control: every view declares who may use it; start-up fails if one does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainings.core import clock
from trainings.core.errors import NotFound
from trainings.core.hooks import Hook
from trainings.core.i18n import LazyText, _l
from trainings.core.permissions import Permission, Viewer
from trainings.web import refill
from trainings.web.refill import Ended, Fate

View = TypeVar("View", bound=Callable[..., Any])
FRESH = timedelta(minutes=5)
_PUBLIC = "public"
STATIC = ("static", "bootstrap.static")
UNATTENDED = "unattended"  # header or query of what a page asks for by itself
_PARTICIPANTS = frozenset(
    {Permission.REGISTRATION_OWN, Permission.REGISTRATION_APPLY, Permission.CERTIFICATE_OWN}
)
_SIGNED_OUT: dict[Fate, LazyText] = {
    Fate.KEPT_HERE: _l(
        "You have signed out, so what you typed was not sent. We keep it for one hour: sign in "
        "again in this browser and you find it in the form."
    ),
    Fate.KEPT: _l(
        "You were signed out in the meantime, so what you typed was not sent. We keep it for one "
        "hour: sign in again and you find it in the form."
    ),
    Fate.TOO_LONG: _l(
        "You were signed out in the meantime, so nothing was saved. What you typed is too long for "
        "us to keep: go back and copy it before you sign in."
    ),
    Fate.NOTHING_TYPED: _l(
        "You were signed out in the meantime, so nothing was saved. Sign in to continue."
    ),
}

_SIGN_IN_AGAIN: dict[Fate, LazyText] = {
    Fate.KEPT: _l(
        "For this you must have signed in within the last five minutes, so nothing was saved. We "
        "keep what you typed for one hour: sign in again and you find it in the form."
    ),
    Fate.TOO_LONG: _l(
        "For this you must have signed in within the last five minutes, so nothing was saved. What "
        "you typed is too long for us to keep: go back and copy it before you sign in."
    ),
    Fate.NOTHING_TYPED: _l("Nothing was saved. Please sign in again first."),
}

# The ended sessions that a request can belong to: of its cookie, or of who is signed in by now.
ended_sessions: Hook[[], Sequence[Ended]] = Hook("access.ended_sessions")


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
        return ask_to_sign_in()
    if not isinstance(access, Permission) or not current_user.can(access):
        raise NotFound
    if _asks_again(request.endpoint):
        if request.method == "POST":
            fate = keep_form([_own_session()]) or Fate.NOTHING_TYPED
            flash(str(_SIGN_IN_AGAIN[fate]), "warning" if fate is Fate.KEPT else "error")
        return redirect(url_for("accounts.sign_in", next=_wanted(), again="yes"), code=303)
    return None


def _own_session() -> Ended:
    """The viewer's session: it goes on, but is too old for what was sent."""
    who = viewer()
    return Ended(who.account_id or "", who.session_id or "", password=True)


def unattended() -> bool:
    """Whether a page asks by itself (progress), with nobody there: it keeps no session alive."""
    asked = request.headers.get(UNATTENDED) or request.args.get(UNATTENDED)
    return request.method == "GET" and bool(asked)


def in_place() -> bool:
    """Whether script asks for a part of a page, which no whole page may replace."""
    return bool(request.headers.get("HX-Request"))


def ask_to_sign_in() -> ResponseReturnValue:
    """Lead to the way in and back again; what was typed into a form is kept for its account."""
    sessions = ended_sessions()
    way = url_for(_way_in(sessions), next=_wanted())
    if in_place() and unattended():
        return _stop_asking(way)
    if request.method not in ("GET", "HEAD"):
        fate = keep_form(sessions) or Fate.NOTHING_TYPED
        kept = fate in (Fate.KEPT, Fate.KEPT_HERE)
        flash(str(_SIGNED_OUT[fate]), "warning" if kept else "error")
    return lead_to(way, 401)


def keep_form(sessions: Sequence[Ended]) -> Fate | None:
    """Keep this request's form if it was made in one of these sessions; None if it was not."""
    was = next((one for one in sessions if refill.made_in(one.session_id)), None)
    return None if was is None else refill.keep_typed(was, nearest_page)


def lead_to(address: str, status: int) -> ResponseReturnValue:
    """Redirect; what script asked for in place takes the whole page there, under this status."""
    if not in_place():
        return redirect(address, code=303)
    return Response(status=status, headers={"HX-Redirect": address})


def _stop_asking(way: str) -> Response:
    """Say on the page that asks by itself that its reader was signed out; it asks no more."""
    note = render_template("errors/_signed_out.html", way=way)
    headers = {"HX-Retarget": "#notes", "HX-Reswap": "innerHTML", "HX-Reselect": ".note"}
    return Response(note, status=286, headers=headers)


def _way_in(sessions: Sequence[Ended]) -> str:
    """Participants come in by an emailed link, whoever has a password by that."""
    if sessions:
        by_link = not sessions[0].password
    else:
        by_link = access_of(current_app, str(request.endpoint)) in _PARTICIPANTS
    return "accounts.ask_for_link" if by_link else "accounts.sign_in"


def _wanted() -> str:
    """Where to return after signing in: this page, or the page in which something was done."""
    if in_place():
        return page_at_hand()
    if request.method not in ("GET", "HEAD"):
        page = nearest_page(request.path)
        return _here() if page == request.path else page
    return _here()


def page_at_hand() -> str:
    """The page whose script asked for a part, as its browser says."""
    try:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return "/"
    page = nearest_page(shown.path)
    return f"{page}?{shown.query}" if page == shown.path and shown.query else page


def _here() -> str:
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] != UNATTENDED]
    return f"{request.path}?{urlencode(pairs)}" if pairs else request.path


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
