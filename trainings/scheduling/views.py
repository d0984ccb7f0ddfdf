"""The acts on a timetable: each answers the editor in place, and a form of a page with a page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda import act_queries
from trainings.agenda.act_writes import Enacted
from trainings.agenda.clash_rules import Busy
from trainings.core.errors import AlreadyDone, Refusal
from trainings.core.i18n import _, language
from trainings.core.permissions import Permission
from trainings.courses.models import Course
from trainings.scheduling import forms, operations, queries
from trainings.scheduling.plan_views import (
    acts_page,
    course_to_edit,
    days_page,
    own_acts,
    plain_plan,
    plain_session,
)
from trainings.scheduling.rules import ChangedMeanwhile
from trainings.web.access import requires, viewer
from trainings.web.forms import Form

bp = Blueprint("acts", __name__, url_prefix="/courses/<code>/agenda/acts")

P = Permission


def _in_place() -> bool:
    """Whether the editor asks, and not a form of a page."""
    return request.accept_mimetypes.best == "application/json"


def answer(
    course: Course, form: Form, act: Callable[[], Enacted | None], done_words: str
) -> ResponseReturnValue:
    """Do an act: what became of the sessions for the editor, or a message on the page."""
    if not form.validate_on_submit():
        errors = [str(error) for field in form for error in field.errors]
        return _refused(course, form, (errors or form.form_errors)[0], 422)
    try:
        done = act()
    except AlreadyDone:
        return _whole(course, 200, {}) if _in_place() else _page(course, "")
    except ChangedMeanwhile as changed:
        return _refused(course, form, str(changed), 409)
    except Refusal as refusal:
        return _refused(course, form, str(refusal), 422, _ways(course, form, refusal))
    if not _in_place():
        flash(done_words, "success")
        return _page(course, _day(done))
    entries = done.entries if done else {}
    return jsonify(
        {
            "state": act_queries.state(course),
            **own_acts(course),
            "sessions": [
                plain_session(key, entry, done.versions[key])
                for key, entry in entries.items()
                if done is not None and entry is not None
            ],
            "removed": [key for key, entry in entries.items() if entry is None],
        }
    )


def _refused(
    course: Course,
    form: Form,
    sentence: str,
    status: int,
    ways: list[dict[str, object]] | None = None,
) -> ResponseReturnValue:
    """A refusal; where somebody else changed a session, with everything as it is now."""
    if not _in_place():
        flash(sentence, "error")
        return _page_again(course, form)
    if status == 409:
        return _whole(course, status, {"refused": sentence})
    return make_response(jsonify({"refused": sentence, "ways": ways or []}), status)


def _whole(course: Course, status: int, said: dict[str, object]) -> Response:
    plan = plain_plan(queries.plan(course), {})
    state = act_queries.state(course)
    return make_response(jsonify({**said, "state": state, **own_acts(course), **plan}), status)


def _page_again(course: Course, form: Form) -> ResponseReturnValue:
    """The page whose form was refused, with what was typed; the agenda where none is named."""
    came_from = request.form.get("page", "")
    if came_from == "days":
        return days_page(course, form)
    return acts_page(course, came_from) if came_from else _page(course, "")


def _page(course: Course, day: str) -> ResponseReturnValue:
    if request.form.get("page") == "days":
        return redirect(url_for("timetable.days", code=course.code), code=303)
    return redirect(url_for("agenda.show", code=course.code) + day, code=303)


def _day(done: Enacted | None) -> str:
    days = [entry.day for entry in done.entries.values() if entry and entry.day] if done else []
    return f"#d-{min(days).isoformat()}" if days else ""


def _ways(course: Course, form: Form, refusal: Refusal) -> list[dict[str, object]]:
    """Ways out where a room or trainer of a single session is not free; names as ``{id}``."""
    if not isinstance(refusal, Busy) or not isinstance(form, forms.MoveForm):
        return []
    found = queries.plan(course)
    if isinstance(form, forms.AddForm):
        wanted = form.entry()
    elif len(form.session.data) == 1 and form.session.data[0] in found.entries:
        wanted = form.entry_of(found.entries[form.session.data[0]])
    else:
        return []
    names = {room.id: room.name for room in found.rooms}
    return [
        {
            "label": _("At %(time)s", time=f"{way.entry.starts_at:%H:%M}")
            if way.room is None and way.trainer is None
            else _("In %(room)s", room=names[way.room])
            if way.room is not None
            else _("With %(trainer)s", trainer=f"{{{way.trainer}}}"),
            "start": f"{way.entry.starts_at:%H:%M}",
            "room": way.entry.room_id or "",
            "trainers": list(way.entry.trainers),
        }
        for way in queries.ways_out(found, wanted, set(form.session.data))
    ]


@bp.post("/move")
@requires(P.AGENDA_EDIT)
def move(code: str) -> ResponseReturnValue:
    """Move sessions, or put one that waits on a day."""
    course, form = course_to_edit(code), forms.MoveForm()
    return answer(
        course,
        form,
        lambda: operations.move(
            course.id,
            form.shown(),
            form.moment(),
            viewer(),
            room=form.room.data,
            add=form.add.data,
            release=form.release.data,
            role=form.chosen_role(),
        ),
        _("The session has been moved."),
    )


@bp.post("/resize")
@requires(P.AGENDA_EDIT)
def resize(code: str) -> ResponseReturnValue:
    """Give a session another start or end."""
    course, form = course_to_edit(code), forms.ResizeForm()
    return answer(
        course,
        form,
        lambda: operations.resize(course.id, form.shown(), form.moment(), form.until(), viewer()),
        _("The session has been changed."),
    )


@bp.post("/add")
@requires(P.AGENDA_EDIT)
def add(code: str) -> ResponseReturnValue:
    """Put a new session on a day."""
    course, form = course_to_edit(code), forms.AddForm()
    return answer(
        course,
        form,
        lambda: operations.add(course.id, form.entry(), viewer()),
        _("The session has been added to the agenda."),
    )


@bp.post("/assign")
@requires(P.AGENDA_EDIT)
def assign(code: str) -> ResponseReturnValue:
    """Give sessions a room, add trainers, release trainers."""
    course, form = course_to_edit(code), forms.AssignForm()
    return answer(
        course,
        form,
        lambda: operations.assign(
            course.id,
            form.shown(),
            viewer(),
            room=form.room.data,
            add=form.add.data,
            release=form.release.data,
            role=form.chosen_role(),
            new_room=form.new_room.data,
        ),
        _("The session has been changed."),
    )


@bp.post("/name")
@requires(P.AGENDA_EDIT)
def name(code: str) -> ResponseReturnValue:
    """Give a session a title in the reader's language."""
    course, form = course_to_edit(code), forms.NameForm()
    return answer(
        course,
        form,
        lambda: operations.name(
            course.id, form.shown(), language(), form.title.data or "", viewer()
        ),
        _("The session has been changed."),
    )


