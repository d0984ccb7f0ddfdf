"""The acts on whole days, the plan of a module, and undo: answered as those on sessions are."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from trainings.agenda import operations as agenda
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.scheduling import forms, operations
from trainings.scheduling.plan_views import break_names, course_to_edit, day_choices
from trainings.scheduling.views import answer
from trainings.web.access import requires, viewer
from trainings.web.forms import Form

bp = Blueprint("day_acts", __name__, url_prefix="/courses/<code>/agenda/acts")

P = Permission


@bp.post("/shift")
@requires(P.AGENDA_EDIT)
def shift(code: str) -> ResponseReturnValue:
    """Move the rest of a day."""
    course, form = course_to_edit(code), forms.ShiftForm()
    return answer(
        course,
        form,
        lambda: operations.shift(
            course.id, form.day.data, form.since.data, form.minutes.data, viewer()
        ),
        _("The rest of the day has been moved."),
    )


@bp.post("/breaks")
@requires(P.AGENDA_EDIT)
def breaks(code: str) -> ResponseReturnValue:
    """Copy the breaks of a day to other days."""
    course, form = course_to_edit(code), forms.BreaksForm()
    form.days.choices = day_choices(course)
    return answer(
        course,
        form,
        lambda: operations.copy_breaks(
            course.id, form.day.data, forms.dates(form.days.data), viewer()
        ),
        _("The breaks have been copied."),
    )


@bp.post("/frame")
@requires(P.AGENDA_EDIT)
def frame(code: str) -> ResponseReturnValue:
    """Lay days out in one act."""
    course, form = course_to_edit(code), forms.FrameForm()
    form.days.choices = day_choices(course)
    return answer(
        course,
        form,
        lambda: operations.lay_out(
            course.id,
            forms.dates(form.days.data),
            form.frame(),
            form.fill.data,
            break_names(),
            viewer(),
        ),
        _("The days have been laid out."),
    )


@bp.post("/plan")
@requires(P.AGENDA_EDIT)
def plan(code: str) -> ResponseReturnValue:
    """Say how long a module is meant to be taught."""
    course, form = course_to_edit(code), forms.PlanForm()

    def act() -> None:
        operations.plan_module(course.id, form.module.data, form.minutes.data, viewer())

    return answer(course, form, act, _("The planned minutes have been saved."))


@bp.post("/undo")
@requires(P.AGENDA_EDIT)
def undo(code: str) -> ResponseReturnValue:
    """Take back one's own last act."""
    course, form = course_to_edit(code), Form()
    return answer(course, form, lambda: agenda.undo(course.id, viewer()), _("Undone."))


@bp.post("/redo")
@requires(P.AGENDA_EDIT)
def redo(code: str) -> ResponseReturnValue:
    """Do again what was undone last."""
    course, form = course_to_edit(code), Form()
    return answer(course, form, lambda: agenda.redo(course.id, viewer()), _("Done again."))
