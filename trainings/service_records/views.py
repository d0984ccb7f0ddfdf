"""A trainer's own service record, to read and to take along as a letter."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue

from trainings.assessments import queries as assessments
from trainings.assessments.rules import counts
from trainings.assessments.views import assessors
from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, language, localized
from trainings.core.permissions import Permission
from trainings.courses import programme_queries
from trainings.rosters import queries as rosters
from trainings.service_records import document, operations, queries
from trainings.service_records.rules import total
from trainings.web import responses
from trainings.web.access import requires, viewer

bp = Blueprint("service_records", __name__)

P = Permission


@bp.get("/my/service")
@requires(P.HOME_SEE)
def own() -> ResponseReturnValue:
    """What the viewer, a trainer, has taught so far, and for what they were found able."""
    trainer = rosters.own_trainer(viewer())
    services, found = queries.of_trainer(trainer.id), assessments.of_trainer(trainer.id)
    modules = programme_queries.modules({one.module_id for one in found})
    return render_template(
        "service_records/own.html",
        services=services,
        total=total(services),
        assessments=found[::-1],
        counting={one.id for one in counts(found).values()},
        modules={one.id: localized(one.titles) for one in modules},
        names=assessors(found),
        letter_languages=LANGUAGES,
        here_language=language(),
        time_words=document.time_words,
        roles_words=document.roles_words,
        rating_words=document.rating_words,
    )


@bp.post("/my/service.pdf")
@requires(P.HOME_SEE)
def letter() -> ResponseReturnValue:
    """The record as a letter, in the language that was chosen."""
    try:
        pdf = operations.write(request.form.get("language", ""), by=viewer())
    except Refusal as refusal:
        flash(str(refusal), "error")
        return own()
    return responses.pdf(pdf, "service-record")
