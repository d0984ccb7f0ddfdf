"""A focal point's pages: the candidates of their country, the ranking, and its seats."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.dates import local_moment
from trainings.core.i18n import _, countries, country_name
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.access_rules import RegistrationNotOpen, check_open
from trainings.courses.models import Course
from trainings.nominations import operations
from trainings.nominations_import import queries as nominations_import
from trainings.people import queries as people
from trainings.people import reading
from trainings.questions import queries as questions
from trainings.registrations import locked_queries, page_queries, queries, rules
from trainings.registrations.candidate_rules import MaybeKnown
from trainings.registrations.forms import CandidateForm, OrderForm
from trainings.registrations.listing_rules import Step, moved, moved_before
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, Performer, step_words
from trainings.seats import matrix_queries, waiting_queries
from trainings.seats import queries as seats
from trainings.seats.placing_rules import Group
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("nominations", __name__)

NOMINATE = Permission.REGISTRATION_NOMINATE


def _own(course: Course) -> dict[str, list[str]]:
    """The countries the viewer nominates for in a course, each with its functions."""
    found: dict[str, set[str]] = {}
    for grant in viewer().grants_with(NOMINATE):
        if grant.country in course.countries:
            functions = grant.functions or frozenset(course.functions)
            found.setdefault(grant.country, set()).update(functions)
    return {
        country: [code for code in course.functions if code in found[country]]
        for country, _name in countries(list(found))
    }


def _closed(course: Course) -> str:
    """Why nobody can be nominated at the moment; empty if somebody can."""
    try:
        check_open(course.state, courses.dates_of(course), course.zone, clock.now())
    except RegistrationNotOpen as refusal:
        return str(refusal)
    return ""


@bp.get("/courses/<code>/nominations")
@requires(NOMINATE)
def index(code: str) -> ResponseReturnValue:
    """The ranked candidates of the viewer's country, the seats reserved for it, the deadlines."""
    course = courses.course_for(viewer(), NOMINATE, code)
    asked = {name: request.args.get(name, 1, whole) for name in ("page", "decided")}
    return render_template(
        "nominations/index.html",
        course=course,
        form=OrderForm(),
        own=_own(course),
        found=page_queries.nominations(viewer(), course, **asked),
        matrix=matrix_queries.matrix(course),
        vacancies=seats.vacancies(course.id),
        names=people.function_names(),
        closed=_closed(course),
        unfinished=nominations_import.waiting_number(viewer().account_id, course.id),
    )


@bp.post("/courses/<code>/nominations/order")
@requires(NOMINATE)
def order(code: str) -> ResponseReturnValue:
    """Move a candidate among those of the same country: up, down, or to where they are dragged."""
    course = courses.course_for(viewer(), NOMINATE, code)
    form = OrderForm()
    for step in Step:
        number = getattr(form, step).data
        if number:
            _rank_anew(course, number, partial(moved, one=number, step=step))
    number, _space, other = (form.place.data or "").partition(" ")
    if number:
        _rank_anew(course, number, partial(moved_before, one=number, other=other))
    page = request.args.get("page", type=whole)
    return redirect(url_for(".index", code=code, page=page), code=303)


def _rank_anew(course: Course, number: str, put: Callable[[list[str]], list[str]]) -> None:
    """Put the candidates of somebody's country in another order."""
    for country in _own(course):
        before = page_queries.ranking(viewer(), course, country)
        after = put(before) if number in before else before
        if after != before:
            with flashing_refusal():
                operations.rank(course.id, after, viewer())


def _with_choices(form: CandidateForm, course: Course) -> CandidateForm:
    own, names = _own(course), people.function_names()
    functions = {
        code: name for code, name in names.items() if any(code in one for one in own.values())
    }
    form.country.choices = {code: country_name(code) for code in own}
    form.function.choices = functions if len(functions) == 1 else {"": _("Choose"), **functions}
    return form


@bp.route("/courses/<code>/nominations/new", methods=["GET", "POST"])
@requires(NOMINATE)
def new(code: str) -> ResponseReturnValue:
    """Nominate a candidate."""
    course = courses.course_for(viewer(), NOMINATE, code)
    language = next(iter(course.languages), "en")
    known = {name: request.args.get(name) for name in ("country", "function")}
    form = _with_choices(CandidateForm(data={"language": language, **known}), course)
    if form.validate_on_submit():
        with showing_refusal(form):
            priority = page_queries.next_priority(viewer(), course, form.country.data)
            try:
                number = operations.nominate(
                    course.id, form.candidate(priority), viewer(), others=form.others
                )
            except MaybeKnown as refusal:
                who = reading.open(
                    refusal.persons.values(), by=viewer().account_id, purpose="same person"
                )
                form.ask(refusal, who)
                raise
            flash(
                _("Nominated as %(number)s. We have emailed the candidate.", number=number),
                "success",
            )
            return redirect(_after(code, form), code=303)
    return render_template(
        "nominations/form.html", course=course, form=form, closed=_closed(course), registration=None
    )


