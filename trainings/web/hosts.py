"""The host names this site answers to: its own, and loopback for its administrators."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from trainings.core.config import is_loopback
from trainings.web.page_frame import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_PASSED_ON = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


def from_this_machine(request: Request) -> bool:
    """Whether a request was made on this machine, and not passed on by a proxy on it."""
    passed_on = any(name in request.headers for name in _PASSED_ON)
    return is_loopback(request.remote_addr or "") and not passed_on


class KnownHosts:
    """Refuses requests for another host name, before anything else handles them."""

    def __init__(self, app: WSGIApplication, base_url: str) -> None:
        parts = urlsplit(base_url)
        name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        self._app = app
        self._names = {str(name), f"{name}:{parts.port or _PORTS[parts.scheme]}"}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Pass on requests for this site; answer others with status 400."""
        host = environ.get("HTTP_HOST", "")
        if host.lower() in self._names or _LOOPBACK.fullmatch(host):
            return self._app(environ, start_response)
        headers = {**HEADERS, "Cache-Control": "no-store"}
        text = "This address is not one of this site.\n"
        return Response(text, 400, headers, mimetype="text/plain")(environ, start_response)
