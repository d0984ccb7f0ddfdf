"""The organiser's list of a course's registrations, and one registration."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec.structs import replace

from trainings.accounts import queries as accounts
from trainings.core import clock
from trainings.core.dates import local_moment
from trainings.core.i18n import _, country_name
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.questions import answer_queries as answers
from trainings.questions import queries as questions
from trainings.registrations import filter_queries, listing_queries, locked_queries, queries, rules
from trainings.registrations.filter_queries import LONGEST_SEARCH
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.listing_rules import Column, Filters, Problem, Sort
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, Performer, State, step_words
from trainings.saved_views import queries as saved_views
from trainings.saved_views.rules import asked_of
from trainings.seats import matrix_queries, waiting_queries
from trainings.seats import queries as seat_queries
from trainings.seats.offer_rules import takes_place
from trainings.selection.forms import ChooseForm, FindForm
from trainings.web.access import requires, viewer
from trainings.web.fields import whole

bp = Blueprint("selection", __name__)
bp.add_app_template_global(people.function_names)

READ = Permission.REGISTRATION_READ


def _one_of(kind: Any, value: str | None) -> Any:
    return kind(value) if value in set(kind) else None


def _filters(course: Course) -> Filters:
    """The filters in the address; those without meaning are ignored."""
    kept = {name: value[:LONGEST_SEARCH] for name, value in request.args.items() if name != "q"}
    words = filter_queries.words_in(viewer(), request.args.get("q", ""))
    return replace(answers.filters_of(viewer(), course, kept), text=words)


def _columns() -> list[Column]:
    """The columns that the address switches on."""
    wanted = request.args.get("columns", "").split(",")
    return [column for column in Column if column in wanted]


def _sorting() -> tuple[Sort, bool]:
    wanted = request.args.get("sort", "")
    sort = _one_of(Sort, wanted.removeprefix("-")) or Sort.WAITING
    return sort, wanted.startswith("-")


@bp.get("/courses/<code>/registrations")
@requires(READ)
def index(code: str) -> ResponseReturnValue:
    """All candidates and participants with their state, why each waits, and the seats."""
    course = courses.course_for(viewer(), READ, code)
    filters, (sort, descending) = _filters(course), _sorting()
    page = listing_queries.listing(
        viewer(), course, filters, sort, request.args.get("page", 1, whole), descending=descending
    )
    return render_template(
        "selection/index.html",
        course=course,
        page=page,
        filters_now=filters,
        choose_form=ChooseForm(),
        filtered=filters != Filters(),
        sorted_by=f"{'-' if descending else ''}{sort}",
        matrix=matrix_queries.matrix(course),
        vacancies=seat_queries.vacancies(course.id) if headcount(course.id).held else [],
        names=people.function_names(),
        states=list(State),
        problems=_problem_words(),
        answers=_answers(course),
        views=saved_views.views(viewer(), course),
        view_now=asked_of(request.args),
        columns_on=_columns(),
        takes_place=_takes_place(course),
        column_words={Column.UNIT: _("Unit"), Column.SEX: _("Sex"), Column.PRIORITY: _("Priority")},
    )


def _answers(course: Course) -> dict[str, str]:
    """By which answers the list can be narrowed down; nothing where nothing is asked."""
    rows = questions.seen(viewer(), READ, course)
    return {answers.MISSING: _("answers missing"), **answers.filters(rows)} if rows else {}


def _problem_words() -> dict[str, str]:
    return {
        Problem.BOUNCED: _("email address does not work"),
        Problem.INCOMPLETE: _("details missing"),
        Problem.ENDING: _("offer ends within 2 days"),
        Problem.UNENDORSED: _("not endorsed yet"),
        Problem.UNNAMED: _("name for the certificate not confirmed"),
    }


@bp.post("/courses/<code>/registrations/find")
@requires(READ)
def find(code: str) -> ResponseReturnValue:
    """Narrow the list down; what was typed is passed on sealed, since it may be a name."""
    courses.course_for(viewer(), READ, code)
    form = FindForm()
    chosen = {
        name: getattr(form, name).data or None
        for name in ("state", "country", "function", "problem", "answer", "sort")
    }
    q = filter_queries.sealed_words(viewer(), form.text.data or "")
    columns = ",".join(form.columns.data or []) or None
    return redirect(url_for(".index", code=code, q=q, columns=columns, **chosen), code=303)


@bp.get("/courses/<code>/registrations/<number>")
@requires(READ)
def show(code: str, number: str) -> ResponseReturnValue:
    """One registration: the person, its state, its history, what can be done."""
    course = courses.course_for(viewer(), READ, code)
    registration = queries.registration_for(viewer(), READ, code, number)
    steps = queries.history(registration.id)
    staff = accounts.persons_of({step.by for step in steps if step.by})
    maybe_same = locked_queries.maybe_same(viewer(), READ, registration)
    shown = [registration.person_id, *staff.values(), *(one.person_id for one in maybe_same)]
    opened = reading.open(shown, by=viewer().account_id, purpose="registration")
    block = next((b for b in seat_queries.blocks(course.id) if b.id == registration.block_id), None)
    return render_template(
        "selection/show.html",
        course=course,
        registration=registration,
        person=queries.as_given(registration, opened[registration.person_id]),
        maybe_same=[(one, opened[one.person_id].name) for one in maybe_same],
        needs=queries.needs(registration),
        printed_name=queries.printed_name(registration),
        history=[
            {
                "when": local_moment(step.at, course.zone),
                "text": step_words(step.act, step.after),
                "who": opened[staff[step.by]].name if step.by in staff else None,
                "note": queries.reason_of(step),
            }
            for step in reversed(steps)
        ],
        block=block,
        waits=waiting_queries.reserve_place(registration),
        next_step=matrix_queries.matrix(course).next_step(registration, course.zone),
        names=people.function_names(),
        acts=_acts(course, registration, rules.admitted([step.act for step in steps])),
        answers_asked=bool(questions.seen(viewer(), READ, course)),
    )


def _takes_place(course: Course) -> bool:
    return takes_place(clock.today(course.zone), course.starts_on, course.ends_on)


def _acts(course: Course, registration: Registration, admitted: bool) -> list[dict[str, Any]]:
    """What an organiser can do to a registration in this state.

    ``admitted``: whether they stand as endorsed by the organisers' own act.
    """
    decide = {
        **({Act.WALK_IN: _("Seat now")} if _takes_place(course) else {Act.SELECT: _("Select")}),
        Act.RECONSIDER: _("Reconsider"),
        Act.UNSELECT: _("Undo selection"),
        Act.OVERRIDE: _("Admit without endorsement"),
        Act.RECALL: _("Undo admission"),
        Act.REJECT: _("Reject"),
    }
    code, number = course.code, registration.number
    acts = [
        {
            "label": words,
            "url": url_for("selection_decision.desk", code=code, act=act.value, number=number),
            "primary": act in (Act.SELECT, Act.WALK_IN),
            "danger": act is Act.REJECT,
        }
        for act, words in decide.items()
        if rules.allows(act, registration.state, Performer.ORGANISER)
        and (act is not Act.RECALL or admitted)
    ]
    if rules.allows(Act.WITHDRAW, registration.state, Performer.ORGANISER):
        url = url_for("selection_person.withdraw", code=code, number=number)
        acts.append({"label": _("Withdraw registration"), "url": url, "danger": True})
    return acts


@bp.app_template_global()
def block_words(country: str | None, function: str | None, names: dict[str, str]) -> str:
    """The group a seat is kept for: *Bolivia, judge*; *any country, any function*."""
    where = country_name(country) if country else _("any country")
    what = names.get(function, function) if function else _("any function")
    return f"{where}, {what}"