def _after(code: str, form: CandidateForm) -> str:
    """The list; or the form for another candidate, with the same country and function."""
    if "and_next" not in request.form:
        return url_for(".index", code=code)
    same = {"country": form.country.data, "function": form.function.data}
    return url_for(".new", code=code, **same)


def _load(code: str, number: str) -> tuple[Course, Registration]:
    course = courses.course_for(viewer(), NOMINATE, code)
    return course, queries.registration_for(viewer(), NOMINATE, code, number)


@bp.get("/courses/<code>/nominations/<number>")
@requires(NOMINATE)
def show(code: str, number: str) -> ResponseReturnValue:
    """One candidate of the viewer's country: details, state, and possible actions."""
    course, registration = _load(code, number)
    maybe_same = locked_queries.maybe_same(viewer(), NOMINATE, registration)
    shown = [registration.person_id, *(one.person_id for one in maybe_same)]
    opened = reading.open(shown, by=viewer().account_id, purpose="nomination")
    return render_template(
        "nominations/show.html",
        course=course,
        registration=registration,
        person=queries.as_given(registration, opened[registration.person_id]),
        maybe_same=[(one, opened[one.person_id].name) for one in maybe_same],
        needs=queries.needs(registration),
        history=[
            {"when": local_moment(step.at, course.zone), "text": step_words(step.act, step.after)}
            for step in reversed(queries.history(registration.id))
            if step.act in set(Act)
        ],
        waits=waiting_queries.reserve_place(registration),
        next_step=matrix_queries.matrix(course).next_step(registration, course.zone, endorses=True),
        names=people.function_names(),
        acts=_acts(course, registration),
        editable=_editable(registration),
        asked=bool(questions.seen(viewer(), NOMINATE, course)),
    )


def _editable(registration: Registration) -> bool:
    return not registration.complete and rules.allows(Act.REJECT, registration.state)


def _acts(course: Course, registration: Registration) -> list[dict[str, Any]]:
    """The actions a focal point can take for a candidate in this state."""
    decide = {
        Act.ENDORSE: _("Endorse"),
        Act.RECALL: _("Undo endorsement"),
        Act.RECONSIDER: _("Reconsider"),
        Act.REJECT: _("Reject"),
    }
    group = Group(registration.country, registration.function)
    if seats.vacancies_for(course.id, [group]):
        decide = {Act.REPLACE: _("Offer the held seat"), **decide}
    return [
        {
            "label": words,
            "url": url_for(
                "selection_decision.country",
                code=course.code,
                act=act.value,
                number=registration.number,
            ),
            "primary": act in (Act.ENDORSE, Act.REPLACE),
            "danger": act is Act.REJECT,
        }
        for act, words in decide.items()
        if rules.allows(act, registration.state, Performer.FOCAL_POINT)
    ] + _withdrawing(course, registration)


def _withdrawing(course: Course, registration: Registration) -> list[dict[str, Any]]:
    if not rules.allows(Act.WITHDRAW, registration.state, Performer.FOCAL_POINT):
        return []
    url = url_for("selection_person.own_withdraw", code=course.code, number=registration.number)
    replaced = registration.block_id is not None
    label = _("Withdraw or replace") if replaced else _("Withdraw registration")
    return [{"label": label, "url": url, "danger": True}]


@bp.route("/courses/<code>/nominations/<number>/edit", methods=["GET", "POST"])
@requires(NOMINATE)
def edit(code: str, number: str) -> ResponseReturnValue:
    """Correct the details of a candidate, until they or the organiser act."""
    course, registration = _load(code, number)
    back = url_for(".show", code=code, number=number)
    person_id, by = registration.person_id, viewer().account_id
    form = CandidateForm.of(
        lambda: _known(code, number),
        reads=lambda: reading.log([person_id], by=by, purpose="edit candidate"),
    )
    _with_choices(form, course)
    if form.validate_on_submit():
        with showing_refusal(form):
            try:
                operations.edit_candidate(
                    course.id,
                    number,
                    form.candidate(registration.priority),
                    viewer(),
                    others=form.others,
                )
            except MaybeKnown as refusal:
                who = reading.open(
                    refusal.persons.values(), by=viewer().account_id, purpose="same person"
                )
                form.ask(refusal, who)
                raise
            flash(_("Saved."), "success")
            return redirect(back, code=303)
    return render_template(
        "nominations/form.html", course=course, form=form, closed="", registration=registration
    )


def _known(code: str, number: str) -> dict[str, Any]:
    """What is known about a candidate, as the form's initial values."""
    registration = queries.registration_for(viewer(), NOMINATE, code, number)
    who = reading.opened([registration.person_id])
    known = queries.as_given(registration, who[registration.person_id])
    language = registration.certificate_language or registration.person.language
    return {
        "given_name": known.given_name,
        "family_name": known.family_name,
        "mail": known.mail,
        "phone": known.phone,
        "document": known.document,
        "born": known.born,
        "unit": known.unit,
        "country": registration.country,
        "function": registration.function,
        "sex": registration.sex or "",
        "language": language,
        "needs": queries.needs(registration),
    }
