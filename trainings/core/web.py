"""What every page shares: headers, language, form base, refusals, error pages, tab counts."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)  # fmt: skip
from flask.typing import ResponseReturnValue
from flask_babel import Babel, format_date, format_datetime, format_time
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException
from wtforms import HiddenField

from trainings.core import clock, db, i18n
from trainings.core.access import STATIC, nearest_page, public
from trainings.core.errors import AlreadyDone, NotFound, Refusal
from trainings.core.i18n import LANGUAGES, LazyText, _, _l
from trainings.core.permissions import ROLE_LABELS, Permission

bp = Blueprint("web", __name__)
csrf = CSRFProtect()
babel = Babel()

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; worker-src 'self'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}


class TokenField(HiddenField):  # type: ignore[misc]
    """A form's one-time token; a form shown again after its token counted gets a new one."""

    def _value(self) -> str:
        if request.form.get(self.name) and db.form_token.get() is None:
            return db.new_key()
        return str(self.data or "")


class Form(FlaskForm):  # type: ignore[misc]
    """A form of the house: CSRF, and a token that makes its second sending change nothing."""

    form_token = TokenField(default=db.new_key)


@contextmanager
def showing_refusal(form: FlaskForm) -> Iterator[None]:
    """A refusal inside this block becomes an error of the form, at its field where it has one.

    The view goes on after the block: it shows the form again with what was typed.
    """
    try:
        yield
    except Refusal as refusal:
        field = getattr(form, refusal.field, None) if refusal.field else None
        if field is not None:
            field.errors = [*field.errors, str(refusal)]
        else:
            form.form_errors = [*form.form_errors, str(refusal)]


@contextmanager
def flashing_refusal() -> Iterator[None]:
    """For a single button: a refusal inside this block becomes the message on the next page."""
    try:
        yield
    except Refusal as refusal:
        flash(str(refusal), "error")


class Tab(NamedTuple):
    """One tab of a page: its word, where it leads, the number beside it if there is one."""

    label: str
    url: str
    number: int | None
    active: bool


def safe_next(target: str | None, otherwise: str) -> str:
    """Where to go on after signing in: a path of this site, never another site."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return otherwise
    if "\\" in target or not target.isprintable():  # browsers leave tabs and line breaks out
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target


def external_url(endpoint: str, **values: Any) -> str:
    """A link for mails and documents, built from the configured base address only."""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return f"{current_app.extensions['settings'].base_url}{path}"


def external_path(path: str) -> str:
    """A path of this site as a link for mails, from the configured base address only."""
    return f"{current_app.extensions['settings'].base_url}{path}"


def chosen_language() -> str:
    """The visitor's language: chosen on this device, else the account's, else the browser's.

    Outside a request (a command, a job) it is English, unless ``i18n.speaking`` says otherwise.
    """
    if not has_request_context():
        return "en"
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if current_user.is_authenticated and current_user.language in LANGUAGES:
        return str(current_user.language)
    offered = [code.replace("_", "-") for code in LANGUAGES]
    best = request.accept_languages.best_match(offered, default="en") or "en"
    return "pt_BR" if best.startswith("pt") else best


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Choose the language of the pages."""
    code = request.form.get("language", "")
    if code in LANGUAGES:
        session["language"] = code
    return redirect(safe_next(request.form.get("next"), "/"), code=303)


def _headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if current_app.extensions["settings"].https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint in STATIC:
        return response
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept-Language", "Cookie"))
    return response


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
    ways = [(label, url, False) for label, url, _active in _frame().get("navigation", [])]
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


def _take_form_token() -> None:
    token = request.form.get("form_token") if request.method == "POST" else None
    if not token:
        db.form_token.set(None)
        return
    scope = f"{current_user.get_id()}|{request.path}|{token}"
    db.form_token.set(hashlib.sha256(scope.encode()).hexdigest())


class Way(NamedTuple):
    """An entry of the main navigation: its word, where it leads, who is shown it."""

    label: LazyText
    endpoint: str
    permission: Permission | None
    participants: bool = False  # for those without a role: their own things


_LINKS = {
    "home": "home.start",
    "sign_in": "accounts.sign_in",
    "sign_out": "accounts.sign_out",
    "profile": "accounts_profile.show",
    "verify": "certificates_check.start",
    "privacy": "home.privacy",
}


def _viewer_label() -> str:
    """As what the viewer is here: the first role, with its country where it has one."""
    if not current_user.is_authenticated or not current_user.grants:
        return ""
    grant = current_user.grants[0]
    word = str(ROLE_LABELS[grant.role])
    return f"{word} · {i18n.country_name(grant.country)}" if grant.country else word


def _frame() -> dict[str, Any]:
    """What ``base.html`` asks for on every page; a mail written by a job has no page."""
    if not has_request_context():
        return {}
    views = current_app.view_functions
    ways: tuple[Way, ...] = current_app.extensions["navigation"]
    here = (request.endpoint or "").partition(".")[0].partition("_")[0]
    return {
        "navigation": [
            (
                way.label,
                url_for(way.endpoint),
                way.endpoint.partition(".")[0] in (here, request.blueprint)
                or request.path.startswith(f"{url_for(way.endpoint)}/"),
            )
            for way in ways
            if way.endpoint in views
            and (way.permission is None or current_user.can(way.permission))
            and not (way.participants and current_user.grants)
        ],
        "languages": list(LANGUAGES.items()),
        "language": i18n.language(),
        "viewer_label": _viewer_label(),
        "links": {name: url_for(end) for name, end in _LINKS.items() if end in views},
    }


def init_app(app: Flask) -> None:
    """Give an app the headers, languages, error pages and template words of the house."""
    Bootstrap5(app)
    babel.init_app(
        app,
        locale_selector=chosen_language,
        default_translation_directories=str(app.extensions["translations"]),
    )
    csrf.init_app(app)
    app.register_blueprint(bp)
    app.before_request(_take_form_token)
    app.after_request(_headers)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(DataError, _no_such_value)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(Exception, _failed)
    app.context_processor(_frame)
    app.jinja_env.globals.update(
        LANGUAGES=LANGUAGES,
        external_url=external_url,
        new_form_token=db.new_key,
        html_language=i18n.html_language,
        localized=i18n.localized,
        country_name=i18n.country_name,
        local_moment=i18n.local_moment,
        days=i18n.days,
        month=i18n.month,
        zone_name=i18n.zone_name,
        now=clock.now,
        format_date=format_date,
        format_time=format_time,
        format_datetime=format_datetime,
    )
