"""What stands around every page: headers, language, navigation, the words of templates."""

from __future__ import annotations

import hashlib
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
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import Babel, format_date, format_datetime, format_time
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect

from trainings.core import clock, db, i18n
from trainings.core.access import STATIC, public
from trainings.core.i18n import LANGUAGES, LazyText
from trainings.core.permissions import ROLE_LABELS, Permission
from trainings.core.web import external_url, safe_next

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
    covers: str = ""  # how further addresses begin that belong to it


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


def navigation() -> list[tuple[LazyText, str, bool]]:
    """The ways that the viewer is shown: word, address, whether they are there now."""
    ways: tuple[Way, ...] = current_app.extensions["navigation"]
    here = request.path
    shown = [
        (way, url_for(way.endpoint))
        for way in ways
        if way.endpoint in current_app.view_functions
        and (way.permission is None or current_user.can(way.permission))
        and not (way.participants and current_user.grants)
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
    """What ``base.html`` asks for on every page; a mail written by a job has no page."""
    if not has_request_context():
        return {}
    views = current_app.view_functions
    return {
        "navigation": navigation(),
        "languages": list(LANGUAGES.items()),
        "language": i18n.language(),
        "viewer_label": _viewer_label(),
        "links": {name: url_for(end) for name, end in _LINKS.items() if end in views},
    }


def init_app(app: Flask) -> None:
    """Give an app the headers, languages and template words of the house."""
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
