"""The comparison of laws in a course: what it holds, a topic on the screen, papers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from trainings.core.errors import NotFound, Refusal
from trainings.core.hooks import Hook
from trainings.core.i18n import LANGUAGES, _, countries, language, localized, ngettext
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.access_rules import Nearness
from trainings.courses.models import Course
from trainings.law_reviews import operations, queries
from trainings.law_reviews.forms import CourseLawsForm
from trainings.law_reviews.models import LawReview
from trainings.legislation import queries as laws
from trainings.printing.paper_rules import LawsForm
from trainings.web import responses
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("law_reviews", __name__, url_prefix="/courses/<code>/laws")

READ, WORK, EDIT = Permission.LEGISLATION_READ, Permission.COURSE_WORK, Permission.AGENDA_EDIT

# How near somebody stands to a course.
standing_of: Hook[[str, Viewer], Nearness] = Hook("law_reviews.standing_of")

PAPERS = {"matrix": LawsForm.MATRIX, "handout": LawsForm.HANDOUT, "worksheet": LawsForm.WORKSHEET}


def _course(code: str) -> Course:
    """A course that the viewer works on, or has a confirmed seat on. Raises ``NotFound``."""
    try:
        return courses.course_for(viewer(), WORK, code)
    except NotFound:
        course = courses.by_code(code)
        if standing_of(course.id, viewer()) is Nearness.CONFIRMED:
            return course
        raise


@bp.route("", methods=["GET", "POST"])
@requires(WORK)
def index(code: str) -> ResponseReturnValue:
    """What a course lays side by side, and what was frozen for it."""
    course = courses.course_for(viewer(), WORK, code)
    edits = courses.may(viewer(), EDIT, course)
    if request.method == "POST" and not edits:
        raise NotFound
    form = CourseLawsForm.of(lambda: _kept(course))
    form.countries.choices = [SelectChoice(*one) for one in countries(_offered(course))]
    form.topics.choices = [SelectChoice(one.code, localized(one.titles)) for one in laws.topics()]
    if form.validate_on_submit():
        with showing_refusal(form):
            asked = operations.plan(course.id, form.countries.data, form.topics.data, viewer())
            flash(_saved(asked), "success")
            return redirect(url_for(".index", code=code), code=303)
    review = queries.planned(course)
    return render_template(
        "law_reviews/index.html",
        course=course,
        form=form if edits else None,
        review=review,
        lines=_lines(review),
        names_of=lambda codes: ", ".join(name for _code, name in countries(codes)),
        frozen=queries.frozen(course),
        papers=list(PAPERS),
        here_language=language(),
    )


def _lines(review: LawReview | None) -> list[dict[str, Any]]:
    """How many entries each country still has to check, as lines of a list."""
    waiting = queries.to_check(review.countries, review.topics) if review else {}
    return [
        {"label": name, "value": waiting[code], "url": url_for("legislation.country", country=code)}
        for code, name in countries([*waiting])
        if waiting[code]
    ]


def _saved(asked: int) -> str:
    if not asked:
        return _("Saved.")
    return ngettext(
        "Saved. One country was asked by email to check what is said of it.",
        "Saved. %(num)s countries were asked by email to check what is said of them.",
        asked,
    )


def _offered(course: Course) -> list[str]:
    """The countries that can be compared: those invited, and those of which laws are there."""
    return sorted({*course.countries, *laws.countries_there()})


def _kept(course: Course) -> dict[str, Any]:
    review = queries.planned(course)
    if review is not None:
        return {"countries": review.countries, "topics": review.topics}
    invited = sorted(set(course.countries) & set(laws.countries_there()))
    return {"countries": invited[:9], "topics": [one.code for one in laws.topics()]}


@bp.post("/freeze")
@requires(EDIT)
def freeze(code: str) -> ResponseReturnValue:
    """Freeze what counts now, so that what was taught can be shown later."""
    course = courses.course_for(viewer(), EDIT, code)
    with flashing_refusal():
        operations.freeze(course.id, viewer())
        flash(_("Frozen. Papers and screen show the laws as they stand today."), "success")
    return redirect(url_for(".index", code=code), code=303)


@bp.get("/<int:number>/<topic>")
@requires(READ)
def screen(code: str, number: int, topic: str) -> ResponseReturnValue:
    """One topic a page, for the screen in the room."""
    course = _course(code)
    review = queries.frozen_as(course, number)
    codes = [one["code"] for one in review.worded]
    if topic not in codes:
        raise NotFound
    at = codes.index(topic)
    return render_template(
        "law_reviews/screen.html",
        course=course,
        review=review,
        topic=review.worded[at],
        at=at + 1,
        of=len(codes),
        before=codes[at - 1] if at else None,
        after=codes[at + 1] if at + 1 < len(codes) else None,
        held=queries.held(review),
        shown=[code for code, _name in countries(review.countries)],
    )


@bp.get("/<int:number>/<any(matrix,handout,worksheet):paper>.pdf")
@requires(READ)
def draw(code: str, number: int, paper: str) -> ResponseReturnValue:
    """A paper of a frozen comparison as a PDF, in the language asked for."""
    course = _course(code)
    wanted = request.args.get("language", "")
    try:
        drawn, note = operations.print_laws(
            course, number, PAPERS[paper], wanted if wanted in LANGUAGES else language(), viewer()
        )
    except Refusal as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("courses.show", code=code), code=303)
    if note:
        flash(note, "warning")
    return responses.pdf(drawn, f"laws-{paper}-{course.code}-{number}")
