"""In which language a page is answered: as chosen on this device, else as the browser prefers."""

from __future__ import annotations

from flask import Response, after_this_request, has_request_context, request
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept

from trainings.core import config
from trainings.core.i18n import LANGUAGES

ENGLISH = ("en_GB", "en_US", "en_CA")  # regions that have their own ways of writing dates


def language_cookie() -> str:
    """The name of the cookie in which a device keeps the language chosen on it, and nothing else.

    It stands apart from the visit cookie: whoever only reads gets no other.
    """
    return "__Host-language" if config.settings().https else "language"


def chosen_language() -> str:
    """The reader's language: chosen on this device, else the account's, else the browser's.

    Outside a request (a command, a job) it is English, unless ``i18n.speaking`` says otherwise.
    """
    if not has_request_context():
        return "en"
    chosen = request.cookies.get(language_cookie(), "")
    if chosen not in LANGUAGES and current_user.is_authenticated:
        chosen = current_user.language
    return language_for(chosen, request.accept_languages)


def chosen_locale() -> str:
    """The language of the page, with the region whose date format the reader's browser prefers."""
    if not has_request_context():
        return "en"
    return locale_for(chosen_language(), request.accept_languages)


def language_for(chosen: str, accepted: LanguageAccept) -> str:
    """The chosen language if there is such a one, else the one that a browser likes best."""
    if chosen in LANGUAGES:
        return chosen
    offered = [code.replace("_", "-") for code in LANGUAGES]
    best = accepted.best_match(offered, default="en") or "en"
    return "pt_BR" if best.startswith("pt") else best


def locale_for(chosen: str, accepted: LanguageAccept) -> str:
    """Like ``language_for``, and of English the region whose dates the browser prefers."""
    code = language_for(chosen, accepted)
    if code == "en":
        offered = (tag.replace("-", "_") for tag, _quality in accepted)
        return next((tag for tag in offered if tag in ENGLISH), ENGLISH[0])
    return code


def remember_language(code: str) -> None:
    """Keep the language chosen on this device, with the answer to this request."""

    @after_this_request
    def put(response: Response) -> Response:
        response.set_cookie(
            language_cookie(),
            code,
            httponly=True,
            samesite="Lax",
            secure=config.settings().https,
            path="/",
        )
        return response