@bp.post("/unschedule")
@requires(P.AGENDA_EDIT)
def unschedule(code: str) -> ResponseReturnValue:
    """Take sessions off their days; they wait."""
    course, form = course_to_edit(code), forms.SessionsForm()
    return answer(
        course,
        form,
        lambda: operations.unschedule(course.id, form.shown(), viewer()),
        _("The session waits to be scheduled."),
    )


@bp.post("/remove")
@requires(P.AGENDA_EDIT)
def remove(code: str) -> ResponseReturnValue:
    """Take sessions out of the agenda; undo brings them back."""
    course, form = course_to_edit(code), forms.SessionsForm()
    return answer(
        course,
        form,
        lambda: operations.remove(course.id, form.shown(), viewer()),
        _("The session has been removed."),
    )


@bp.post("/duplicate")
@requires(P.AGENDA_EDIT)
def duplicate(code: str) -> ResponseReturnValue:
    """The same session once more."""
    course, form = course_to_edit(code), forms.CopyForm()
    return answer(
        course,
        form,
        lambda: operations.duplicate(course.id, form.shown(), form.moment(), viewer()),
        _("The session has been duplicated."),
    )


@bp.post("/split")
@requires(P.AGENDA_EDIT)
def split(code: str) -> ResponseReturnValue:
    """Make two sessions of one."""
    course, form = course_to_edit(code), forms.SplitForm()
    return answer(
        course,
        form,
        lambda: operations.split(course.id, form.shown(), form.at.data, viewer()),
        _("The session has been split in two."),
    )


@bp.post("/swap")
@requires(P.AGENDA_EDIT)
def swap(code: str) -> ResponseReturnValue:
    """Let two sessions change places."""
    course, form = course_to_edit(code), forms.SessionsForm()
    return answer(
        course,
        form,
        lambda: operations.swap(course.id, form.shown(), viewer()),
        _("The two sessions have changed places."),
    )
