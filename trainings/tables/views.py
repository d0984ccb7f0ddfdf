"""The tables of a course: who sits where, set, mixed and moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct, field

from trainings.core.i18n import _, localized, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.registrations import filter_queries, page_queries
from trainings.tables import operations, queries, sitter_queries
from trainings.tables.forms import MoveForm, SureForm, TablesForm
from trainings.tables.queries import Participant
from trainings.tables.rules import Layout, NoSuchPlace, Place, read, usual_layout, written
from trainings.tables.sitter_queries import Options, Part, Sitter
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("tables", __name__)

WITHOUT = 50  # of those without a place, and of those who are looked for, on a page
SEE, EDIT = Permission.PEOPLE_SEE, operations.EDIT


@bp.app_template_global()
def own_place(registration_id: str) -> Place | None:
    """Where the viewer sits by a registration of their own, once tables are set."""
    return queries.own_place(viewer(), registration_id)


class _Page(Struct):
    """The state of the page from its address: who is being moved, who was just moved."""

    course: Course
    may_edit: bool
    moving: str = ""
    moved: str = ""
    undo: tuple[str, str] | None = None  # who is moved back, and where
    options: Options = field(default_factory=list)
    suggested: str = ""
    page: int | None = None  # of the room; none for the first

    def fill(
        self, sitters: Sequence[Sitter], everyone: Sequence[Participant], layout: Layout, part: Part
    ) -> None:
        """Read the address, ignoring people who are not there."""
        known = {one.number: one for one in sitters}
        asked = {name: request.args.get(name, "") for name in ("move", "moved", "whom", "back")}
        if (who := known.get(asked["move"])) is not None:
            self.moving = who.number
            self.options = sitter_queries.options(who, sitters, layout, part)
            self.suggested = sitter_queries.suggested(who.who, everyone, layout)
        if asked["moved"] in known:
            self.moved = asked["moved"]
            if asked["whom"] in known and read(asked["back"]) is not None:
                self.undo = (asked["whom"], asked["back"])


@bp.get("/courses/<code>/tables")
@requires(SEE)
def index(code: str) -> ResponseReturnValue:
    """The room seen from above, who sits where, and who has no place yet."""
    course = courses.course_for(viewer(), SEE, code)
    return _page(course, None)


@bp.post("/courses/<code>/tables/room")
@requires(EDIT)
def set_tables(code: str) -> ResponseReturnValue:
    """Set the number of tables and places; the first time, everybody is seated."""
    course = courses.course_for(viewer(), EDIT, code)
    form = TablesForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            layout = Layout(form.tables.data, form.places.data)
            lost = operations.set_tables(course.id, layout, viewer())
            flash(_("The tables have been set up."), "success")
            if lost:
                flash(
                    ngettext(
                        "%(num)s person sat at a place that no longer exists.",
                        "%(num)s people sat at places that no longer exist.",
                        lost,
                    ),
                    "warning",
                )
            return redirect(url_for(".index", code=code), code=303)
    return _page(course, form)


@bp.post("/courses/<code>/tables/seat")
@requires(EDIT)
def seat(code: str) -> ResponseReturnValue:
    """Give a place to those who have none; the others keep theirs."""
    course = courses.course_for(viewer(), EDIT, code)
    with flashing_refusal():
        given = operations.seat_those_without(course.id, viewer())
        flash(
            ngettext("%(num)s person now has a place.", "%(num)s people now have a place.", given)
            if given
            else _("Everyone already has a place."),
            "success",
        )
    return redirect(url_for(".index", code=code), code=303)


@bp.route("/courses/<code>/tables/anew", methods=["GET", "POST"])
@requires(EDIT)
def anew(code: str) -> ResponseReturnValue:
    """Seat everybody again, after one confirmation, since manual changes are lost."""
    course = courses.course_for(viewer(), EDIT, code)
    found, form = queries.numbers(course.id), SureForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            given = operations.seat_anew(course.id, viewer())
            flash(
                ngettext("%(num)s person reseated.", "%(num)s people reseated.", given), "success"
            )
            return redirect(url_for(".index", code=code), code=303)
    sentences = [
        ngettext(
            "One person gets a place, as if nobody had one.",
            "%(num)s people get a place, as if nobody had one.",
            found.people,
        )
    ]
    if found.seated:
        sentences += [
            _("Anything arranged by hand is lost and cannot be restored."),
            _("Table lists, badges and tents already printed may show another table."),
        ]
    return _asked(course, form, _("Reseat everyone"), sentences, danger=found.seated > 0)


@bp.route("/courses/<code>/tables/remove", methods=["GET", "POST"])
@requires(EDIT)
def remove(code: str) -> ResponseReturnValue:
    """Remove all tables, for a course that needs none; after one confirmation."""
    course = courses.course_for(viewer(), EDIT, code)
    found, form = queries.numbers(course.id), SureForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.remove_tables(course.id, viewer())
            flash(_("The tables have been removed."), "success")
            return redirect(url_for("papers.index", code=code), code=303)
    sentences = [
        ngettext(
            "One person loses their place at a table. Nobody loses their seat on the course.",
            "%(num)s people lose their place at a table. Nobody loses their seat on the course.",
            found.seated,
        ),
        _("Badges and tents will show no table, and nothing can be printed in table order."),
    ]
    return _asked(course, form, _("Remove tables"), sentences)


def _asked(
    course: Course, form: SureForm, act: str, sentences: list[str], *, danger: bool = True
) -> str:
    """The confirmation before an act on all tables, with what will happen."""
    tables = url_for(".index", code=course.code)
    crumbs = [
        (localized(course.titles), url_for("desk.show", code=course.code)),
        (_("Tables"), tables),
    ]
    return render_template(
        "_confirm.html",
        form=form,
        title=act,
        act=act,
        crumbs=crumbs,
        sentences=sentences,
        back_url=tables,
        danger=danger,
    )


@bp.post("/courses/<code>/tables/<number>")
@requires(EDIT)
def move(code: str, number: str) -> ResponseReturnValue:
    """Move one person to a chosen place; anyone sitting there takes the one that is freed."""
    course = courses.course_for(viewer(), EDIT, code)
    form, undo, choice = MoveForm(), None, None
    with flashing_refusal():
        choice = read(form.to.data or "")
        if choice is None or not form.validate_on_submit():
            raise NoSuchPlace
        undo = operations.move(course.id, number, choice, viewer())
        flash(_("The place has been changed."), "success")
    if undo is None or choice is None:
        return redirect(
            url_for(".index", code=code, page=request.args.get("page"), _anchor=number), code=303
        )
    whom, back, page = undo.number, written(undo.choice), _page_of(course.id, choice.place)
    where = url_for(
        ".index", code=code, page=page, moved=number, whom=whom, back=back, _anchor=number
    )
    return redirect(where, code=303)


def _asked_page() -> int:
    return request.args.get("page", 1, whole)


def _page_of(course_id: str, place: Place | None) -> int | None:
    """The page of the room on which a place is; none for the first."""
    layout = queries.layout(course_id)
    return None if layout is None or place is None else _page_in(layout, place)


def _page_in(layout: Layout, place: Place) -> int | None:
    page = (place.table - 1) // sitter_queries.tables_on_a_page(layout) + 1
    return page if page > 1 else None


def _page(course: Course, form: TablesForm | None) -> str:
    """The page, with the refused form if there was one."""
    layout, people, seated = queries.numbers(course.id)
    page = _Page(course, courses.may(viewer(), EDIT, course))
    few = people <= page_queries.BY_NAME
    everyone = queries.participants(course.id, scope="viewer") if layout and few else []
    shown: dict[str, Any] = {"tables": [], "without": [], "found": [], "part": None}
    if layout is not None:
        shown = _shown(course, page, layout, everyone, people - seated)
    if page.may_edit:
        usual = layout or usual_layout(people)
        form = form or TablesForm(formdata=None, tables=usual.tables, places=usual.places)
    return render_template(
        "tables/index.html",
        course=course,
        layout=layout,
        people=people,
        seated=seated,
        lacking=people - seated,
        form=form,
        may_edit=page.may_edit,
        page=page,
        mix=sitter_queries.mixed(everyone, layout),
        strangers=sitter_queries.strangers(course.id, everyone, layout),
        **shown,
    )


def _shown(
    course: Course, page: _Page, layout: Layout, everyone: Sequence[Participant], lacking: int
) -> dict[str, Any]:
    """A part of the room, some who have no place, and who is looked for; their names opened."""
    part = sitter_queries.part_of(layout, _asked_page())
    page.page = part.page if part.page > 1 else None
    words = filter_queries.words_in(viewer(), request.args.get("q", ""))
    conditions = queries.seated(course.id)
    without: Sequence[str] = ()
    if lacking:
        without = page_queries.cut(
            course.id, [*conditions, queries.placeless()], 1, size=WITHOUT
        ).keys
    looked = page_queries.cut(course.id, conditions, 1, words, size=WITHOUT) if words else None
    keys = [*without, *(looked.keys if looked else ())]
    keys += queries.at_tables(course.id, part.first, part.last)
    found = queries.participants(course.id, scope="viewer", keys=keys)
    sitters = sitter_queries.sitters(viewer(), found)
    if page.may_edit:
        page.fill(sitters, everyone or found, layout, part)
    return {
        "tables": sitter_queries.tables(layout, sitters, part),
        "without": [one for one in sitters if one.who.registration_id in without],
        "found": [one for one in sitters if looked and one.who.registration_id in looked.keys],
        "looked": words,
        "part": part,
        "page_of": lambda place: _page_in(layout, place),
    }
