"""The roster of trainers, and the trainers of a course."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from trainings.accounts import queries as accounts
from trainings.core import clock, paging
from trainings.core.errors import NotFound
from trainings.core.i18n import _, countries, language_name, localized, ngettext
from trainings.core.permissions import Permission
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.rules import ENDED
from trainings.mail import queries as mails
from trainings.people import reading
from trainings.rosters import listing_queries, operations, queries, search_queries
from trainings.rosters.forms import ButtonForm, InviteForm, TrainerForm
from trainings.rosters.identity_queries import in_reach
from trainings.rosters.listing_queries import SIZE, Line
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.queries import OnRoster
from trainings.rosters.rules import SPOKEN, TEACHING, Invitation
from trainings.rosters.search_queries import Found
from trainings.rosters.search_rules import Served, Wanted, days_wanted, typed_day
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("rosters", __name__)

P = Permission


def _lines(
    trainers: Iterable[Trainer], purpose: str, asked: dict[str, CourseTrainer] | None = None
) -> list[Line]:
    return listing_queries.lines(trainers, viewer(), purpose, asked)


def _on_roster(some: Iterable[OnRoster], modules: Mapping[str, str]) -> list[Line]:
    """Those of the roster who are on a page; ``modules``: what all modules are called."""
    trainers = queries.those_on_roster(viewer(), [one.id for one in some])
    return listing_queries.lines(trainers.values(), viewer(), "roster", modules=modules)


def _filters(
    *, retired: bool = False, but_of: str | None = None
) -> tuple[dict[str, Any], list[OnRoster]]:
    """The roster's filters, and their choices; and the trainers whom those of place let through.

    ``but_of``: without those who are on this course already.
    """
    chosen = {
        name: request.args.get(name, "")
        for name in ("module", "language", "agency", "country", "from", "until", "served")
    }
    place = {name: chosen[name] for name in ("agency", "country")}
    everyone = found = queries.roster(viewer(), but_of=but_of)
    if retired or any(place.values()):
        found = queries.roster(viewer(), retired=retired, but_of=but_of, **place)
    taught_in = set().union(*(one.languages for one in everyone))
    shown = {
        "chosen": chosen,
        "agencies": [(one.id, localized(one.short_names)) for one in accounts.agencies()],
        "stations": countries(sorted({one.station_country for one in everyone})),
        "spoken": [(code, language_name(code)) for code in SPOKEN if code in taught_in],
        "modules": [(one.id, localized(one.titles)) for one in programme_queries.modules()],
        "serving": [(str(one), one.label) for one in Served],
        "retired": retired,
    }
    return shown, found


def _wanted(days: tuple[date | None, date | None] = (None, None)) -> Wanted:
    """What is looked for besides agency and station; ``days`` where none are asked for."""
    asked = [typed_day(request.args.get(name, "")) for name in ("from", "until")]
    first, last = days_wanted(*(asked if any(asked) else days))
    served = request.args.get("served", "")
    return Wanted(
        language=request.args.get("language", ""),
        module=request.args.get("module", ""),
        first=first,
        last=last,
        served=Served(served) if served in set(Served) else None,
    )


class _Part(Struct, frozen=True):
    """A page of those who fit, or of the others."""

    shown: list[OnRoster]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return paging.pages(self.total, SIZE)


def _parts(trainers: list[OnRoster], found: Mapping[str, Found]) -> list[_Part]:
    """Those who fit, and the others: of each the page that the address asks for."""
    ordered, parts = listing_queries.by_name(trainers), []
    for name, fits in (("page", True), ("others", False)):
        some = [one for one in ordered if (not found[one.id].reasons) is fits]
        page = paging.within(request.args.get(name, 1, whole), len(some), SIZE)
        parts.append(_Part(some[(page - 1) * SIZE : page * SIZE], len(some), page))
    return parts


@bp.get("/trainers")
@requires(P.ROSTER_READ)
def index() -> ResponseReturnValue:
    """The trainers of all agencies: who fits what is looked for, and why the others do not."""
    wanted = _wanted()
    filters, everyone = _filters(retired=request.args.get("retired") == "yes")
    found = search_queries.search(viewer(), everyone, wanted, clock.now().date())
    by_id = {one.trainer.id: one for one in found}
    parts = _parts([one.trainer for one in found], by_id)
    shown = _on_roster([one for part in parts for one in part.shown], dict(filters["modules"]))
    return render_template(
        "rosters/index.html",
        lines=[one for one in shown if not by_id[one.id].reasons],
        others=[one for one in shown if by_id[one.id].reasons],
        fit=parts[0],
        rest=parts[1],
        found=by_id,
        courses=search_queries.course_names(found),
        wanted=wanted,
        **filters,
    )


@bp.get("/trainers/<trainer_id>")
@requires(P.ROSTER_READ)
def show(trainer_id: str) -> ResponseReturnValue:
    """One trainer: their data, and the courses they gave."""
    trainer = queries.trainer_for(viewer(), P.ROSTER_READ, trainer_id)
    given, elsewhere = queries.courses_given(viewer(), trainer.id)
    theirs = in_reach(viewer(), trainer)
    return render_template(
        "rosters/show.html",
        line=_lines([trainer], "trainer")[0],
        notes=queries.notes_of(trainer) if theirs else "",
        theirs=theirs,
        given=given,
        elsewhere=elsewhere,
    )


def _to_change(trainer_id: str) -> Trainer:
    """A trainer the viewer may contact and change. Raises ``NotFound``."""
    trainer = queries.trainer_for(viewer(), P.ROSTER_EDIT, trainer_id)
    if not in_reach(viewer(), trainer):
        raise NotFound
    return trainer


def _kept(trainer_id: str) -> dict[str, Any]:
    trainer = _to_change(trainer_id)
    identity = reading.opened([trainer.person_id])[trainer.person_id]
    return {
        "given_name": identity.given_name,
        "family_name": identity.family_name,
        "mail": identity.mail,
        "notes": queries.notes_of(trainer),
        "agency_id": trainer.agency_id,
        "station_city": trainer.station_city,
        "station_country": trainer.station_country,
        "languages": trainer.languages,
        "module_ids": trainer.module_ids,
    }


def _form(trainer: Trainer | None = None) -> TrainerForm:
    """The form of a trainer with its choices, filled in if there is a trainer."""
    if trainer is None:
        form = TrainerForm()
    else:
        trainer_id, person_id, by = trainer.id, trainer.person_id, viewer().account_id
        form = TrainerForm.of(
            lambda: _kept(trainer_id),
            reads=lambda: reading.log([person_id], by=by, purpose="trainer"),
        )
    form.agency_id.choices = [(one.id, localized(one.short_names)) for one in accounts.agencies()]
    form.station_country.choices = [("", ""), *countries()]
    form.languages.choices = [(code, language_name(code)) for code in SPOKEN]
    form.module_ids.choices = [
        (one.id, localized(one.titles)) for one in programme_queries.modules()
    ]
    return form


@bp.route("/trainers/new", methods=["GET", "POST"])
@requires(P.ROSTER_EDIT)
def add() -> ResponseReturnValue:
    """Add someone to the roster."""
    form = _form()
    if form.validate_on_submit():
        with showing_refusal(form):
            key = operations.add_trainer(form.trainer(), by=viewer())
            flash(_("The trainer is on the roster."), "success")
            return redirect(url_for(".show", trainer_id=key), code=303)
    return render_template("rosters/form.html", form=form, trainer=None)


@bp.route("/trainers/<trainer_id>/edit", methods=["GET", "POST"])
@requires(P.ROSTER_EDIT)
def edit(trainer_id: str) -> ResponseReturnValue:
    """Change a trainer's data."""
    trainer = _to_change(trainer_id)
    form = _form(trainer)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.edit_trainer(trainer.id, form.trainer(), by=viewer())
            flash(_("Saved."), "success")
            return redirect(url_for(".show", trainer_id=trainer.id), code=303)
    return render_template("rosters/form.html", form=form, trainer=trainer)


