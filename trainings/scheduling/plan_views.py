"""The timetable as it stands: for the editor to draw, and as pages with a form for each act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from trainings.agenda import act_queries
from trainings.agenda import queries as agenda
from trainings.agenda.act_rules import Entry
from trainings.agenda.grid_rules import days_from
from trainings.agenda.rules import shown_title
from trainings.core.dates import day_and_month, with_weekday
from trainings.core.errors import NotFound
from trainings.core.i18n import LANGUAGES, _, localized, speaking
from trainings.core.names import folded
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.rosters.rules import Invitation
from trainings.scheduling import queries
from trainings.scheduling.forms import BreaksForm, FrameForm, ShiftForm
from trainings.scheduling.queries import Plan, Taken
from trainings.scheduling.warning_rules import Facts, Person, Warned, warnings
from trainings.web.access import requires, viewer
from trainings.web.forms import Form

bp = Blueprint("timetable", __name__)

P = Permission
Made = TypeVar("Made", bound=Form)
USUAL = {
    "starts_at": time(9),
    "ends_at": time(17),
    "length": 90,
    "pause": 15,
    "lunch_at": time(12, 30),
    "lunch": 60,
    "fill": True,
}


def course_to_edit(code: str) -> Course:
    """The course whose timetable the viewer may change. Raises ``NotFound``."""
    return courses.course_for(viewer(), P.AGENDA_EDIT, code)


@bp.get("/courses/<code>/agenda/plan")
@requires(P.AGENDA_EDIT)
def plan(code: str) -> ResponseReturnValue:
    """The whole timetable for the editor; nothing (204) where it is still as ``state`` says.

    The names of trainers come with ``names``, which is logged; a page that asks by itself leaves
    them out.
    """
    course = course_to_edit(code)
    state = act_queries.state(course)
    if request.args.get("state") == state:
        return Response(status=204)
    named = "names" in request.args
    found = queries.plan(course, persons=named)
    names = names_of(found) if named else {}
    return jsonify({"state": state, **own_acts(course), **plain_plan(found, names)})


@bp.get("/courses/<code>/agenda/days")
@requires(P.AGENDA_EDIT)
def days(code: str) -> ResponseReturnValue:
    """A form for each act on whole days: lay out, copy breaks, move the rest; what waits."""
    return days_page(course_to_edit(code))


def days_page(course: Course, refused: Form | None = None) -> str:
    """The page of acts on whole days; a form that was refused keeps what was typed."""
    found = queries.plan(course, persons=True)
    choices = day_choices(course)
    every = [value for value, _words in choices]
    frame = refused if isinstance(refused, FrameForm) else fresh(FrameForm, days=every, **USUAL)
    breaks = refused if isinstance(refused, BreaksForm) else fresh(BreaksForm)
    shift = refused if isinstance(refused, ShiftForm) else fresh(ShiftForm)
    frame.days.choices = breaks.days.choices = choices
    return render_template(
        "scheduling/days.html",
        course=course,
        frame=frame,
        breaks=breaks,
        shift=shift,
        found=found,
        day_choices=choices,
        waiting=[(one, title_of(one.entry, found)) for one in queries.to_schedule(found)],
        versions=found.versions,
        warned=warned(found, names_of(found)),
        title_of=title_of,
        typed=typed,
        **own_acts(course),
    )


@bp.get("/courses/<code>/agenda/<session_id>/acts")
@requires(P.AGENDA_EDIT)
def acts(code: str, session_id: str) -> ResponseReturnValue:
    """A form for each act on one session: move, duplicate, split, swap, take off its day."""
    return acts_page(course_to_edit(code), session_id)


def acts_page(course: Course, session_id: str) -> str:
    """The page of acts on one session, with what was typed. Raises ``NotFound``."""
    found = queries.plan(course)
    entry = found.entries.get(session_id)
    if entry is None or entry.day is None:
        raise NotFound
    return render_template(
        "scheduling/acts.html",
        course=course,
        session_id=session_id,
        entry=entry,
        title=title_of(entry, found),
        versions=found.versions,
        day_choices=day_choices(course),
        others=[
            (key, f"{with_weekday(one.day)} · {one.starts_at:%H:%M} · {title_of(one, found)}")
            for key, one in found.entries.items()
            if key != session_id and one.day is not None
        ],
        typed=typed,
    )


def typed(act: str) -> Mapping[str, str]:
    """What was typed into the form of an act that was refused; nothing on a page that opens."""
    return request.form if request.path.endswith(f"/acts/{act}") else {}


def fresh(form: type[Made], **values: Any) -> Made:
    """A form as its page opens, whatever else was sent."""
    return form(formdata=None, data=values)


def title_of(entry: Entry, found: Plan) -> str:
    """What a session is called: by its title, else by its module or kind."""
    titles = {one.module_id: one.module.titles for one in found.modules}
    return shown_title(entry.titles, titles.get(entry.module_id or ""), entry.kind)


def day_choices(course: Course) -> list[tuple[str, str]]:
    """The days of a course, to choose from."""
    return [
        (day.isoformat(), with_weekday(day)) for day in days_from(course.starts_on, course.ends_on)
    ]


def break_names() -> dict[bool, dict[str, str]]:
    """What a break, and (under true) lunch, is called in each language."""
    found: dict[bool, dict[str, str]] = {False: {}, True: {}}
    for code in LANGUAGES:
        with speaking(code):
            found[False][code], found[True][code] = _("Break"), _("Lunch")
    return found


def names_of(found: Plan) -> dict[str, str]:
    """The names of a course's trainers with their persons; their reading is logged."""
    persons = reading.open_loaded(
        [one.trainer.person for one in found.trainers], by=viewer().account_id, purpose="agenda"
    )
    return {one.id: persons[one.trainer.person_id].name for one in found.trainers}


