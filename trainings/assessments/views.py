"""The page of a trainer's path, on which organisers say how far they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.assessments import operations, queries
from trainings.assessments.forms import AssessmentForm, ButtonForm
from trainings.assessments.rules import Assessed
from trainings.core import clock
from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission
from trainings.courses import programme_queries
from trainings.people import reading
from trainings.rosters import queries as rosters
from trainings.rosters.identity_queries import in_reach
from trainings.rosters.models import Trainer
from trainings.rosters.rules import TrainerRole
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("assessments", __name__)

P = Permission


def assessors(assessments: Sequence[Assessed]) -> Mapping[str, str]:
    """The name of each who assessed, by account, opened for the viewer and logged."""
    persons = accounts.persons_of({one.account_id for one in assessments if one.account_id})
    known = reading.open(persons.values(), by=viewer().account_id, purpose="assessments")
    return {account: known[person].name for account, person in persons.items() if person in known}


def _page(trainer: Trainer, form: AssessmentForm | None, theirs: bool) -> str:
    found = queries.of_trainer(trainer.id)
    who = reading.open([trainer.person_id], by=viewer().account_id, purpose="trainer")
    modules = {one.id: localized(one.titles) for one in programme_queries.modules()}
    path = queries.path_of(trainer.id, found)
    return render_template(
        "assessments/show.html",
        trainer=trainer,
        name=who[trainer.person_id].name,
        form=form,
        button=ButtonForm(),
        theirs=theirs,
        steps=sorted((modules.get(key, ""), step) for key, step in path.items()) if path else [],
        assessments=found[::-1],
        modules=modules,
        names=assessors(found),
        roles=list(TrainerRole)[::-1],
    )


@bp.route("/trainers/<trainer_id>/path", methods=["GET", "POST"])
@requires(P.ROSTER_READ)
def show(trainer_id: str) -> ResponseReturnValue:
    """How far a trainer is with each module; organisers in reach say for what they are able."""
    trainer = rosters.trainer_for(viewer(), P.ROSTER_READ, trainer_id)
    theirs = viewer().can(P.ROSTER_EDIT) and in_reach(viewer(), trainer)
    if not theirs:
        return _page(trainer, None, theirs)
    form = AssessmentForm(data={"assessed_on": clock.now().date()})
    form.offer([(one.id, localized(one.titles)) for one in programme_queries.modules()])
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.assess(trainer.id, form.found(), by=viewer())
            flash(_("The assessment has been saved. The trainer can read it."), "success")
            return redirect(url_for(".show", trainer_id=trainer.id), code=303)
    return _page(trainer, form, theirs)


@bp.route("/trainers/<trainer_id>/path/<assessment_id>/remove", methods=["GET", "POST"])
@requires(P.ROSTER_EDIT)
def take_back(trainer_id: str, assessment_id: str) -> ResponseReturnValue:
    """Take an assessment back, after one confirmation."""
    trainer = rosters.trainer_for(viewer(), P.ROSTER_EDIT, trainer_id)
    if not in_reach(viewer(), trainer):
        raise NotFound
    found = queries.one_of(trainer.id, assessment_id)
    form, back = ButtonForm(), url_for(".show", trainer_id=trainer.id)
    if form.validate_on_submit():
        operations.take_back(trainer.id, found.id, by=viewer())
        flash(_("The assessment has been taken back."), "success")
        return redirect(back, code=303)
    module = programme_queries.modules([found.module_id])
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Take this assessment back?"),
        act=_("Take it back"),
        back_url=back,
        sentences=[
            f"{found.role.label} · {localized(module[0].titles) if module else ''}",
            _("It is deleted with its remark; the trail keeps that it was there."),
        ],
    )
