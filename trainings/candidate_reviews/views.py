"""The pages of readers and of organisers: who reads whom, a score and a note, what both think."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from wtforms.fields.choices import SelectChoice

from trainings.accounts import queries as accounts
from trainings.candidate_reviews import given_queries, operations, progress_queries, queries
from trainings.candidate_reviews.forms import ReadersForm, ReviewForm
from trainings.candidate_reviews.rules import READERS, Reading
from trainings.core import paging
from trainings.core.errors import NotFound
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import listing_queries
from trainings.registrations import queries as registrations
from trainings.registrations.listing_rules import UNDECIDED
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import Form, flashing_refusal, showing_refusal

bp = Blueprint("candidate_reviews", __name__, url_prefix="/courses/<code>/selection")

PURPOSE = "candidate readers"
SIZE = 50  # candidates on a page
SELECT, WORK = Permission.REGISTRATION_SELECT, Permission.COURSE_WORK


@bp.app_template_global()
def score_words(one: Reading | None) -> str:
    """The mean of both scores as people write it; empty until both are in."""
    mean = one.mean if one else None
    return "" if mean is None else str(format_decimal(mean, format="0.#"))


def _names(account_ids: Collection[str]) -> dict[str, str]:
    """The names of readers by account; the look is logged."""
    persons = accounts.persons_of(account_ids)
    known = reading.open(persons.values(), by=viewer().account_id, purpose=PURPOSE)
    return {account: known[person].name for account, person in persons.items() if person in known}


@bp.route("/readers", methods=["GET", "POST"])
@requires(SELECT)
def readers(code: str) -> ResponseReturnValue:
    """Who reads the candidates of a course, what they see, and who has not read yet."""
    course = courses.course_for(viewer(), SELECT, code)
    form = ReadersForm.of(lambda: queries.settled(course.id))
    named = queries.settled(course.id)["readers"]
    far = progress_queries.progress(course.id)
    loads = progress_queries.loads(far)
    able = queries.able(course)
    persons = accounts.persons_of({*able, *named, *loads})
    known = reading.opened(persons.values())  # logged below, where they are shown
    names = {account: known[person].name for account, person in persons.items() if person in known}
    listed = sorted(names.items(), key=lambda one: one[1])
    form.readers.choices = [SelectChoice(*one) for one in listed if one[0] in able | {*named}]
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.set_readers(course.id, form.readers.data or [], form.seen, by=viewer())
            flash(_("Saved."), "success")
            return redirect(url_for(".readers", code=code), code=303)
    reading.log(persons.values(), by=viewer().account_id, purpose=PURPOSE)
    total = sum(far.unread.values())
    page = paging.within(request.args.get("page", 1, whole), total, SIZE)
    return render_template(
        "candidate_reviews/readers.html",
        course=course,
        form=form,
        button=Form(),
        progress=_progress(loads, named, names),
        unread=_unread(course, names, far.unread, page),
        total=total,
        page=page,
        pages=paging.pages(total, SIZE),
        begun=queries.begun(course.id),
        functions=people.function_names(),
    )


def _progress(
    loads: Mapping[str, tuple[int, int]], named: list[str], names: dict[str, str]
) -> list[dict[str, Any]]:
    """How much each reader has to read, and has read."""
    return [
        {"name": names.get(account, ""), "given": given, "read": read}
        for account in sorted(named, key=lambda who: names.get(who, ""))
        for given, read in (loads.get(account, (0, 0)),)
    ]


def _unread(
    course: Course, names: dict[str, str], numbers: Mapping[str, int], page: int
) -> list[dict[str, Any]]:
    """A page of the candidates who were not read by both yet, and who has to."""
    return [
        {
            "number": row.number,
            "country": row.country,
            "function": row.function,
            "by": [names.get(account, "") for account in one.unread],
            "lacks": max(0, READERS - len(one.reviews)),
        }
        for row, one in progress_queries.unread(course, viewer(), numbers, page, SIZE)
    ]


@bp.post("/readers/share")
@requires(SELECT)
def share(code: str) -> ResponseReturnValue:
    """Give every candidate two readers."""
    course = courses.course_for(viewer(), SELECT, code)
    with flashing_refusal():
        done = operations.share_out(course.id, by=viewer())
        words = ngettext(
            "One candidate was given readers.", "%(num)s candidates were given readers.", done.given
        )
        flash(words, "success")
        if done.lacking:
            flash(
                ngettext(
                    "One candidate still lacks a reader, because who nominated them may not read "
                    "them. Name another reader.",
                    "%(num)s candidates still lack a reader, because who nominated them may not "
                    "read them. Name another reader.",
                    done.lacking,
                ),
                "warning",
            )
    return redirect(url_for(".readers", code=code), code=303)


@bp.get("/readers/<number>")
@requires(SELECT)
def both(code: str, number: str) -> ResponseReturnValue:
    """What both readers think of a candidate, once both have read."""
    course = courses.course_for(viewer(), SELECT, code)
    registration = registrations.registration_for(viewer(), SELECT, code, number)
    (row,) = listing_queries.chosen(
        viewer(), course, [number], lambda _state: True, permission=SELECT
    )
    found = queries.reading_of(registration.id)
    return render_template(
        "candidate_reviews/both.html",
        course=course,
        row=row,
        found=found,
        names=_names({one.account_id for one in found.reviews}),
        functions=people.function_names(),
    )


@bp.get("/reading")
@requires(WORK)
def index(code: str) -> ResponseReturnValue:
    """The candidates whom one has to read."""
    course = courses.course_for(viewer(), WORK, code)
    if not queries.reads_for(viewer(), course):
        raise NotFound
    numbers = given_queries.numbers(viewer(), course)
    total = sum(numbers.values())
    page = paging.within(request.args.get("page", 1, whole), total, SIZE)
    return render_template(
        "candidate_reviews/index.html",
        course=course,
        rows=given_queries.given(viewer(), course, numbers, page, SIZE),
        total=total,
        page=page,
        pages=paging.pages(total, SIZE),
        shown=queries.shown(course.id),
        functions=people.function_names(),
        undecided=UNDECIDED,
    )


@bp.route("/reading/<number>", methods=["GET", "POST"])
@requires(WORK)
def one(code: str, number: str) -> ResponseReturnValue:
    """One candidate whom one has to read: a score and a note, and once both are in the other's."""
    course = courses.course_for(viewer(), WORK, code)
    form = ReviewForm.of(lambda: _own(course, number))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.score(
                course.id, number, int(form.score.data), form.note.data or "", by=viewer()
            )
            flash(_("Saved."), "success")
            return redirect(url_for(".index", code=code), code=303)
    candidate = given_queries.candidate(viewer(), course, number)
    found = queries.reading_of(candidate.id)
    own = found.of(viewer().account_id)
    others = [each for each in found.seen_by(viewer().account_id) if each is not own]
    return render_template(
        "candidate_reviews/one.html",
        course=course,
        one=candidate,
        form=form,
        found=found,
        own=own,
        others=others,
        names=_names({each.account_id for each in others}) if others else {},
        shown=queries.shown(course.id),
        functions=people.function_names(),
        fixed=candidate.state not in UNDECIDED
        or (candidate.score is not None and queries.begun(course.id)),
    )


def _own(course: Course, number: str) -> dict[str, Any]:
    """What the viewer thinks of a candidate, as the form's values. Raises ``NotFound``."""
    known = queries.given_to(viewer(), course, number)
    kept = queries.review_of(known.id, viewer().account_id)
    return {"score": str(kept.score or ""), "note": queries.note_of(kept)}