def own_acts(course: Course) -> dict[str, str | None]:
    """What the viewer can undo and do again, in words."""
    acts = act_queries.own_acts(course.id, viewer().account_id)
    return {
        "undo": str(acts.undo.kind.label) if acts.undo else None,
        "redo": str(acts.redo.kind.label) if acts.redo else None,
    }


def plain_session(key: str, entry: Entry, version: int) -> dict[str, Any]:
    """A session as the editor takes it; without a title of its own it is called by its module."""
    return {
        "id": key,
        "version": version,
        "kind": str(entry.kind),
        "title": localized(entry.titles),
        "module": entry.module_id,
        "room": entry.room_id,
        "trainers": list(entry.trainers),
        "roles": {one: str(role) for one, role in sorted(entry.roles.items())},
        "minutes": entry.minutes,
        "day": entry.day.isoformat() if entry.day else None,
        "start": f"{entry.starts_at:%H:%M}" if entry.starts_at else None,
    }


def plain_plan(found: Plan, names: Mapping[str, str]) -> dict[str, Any]:
    """All of a timetable; ``names``: of its trainers, where they are shown."""
    return {
        "hours": hours_words(agenda.planned_minutes(found.course.id)),
        "days": [
            {"day": day.isoformat(), "label": with_weekday(day), "head": day_and_month(day)}
            for day in days_from(found.course.starts_on, found.course.ends_on)
        ],
        "sessions": [
            plain_session(key, entry, found.versions[key]) for key, entry in found.entries.items()
        ],
        "published": None
        if found.published is None
        else {key: plain_session(key, entry, 0) for key, entry in found.published.items()},
        "modules": [
            {
                "id": one.module_id,
                "title": localized(one.module.titles),
                "planned": one.planned_minutes,
            }
            for one in found.modules
        ],
        "left": [
            {"module": one.entry.module_id, "minutes": one.entry.minutes}
            for one in queries.to_schedule(found)
            if one.key is None
        ],
        "rooms": [
            {
                "id": room.id,
                "name": room.name,
                "seats": room.seats,
                "taken": _plain(found.rooms_taken.get(room.id, [])),
            }
            for room in found.rooms
        ],
        "trainers": [
            {
                "id": one.id,
                "name": names.get(one.id),
                "accepted": one.state is Invitation.ACCEPTED,
                "taken": _plain(found.trainers_taken.get(one.id, [])),
                "away": _plain(found.trainers_away.get(one.id, [])),
            }
            for one in sorted(found.trainers, key=lambda one: folded(names.get(one.id, "")))
        ],
        "warnings": [
            {
                "text": str(one),
                "day": one.day.isoformat() if one.day else None,
                "session": one.session,
            }
            for one in warned(found, names)
        ],
    }


def hours_words(planned: int) -> str:
    """How many minutes of modules and tests are planned, in words; empty for none."""
    if not planned:
        return ""
    hours, minutes = divmod(planned, 60)
    said = _(
        "%(hours)s h %(minutes)s min of modules and tests are planned.",
        hours=hours,
        minutes=f"{minutes:02d}",
    )
    once = _("Sessions at the same time count once.")
    return f"{said} {once}"


def _plain(taken: list[Taken]) -> list[list[str]]:
    return [[f"{one.starts:%Y-%m-%dT%H:%M}", f"{one.ends:%Y-%m-%dT%H:%M}"] for one in taken]


def warned(found: Plan, names: Mapping[str, str]) -> list[Warned]:
    """What the timetable should be looked at for; a trainer without a name is ``{their id}``."""
    facts = Facts(
        people=found.people,
        languages=found.course.languages,
        readers=found.readers,
        seats={room.id: room.seats for room in found.rooms},
        rooms={room.id: room.name for room in found.rooms},
        trainers={
            one.id: Person(
                one.state is Invitation.ACCEPTED,
                one.trainer.languages,
                found.assessed.get(one.trainer_id, {}),
            )
            for one in found.trainers
        },
        away=found.trainers_away,
        declined=found.declined,
        names=names,
        modules={one.module_id: localized(one.module.titles) for one in found.modules},
        planned={
            one.module_id: one.planned_minutes
            for one in found.modules
            if one.planned_minutes is not None
        },
    )
    return warnings(found.entries, facts)