@bp.route("/trainers/<trainer_id>/retire", methods=["GET", "POST"])
@requires(P.ROSTER_EDIT)
def retire(trainer_id: str) -> ResponseReturnValue:
    """Retire a trainer, so that they can no longer be invited."""
    trainer = _to_change(trainer_id)
    form, back = ButtonForm(), url_for(".show", trainer_id=trainer.id)
    if form.validate_on_submit():
        operations.retire_trainer(trainer.id, by=viewer())
        flash(_("The trainer is no longer invited to courses."), "success")
        return redirect(back, code=303)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Take this trainer off the roster?"),
        act=_("Take off the roster"),
        back_url=back,
        sentences=[
            _("They no longer appear when you invite trainers."),
            _("Current invitations, and sessions already taught, stay as they are."),
            _("You can bring them back at any time."),
        ],
    )


@bp.post("/trainers/<trainer_id>/bring-back")
@requires(P.ROSTER_EDIT)
def bring_back(trainer_id: str) -> ResponseReturnValue:
    """Return a retired trainer to the active list."""
    operations.bring_back(trainer_id, by=viewer())
    flash(_("The trainer is on the roster again."), "success")
    return redirect(url_for(".show", trainer_id=trainer_id), code=303)


# the trainers of a course


@bp.get("/courses/<code>/trainers")
@requires(P.ROSTER_READ)
def course(code: str) -> ResponseReturnValue:
    """The trainers invited to teach in a course, and their answers."""
    found = courses.course_for(viewer(), P.ROSTER_READ, code)
    asked = queries.course_trainers(found.id)
    everyone = len(asked)
    waits = request.args.get("answer") == "none"
    if waits:
        asked = [one for one in asked if one.state is Invitation.INVITED]
    by_trainer = {one.trainer_id: one for one in asked}
    return render_template(
        "rosters/course.html",
        course=found,
        lines=_lines([one.trainer for one in asked], "trainers", by_trainer),
        everyone=everyone,
        waits=waits,
        teaching=TEACHING,
        bounced=mails.bounced_persons(found.id),
        over=found.state in ENDED,
    )


