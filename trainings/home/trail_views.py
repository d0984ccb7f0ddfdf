"""The trail, for the data protection officer."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from trainings.audit import operations, queries
from trainings.core.access import requires
from trainings.core.permissions import Permission

bp = Blueprint("home_trail", __name__)
_PAGE = 50
_FURTHEST = 2**62  # a number that a database can still compare with


@bp.get("/trail")
@requires(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """Who did what, the newest first; ids and codes, no names."""
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before < _FURTHEST:
        before = None
    entries = queries.latest(before=before, limit=_PAGE + 1)
    more = entries[_PAGE - 1].number if len(entries) > _PAGE else None
    return render_template(
        "home/trail.html", entries=entries[:_PAGE], more=more, before=before,
        fault=operations.verify() if before is None else None,
    )  # fmt: skip
