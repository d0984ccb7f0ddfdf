"""The lists of a course that can be taken out, and the requests for those with names."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.core.errors import NotFound, Refusal
from trainings.core.i18n import _, country_name
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.exports import operations, people_queries, queries, registration_queries
from trainings.exports.document import File
from trainings.exports.forms import AskForm, ButtonForm, TakeForm
from trainings.exports.models import ExportRequest
from trainings.exports.people_queries import SEARCHED
from trainings.exports.request_rules import ALONE, RequestState, check_number, needs_second
from trainings.exports.rules import OFFERS, FileKind, Listing, Offer
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import filter_queries
from trainings.registrations.listing_rules import filters_of
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("exports", __name__)

TAKE = Permission.LIST_TAKE


@bp.app_template_global()
def list_title(listing: Listing) -> str:
    """What a list is called."""
    return str(OFFERS[listing].title)


def _listing(word: str, *, names: bool) -> tuple[Listing, Offer]:
    """The list named in an address, with or without names. Raises ``NotFound``."""
    if word not in set(Listing) or OFFERS[Listing(word)].names is not names:
        raise NotFound
    return Listing(word), OFFERS[Listing(word)]


def _offered(course: Course) -> list[tuple[Listing, Offer]]:
    """The lists of a course that the viewer may take."""
    return [
        (listing, offer)
        for listing, offer in OFFERS.items()
        if courses.may(viewer(), offer.permission, course)
        and (listing is not Listing.EVALUATION or course.needs_evaluation)
    ]


@bp.get("/courses/<code>/lists")
@requires(TAKE)
def index(code: str) -> ResponseReturnValue:
    """What can be taken out of this course, and what was asked for."""
    course = courses.course_for(viewer(), TAKE, code)
    offered = _offered(course)
    requests = queries.of_course(viewer(), course)
    return render_template(
        "exports/index.html",
        course=course,
        open_lists=[(one, offer) for one, offer in offered if not offer.names],
        named_lists=[(one, offer) for one, offer in offered if offer.names],
        requests=requests,
        who=_who(requests),
        alone=ALONE,
    )


def _who(requests: Any) -> dict[str, str]:
    """The names of those who asked and decided, by account; the read is logged."""
    ids = {one.by for one in requests} | {one.decided_by for one in requests if one.decided_by}
    persons = accounts.persons_of(ids)
    names = reading.open(persons.values(), by=viewer().account_id, purpose="lists")
    return {account: names[one].name for account, one in persons.items() if one in names}


@bp.post("/courses/<code>/lists/<listing>/take")
@requires(TAKE)
def take(code: str, listing: str) -> ResponseReturnValue:
    """A list in which nobody is named, at once."""
    which, offer = _listing(listing, names=False)
    course = courses.course_for(viewer(), offer.permission, code)
    form = TakeForm()
    if not form.validate_on_submit():
        raise NotFound
    try:
        return _handed_out(operations.take(course.id, which, FileKind(form.kind.data), viewer()))
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".index", code=code), code=303)


def _handed_out(file: File) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, mimetype=file.type, headers=headers)


def _filters() -> dict[str, str]:
    """The filters in the address, as the list on screen has them."""
    kept = {name: request.args.get(name, "")[:40] for name in people_queries.NARROWED}
    kept[SEARCHED] = filter_queries.words_in(viewer(), request.args.get("q", ""))
    return {name: value for name, value in kept.items() if value}


@bp.route("/courses/<code>/lists/<listing>", methods=["GET", "POST"])
@requires(TAKE, fresh=True)
def ask(code: str, listing: str) -> ResponseReturnValue:
    """Ask for a list with names: what for, which columns, and how the file is given."""
    which, offer = _listing(listing, names=True)
    course = courses.course_for(viewer(), offer.permission, code)
    filters = _filters() if which is Listing.CANDIDATES else {}
    form = AskForm()
    can = registration_queries.answer_columns(viewer(), course, which)
    form.offer(offer, can, everything=bool(request.args.get("all")))
    if form.validate_on_submit():
        with showing_refusal(form):
            number = operations.ask(course.id, which, form.asked(which, filters, can), viewer())
            return redirect(url_for(".show", code=code, number=number), code=303)
    number_of_people = people_queries.how_many(which, course, viewer(), filters)
    return render_template(
        "exports/ask.html",
        course=course,
        listing=which,
        offer=offer,
        form=form,
        people=number_of_people,
        nobody=_why_not(number_of_people),
        second=needs_second(number_of_people, ()),
        narrowed=_in_words(filters),
        alone=ALONE,
    )


def _why_not(number: int) -> str:
    """Why a list of so many people cannot be had; empty where it can."""
    try:
        check_number(number)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _in_words(filters: dict[str, str]) -> str:
    """How the list is narrowed down: *Bolivia · Judge · Confirmed*."""
    found = filters_of(filters)
    names = people.function_names()
    words = [
        country_name(found.country) if found.country else "",
        names.get(found.function or "", ""),
        str(found.state.label) if found.state else "",
        _("to decide") if found.undecided else "",
        _("only who needs follow-up") if found.problem else "",
        _("only who holds these seats") if found.block else "",
        _("only who answered a question in one way") if filters.get("answer") else "",
        _("only who was searched for") if filters.get(SEARCHED) else "",
    ]
    return " · ".join(filter(None, words))


@bp.get("/courses/<code>/lists/requests/<number>")
@requires(TAKE)
def show(code: str, number: str) -> ResponseReturnValue:
    """One request: what was asked for, how it stands, and what can be done."""
    course = courses.course_for(viewer(), TAKE, code)
    return _page(course, queries.request_for(viewer(), course, number))


def _page(course: Course, row: ExportRequest, passphrase: str | None = None) -> str:
    return render_template(
        "exports/show.html",
        course=course,
        row=row,
        offer=OFFERS[row.listing],
        words=queries.words_of(row),
        columns=queries.columns_of([row])[row.number],
        narrowed=_in_words(queries.filters_of(row)),
        who=_who([row]),
        own=row.by == viewer().account_id,
        passphrase=passphrase,
        State=RequestState,
        form=ButtonForm(),
    )


@bp.post("/courses/<code>/lists/requests/<number>/<any(approve,refuse):decision>")
@requires(TAKE, fresh=True)
def decide(code: str, number: str, decision: str) -> ResponseReturnValue:
    """Approve or refuse what another organiser of the course asked for."""
    course = courses.course_for(viewer(), queries.APPROVE, code)
    row = queries.request_for(viewer(), course, number)
    with flashing_refusal():
        operations.decide(row.number, decision == "approve", viewer())
        flash(
            _("The list has been approved. Tell whoever asked for it: they have one day.")
            if decision == "approve"
            else _("The request has been refused."),
            "success",
        )
    return redirect(url_for(".show", code=code, number=number), code=303)


@bp.post("/courses/<code>/lists/requests/<number>/make")
@requires(TAKE, fresh=True)
def make(code: str, number: str) -> ResponseReturnValue:
    """Make the file and show its passphrase, once."""
    course = courses.course_for(viewer(), TAKE, code)
    row = queries.own_request(viewer(), course.id, number)
    try:
        passphrase = operations.make(course.id, row.number, viewer())
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".show", code=code, number=number), code=303)
    return _page(course, queries.own_request(viewer(), course.id, number), passphrase)


@bp.get("/courses/<code>/lists/requests/<number>/file")
@requires(TAKE)
def fetch(code: str, number: str) -> ResponseReturnValue:
    """The file of one's own request, while its link holds."""
    course = courses.course_for(viewer(), TAKE, code)
    row = queries.own_request(viewer(), course.id, number)
    try:
        return _handed_out(operations.fetch(course.id, row.number, viewer()))
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".show", code=code, number=number), code=303)
