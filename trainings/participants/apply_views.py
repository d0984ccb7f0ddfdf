"""Apply for a seat: an emailed link first, then one topic per page, then check and send."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from trainings.change_requests import queries as change_queries
from trainings.core import i18n
from trainings.core.errors import NotFound
from trainings.core.i18n import _, language
from trainings.core.permissions import Permission
from trainings.courses import public_queries
from trainings.courses.access_rules import RegistrationNotOpen
from trainings.courses.models import Course
from trainings.participants import apply_operations, operations
from trainings.participants.apply_forms import STEPS, MailForm, SendForm, given_by, wrong_in
from trainings.participants.apply_rules import (
    EARLIER,
    FIELDS,
    MOST_TYPED,
    QUESTIONS,
    TYPED,
    answered,
    application,
    around,
    as_sent,
    begun,
    details,
    earlier,
    first_open,
    is_answered,
    kept,
    steps,
    with_page,
)
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.sealed_rules import DETAILS, NAMES
from trainings.questions import answer_queries
from trainings.questions import queries as questions
from trainings.questions.answer_rules import said, still_fitting
from trainings.questions.queries import Asked
from trainings.questions.usual_rules import Usual
from trainings.registrations import queries
from trainings.registrations.models import Registration
from trainings.web.access import public, requires, viewer
from trainings.web.forms import Form, showing_refusal

bp = Blueprint("participants_apply", __name__)

_APPLY = Permission.REGISTRATION_APPLY
_PAGES = "participants/apply"


@bp.route("/courses/<code>/apply", methods=["GET", "POST"])
@public
def start(code: str) -> ResponseReturnValue:
    """Request a link to the application; a signed-in person continues where they stopped."""
    key = request.args.get("key", "")
    if viewer().is_authenticated and not viewer().grants:
        return redirect(url_for(".resume", code=code, key=key or None), code=303)
    course = public_queries.open_course(viewer(), code, key)
    form = MailForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            apply_operations.start_application(
                code, form.mail.data, language(), link_key=key, address=request.remote_addr or ""
            )
            return redirect(url_for(".mailed", code=code, key=key or None), code=303)
    return render_template(f"{_PAGES}/start.html", course=course, form=form)


@bp.errorhandler(RegistrationNotOpen)
def _not_open(refusal: RegistrationNotOpen) -> ResponseReturnValue:
    """Show anyone too early or too late the course's page, which says so."""
    flash(str(refusal), "warning")
    values = request.view_args or {}
    key = request.args.get("key") or None
    return redirect(url_for("courses.show", code=values["code"], key=key), code=303)


@bp.get("/courses/<code>/apply/mailed")
@public
def mailed(code: str) -> ResponseReturnValue:
    """Check your inbox: the same page for every address."""
    course = public_queries.public_course(viewer(), code, request.args.get("key", ""))
    return render_template(f"{_PAGES}/mailed.html", course=course)


@bp.get("/courses/<code>/apply/resume")
@requires(_APPLY)
def resume(code: str) -> ResponseReturnValue:
    """Continue an application where it stopped."""
    key = request.args.get("key", "")
    course, mine = course_and_mine(code, key)
    if mine is not None and _nothing_unsent(mine):
        return redirect(url_for("participants.show", number=mine.number), code=303)
    asked = questions.asked_on_applying(course.id)
    wanted = first_open(answers_so_far(course, mine, asked), order_of(asked, mine))
    if wanted is None:
        return redirect(url_for(".check", code=code, key=key or None), code=303)
    return redirect(page_url(code, wanted, key), code=303)


@bp.route(
    "/courses/<code>/apply/<any(function,country,identity,work,needs,notice):step>",
    methods=["GET", "POST"],
)
@requires(_APPLY)
def step(code: str, step: str) -> ResponseReturnValue:
    """One page of the application; the answers are stored encrypted, to continue later."""
    key = request.args.get("key", "")
    course, mine = course_and_mine(code, key)
    asked = questions.asked_on_applying(course.id)
    order = order_of(asked, mine)
    if step not in order:
        raise NotFound
    answers = answers_so_far(course, mine, asked)
    form = _form(step, course, answers)
    if form.is_submitted() and "save_for_later" in request.form:
        _keep_for_later(course, step, form, answers, mine is not None)
        return redirect(url_for(".later", code=code, key=key or None), code=303)
    if form.is_submitted() and "back" in request.form and _leave(course, step, form, answers):
        return redirect(url_before(code, step, order, key), code=303)
    if form.validate_on_submit():
        with showing_refusal(form):
            whole = with_page(answers, step, answered(step, given_by(form)))
            apply_operations.save_draft(course.id, whole, viewer())
            return redirect(url_after(code, step, order, key), code=303)
    return render_template(
        f"{_PAGES}/step.html",
        course=course,
        form=form,
        step=step,
        mine=mine,
        number=order.index(step) + 1,
        of=len(order) + 1,
        hints={f.code: i18n.localized(f.hints) for f in people.functions()},
        later=asked.later,
        filled_in=any(
            answers.get(name) for name in answers.get(EARLIER, ()) if name in FIELDS[step]
        ),
    )


