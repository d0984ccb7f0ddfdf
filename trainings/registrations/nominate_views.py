"""A focal point's pages: the candidates of the own country, their order, and its seats."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.access import requires, viewer
from trainings.core.i18n import _, countries, country_name, local_moment
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal, showing_refusal
from trainings.courses import queries as courses
from trainings.courses.access_rules import RegistrationNotOpen, check_open
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import (
    listing_queries,
    matrix_queries,
    nomination_operations,
    queries,
    rules,
)
from trainings.registrations.candidate_forms import CandidateForm
from trainings.registrations.candidate_rules import SameMail
from trainings.registrations.desk_forms import OrderForm
from trainings.registrations.history_rules import step_words
from trainings.registrations.listing_rules import UNDECIDED, Row, Step, moved
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, Performer

bp = Blueprint("registrations_nominate", __name__)

NOMINATE = Permission.REGISTRATION_NOMINATE


def _own(course: Course) -> dict[str, list[str]]:
    """The countries the viewer nominates for on a course, each with its functions."""
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
    """Why nobody can be nominated at the moment; empty while one can."""
    try:
        check_open(course.state, courses.dates_of(course), course.zone, clock.now())
    except RegistrationNotOpen as refusal:
        return str(refusal)
    return ""


def _rank(row: Row) -> tuple[str, bool, int]:
    return row.country, row.priority is None, row.priority or 0


@bp.get("/courses/<code>/nominations")
@requires(NOMINATE)
def index(code: str) -> ResponseReturnValue:
    """The candidates of one's own country in order, the seats kept for it, the deadlines."""
    course = courses.course_for(viewer(), NOMINATE, code)
    rows = listing_queries.nominations_for(viewer(), course)
    waiting = sorted((row for row in rows if row.state in UNDECIDED), key=_rank)
    return render_template(
        "registrations/nominate/index.html",
        course=course,
        form=OrderForm(),
        own=_own(course),
        waiting={c: list(found) for c, found in groupby(waiting, key=lambda row: row.country)},
        decided=[row for row in rows if row.state not in UNDECIDED],
        matrix=matrix_queries.matrix(course),
        names=people.function_names(),
        closed=_closed(course),
    )


@bp.post("/courses/<code>/nominations/order")
@requires(NOMINATE)
def order(code: str) -> ResponseReturnValue:
    """Move a candidate up or down among those of the own country."""
    course = courses.course_for(viewer(), NOMINATE, code)
    form = OrderForm()
    for step in Step:
        number = getattr(form, step).data
        for country in _own(course) if number else ():
            before = listing_queries.ranking(viewer(), course, country)
            after = moved(before, number, step) if number in before else before
            if after != before:
                with flashing_refusal():
                    nomination_operations.rank(course.id, after, viewer())
    return redirect(url_for(".index", code=code), code=303)


def _form(course: Course, **data: Any) -> CandidateForm:
    own, names = _own(course), people.function_names()
    functions = {code: name for code, name in names.items()
                 if any(code in one for one in own.values())}  # fmt: skip
    form = CandidateForm(data=data)
    form.country.choices = {code: country_name(code) for code in own}
    form.function.choices = functions if len(functions) == 1 else {"": _("Choose"), **functions}
    return form


@bp.route("/courses/<code>/nominations/new", methods=["GET", "POST"])
@requires(NOMINATE)
def new(code: str) -> ResponseReturnValue:
    """Nominate a candidate."""
    course = courses.course_for(viewer(), NOMINATE, code)
    language = next(iter(course.languages), "en")
    form = _form(course, language=language)
    if form.validate_on_submit():
        with showing_refusal(form):
            priority = listing_queries.next_priority(viewer(), course, form.country.data)
            try:
                number = nomination_operations.nominate(
                    course.id, form.candidate(priority), viewer(),
                    same_mail_confirmed=form.same_mail.data,
                )  # fmt: skip
            except SameMail as refusal:
                form.ask(refusal)
                raise
            flash(
                _("Nominated as %(number)s; a mail tells the candidate.", number=number), "success"
            )
            return redirect(url_for(".index", code=code), code=303)
    return render_template(
        "registrations/nominate/form.html", course=course, form=form, closed=_closed(course),
        registration=None,
    )  # fmt: skip


def _load(code: str, number: str) -> tuple[Course, Registration]:
    course = courses.course_for(viewer(), NOMINATE, code)
    return course, queries.registration_for(viewer(), NOMINATE, code, number)


@bp.get("/courses/<code>/nominations/<number>")
@requires(NOMINATE)
def show(code: str, number: str) -> ResponseReturnValue:
    """One candidate of the own country: details, state, and what can be done."""
    course, registration = _load(code, number)
    opened = reading.open([registration.person_id], by=viewer().account_id, purpose="nomination")
    return render_template(
        "registrations/nominate/show.html",
        course=course,
        registration=registration,
        person=opened[registration.person_id],
        needs=queries.needs(registration),
        history=[
            {"when": local_moment(step.at, course.zone), "text": step_words(step.act, step.after)}
            for step in reversed(queries.history(registration.id))
            if step.act in set(Act)
        ],
        names=people.function_names(),
        acts=_acts(course, registration),
        editable=_editable(registration),
    )


def _editable(registration: Registration) -> bool:
    return not registration.complete and rules.allows(Act.REJECT, registration.state)


def _acts(course: Course, registration: Registration) -> list[dict[str, Any]]:
    """What a focal point can decide about a candidate that stands here."""
    decide = {
        Act.ENDORSE: _("Endorse"),
        Act.RECONSIDER: _("Reconsider"),
        Act.REJECT: _("Reject"),
    }
    return [
        {
            "label": words,
            "url": url_for(
                "registrations_decision.country", code=course.code, act=act.value,
                number=registration.number,
            ),
            "primary": act is Act.ENDORSE,
            "danger": act is Act.REJECT,
        }
        for act, words in decide.items()
        if rules.allows(act, registration.state, Performer.FOCAL_POINT)
    ]  # fmt: skip


@bp.route("/courses/<code>/nominations/<number>/edit", methods=["GET", "POST"])
@requires(NOMINATE)
def edit(code: str, number: str) -> ResponseReturnValue:
    """Correct what was said about a candidate, until they or the organiser act."""
    course, registration = _load(code, number)
    back = url_for(".show", code=code, number=number)
    form = _form(course, **_known(registration))
    if form.validate_on_submit():
        with showing_refusal(form):
            try:
                nomination_operations.edit_candidate(
                    course.id, number, form.candidate(registration.priority), viewer(),
                    same_mail_confirmed=form.same_mail.data,
                )  # fmt: skip
            except SameMail as refusal:
                form.ask(refusal)
                raise
            flash(_("Saved."), "success")
            return redirect(back, code=303)
    return render_template(
        "registrations/nominate/form.html", course=course, form=form, closed="",
        registration=registration,
    )  # fmt: skip


def _known(registration: Registration) -> dict[str, Any]:
    """What is known of a candidate, as the form begins with it."""
    who = reading.open([registration.person_id], by=viewer().account_id, purpose="edit candidate")
    known, person = who[registration.person_id], registration.person
    return {
        "given_name": known.given_name, "family_name": known.family_name, "mail": known.mail,
        "phone": known.phone, "document": known.document, "born": known.born, "unit": known.unit,
        "country": registration.country, "function": registration.function,
        "sex": person.sex or "", "language": person.language,
        "needs": queries.needs(registration),
    }  # fmt: skip
