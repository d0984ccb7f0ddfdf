"""Staff accounts and their roles, for the administrator."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries, staff_operations
from trainings.accounts.forms import ButtonForm, GrantForm, InviteForm
from trainings.accounts.models import Account, AccountGrant
from trainings.accounts.rules import GIVEN_BY_HAND, CourseUnknown
from trainings.accounts.staff_operations import Invited
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import _, countries, country_name, folded, localized
from trainings.core.permissions import ROLE_LABELS, Permission, Role
from trainings.core.web import flashing_refusal, showing_refusal
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.rules import Identity

bp = Blueprint("accounts_staff", __name__)


@dataclass(frozen=True)
class StaffRow:
    """One member of the staff as the pages show it."""

    account: Account
    who: Identity
    grants: list[tuple[AccountGrant, str]]

    @property
    def state(self) -> str:
        if self.account.disabled_at is not None:
            return "disabled"
        return "active" if self.account.password_hash is not None else "invited"


def _words(grants: list[AccountGrant]) -> list[tuple[AccountGrant, str]]:
    """Each grant in words: the role, and for which agency, course or country."""
    agencies = {agency.id: localized(agency.short_names) for agency in queries.agencies()}
    functions = people.function_names()
    courses = current_app.extensions["course_codes"](
        [grant.course_id for grant in grants if grant.course_id]
    )
    found = []
    for grant in grants:
        parts = [str(ROLE_LABELS[Role(grant.role)])]
        if grant.agency_id:
            parts.append(agencies.get(grant.agency_id, ""))
        if grant.course_id:
            parts.append(courses.get(grant.course_id, ""))
        if grant.country:
            parts.append(country_name(grant.country))
        parts += [functions.get(code, code) for code in grant.functions]
        found.append((grant, " · ".join(part for part in parts if part)))
    return found


def _rows(accounts: list[Account], grants: list[AccountGrant]) -> list[StaffRow]:
    identities = reading.open(
        [account.person_id for account in accounts], by=viewer().account_id, purpose="staff"
    )
    words = _words(grants)
    return sorted(
        (
            StaffRow(
                account, identities[account.person_id],
                [pair for pair in words if pair[0].account_id == account.id],
            )
            for account in accounts
        ),
        key=lambda row: folded(row.who.sorting),
    )  # fmt: skip


def _row(account_id: str) -> StaffRow:
    account = queries.staff_account(account_id)
    if account is None:
        raise NotFound
    return _rows([account], list(queries.live_grants(account.id)))[0]


@bp.get("/staff")
@requires(Permission.ACCOUNT_INVITE)
def index() -> ResponseReturnValue:
    """Who works with this installation, and in which roles."""
    rows = _rows(list(queries.staff_accounts()), list(queries.staff_grants()))
    return render_template("accounts/staff.html", rows=rows)


@bp.route("/staff/invite", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_INVITE, fresh=True)
def invite() -> ResponseReturnValue:
    """Invite someone by a mail with a link."""
    form = _with_choices(InviteForm())
    if form.validate_on_submit():
        who = Invited(
            form.given_name.data, form.family_name.data, form.mail.data, form.language.data
        )
        with showing_refusal(form):
            account_id = staff_operations.invite(
                who, form.chosen, form.scope(_course_id(form)), by=viewer().account_id or ""
            )
            flash(_("The invitation is on its way."), "success")
            return redirect(url_for(".show", account_id=account_id), code=303)
    return render_template("accounts/invite.html", form=form)


def _with_choices(form: GrantForm) -> GrantForm:
    form.role.choices = {str(role): str(ROLE_LABELS[role]) for role in GIVEN_BY_HAND}
    agencies = {agency.id: localized(agency.short_names) for agency in queries.agencies()}
    form.agency.choices = {"": _("No agency"), **agencies}
    form.country.choices = {"": _("No country"), **dict(countries())}
    form.functions.choices = people.function_names()
    return form


def _course_id(form: GrantForm) -> str | None:
    if not form.course.data:
        return None
    found: str | None = current_app.extensions["course_with_code"](form.course.data)
    if found is None:
        raise CourseUnknown(code=form.course.data)
    return found


@bp.get("/staff/<account_id>")
@requires(Permission.ACCOUNT_INVITE)
def show(account_id: str) -> ResponseReturnValue:
    """One member of the staff: roles, and what can be done."""
    return render_template(
        "accounts/staff_member.html", row=_row(account_id), own=account_id == viewer().account_id
    )


@bp.post("/staff/<account_id>/invite")
@requires(Permission.ACCOUNT_INVITE)
def invite_again(account_id: str) -> ResponseReturnValue:
    """Mail the invitation again."""
    staff_operations.invite_again(account_id, by=viewer().account_id or "")
    flash(_("The invitation is on its way again."), "success")
    return redirect(url_for(".show", account_id=account_id), code=303)


@bp.route("/staff/<account_id>/roles/new", methods=["GET", "POST"])
@requires(Permission.GRANT_EDIT, fresh=True)
def give(account_id: str) -> ResponseReturnValue:
    """Give a role."""
    row = _row(account_id)
    form = _with_choices(GrantForm())
    if form.validate_on_submit():
        with showing_refusal(form):
            staff_operations.give(
                account_id, form.chosen, form.scope(_course_id(form)), by=viewer().account_id or ""
            )
            flash(_("The role is given; the account has to sign in again."), "success")
            return redirect(url_for(".show", account_id=account_id), code=303)
    return render_template("accounts/give.html", form=form, row=row)


@bp.route("/staff/<account_id>/roles/<grant_id>/end", methods=["GET", "POST"])
@requires(Permission.GRANT_EDIT)
def take(account_id: str, grant_id: str) -> ResponseReturnValue:
    """Take a role away, after asking once."""
    row = _row(account_id)
    words = next((words for grant, words in row.grants if grant.id == grant_id), None)
    if words is None:
        raise NotFound
    form = ButtonForm()
    if form.validate_on_submit():
        with flashing_refusal():
            staff_operations.take(account_id, grant_id, by=viewer().account_id or "")
            flash(_("The role is taken away."), "success")
        return redirect(url_for(".show", account_id=account_id), code=303)
    return render_template(
        "_confirm.html", form=form, title=_("Take this role away?"), act=_("Take the role away"),
        back_url=url_for(".show", account_id=account_id),
        sentences=[
            _("%(name)s is no longer: %(role)s.", name=row.who.name, role=words),
            _("Every browser of this account is signed out at once."),
        ],
    )  # fmt: skip


@bp.route("/staff/<account_id>/disable", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_INVITE)
def switch_off(account_id: str) -> ResponseReturnValue:
    """Switch an account off, after asking once."""
    row = _row(account_id)
    form = ButtonForm()
    if form.validate_on_submit():
        with flashing_refusal():
            staff_operations.switch_off(account_id, by=viewer().account_id or "")
            flash(_("The account is switched off."), "success")
        return redirect(url_for(".show", account_id=account_id), code=303)
    return render_template(
        "_confirm.html", form=form, title=_("Switch this account off?"),
        act=_("Switch the account off"), back_url=url_for(".show", account_id=account_id),
        sentences=[
            _("%(name)s can no longer sign in, by password or by link.", name=row.who.name),
            _("Every browser of this account is signed out at once."),
            _("The roles stay and count again when the account is switched on."),
        ],
    )  # fmt: skip


@bp.post("/staff/<account_id>/enable")
@requires(Permission.ACCOUNT_INVITE)
def switch_on(account_id: str) -> ResponseReturnValue:
    """Switch an account on again."""
    with flashing_refusal():
        staff_operations.switch_on(account_id, by=viewer().account_id or "")
        flash(_("The account is switched on."), "success")
    return redirect(url_for(".show", account_id=account_id), code=303)
