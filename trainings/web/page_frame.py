"""What every page shares: headers, language, navigation, template functions.

See docs/decisions/2026-11-27-front-end.md for stylesheets and scripts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    has_request_context,
    redirect,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from trainings.core import clock, config, dates, db, i18n
from trainings.core.config import ROOT
from trainings.core.i18n import LANGUAGES, LazyText, countries
from trainings.core.permissions import ROLE_LABELS, Permission
from trainings.web import refill, templating
from trainings.web.access import STATIC, public, viewer
from trainings.web.chosen_language import chosen_locale, remember_language
from trainings.web.responses import external_url, here_with, safe_next

bp = Blueprint("web", __name__)
csrf = CSRFProtect()
babel = i18n.Languages()

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


def by_name(codes: Sequence[str]) -> list[str]:
    """Countries in the alphabetical order of their names in the reader's language."""
    return [code for code, _name in countries(codes)]


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Choose the language of the pages.

    Its form carries no token, so that who only reads needs no cookie. All it changes is a cookie
    of its own; still it is refused where the browser says that another site sent it.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CSRFError
    code = request.form.get("language", "")
    if code in LANGUAGES:
        remember_language(code)
    return redirect(safe_next(request.form.get("next"), "/"), code=303)


csrf.exempt(language)


def _headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if config.settings().https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint in STATIC:
        return response
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _bind_csrf_token() -> None:
    """Let the token of forms follow from the session of who is signed in.

    Else one that somebody planted in the browser, or that was there before signing in, would do.
    """
    if current_user.is_authenticated:
        token = refill.session_mark(current_user.session_id)
        if session.get("csrf_token") != token:
            session["csrf_token"] = token


def _take_form_token() -> None:
    token = request.form.get("form_token") if request.method == "POST" else None
    if not token:
        db.form_token.set(None)
        return
    scope = f"{current_user.get_id()}|{request.path}|{token}"
    db.form_token.set(hashlib.sha256(scope.encode()).hexdigest())


class Way(NamedTuple):
    """An entry of the main navigation: its word, where it leads, who sees it."""

    label: LazyText
    endpoint: str
    permission: Permission | None
    participants: bool = False  # for people without a role: their own pages
    covers: str = ""  # the start of other addresses that belong to it
    open_to_all: Callable[[], bool] | None = None  # whether visitors see it, too


_LINKS = {
    "home": "home.start",
    "sign_in": "accounts.sign_in",
    "sign_out": "accounts.sign_out",
    "profile": "accounts_profile.show",
    "verify": "verification.start",
    "privacy": "home.privacy",
}


def _url(endpoint: str) -> str:
    return str(current_app.extensions["urls"](endpoint))


def _viewer_label() -> str:
    """The viewer's role to show on the page: the first one, with its country if it has one."""
    who = viewer()
    if not who.is_authenticated or not who.grants:
        return ""
    grant = who.grants[0]
    word = str(ROLE_LABELS[grant.role])
    return f"{word} · {i18n.country_name(grant.country)}" if grant.country else word


def navigation() -> list[tuple[LazyText, str, bool]]:
    """The navigation entries the viewer sees: word, address, whether it is the current page."""
    ways: tuple[Way, ...] = current_app.extensions["navigation"]
    here, who = request.path, viewer()
    shown = [
        (way, _url(way.endpoint))
        for way in ways
        if (
            way.permission is None
            or who.can(way.permission)
            or (way.open_to_all is not None and way.open_to_all())
        )
        and not (way.participants and who.grants)
    ]
    return [
        (
            way.label,
            url,
            here == url
            or any(f"{here}/".startswith(f"{one}/") for one in (url, way.covers) if one),
        )
        for way, url in shown
    ]


def _frame() -> dict[str, Any]:
    """What ``base.html`` needs on every page; an email written by a job has no page."""
    if not has_request_context():
        return {}
    return {
        "navigation": navigation(),
        "languages": list(LANGUAGES.items()),
        "language": i18n.language(),
        "viewer_label": _viewer_label(),
        "links": {name: _url(end) for name, end in _LINKS.items()},
    }


def _urls(app: Flask) -> Callable[..., str]:
    """``url_for`` of templates: what every page links to (files, the menu) is built only once.

    Other addresses are not kept: they may contain what somebody searched for.
    """

    @lru_cache(500)
    def built(endpoint: str, filename: str | None) -> str:
        return app.url_for(endpoint, filename=filename) if filename else app.url_for(endpoint)

    def url(endpoint: str, **values: Any) -> str:
        same_for_all = not values or (endpoint == "static" and set(values) == {"filename"})
        if endpoint.startswith(".") or not same_for_all or not has_request_context():
            return app.url_for(endpoint, **values)
        return built(endpoint, values.get("filename"))

    return url


def init_app(app: Flask) -> None:
    """Add the shared headers, languages and template functions to an app."""
    app.jinja_environment = templating.DirectEnvironment
    Bootstrap5(app)
    babel.init_app(
        app,
        locale_selector=chosen_locale,
        default_translation_directories=str(ROOT / "trainings" / "translations"),
    )
    app.before_request(_bind_csrf_token)  # before the token of a form is compared
    csrf.init_app(app)
    app.register_blueprint(bp)
    app.before_request(_take_form_token)
    app.after_request(_headers)
    refill.init_app(app)
    app.context_processor(_frame)
    templating.init_app(app)
    app.jinja_env.filters["by_name"] = by_name
    app.extensions["urls"] = _urls(app)
    app.jinja_env.globals.update(
        LANGUAGES=LANGUAGES,
        external_url=external_url,
        url_for=app.extensions["urls"],
        here_with=here_with,
        new_form_token=db.new_key,
        html_language=i18n.html_language,
        localized=i18n.localized,
        country_name=i18n.country_name,
        days=dates.days,
        day_in_brief=dates.day_in_brief,
        in_full=dates.in_full,
        born_in_full=dates.born_in_full,
        local_moment=dates.local_moment,
        moment_in_full=dates.moment_in_full,
        month=dates.month,
        range_in_full=dates.range_in_full,
        weekday_in_brief=dates.weekday_in_brief,
        with_weekday=dates.with_weekday,
        zone_name=dates.zone_name,
        now=clock.now,
        time_span=dates.time_span,
    )
