"""The list of courses, and the page of a course that anyone may see."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.access import public, requires, viewer
from trainings.core.i18n import language, language_name
from trainings.core.permissions import Permission
from trainings.courses import access_rules, programme_queries, public_queries, queries
from trainings.courses.access_rules import Standing
from trainings.courses.models import Course, Module
from trainings.courses.programme_rules import position_of
from trainings.courses.rules import CourseState
from trainings.people import queries as people

bp = Blueprint("courses", __name__)

P = Permission
GROUPS = (
    (CourseState.RUNNING, CourseState.PUBLISHED, CourseState.REGISTRATION_CLOSED),
    (CourseState.DRAFT,),
    (CourseState.COMPLETED, CourseState.CANCELLED),
)


def standing(course_id: str) -> Standing:
    """How near the viewer stands to a course as a person; asked of the domains above."""
    if not viewer().is_authenticated:
        return Standing.STRANGER
    asked = current_app.extensions.get("standings", ())
    return max((ask(course_id, viewer()) for ask in asked), default=Standing.STRANGER)


@bp.get("/courses")
@public
def index() -> ResponseReturnValue:
    """The courses anyone may find; for staff, those they work on by state."""
    working = queries.courses_for(viewer(), P.COURSE_WORK)
    nominating = queries.courses_for(viewer(), P.REGISTRATION_NOMINATE)
    own = {course.id: course for course in (*working, *nominating)}
    found = public_queries.public_courses()
    return render_template(
        "courses/index.html",
        groups=[[c for c in own.values() if c.state in states] for states in GROUPS],
        working={course.id for course in working},
        own=own,
        found=[course for course in found if course.id not in own],
        may_create=viewer().can(P.COURSE_CREATE),
        templates=queries.courses_for(viewer(), P.COURSE_CREATE, templates=True),
    )


@bp.get("/courses/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """A course as it presents itself: to anyone where it is public, else to those involved."""
    link_key = request.args.get("key", "")
    course = public_queries.public_course(
        viewer(), code, link_key, lambda course_id: standing(course_id) >= Standing.INVOLVED
    )
    staff = queries.works_on(viewer(), course)
    exact = staff or standing(course.id) >= Standing.CONFIRMED
    return render_template(
        "courses/show.html",
        course=course,
        exact=exact,
        desk=_desk(course),
        apply_url=_apply_url(course, link_key) if not staff else None,
        functions=[f for f in people.functions() if f.code in course.functions],
    )


def _desk(course: Course) -> str | None:
    """Where someone on the staff of a course works on it."""
    if queries.may(viewer(), P.COURSE_WORK, course):
        return url_for("workspace.show", code=course.code)
    nominate = "registrations_nominate.index" in current_app.view_functions
    if nominate and queries.may(viewer(), P.REGISTRATION_NOMINATE, course):
        return url_for("registrations_nominate.index", code=course.code)
    return None


def _apply_url(course: Course, link_key: str) -> str | None:
    """Where to apply, while registration is open to those who were not nominated."""
    if "registrations_apply.start" not in current_app.view_functions:
        return None
    try:
        public_queries.check_open_now(course)
    except access_rules.RegistrationNotOpen:
        return None
    key = link_key if public_queries.opened_by(course, link_key) else None
    return url_for("registrations_apply.start", code=course.code, key=key)


@bp.get("/programmes")
@requires(P.PROGRAMME_READ)
def programmes() -> ResponseReturnValue:
    """The lines of work that courses belong to."""
    return render_template("courses/programmes.html", programmes=programme_queries.programmes())


@bp.get("/programmes/<code>")
@requires(P.PROGRAMME_READ)
def programme(code: str) -> ResponseReturnValue:
    """A programme: its phases on a line of time, what they found, its lessons, its courses."""
    found = programme_queries.programme(code)
    today = clock.now().date()
    return render_template(
        "courses/programme.html",
        programme=found,
        modules={module.id: module for module in programme_queries.modules()},
        courses=queries.courses_of(viewer(), P.COURSE_WORK, found.id),
        phases=[(one, position_of(one.starts_on, one.ends_on, today)) for one in found.phases],
    )


@bp.app_template_global()
def objectives_of(module: Module) -> list[str]:
    """The objectives of a module in the reader's language, else in English, else in any."""
    texts = module.objectives
    lines = texts.get(language()) or texts.get("en") or next(iter(texts.values()), [])
    return list(lines)


@bp.app_template_global()
def language_names(codes: list[str]) -> str:
    """Languages by their names in the reader's language."""
    return ", ".join(language_name(code) for code in codes)
