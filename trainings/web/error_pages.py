"""The error pages: each says what went wrong, and links back."""

from __future__ import annotations

import traceback

from flask import Flask, Response, current_app, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from trainings.core import db
from trainings.core.errors import AlreadyDone, NotFound, Refusal
from trainings.core.i18n import LazyText, _, _l, filled
from trainings.web import bodies, refill
from trainings.web.access import (
    access_of,
    ask_to_sign_in,
    ended_sessions,
    in_place,
    keep_form,
    lead_to,
    nearest_page,
    page_at_hand,
)
from trainings.web.page_frame import navigation
from trainings.web.typed import Written

_FAULTS: dict[str, tuple[LazyText, LazyText]] = {
    "not_found": (
        _l("Page not found"),
        _l(
            "The address may be mistyped, the page may have moved, or you may not have access. If "
            "you followed a link in an email, check that it is complete."
        ),
    ),
    "gone": (
        _l("This is no longer here"),
        _l(
            "Somebody may have removed it while you had the page open, or you may no longer have "
            "access. Nothing was saved. What you wrote is below, to be copied."
        ),
    ),
    "too_large": (
        _l("The file is too large"),
        _l("Files can be up to %(size)s MB. Nothing was saved. Go back and send a smaller file."),
    ),
    "too_many": (
        _l("Please wait a moment"),
        _l("Too many tries in a short time. Nothing was changed. Try again later."),
    ),
    "busy": (
        _l("The system is busy"),
        _l("Nothing was saved. Go back and try again in a few seconds."),
    ),
    "stale_form": (
        _l("This page has expired"),
        _l(
            "The form was open from before you last signed in or out. Nothing was saved. Open the "
            "page again and send it from there."
        ),
    ),
    "failed": (
        _l("Something went wrong"),
        _l("This is our fault, and we have recorded it. What you saved before is kept."),
    ),
}


_ONLY_A_FORM = {"new", "edit"}  # the ends of their addresses
_ALREADY_DONE = _l("This was already done. Nothing was done twice.")


def _error_page(status: int, fault: str) -> Response:
    title, text = _FAULTS[fault]
    if fault == "too_large":
        text = filled(text, {"size": bodies.megabytes()})
    # no entry is marked as current: hidden and missing pages answer alike, byte for byte
    ways = [(label, url, False) for label, url, _active in navigation()]
    page = render_template("errors/error.html", title=title, text=text, navigation=ways)
    return current_app.make_response((page, status))


def _not_found(_error: Exception) -> ResponseReturnValue:
    if db.sent_before():  # a second click, on something the first one removed
        return _say_already_done(_above())
    if ("info", str(_ALREADY_DONE)) in session.get("_flashes", ()):  # redirected by such a click
        return redirect(_above(), code=303)
    if request.method == "POST" and not in_place() and (typed := _typed()):
        return _gone(typed)
    return _error_page(404, "not_found")


def _gone(typed: list[Written]) -> Response:
    """What a form was sent to is not there, or was removed meanwhile: what was typed is shown."""
    title, text = _FAULTS["gone"]
    ways = [(label, url, False) for label, url, _active in navigation()]
    page = render_template(
        "errors/stale_form.html", title=title, text=text, typed=typed, navigation=ways
    )
    return current_app.make_response((page, 404))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    if status == 404 and request.method == "POST":  # what was typed is not lost
        return _not_found(error)
    faults = {404: "not_found", 405: "not_found", 413: "too_large", 429: "too_many", 503: "busy"}
    response = _error_page(status, faults.get(status, "failed"))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    """A form of another session, or none: what was typed is kept or shown, never sent on."""
    title, text = _FAULTS["stale_form"]
    sessions = ended_sessions()
    if current_user.is_authenticated and in_place():
        flash(str(text), "error")
        return lead_to(page_at_hand(), 400)
    if current_user.is_authenticated and keep_form(sessions) is refill.Fate.KEPT:
        return redirect(refill.expect(current_user.get_id()) or "/", code=303)
    if current_user.is_anonymous and sessions and not _is_public():
        return ask_to_sign_in()
    page = render_template(
        "errors/stale_form.html",
        title=title,
        text=text,
        typed=_typed(),
        way_back_url=nearest_page(request.path),
        way_back_label=_("Open the page again"),
        navigation=[(label, url, False) for label, url, _active in navigation()],
    )
    return current_app.make_response((page, 400))


def _is_public() -> bool:
    return request.endpoint is None or access_of(current_app, request.endpoint) == "public"


def _typed() -> list[Written]:
    """The texts somebody wrote into a form; never a password, a code or a token."""
    if not current_user.is_authenticated:  # it may be another site that sent it
        return []
    return refill.texts(refill.form_name(), refill.typed_pairs())


def _busy(error: OperationalError) -> ResponseReturnValue:
    """Another writer held the database for too long, or it cannot be reached: say so."""
    current_app.logger.warning("database fault: %s", type(error.orig).__name__)
    response = _error_page(503, "busy")
    response.headers["Retry-After"] = "5"
    return response


def _no_such_value(error: DataError) -> ResponseReturnValue:
    """A value that the database cannot hold: treated like any unknown one, as not found."""
    current_app.logger.warning("value refused: %s", type(error.orig).__name__)
    db.db.session.rollback()
    return _not_found(NotFound())


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """A refusal that no view caught: shown on a page of its own."""
    page = render_template(
        "errors/error.html",
        title=_("This cannot be done"),
        text=str(refusal),
        way_back_url=_place(),
        way_back_label=_("Back"),
    )
    return page, 409


def _already_done(_error: AlreadyDone) -> ResponseReturnValue:
    """Of a page that is only a form, who sent it twice is led to what was added or changed."""
    above, _slash, last = request.path.rpartition("/")
    return _say_already_done(nearest_page(above) if last in _ONLY_A_FORM else _place())


def _say_already_done(where: str) -> ResponseReturnValue:
    flash(str(_ALREADY_DONE), "info")
    return redirect(where, code=303)


def _place() -> str:
    """The page to return to after a refusal or a repeated form: this one, or the nearest above."""
    path = request.path if request.method != "GET" else request.path.rpartition("/")[0]
    return nearest_page(path)


def _above() -> str:
    """The page that lists the object in this address, for when the object is gone."""
    named = max(
        (request.path.rfind(f"/{one}") for one in (request.view_args or {}).values()), default=0
    )
    return nearest_page(request.path[: max(named, 0)])


def _failed(error: Exception) -> ResponseReturnValue:
    """Log where it failed, but never the exception's message, which may contain a name."""
    places = [
        f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
    ]
    current_app.logger.error(
        "failed: %s at %s\n  %s", type(error).__name__, request.endpoint, "\n  ".join(places)
    )
    return _error_page(500, "failed")


def init_app(app: Flask) -> None:
    """Add the shared error pages to an app."""
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(DataError, _no_such_value)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(Exception, _failed)
