"""The organiser's list of a course's registrations, and one registration."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from trainings.accounts import queries as accounts
from trainings.core import sealed
from trainings.core.access import requires, viewer
from trainings.core.i18n import _, country_name, local_moment
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import listing_queries, matrix_queries, queries, rules, seat_queries
from trainings.registrations.desk_forms import ChooseForm, FindForm
from trainings.registrations.history_rules import step_words
from trainings.registrations.listing_rules import Filters, Problem, Sort
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, Performer, State

bp = Blueprint("registrations", __name__)
bp.add_app_template_global(people.function_names)

READ = Permission.REGISTRATION_READ
UNDECIDED = "undecided"
LONGEST_SEARCH = 100


@bp.app_template_global()
def local_day(moment: Any, course: Course) -> str:
    """The day of a moment where the course is."""
    return str(format_date(moment.astimezone(ZoneInfo(course.zone)).date(), "medium"))


def _sealing_place() -> str:
    return f"search|text|{viewer().account_id}"


def _sealed_text(text: str) -> str | None:
    """What was searched for, as an address may hold it: it may be a name."""
    text = text.strip()[:LONGEST_SEARCH]
    if not text:
        return None
    return base64.urlsafe_b64encode(sealed.seal(text, _sealing_place())).decode()


def _searched() -> str:
    try:
        return sealed.unseal(base64.urlsafe_b64decode(request.args.get("q", "")), _sealing_place())
    except (sealed.SealBroken, binascii.Error, ValueError):
        return ""


def _one_of(kind: Any, value: str | None) -> Any:
    return kind(value) if value in set(kind) else None


def _filters(course: Course) -> Filters:
    """What the address narrows the list to; what means nothing is left out."""
    state = request.args.get("state")
    country, function = request.args.get("country"), request.args.get("function")
    return Filters(
        state=_one_of(State, state),
        undecided=state == UNDECIDED,
        country=country if country and len(country) == 2 else None,
        function=function if function and len(function) <= 20 else None,
        problem=_one_of(Problem, request.args.get("problem")),
        text=_searched(),
        block=_block(request.args.get("seats")),
    )


def _block(value: str | None) -> tuple[str | None, str | None] | None:
    """The seat block that a cell leads to: ``BO-judge``, ``any-any``."""
    country, dash, function = (value or "").partition("-")
    if not dash:
        return None
    return (
        None if country == "any" else country[:2],
        None if function == "any" else function[:20],
    )


def _sorting() -> tuple[Sort, bool]:
    wanted = request.args.get("sort", "")
    sort = _one_of(Sort, wanted.removeprefix("-")) or Sort.NUMBER
    return sort, wanted.startswith("-")


@bp.get("/courses/<code>/registrations")
@requires(READ)
def index(code: str) -> ResponseReturnValue:
    """Everyone who wants to come, with their state, why each waits, and the seats."""
    course = courses.course_for(viewer(), READ, code)
    filters, (sort, descending) = _filters(course), _sorting()
    page = listing_queries.listing(
        viewer(), course, filters, sort, request.args.get("page", 1, int), descending=descending
    )
    return render_template(
        "registrations/desk/index.html",
        course=course,
        page=page,
        filters_now=filters,
        choose_form=ChooseForm(),
        filtered=filters != Filters(),
        sorted_by=f"{'-' if descending else ''}{sort}",
        matrix=matrix_queries.matrix(course),
        names=people.function_names(),
        states=list(State),
        problems=_problem_words(),
    )


def _problem_words() -> dict[str, str]:
    return {
        Problem.BOUNCED: _("mail address does not work"),
        Problem.INCOMPLETE: _("details missing"),
        Problem.ENDING: _("offer ends within two days"),
    }


@bp.post("/courses/<code>/registrations/find")
@requires(READ)
def find(code: str) -> ResponseReturnValue:
    """Narrow the list down; what was typed goes on sealed, since it may be a name."""
    courses.course_for(viewer(), READ, code)
    form = FindForm()
    chosen = {
        name: getattr(form, name).data or None
        for name in ("state", "country", "function", "problem", "sort")
    }
    q = _sealed_text(form.text.data or "")
    return redirect(url_for(".index", code=code, q=q, **chosen), code=303)


@bp.get("/courses/<code>/registrations/<number>")
@requires(READ)
def show(code: str, number: str) -> ResponseReturnValue:
    """One registration: who it is, where it stands, how it came there, what can be done."""
    course = courses.course_for(viewer(), READ, code)
    registration = queries.registration_for(viewer(), READ, code, number)
    steps = queries.history(registration.id)
    staff = accounts.persons_of({step.by for step in steps if step.by})
    opened = reading.open(
        [registration.person_id, *staff.values()], by=viewer().account_id, purpose="registration"
    )
    block = next((b for b in seat_queries.blocks(course.id) if b.id == registration.block_id), None)
    return render_template(
        "registrations/desk/show.html",
        course=course,
        registration=registration,
        person=opened[registration.person_id],
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
        why=seat_queries.why_waiting(registration),
        names=people.function_names(),
        acts=_acts(course, registration),
    )


def _acts(course: Course, registration: Registration) -> list[dict[str, Any]]:
    """What an organiser can do to a registration that stands here."""
    decide = {
        Act.SELECT: _("Select"),
        Act.RECONSIDER: _("Reconsider"),
        Act.UNSELECT: _("Take the selection back"),
        Act.REJECT: _("Reject"),
    }
    code, number = course.code, registration.number
    acts = [
        {
            "label": words,
            "url": url_for("registrations_decision.desk", code=code, act=act.value, number=number),
            "primary": act is Act.SELECT,
            "danger": act is Act.REJECT,
        }
        for act, words in decide.items()
        if rules.allows(act, registration.state, Performer.ORGANISER)
    ]
    if rules.allows(Act.WITHDRAW, registration.state, Performer.ORGANISER):
        url = url_for("registrations_person.withdraw", code=code, number=number)
        acts.append({"label": _("Withdraw"), "url": url, "danger": True})
    return acts


@bp.app_template_global()
def block_words(country: str | None, function: str | None, names: dict[str, str]) -> str:
    """Whom a seat is kept for: *Bolivia, judge*; *any country, any function*."""
    where = country_name(country) if country else _("any country")
    what = names.get(function, function) if function else _("any function")
    return f"{where}, {what}"
