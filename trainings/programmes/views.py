"""The page of a programme: its time line, findings and lessons; the same as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agencies.rules import agencies_of
from trainings.core import clock, paging
from trainings.core.errors import NotFound, Refusal
from trainings.core.i18n import LANGUAGES, language, localized
from trainings.core.permissions import Permission
from trainings.courses import ownership_rules, programme_queries, public_queries
from trainings.courses import queries as courses
from trainings.courses.models import Programme
from trainings.courses.programme_rules import LessonKind, LessonState, position_of
from trainings.networks import queries as networks
from trainings.networks import shown_queries
from trainings.networks.group_rules import OTHERS
from trainings.programmes import document, operations, queries, told_queries
from trainings.programmes.queries import Count, ShownCourse
from trainings.programmes.rules import drawn
from trainings.web import responses
from trainings.web.access import requires, viewer
from trainings.web.fields import whole

bp = Blueprint("programmes", __name__, url_prefix="/programmes/<code>")

P = Permission
A_PAGE = 50


@bp.get("")
@requires(P.LESSON_READ)
def show(code: str) -> ResponseReturnValue:
    """A programme: its phases on a time line, what was found and learned, what came of it."""
    found = programme_queries.programme(code)
    numbers = queries.counts(found.id)
    state = _among(request.args.get("state", ""), LessonState)
    kind = _among(request.args.get("kind", ""), LessonKind)
    total = sum(
        one.number for one in numbers if state in ("", one.state) and kind in ("", one.kind)
    )
    page = paging.within(request.args.get("page", 1, type=int), total, A_PAGE)
    some = queries.lessons(found.id, state=state, kind=kind, skip=(page - 1) * A_PAGE, most=A_PAGE)
    return render_template(
        "programmes/show.html",
        programme=found,
        may_edit=ownership_rules.may_edit(viewer(), found.agency_id),
        may_copy=bool(agencies_of(viewer())),
        may_open=queries.may_open(viewer(), found),
        lessons=told_queries.told(viewer(), some),
        chosen={"state": state, "kind": kind, "page": page},
        pages=paging.pages(total, A_PAGE),
        total=total,
        everything=sum(one.number for one in numbers),
        sums=_sums(numbers),
        follows=queries.followed(found),
        networks=_networks(found.id),
        courses=public_queries.of_programme(
            viewer(), found.id, request.args.get("courses", 1, whole)
        ),
        here_language=language(),
        states=[(one, one.label) for one in LessonState],
        kinds=[(one, one.label) for one in LessonKind],
        **_line(found, numbers),
    )


def _among(given: str, words: type[LessonKind] | type[LessonState]) -> str:
    """What a list is filtered by, if it is one of these words."""
    return given if given in list(words) else ""


def _sums(numbers: Sequence[Count]) -> list[tuple[LessonKind, dict[str, int]]]:
    """How many findings and lessons there are, and in which state."""
    return [
        (
            kind,
            {
                state: sum(n.number for n in numbers if n.kind is kind and n.state is state)
                for state in LessonState
            },
        )
        for kind in LessonKind
    ]


def _line(found: Programme, numbers: Sequence[Count]) -> dict[str, Any]:
    """The phases, then the programmes that follow: when each is, and how it is drawn."""
    today = clock.now().date()
    exact = viewer().can(P.PROGRAMME_EDIT)
    following = queries.followers(found.id)
    spans = document.spans(found, following, exact=exact)
    rows = [
        {
            "title": one.titles,
            "texts": one.texts,
            "phase": one,
            "code": None,
            "position": position_of(*span, today),
            "span": span,
            "found": sum(n.number for n in numbers if n.phase_id == one.id),
        }
        for one, span in zip(found.phases, spans, strict=False)
    ] + [
        {
            "title": one.titles,
            "texts": one.texts,
            "phase": None,
            "code": one.code,
            "position": position_of(*span, today),
            "span": span,
            "found": None,
        }
        for one, span in zip(following, spans[len(found.phases) :], strict=True)
    ]
    return {"rows": rows, "line": drawn(spans, today), "when": document.when_for(exact)}


def _networks(programme_id: str) -> list[tuple[int, ShownCourse]]:
    """The courses of a programme whose networks everybody may see, numbered from the first."""
    ids = networks.shown_in(programme_id)
    names = queries.shown_courses(viewer(), ids)
    return [(number, names[one]) for number, one in enumerate(ids, 1)]


@bp.get("/networks/<int:number>")
@requires(P.LESSON_READ)
def network(code: str, number: int) -> ResponseReturnValue:
    """With whom people of one of its courses are in contact: large groups, no days, no names."""
    found = programme_queries.programme(code)
    ids = networks.shown_in(found.id)
    if not 1 <= number <= len(ids):
        raise NotFound
    course = courses.by_id(ids[number - 1])
    there = networks.waves(course.id)
    return render_template(
        "networks/read.html",
        title=queries.shown_courses(viewer(), [course.id])[course.id].title,
        crumbs=[(localized(found.titles), url_for(".show", code=code))],
        shown=shown_queries.shown(course, there, OTHERS, request.args.get("wave", "")),
        seen=list(shown_queries.networks(there, OTHERS)),
        fewest=OTHERS,
    )


@bp.get("/programme.pdf")
@requires(P.LESSON_READ)
def draw(code: str) -> ResponseReturnValue:
    """A programme as a PDF of two pages, in the language asked for."""
    found = programme_queries.programme(code)
    wanted = request.args.get("language", "")
    try:
        pdf, note = operations.print_programme(
            found, wanted if wanted in LANGUAGES else language(), viewer()
        )
    except Refusal as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for(".show", code=code), code=303)
    if note:
        flash(note, "warning")
    return responses.pdf(pdf, f"programme-{found.code}")
