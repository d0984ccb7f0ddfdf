"""Whether the installation is well: for the service that watches it, and for its administrator."""

from __future__ import annotations

import hmac
import os

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from trainings.core.access import public, requires
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission
from trainings.home import health_queries

bp = Blueprint("home_health", __name__)
_LOOPBACK = ("127.0.0.1", "::1")


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Says ok while the program answers; looks at nothing."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Checks what the program needs; open to this machine, or with the token of the settings."""
    token = os.environ.get("TRAININGS_READY_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = bool(token) and hmac.compare_digest(given.encode(), token.encode())
    if request.remote_addr not in _LOOPBACK and not known:
        raise NotFound
    checks = health_queries.readiness()
    status = 200 if all(check.well for check in checks) else 503
    return jsonify({check.name: check.well for check in checks}), status


@bp.get("/health")
@requires(Permission.HEALTH_READ)
def show() -> ResponseReturnValue:
    """The same checks for the administrator, with what to do about each."""
    return render_template("home/health.html", checks=health_queries.readiness())