@bp.route("/courses/<code>/trainers/invite", methods=["GET", "POST"])
@requires(P.ROSTER_EDIT)
def invite(code: str) -> ResponseReturnValue:
    """Choose trainers from the roster and invite them to a course."""
    found = courses.course_for(viewer(), P.ROSTER_EDIT, code)
    form = InviteForm()
    filters, left = _filters(but_of=found.id)
    chosen = request.form.getlist("trainers")
    turning = "page" in request.form  # to another page: who is ticked here stays ticked
    if not turning and form.validate_on_submit():
        with showing_refusal(form):
            number = operations.invite(found.id, chosen, by=viewer())
            flash(
                ngettext("%(num)s trainer invited.", "%(num)s trainers invited.", number), "success"
            )
            return redirect(url_for(".course", code=code), code=303)
    if form.is_submitted():  # somebody else may have invited them since
        filters, left = _filters(but_of=found.id)
    wanted = _wanted((found.starts_on, found.ends_on))
    looked_at = search_queries.search(viewer(), left, wanted, clock.now().date())
    by_id = {one.trainer.id: one for one in looked_at}
    ordered = listing_queries.by_name(left)
    ordered.sort(key=lambda one: bool(by_id[one.id].reasons))
    page = paging.within(request.values.get("page", 1, whole), len(ordered), SIZE)
    lines = _on_roster(ordered[(page - 1) * SIZE : page * SIZE], dict(filters["modules"]))
    shown = {line.id for line in lines}
    return render_template(
        "rosters/invite.html",
        course=found,
        form=form,
        lines=sorted(lines, key=lambda one: bool(by_id[one.id].reasons)),
        page=page,
        pages=paging.pages(len(ordered), SIZE),
        hidden=[one.id for one in left if one.id in chosen and one.id not in shown],
        found=by_id,
        courses=search_queries.course_names(looked_at),
        wanted=wanted,
        ticked=chosen,
        **filters,
    )


@bp.route("/courses/<code>/trainers/<course_trainer_id>/withdraw", methods=["GET", "POST"])
@requires(P.ROSTER_EDIT)
def withdraw(code: str, course_trainer_id: str) -> ResponseReturnValue:
    """Withdraw an invitation, after one confirmation."""
    found = courses.course_for(viewer(), P.ROSTER_EDIT, code)
    asked = queries.course_trainer_of(found.id, course_trainer_id)
    form, back = ButtonForm(), url_for(".course", code=code)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.withdraw_invitation(asked.id, by=viewer())
            flash(_("The invitation has been withdrawn."), "success")
            return redirect(back, code=303)
    who = reading.open([asked.trainer.person_id], by=viewer().account_id, purpose="trainers")
    name = who[asked.trainer.person_id].name
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Withdraw the invitation?"),
        act=_("Withdraw invitation"),
        back_url=back,
        sentences=[
            _("%(name)s is told by email.", name=name),
            _("They can no longer see the course, its people or its certificates."),
            _("They are taken off their sessions that have not started."),
        ],
    )


@bp.post("/courses/<code>/trainers/<course_trainer_id>/send")
@requires(P.ROSTER_EDIT)
def send(code: str, course_trainer_id: str) -> ResponseReturnValue:
    """Email an invitation again."""
    found = courses.course_for(viewer(), P.ROSTER_EDIT, code)
    asked = queries.course_trainer_of(found.id, course_trainer_id)
    with flashing_refusal():
        operations.send_again(asked.id, by=viewer())
        flash(_("We have sent the invitation again, with a new link."), "success")
    return redirect(url_for(".course", code=code), code=303)