def _keep_for_later(
    course: Course, step: str, form: Form, answers: dict[str, Any], nominated: bool
) -> None:
    """Keep what is valid on a page, say what is not, and email the way back to it."""
    form.validate()
    wrong = wrong_in(form)
    given, refused = kept(step, given_by(form), wrong)
    mailed = apply_operations.save_for_later(
        course.id, with_page(answers, step, given), viewer(), language(), nominated=nominated
    )
    wrong |= {one.field or "": str(one) for one in refused}
    for name, reason in wrong.items():
        label = form[name].label.text
        flash(_("Not saved: %(field)s. %(reason)s", field=label, reason=reason), "warning")
    if mailed:
        flash(_("We have emailed you a link to continue."), "success")


def _leave(course: Course, step: str, form: Form, answers: dict[str, Any]) -> bool:
    """Keep a page that is left with *Back*, right or wrong; False if it is too long to be kept."""
    typed = {name: values for name, values in request.form.lists() if name in FIELDS[step]}
    given = given_by(form)
    if form.validate() and is_answered(step, given):
        whole = with_page(answers, step, answered(step, given))
    elif sum(len(value) for values in typed.values() for value in values) > MOST_TYPED:
        return False
    else:
        whole = with_page(answers, step, {}, typed)
    if begun(answers, step, typed):
        apply_operations.save_draft(course.id, whole, viewer())
    return True


@bp.route("/courses/<code>/apply/check", methods=["GET", "POST"])
@requires(_APPLY)
def check(code: str) -> ResponseReturnValue:
    """Check the answers and send them."""
    key = request.args.get("key", "")
    course, mine = course_and_mine(code, key)
    if mine is not None and _nothing_unsent(mine):
        return redirect(url_for("participants.show", number=mine.number), code=303)
    asked = questions.asked_on_applying(course.id)
    answers, order = answers_so_far(course, mine, asked), order_of(asked, mine)
    if first_open(answers, order) is not None:
        return redirect(url_for(".resume", code=code, key=key or None), code=303)
    form = SendForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            return redirect(_send(course, mine, answers, key), code=303)
    functions = people.function_names()
    return render_template(
        f"{_PAGES}/check.html",
        course=course,
        form=form,
        answers=answers,
        mine=mine,
        functions=functions,
        key=key or None,
        born=_born(answers),
        later=asked.later,
        answered=_said(asked, answers) if QUESTIONS in order else [],
        number=len(order) + 1,
        of=len(order) + 1,
        back_url=page_url(code, order[-1], key),
    )


@bp.get("/courses/<code>/apply/sent/<number>")
@requires(_APPLY)
def sent(code: str, number: str) -> ResponseReturnValue:
    """The application was sent: its number, and what happens next."""
    mine = queries.own_registration(viewer(), number)
    if mine.course.code != code:
        raise NotFound
    return render_template(f"{_PAGES}/sent.html", course=mine.course, mine=mine)


@bp.get("/courses/<code>/apply/later")
@requires(_APPLY)
def later(code: str) -> ResponseReturnValue:
    """The answers are saved: how to come back."""
    course, _mine = course_and_mine(code, request.args.get("key", ""))
    return render_template(f"{_PAGES}/later.html", course=course)


def course_and_mine(code: str, key: str) -> tuple[Course, Registration | None]:
    """The course and the viewer's live registration; without one, registration must be open."""
    course = public_queries.public_course(viewer(), code, key, _involved, load=())
    mine = queries.own_live(viewer(), course.id)
    if mine is None:
        public_queries.check_open_now(course)
    return course, mine


def _nothing_unsent(mine: Registration) -> bool:
    return mine.complete and queries.draft(viewer(), mine.course_id) is None


def _involved(course_id: str) -> bool:
    return queries.involved(viewer(), course_id) or queries.draft(viewer(), course_id) is not None


