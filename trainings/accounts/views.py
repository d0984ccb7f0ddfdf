"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainings.accounts import operations, queries, session_queries, sessions
from trainings.accounts.forms import (
    AskForLinkForm,
    ButtonForm,
    EnterForm,
    NewPasswordForm,
    SignInForm,
)
from trainings.accounts.rules import (
    SETS_PASSWORD,
    SIGN_IN,
    VALID_FOR,
    LinkRefused,
    LinkUnknown,
    TooManyTries,
)
from trainings.core import clock
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.people.reading import opened
from trainings.web import refill
from trainings.web.access import public, requires, viewer
from trainings.web.forms import showing_refusal
from trainings.web.responses import safe_next

bp = Blueprint("accounts", __name__)
_HOME = "/"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with email and password."""
    onward = safe_next(request.args.get("next"), _HOME)
    again = current_user.is_authenticated and bool(request.args.get("again"))
    if current_user.is_authenticated and not again:
        return redirect(onward, code=303)
    form, status = SignInForm(), 200
    if form.validate_on_submit():
        with showing_refusal(form):
            try:
                door = operations.sign_in(
                    form.mail.data, form.password.data, sessions.browser(request, own=form.own.data)
                )
            except TooManyTries:
                status = 429
                raise
            return _enter(door, request.args.get("next"))
    return render_template("accounts/sign_in.html", form=form, again=again), status


def _enter(door: operations.SignedIn, wanted: str | None) -> ResponseReturnValue:
    """Let a browser in: where it was to go, else where something was typed last, else home."""
    answer = redirect(_HOME, code=303)
    sessions.let_in(answer, door)
    answer.headers["Location"] = safe_next(wanted, refill.expect(door.account_id) or _HOME)
    return answer


@bp.post("/sign-out")
@requires(Permission.PROFILE_OWN)
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    who = viewer()
    operations.sign_out(who.session_id or "", by=who.account_id or "")
    answer = sessions.let_out(redirect(url_for("accounts.sign_in"), code=303))
    flash(_("You are signed out."), "success")
    return answer


@bp.route("/sign-in/link", methods=["GET", "POST"])
@public
def ask_for_link() -> ResponseReturnValue:
    """Ask for a sign-in link by email."""
    form = AskForLinkForm()
    if form.validate_on_submit():
        onward = safe_next(request.args.get("next"), "")
        operations.ask_for_link(form.mail.data, onward, sessions.browser(request))
        return redirect(url_for(".link_sent"), code=303)
    return render_template("accounts/ask_for_link.html", form=form)


@bp.get("/sign-in/sent")
@public
def link_sent() -> ResponseReturnValue:
    """Say that a link is on its way if the address is known; the same page for every address."""
    return render_template("accounts/link_sent.html", valid_for=VALID_FOR[SIGN_IN])


@bp.route("/sign-in/link/<token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """Use an emailed link: press a button to sign in (mail scanners do not), or set a password."""
    onward = _inside_already(token)
    if onward is not None:
        return redirect(onward, code=303)
    try:
        found, account = queries.live_link(token)
        if found.purpose in SETS_PASSWORD:
            return _set_password(token, account.person_id)
        form = EnterForm()
        may_stay = session_queries.may_stay_signed_in(account.id)
        if form.validate_on_submit():
            browser = sessions.browser(request, own=form.own.data)
            door = operations.sign_in_by_link(token, browser)
            return _enter(door, door.leads_to)
    except LinkRefused as refusal:
        return _link_refused(token, refusal)
    who = opened([account.person_id])[account.person_id]
    return render_template(
        "accounts/link.html", form=form, name=who.name, other=_other(), may_stay=may_stay
    )


def _inside_already(token: str) -> str | None:
    """Where a link leads whose account is signed in here: it asks nothing and is not used up.

    None where it has to ask: a link of somebody else, or one that still sets a password.
    """
    found = queries.link(token)
    if found is None or found.account_id is None or found.account_id != viewer().account_id:
        return None
    sets_password = found.purpose in SETS_PASSWORD and found.used_at is None
    if sets_password and found.ends_at > clock.now():
        return None
    return safe_next(found.leads_to, _HOME)


def _other() -> str | None:
    """Who is signed in here: their name, or their address; None if nobody is."""
    person_id = viewer().person_id
    if person_id is None:
        return None
    who = opened([person_id])[person_id]
    return who.name or who.mail


def _set_password(token: str, person_id: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            door = operations.set_password(
                token, form.password.data, form.repeated.data, sessions.browser(request)
            )
            return _enter(door, door.leads_to)
    who = opened([person_id])[person_id]
    other = None if viewer().person_id == person_id else _other()
    return render_template("accounts/set_password.html", form=form, who=who, other=other)


def _link_refused(token: str, refusal: LinkRefused) -> ResponseReturnValue:
    known = not isinstance(refusal, LinkUnknown)
    page = render_template(
        "accounts/link_refused.html",
        sentence=str(refusal),
        form=ButtonForm(),
        other=_other() if known else None,
        renew_url=url_for(".renew_link", token=token) if known else None,
    )
    return page, 410 if known else 404


@bp.post("/sign-in/link/<token>/renew")
@public
def renew_link(token: str) -> ResponseReturnValue:
    """Email a new link to replace one that was used or has expired."""
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            operations.renew_link(token, sessions.browser(request))
        except LinkRefused as refusal:
            return _link_refused(token, refusal)
    return redirect(url_for(".link_sent"), code=303)
