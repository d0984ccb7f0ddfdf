"""A participant's own certificates."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from trainings.certificates import print_operations, queries, standing_queries
from trainings.certificates.rules import conditions
from trainings.core import web
from trainings.core.access import requires, viewer
from trainings.core.permissions import Permission

bp = Blueprint("certificates_own", __name__)


@bp.get("/my/certificates")
@requires(Permission.CERTIFICATE_OWN)
def index() -> ResponseReturnValue:
    """My certificates, and for each course what its certificate asks for."""
    return render_template(
        "certificates/own.html",
        rows=standing_queries.own_standings(viewer()),
        conditions=conditions,
        certificates=queries.own_certificates(viewer()),
    )


@bp.get("/my/certificates/<certificate_id>.pdf")
@requires(Permission.CERTIFICATE_OWN)
def download(certificate_id: str) -> ResponseReturnValue:
    """The file of one of my certificates, as it was issued."""
    pdf, serial = print_operations.own_file(certificate_id, by=viewer())
    return web.pdf(pdf, serial, kept=True)