def answers_so_far(course: Course, mine: Registration | None, asked: Asked) -> dict[str, Any]:
    """The answers so far, or those given for this registration.

    Until these are complete, gaps are filled with what the person last said about themselves; who
    applies again starts with what they said then.
    """
    answers = apply_operations.draft_answers(course.id, viewer())
    if answers:
        return answers
    if mine is None:
        return _earlier(course, asked)
    own = reading.own_record(mine.person_id)
    known = queries.as_given(mine, own)
    gaps = [] if mine.complete else _asked_here(asked)
    known_so_far: dict[str, Any] = {
        name: getattr(known, name) or (getattr(own, name) if name in gaps else "")
        for name in (*NAMES, *DETAILS)
    }
    known_so_far["sex"] = mine.sex if mine.complete else mine.sex or people.stated(own.id).sex
    known_so_far["needs"] = queries.needs(mine)
    known_so_far |= change_queries.wanted(mine)
    if not mine.complete:
        known_so_far[QUESTIONS] = _answered(mine, asked)
    return as_sent(known_so_far, people.consents(mine.person_id)) if mine.complete else known_so_far


def _answered(mine: Registration, asked: Asked) -> dict[str, tuple[str, Any]]:
    """What was answered already to what the course asks every candidate."""
    rows = questions.answers_of(mine.id)
    return {
        key: (str(one.kind), answer_queries.value_of(rows[key]))
        for key, one in asked.now.items()
        if key in rows
    }


def _earlier(course: Course, asked: Asked) -> dict[str, Any]:
    """What somebody said about themselves before, to be checked when they apply again."""
    own = reading.own_record(viewer().person_id or "")
    country, function, sex = people.stated(own.id)
    before = next(iter(queries.own(viewer())), None)
    return earlier(
        {name: getattr(own, name) for name in _asked_here(asked)}
        | {"sex": sex, "needs": queries.needs(before) if before is not None else ""}
        | {"country": country if country in course.countries else ""}
        | {"function": function if function in course.functions else ""}
    )


def _asked_here(asked: Asked) -> list[str]:
    """Which details the application asks; a passport that is asked later is not among them."""
    later = Usual.PASSPORT in asked.later
    return [name for name in (*NAMES, *DETAILS) if name != "document" or not later]


def _born(answers: dict[str, Any]) -> date | None:
    return date.fromisoformat(answers["born"]) if answers.get("born") else None


def _form(step: str, course: Course, answers: dict[str, Any]) -> Form:
    typed = answers.get(TYPED, {}).get(step) if request.method == "GET" else None
    sent = {} if typed is None else {"formdata": MultiDict(typed)}
    form = STEPS[step](data={**answers, "born": _born(answers)}, **sent)
    if step == "function":
        form.function.choices = {
            f.code: i18n.localized(f.names)
            for f in people.functions()
            if f.code in course.functions
        }
    if step == "country":
        form.country.choices = {"": _("Choose…"), **dict(i18n.countries(course.countries))}
    return form


def order_of(asked: Asked, mine: Registration | None) -> tuple[str, ...]:
    """The pages of this application, in order; answers that were sent have a page of their own."""
    sent = mine is not None and mine.complete
    return steps(mine is not None, not sent and bool(asked.now))


def _said(asked: Asked, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """The questions of the course, and what was answered so far, in words."""
    values = still_fitting(asked.askings, answers.get(QUESTIONS, {}))
    return [
        (i18n.localized(one.titles), said(one.asking, values[key]))
        for key, one in asked.now.items()
    ]


def page_url(code: str, step: str, key: str) -> str:
    """The address of a page of the application."""
    if step == QUESTIONS:
        return url_for("participants_apply_questions.answer", code=code, key=key or None)
    return url_for("participants_apply.step", code=code, step=step, key=key or None)


def url_after(code: str, step: str, order: tuple[str, ...], key: str) -> str:
    """Where *Continue* leads."""
    after = around(step, order)[1]
    if after is None or request.args.get("then") == "check":
        return url_for("participants_apply.check", code=code, key=key or None)
    return page_url(code, after, key)


def url_before(code: str, step: str, order: tuple[str, ...], key: str) -> str:
    """Where *Back* leads."""
    before = around(step, order)[0]
    if request.args.get("then") == "check":
        return url_for("participants_apply.check", code=code, key=key or None)
    if before is None:
        return url_for("courses.show", code=code, key=key or None)
    return page_url(code, before, key)


def _send(course: Course, mine: Registration | None, answers: dict[str, Any], key: str) -> str:
    """Send the answers; returns the URL of the confirmation page."""
    if mine is None:
        number = apply_operations.apply(
            course.id,
            application(answers, language()),
            viewer(),
            link_key=key,
            answers=answers.get(QUESTIONS, {}),
        )
        return url_for(".sent", code=course.code, number=number)
    changed = mine.complete
    waits = operations.complete_details(
        mine.number, details(answers, language()), viewer(), answers=answers.get(QUESTIONS, {})
    )
    if waits:
        flash(_("The organisers have to approve the change. Until then your details stay."), "info")
    elif changed:
        flash(_("Your details have been changed."), "success")
    if changed:
        return url_for("participants.show", number=mine.number)
    return url_for(".sent", code=course.code, number=mine.number)
