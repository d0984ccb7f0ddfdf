"""What people see when something went wrong: a page that says what, and the way back."""

from __future__ import annotations

import traceback

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from trainings.core import db
from trainings.core.access import nearest_page
from trainings.core.errors import AlreadyDone, NotFound, Refusal
from trainings.core.frame import navigation
from trainings.core.i18n import LazyText, _, _l

_FAULTS: dict[str, tuple[LazyText, LazyText]] = {
    "not_found": (
        _l("This page is not here"),
        _l(
            "The address may be mistyped, the page may have moved, or it is not open to you. "
            "If you followed a link from a mail, check that it is complete."
        ),
    ),
    "too_large": (
        _l("That was too much at once"),
        _l("A file may have 5 MB. Nothing was saved; go back and send less."),
    ),
    "too_many": (
        _l("Please wait a moment"),
        _l("There were too many tries in a short time. Nothing was changed; try again later."),
    ),
    "busy": (
        _l("The system is busy"),
        _l("Nothing was saved. Go back and send the page again in a few seconds."),
    ),
    "stale_form": (
        _l("This page was open for too long"),
        _l("Nothing was saved. Go back, load the page again and send it once more."),
    ),
    "failed": (
        _l("Something went wrong here"),
        _l("It is our fault, not yours, and it was noted. What you had saved before is kept."),
    ),
}


_ALREADY_DONE = _l("This was already done; nothing was done twice.")


def _error_page(status: int, fault: str) -> Response:
    title, text = _FAULTS[fault]
    # nothing is marked as the place one is at: hidden and missing answer alike, byte for byte
    ways = [(label, url, False) for label, url, _active in navigation()]
    page = render_template("errors/error.html", title=title, text=text, navigation=ways)
    return current_app.make_response((page, status))


def _not_found(_error: Exception) -> ResponseReturnValue:
    if db.sent_before():  # a second click on what the first one removed
        return _say_already_done(_above())
    if ("info", str(_ALREADY_DONE)) in session.get("_flashes", ()):  # sent there by such a click
        return redirect(_above(), code=303)
    return _error_page(404, "not_found")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    faults = {404: "not_found", 405: "not_found", 413: "too_large", 429: "too_many", 503: "busy"}
    response = _error_page(status, faults.get(status, "failed"))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return _error_page(400, "stale_form")


def _busy(error: OperationalError) -> ResponseReturnValue:
    """Another writer was faster and went on too long, or the database is away: say so."""
    current_app.logger.warning("database fault: %s", type(error.orig).__name__)
    response = _error_page(503, "busy")
    response.headers["Retry-After"] = "5"
    return response


def _no_such_value(error: DataError) -> ResponseReturnValue:
    """A value that the database cannot hold, and so has nothing for: as with any unknown one."""
    current_app.logger.warning("value refused: %s", type(error.orig).__name__)
    db.db.session.rollback()
    return _not_found(NotFound())


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """A refusal no view caught: shown on a page of its own."""
    page = render_template(
        "errors/error.html", title=_("This cannot be done"), text=str(refusal),
        way_back_url=_place(), way_back_label=_("Back"),
    )  # fmt: skip
    return page, 409


def _already_done(_error: AlreadyDone) -> ResponseReturnValue:
    return _say_already_done(_place())


def _say_already_done(where: str) -> ResponseReturnValue:
    flash(str(_ALREADY_DONE), "info")
    return redirect(where, code=303)


def _place() -> str:
    """The page where what was refused or done twice was begun: itself, or the nearest above."""
    path = request.path if request.method != "GET" else request.path.rpartition("/")[0]
    return nearest_page(path)


def _above() -> str:
    """The page that lists what this address names, for when that is gone."""
    named = max((request.path.rfind(f"/{one}") for one in (request.view_args or {}).values()),
                default=0)  # fmt: skip
    return nearest_page(request.path[: max(named, 0)])


def _failed(error: Exception) -> ResponseReturnValue:
    """Log where it failed, never the words of the exception, which may hold a name."""
    places = [
        f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
    ]
    current_app.logger.error(
        "failed: %s at %s\n  %s", type(error).__name__, request.endpoint, "\n  ".join(places)
    )
    return _error_page(500, "failed")


def init_app(app: Flask) -> None:
    """Give an app the error pages of the house."""
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(DataError, _no_such_value)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(Exception, _failed)
