"""The tables of a course: who sits where, set, mixed and moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.access import requires, viewer
from trainings.core.i18n import _, localized, ngettext
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal, showing_refusal
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.seating import operations, queries, sitter_queries
from trainings.seating.forms import MoveForm, SureForm, TablesForm
from trainings.seating.rules import Layout, NoSuchPlace, Place, read, usual_layout, written
from trainings.seating.sitter_queries import Options, Sitter

bp = Blueprint("seating", __name__)

SEE, EDIT = Permission.PEOPLE_SEE, operations.EDIT


@bp.app_template_global()
def own_place(registration_id: str) -> Place | None:
    """Where the viewer sits by a registration of their own, once tables are set."""
    return queries.own_place(viewer(), registration_id)


@dataclass
class _Page:
    """What the address says of the page: who is being moved, who was just moved."""

    course: Course
    may_edit: bool
    moving: str = ""
    moved: str = ""
    undo: tuple[str, str] | None = None  # who is moved back, and where
    options: Options = field(default_factory=list)
    suggested: str = ""

    def fill(self, sitters: Sequence[Sitter], layout: Layout | None) -> None:
        """Read the address, as far as there are such people."""
        known = {one.number: one for one in sitters}
        asked = {name: request.args.get(name, "") for name in ("move", "moved", "whom", "back")}
        if layout is not None and (who := known.get(asked["move"])) is not None:
            self.moving = who.number
            self.options = sitter_queries.options(who, sitters, layout)
            self.suggested = sitter_queries.suggested(who, sitters, layout)
        if asked["moved"] in known:
            self.moved = asked["moved"]
            if asked["whom"] in known and read(asked["back"]) is not None:
                self.undo = (asked["whom"], asked["back"])


@bp.get("/courses/<code>/tables")
@requires(SEE)
def index(code: str) -> ResponseReturnValue:
    """The room from above, who sits where, and who has no place yet."""
    course = courses.course_for(viewer(), SEE, code)
    return _page(course, None)


@bp.post("/courses/<code>/tables/room")
@requires(EDIT)
def set_tables(code: str) -> ResponseReturnValue:
    """Set how many tables and places there are; the first time everybody is seated."""
    course = courses.course_for(viewer(), EDIT, code)
    form = TablesForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            layout = Layout(form.tables.data, form.places.data)
            lost = operations.set_tables(course.id, layout, viewer())
            flash(_("The tables are set up."), "success")
            if lost:
                flash(ngettext("%(num)s person sat where there is no place any more.",
                               "%(num)s people sat where there is no place any more.", lost),
                      "warning")  # fmt: skip
            return redirect(url_for(".index", code=code), code=303)
    return _page(course, form)


@bp.post("/courses/<code>/tables/seat")
@requires(EDIT)
def seat(code: str) -> ResponseReturnValue:
    """Give a place to those who have none; who has one keeps it."""
    course = courses.course_for(viewer(), EDIT, code)
    with flashing_refusal():
        given = operations.seat_those_without(course.id, viewer())
        flash(
            ngettext("%(num)s person has a place now.", "%(num)s people have a place now.", given)
            if given
            else _("Everybody has a place already."),
            "success",
        )
    return redirect(url_for(".index", code=code), code=303)


@bp.route("/courses/<code>/tables/anew", methods=["GET", "POST"])
@requires(EDIT)
def anew(code: str) -> ResponseReturnValue:
    """Seat everybody anew; asked once, since what was arranged by hand is lost."""
    course = courses.course_for(viewer(), EDIT, code)
    found, form = queries.numbers(course.id), SureForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            given = operations.seat_anew(course.id, viewer())
            flash(ngettext("%(num)s person is seated anew.", "%(num)s people are seated anew.",
                           given), "success")  # fmt: skip
            return redirect(url_for(".index", code=code), code=303)
    sentences = [
        ngettext(
            "One person gets a place as if nobody had one.",
            "%(num)s people get a place as if nobody had one.", found.people,
        )
    ]  # fmt: skip
    if found.seated:
        sentences += [
            _("What was arranged by hand is lost, and cannot be brought back."),
            _("Table lists, badges and tents that are printed already may show another table."),
        ]
    return _asked(course, form, _("Seat everybody anew"), sentences, danger=found.seated > 0)


@bp.route("/courses/<code>/tables/remove", methods=["GET", "POST"])
@requires(EDIT)
def remove(code: str) -> ResponseReturnValue:
    """Take all tables away, for a course that needs none; asked once."""
    course = courses.course_for(viewer(), EDIT, code)
    found, form = queries.numbers(course.id), SureForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.remove_tables(course.id, viewer())
            flash(_("The tables are removed."), "success")
            return redirect(url_for("workspace_papers.index", code=code), code=303)
    sentences = [
        ngettext(
            "One person loses the place at a table; nobody loses the seat on the course.",
            "%(num)s people lose their place at a table; nobody loses the seat on the course.",
            found.seated,
        ),
        _("Badges and tents show no table, and nothing can be printed in order of tables."),
    ]
    return _asked(course, form, _("Remove the tables"), sentences)


def _asked(
    course: Course, form: SureForm, act: str, sentences: list[str], *, danger: bool = True
) -> str:
    """The question before an act at all tables, with what will happen."""
    tables = url_for(".index", code=course.code)
    crumbs = [(localized(course.titles), url_for("workspace.show", code=course.code)),
              (_("Tables"), tables)]  # fmt: skip
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
    """Move one person to a place that was chosen; who sat there takes the one that is freed."""
    course = courses.course_for(viewer(), EDIT, code)
    form, undo = MoveForm(), None
    with flashing_refusal():
        choice = read(form.to.data or "")
        if choice is None or not form.validate_on_submit():
            raise NoSuchPlace
        undo = operations.move(course.id, number, choice, viewer())
        flash(_("The place is changed."), "success")
    if undo is None:
        return redirect(url_for(".index", code=code, _anchor=number), code=303)
    whom, back = undo.number, written(undo.choice)
    where = url_for(".index", code=code, moved=number, whom=whom, back=back, _anchor=number)
    return redirect(where, code=303)


def _page(course: Course, form: TablesForm | None) -> str:
    """The page, with the form that was refused where one was."""
    layout = queries.layout(course.id)
    found = queries.participants(course.id, scope="viewer")
    page = _Page(course, courses.may(viewer(), EDIT, course))
    sitters = sitter_queries.sitters(viewer(), found) if layout else []
    if page.may_edit:
        page.fill(sitters, layout)
        usual = layout or usual_layout(len(found))
        form = form or TablesForm(formdata=None, tables=usual.tables, places=usual.places)
    return render_template(
        "seating/index.html", course=course, layout=layout, people=len(found), form=form,
        may_edit=page.may_edit, page=page, mix=sitter_queries.mixed(found, layout),
        tables=sitter_queries.tables(layout, sitters) if layout else [],
        without=[one for one in sitters if one.who.place is None],
    )  # fmt: skip
