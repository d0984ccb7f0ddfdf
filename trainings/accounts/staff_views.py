"""Staff accounts and their roles, for the administrator."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from trainings.accounts import queries, staff_operations
from trainings.accounts.forms import ButtonForm, GrantForm, InviteForm
from trainings.accounts.models import Account, AccountGrant
from trainings.accounts.rules import GIVEN_BY_HAND, AccountState, CourseUnknown
from trainings.accounts.staff_operations import Invited
from trainings.core import paging
from trainings.core.errors import NotFound
from trainings.core.hooks import Hook
from trainings.core.i18n import _, countries, country_name, localized
from trainings.core.names import folded
from trainings.core.permissions import ROLE_LABELS, Permission, Role
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("accounts_staff", __name__)
SIZE = 100  # people on a page

# Courses stand above accounts: the codes of some by their ids; the id of the one with a code.
codes_of_courses: Hook[[Collection[str]], dict[str, str]] = Hook("accounts.codes_of_courses")
course_with_code: Hook[[str], str | None] = Hook("accounts.course_with_code")


class StaffRow(Struct, frozen=True):
    """One member of the staff as the pages show it."""

    account: Account
    who: Identity
    grants: list[tuple[AccountGrant, str]]

    @property
    def state(self) -> AccountState:
        if self.account.disabled_at is not None:
            return AccountState.DISABLED
        invited = self.account.password_hash is None
        return AccountState.INVITED if invited else AccountState.ACTIVE


def _words(grants: list[AccountGrant]) -> list[tuple[AccountGrant, str]]:
    """Each grant in words: the role, and for which agency, course or country."""
    agencies = {agency.id: localized(agency.short_names) for agency in queries.agencies()}
    functions = people.function_names()
    courses = codes_of_courses([grant.course_id for grant in grants if grant.course_id])
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
                account,
                identities[account.person_id],
                [pair for pair in words if pair[0].account_id == account.id],
            )
            for account in accounts
        ),
        key=lambda row: folded(row.who.sorting),
    )


def _account(account_id: str) -> Account:
    account = queries.staff_account(account_id)
    if account is None:
        raise NotFound
    return account


def _row(account: Account) -> StaffRow:
    return _rows([account], list(queries.live_grants(account.id)))[0]


@bp.get("/staff")
@requires(Permission.ACCOUNT_INVITE)
def index() -> ResponseReturnValue:
    """Who works with this installation, and in which roles."""
    everyone = queries.staff_by_name()
    page = paging.within(request.args.get("page", 1, whole), len(everyone), SIZE)
    shown = everyone[(page - 1) * SIZE : page * SIZE]
    rows = _rows(list(queries.staff_with(shown)), list(queries.grants_of(shown)))
    pages = paging.pages(len(everyone), SIZE)
    return render_template("accounts/staff.html", rows=rows, page=page, pages=pages)


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
            flash(_("We have sent the invitation."), "success")
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
    found = course_with_code(form.course.data)
    if found is None:
        raise CourseUnknown(code=form.course.data)
    return found


@bp.get("/staff/<account_id>")
@requires(Permission.ACCOUNT_INVITE)
def show(account_id: str) -> ResponseReturnValue:
    """One member of the staff: roles, and what can be done."""
    row = _row(_account(account_id))
    return render_template(
        "accounts/staff_member.html", row=row, own=account_id == viewer().account_id
    )


@bp.post("/staff/<account_id>/invite")
@requires(Permission.ACCOUNT_INVITE)
def invite_again(account_id: str) -> ResponseReturnValue:
    """Mail the invitation again."""
    staff_operations.invite_again(account_id, by=viewer().account_id or "")
    flash(_("We have sent the invitation again."), "success")
    return redirect(url_for(".show", account_id=account_id), code=303)


@bp.route("/staff/<account_id>/roles/new", methods=["GET", "POST"])
@requires(Permission.GRANT_EDIT, fresh=True)
def give(account_id: str) -> ResponseReturnValue:
    """Give a role."""
    account, form = _account(account_id), _with_choices(GrantForm())
    if form.validate_on_submit():
        with showing_refusal(form):
            staff_operations.give(
                account_id, form.chosen, form.scope(_course_id(form)), by=viewer().account_id or ""
            )
            flash(_("The role has been given. The person has to sign in again."), "success")
            return redirect(url_for(".show", account_id=account_id), code=303)
    return render_template("accounts/give.html", form=form, row=_row(account))


@bp.route("/staff/<account_id>/roles/<grant_id>/end", methods=["GET", "POST"])
@requires(Permission.GRANT_EDIT)
def take(account_id: str, grant_id: str) -> ResponseReturnValue:
    """Take a role away, after asking once."""
    account, form = _account(account_id), ButtonForm()
    if all(grant.id != grant_id for grant in queries.live_grants(account.id)):
        raise NotFound
    if form.validate_on_submit():
        with flashing_refusal():
            staff_operations.take(account_id, grant_id, by=viewer().account_id or "")
            flash(_("The role has been removed."), "success")
        return redirect(url_for(".show", account_id=account_id), code=303)
    row = _row(account)
    words = next(words for grant, words in row.grants if grant.id == grant_id)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Remove this role?"),
        act=_("Remove this role"),
        back_url=url_for(".show", account_id=account_id),
        sentences=[
            _("%(name)s loses this role: %(role)s.", name=row.who.name, role=words),
            _("All browsers of this account are signed out at once."),
        ],
    )


@bp.route("/staff/<account_id>/disable", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_INVITE)
def switch_off(account_id: str) -> ResponseReturnValue:
    """Switch an account off, after asking once."""
    account, form = _account(account_id), ButtonForm()
    if form.validate_on_submit():
        with flashing_refusal():
            staff_operations.switch_off(account_id, by=viewer().account_id or "")
            flash(_("The account has been switched off."), "success")
        return redirect(url_for(".show", account_id=account_id), code=303)
    name = _row(account).who.name
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Switch off this account?"),
        act=_("Switch off account"),
        back_url=url_for(".show", account_id=account_id),
        sentences=[
            _("%(name)s can no longer sign in, with a password or a link.", name=name),
            _("All browsers of this account are signed out at once."),
            _("The roles are kept and apply again when the account is switched on."),
        ],
    )


@bp.post("/staff/<account_id>/enable")
@requires(Permission.ACCOUNT_INVITE)
def switch_on(account_id: str) -> ResponseReturnValue:
    """Switch an account on again."""
    with flashing_refusal():
        staff_operations.switch_on(account_id, by=viewer().account_id or "")
        flash(_("The account has been switched on."), "success")
    return redirect(url_for(".show", account_id=account_id), code=303)
