"""Whether the installation is healthy: for monitoring, and for the administrator."""

from __future__ import annotations

import hmac
import os

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.home import health_queries, operations
from trainings.mail import queries as mail
from trainings.web.access import public, requires, viewer
from trainings.web.forms import flashing_refusal
from trainings.web.hosts import from_this_machine

bp = Blueprint("home_health", __name__)


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Returns ok while the program responds; checks nothing else."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Check what the program needs; open to this machine, or with the token from the settings."""
    token = os.environ.get("TRAININGS_READY_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = bool(token) and hmac.compare_digest(given.encode(), token.encode())
    if not from_this_machine(request) and not known:
        raise NotFound
    checks = health_queries.readiness()
    status = 200 if all(check.well for check in checks) else 503
    return jsonify({check.name: check.well for check in checks}), status


@bp.get("/health")
@requires(Permission.HEALTH_READ)
def show() -> ResponseReturnValue:
    """The same checks for the administrator, with what to do about each, and what died."""
    return render_template(
        "home/health.html",
        checks=health_queries.readiness(),
        died=health_queries.died(),
        test=mail.latest_to(viewer().person_id or "", "test"),
    )


@bp.post("/health/test-mail")
@requires(Permission.HEALTH_READ)
def send_test_mail() -> ResponseReturnValue:
    """Send the administrator a test email; the page says what became of it."""
    with flashing_refusal():
        operations.send_test_mail(viewer())
        flash(
            _(
                "The test email is on its way. Open this page again to see whether it arrived at "
                "the mail server."
            ),
            "success",
        )
    return redirect(url_for(".show"), code=303)
