"""The list of courses, and the page of a course."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agencies.rules import agencies_of
from trainings.core import paging
from trainings.core.dates import days, month
from trainings.core.hooks import Hook
from trainings.core.i18n import country_name, language, language_name
from trainings.core.permissions import Permission, Viewer
from trainings.courses import access_rules, programme_queries, public_queries, queries
from trainings.courses.access_rules import Nearness
from trainings.courses.models import Course, Module
from trainings.courses.public_queries import Part
from trainings.people import queries as people
from trainings.web.access import public, requires, viewer
from trainings.web.fields import whole
from trainings.web.visitor_pages import kept_for_visitors

bp = Blueprint("courses", __name__)

P = Permission
PROGRAMMES = 30  # on a page


# How closely somebody is involved in a course through their registrations and invitations.
standing_of: Hook[[str, Viewer], Nearness] = Hook("courses.standing_of")


def standing(course_id: str) -> Nearness:
    """How closely the viewer is involved in a course; answered by a hook of the other domains."""
    if not viewer().is_authenticated:
        return Nearness.STRANGER
    return standing_of(course_id, viewer())


@bp.get("/courses")
@public
@kept_for_visitors
def index() -> ResponseReturnValue:
    """The public courses; for staff, the courses they work on, by state."""
    words = request.args.get("find", "")[: public_queries.LONGEST]
    pages = {part: request.args.get(part, 1, whole) for part in Part}
    found = public_queries.lists(viewer(), pages, words)
    own = [*found[Part.CURRENT].rows, *found[Part.DRAFTS].rows, *found[Part.PAST].rows]
    return render_template(
        "courses/index.html",
        groups=[(part, found[part]) for part in (Part.CURRENT, Part.DRAFTS, Part.PAST)],
        working=public_queries.worked_on(viewer(), [course.id for course in own]),
        own=own,
        found=found[Part.OPEN],
        may_create=viewer().can(P.COURSE_CREATE),
        templates=found[Part.TEMPLATES],
        words=words,
        many=bool(words) or any(one.pages > 1 for one in found.values()),
    )


@bp.get("/courses/<code>")
@public
@kept_for_visitors
def show(code: str) -> ResponseReturnValue:
    """The page of a course: for anyone where it is public, else for those involved."""
    link_key = request.args.get("key", "")
    course = public_queries.public_course(
        viewer(), code, link_key, lambda course_id: standing(course_id) >= Nearness.INVOLVED
    )
    staff = queries.works_on(viewer(), course)
    return render_template(
        "courses/show.html",
        course=course,
        near=Nearness.CONFIRMED if staff else standing(course.id),
        desk=_desk(course),
        apply_url=_apply_url(course, link_key) if not staff else None,
        functions=[f for f in people.functions() if f.code in course.functions],
    )


def _desk(course: Course) -> str | None:
    """The URL of a course's staff page, for someone who works on it."""
    if queries.may(viewer(), P.COURSE_WORK, course):
        return url_for("desk.show", code=course.code)
    if queries.may(viewer(), P.REGISTRATION_NOMINATE, course):
        return url_for("nominations.index", code=course.code)
    return None


def _apply_url(course: Course, link_key: str) -> str | None:
    """The URL to apply, while registration is open to people who were not nominated."""
    try:
        public_queries.check_open_now(course)
    except access_rules.RegistrationNotOpen:
        return None
    key = link_key if public_queries.opened_by(course, link_key) else None
    return url_for("participants_apply.start", code=course.code, key=key)


@bp.get("/programmes")
@requires(P.LESSON_READ)
def programmes() -> ResponseReturnValue:
    """The programmes that courses belong to."""
    total = programme_queries.how_many()
    page = paging.within(request.args.get("page", 1, whole), total, PROGRAMMES)
    return render_template(
        "courses/programmes.html",
        programmes=programme_queries.programmes(page, PROGRAMMES),
        page=page,
        pages=paging.pages(total, PROGRAMMES),
        may_add=bool(agencies_of(viewer())),
    )


bp.add_app_template_global(access_rules.sees_venue)


@bp.app_template_global()
def my_nearness(course: Course) -> Nearness:
    """How closely the viewer is involved in a course, for ``when`` and ``sees_venue``."""
    return Nearness.CONFIRMED if queries.works_on(viewer(), course) else standing(course.id)


@bp.app_template_global()
def sees_days(course: Course, near: Nearness = Nearness.STRANGER) -> bool:
    """Whether somebody so near a course sees its exact days."""
    return access_rules.sees_days(course.days_shown_to, near)


@bp.app_template_global()
def when(course: Course, near: Nearness = Nearness.STRANGER) -> str:
    """The days of a course in short, or its month for people who do not see the days."""
    shown = sees_days(course, near)
    return days(course.starts_on, course.ends_on) if shown else month(course.starts_on)


@bp.app_template_global()
def where(course: Course, near: Nearness = Nearness.STRANGER) -> str:
    """The place of a course: the city, before it the venue for people who see that."""
    venue = course.venue if access_rules.sees_venue(near) else ""
    return ", ".join(filter(None, (venue, course.city, country_name(course.country))))


@bp.app_template_global()
def map_url(course: Course) -> str:
    """The venue for the reader's own map: who opens it asks no server of ours or of others.

    A ``geo:`` address (RFC 5870) with the place in words, as maps on phones read it.
    """
    return f"geo:0,0?q={quote(where(course, Nearness.CONFIRMED), safe='')}"


@bp.app_template_global()
def objectives_of(module: Module) -> list[str]:
    """The objectives of a module in the reader's language, else in English, else in any."""
    texts = module.objectives
    lines = texts.get(language()) or texts.get("en") or next(iter(texts.values()), [])
    return list(lines)


@bp.app_template_global()
def language_names(codes: list[str]) -> str:
    """The names of languages in the reader's language."""
    return ", ".join(language_name(code) for code in codes)
