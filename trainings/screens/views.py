"""The screen in the lobby for whoever has its link, and its link for organisers."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.i18n import LANGUAGES, _, language_name, localized, speaking
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.people import reading
from trainings.screens import operations, queries
from trainings.screens.forms import ScreenForm
from trainings.screens.rules import Shown, as_text, day_to_list, payload, tag
from trainings.web.access import public, requires, viewer
from trainings.web.forms import showing_refusal
from trainings.web.responses import external_url

bp = Blueprint("screens", __name__)

EDIT = Permission.AGENDA_EDIT


def _payload(shown: Shown) -> str:
    """What the screen shows, with the trainers' names opened: one row of the read log."""
    persons = reading.open(
        {one for session in shown.sessions for one in session.persons}, by=None, purpose="screen"
    )
    names = {key: who.name for key, who in persons.items()}
    return as_text(payload(shown, names, clock.now()))


@bp.get("/screen/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """What takes place now and next in a course, for the screen in its lobby."""
    course, link = queries.course_with(token)
    shown = queries.shown(course, link)
    first = shown.languages[0]
    with speaking(first):
        return render_template(
            "screens/show.html",
            title=localized(course.titles),
            agenda=_payload(shown),
            url=url_for(".agenda", token=token),
            listed=day_to_list(shown, clock.today(course.zone)),
        )


@bp.get("/screen/<token>/agenda")
@public
def agenda(token: str) -> ResponseReturnValue:
    """What a screen asks for by itself: all of it anew, or nothing if it knows it already."""
    shown = queries.shown(*queries.course_with(token))
    if request.args.get("known") == tag(shown):
        return Response(status=204)
    return Response(_payload(shown), content_type="application/json")


@bp.route("/courses/<code>/agenda/screen", methods=["GET", "POST"])
@requires(EDIT)
def link(code: str) -> ResponseReturnValue:
    """The secret link of a course's screen: make it, or make it anew; it is shown once."""
    course = courses.course_for(viewer(), EDIT, code)
    kept, address = queries.link_of(course.id), ""
    spoken = [one for one in course.languages if one in LANGUAGES] or ["en"]
    form = ScreenForm()
    if not form.is_submitted():
        form.languages.data = kept.languages if kept else spoken
    if form.validate_on_submit():
        with showing_refusal(form):
            token = operations.make_link(course.id, form.languages.data or [], by=viewer())
            address = external_url("screens.show", token=token)
    return render_template(
        "screens/link.html",
        course=course,
        form=form,
        address=address,
        kept=queries.link_of(course.id),
        spoken=[language_name(one) for one in kept.languages] if kept else [],
    )


@bp.route("/courses/<code>/agenda/screen/stop", methods=["GET", "POST"])
@requires(EDIT)
def stop(code: str) -> ResponseReturnValue:
    """Switch the link of a course's screen off, after asking."""
    course = courses.course_for(viewer(), EDIT, code)
    form = ScreenForm()
    if form.is_submitted() and form.validate():
        operations.stop_link(course.id, by=viewer())
        flash(_("The link of the screen no longer works."), "success")
        return redirect(url_for(".link", code=code), code=303)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Switch the screen off?"),
        act=_("Switch the screen off"),
        back_url=url_for(".link", code=code),
        sentences=[
            _("A screen that shows the course says that its link no longer works."),
            _("You can make a new link at any time."),
        ],
    )
