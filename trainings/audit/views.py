"""The trail, for the data protection officer."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from trainings.audit import operations, queries, rules
from trainings.core import clock
from trainings.core.permissions import Permission
from trainings.web.access import requires
from trainings.web.fields import whole

bp = Blueprint("audit", __name__)
_PAGE = 50


@bp.get("/trail")
@requires(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """Who did what, the newest first; ids and codes, no names."""
    before = request.args.get("before", type=whole)
    entries = queries.latest(before=before, limit=_PAGE + 1)
    more = entries[_PAGE - 1].number if len(entries) > _PAGE else None
    return render_template(
        "audit/trail.html",
        entries=entries[:_PAGE],
        act_words=rules.act_words,
        object_words=rules.object_words,
        more=more,
        before=before,
        standing=operations.standing() if before is None else None,
        now=clock.now(),
    )
