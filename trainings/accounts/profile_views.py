"""The user's own profile."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import operations, profile_operations, queries, session_queries
from trainings.accounts.forms import ButtonForm, ChangePasswordForm, DetailsForm, LanguageForm
from trainings.accounts.models import Account
from trainings.core.errors import NotFound
from trainings.core.i18n import LANGUAGES, _
from trainings.core.permissions import Permission
from trainings.people.reading import opened
from trainings.web.access import requires, viewer
from trainings.web.chosen_language import chosen_language, remember_language
from trainings.web.forms import showing_refusal

bp = Blueprint("accounts_profile", __name__)


def _own_account() -> Account:
    account = queries.account(viewer().account_id or "")
    if account is None:
        raise NotFound
    return account


def _back() -> ResponseReturnValue:
    return redirect(url_for(".show"), code=303)


@bp.get("/profile")
@requires(Permission.PROFILE_OWN)
def show() -> ResponseReturnValue:
    """Your name, address, language, password, and where you are signed in."""
    account = _own_account()
    return render_template(
        "accounts/profile.html",
        account=account,
        who=opened([account.person_id])[account.person_id],
        language_name=LANGUAGES.get(account.language or chosen_language()),
        sessions=session_queries.live_sessions(account.id),
        here=viewer().session_id,
        may_stay=session_queries.may_stay_signed_in(account.id),
    )


def _kept_details() -> dict[str, Any]:
    account = _own_account()
    who = opened([account.person_id])[account.person_id]
    return {
        "given_name": who.given_name,
        "family_name": who.family_name,
        "language": account.language or chosen_language(),
    }


@bp.route("/profile/details", methods=["GET", "POST"])
@requires(Permission.PROFILE_OWN)
def details() -> ResponseReturnValue:
    """Change your name and language."""
    account = _own_account()
    form = (DetailsForm if account.staff else LanguageForm).of(_kept_details)
    if form.validate_on_submit():
        with showing_refusal(form):
            given, family = (
                (form.given_name.data, form.family_name.data) if account.staff else ("", "")
            )
            profile_operations.change_details(account.id, given, family, form.language.data)
            remember_language(form.language.data)
            flash(_("Saved."), "success")
            return _back()
    return render_template("accounts/details.html", form=form)


@bp.route("/profile/password", methods=["GET", "POST"])
@requires(Permission.PROFILE_OWN)
def password() -> ResponseReturnValue:
    """Change your password."""
    account = _own_account()
    if not account.staff:
        raise NotFound
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            profile_operations.change_password(
                account.id,
                form.present.data,
                form.password.data,
                form.repeated.data,
                keep_session=viewer().session_id,
            )
            flash(
                _("Your password has been changed. Other browsers have been signed out."), "success"
            )
            return _back()
    return render_template(
        "accounts/password.html",
        form=form,
        button=ButtonForm(formdata=None),
        who=opened([account.person_id])[account.person_id],
    )


@bp.post("/profile/password/link")
@requires(Permission.PROFILE_OWN)
def password_link() -> ResponseReturnValue:
    """Email a link to set a new password without the present one."""
    account = _own_account()
    if not account.staff:
        raise NotFound
    operations.mail_password_link(account.id)
    flash(_("We have emailed you a link to set a new password."), "success")
    return _back()


@bp.post("/profile/sessions/<session_id>/end")
@requires(Permission.PROFILE_OWN)
def end_session(session_id: str) -> ResponseReturnValue:
    """Sign another browser out."""
    profile_operations.end_one_session(viewer().account_id or "", session_id)
    flash(_("That browser has been signed out."), "success")
    return _back()


@bp.post("/profile/sessions/end")
@requires(Permission.PROFILE_OWN)
def end_sessions() -> ResponseReturnValue:
    """Sign all other browsers out."""
    who = viewer()
    profile_operations.end_other_sessions(who.account_id or "", but=who.session_id)
    flash(_("All other browsers have been signed out."), "success")
    return _back()
