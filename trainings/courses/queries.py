"""Looks up courses within the reach of a viewer's grants."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from trainings.accounts import queries as accounts
from trainings.audit import queries as audit
from trainings.core import files, shown
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.permissions import LEAD_ONLY, Grant, Permission, Role, Viewer
from trainings.courses import access_rules
from trainings.courses.access_rules import Reach
from trainings.courses.models import Course, CourseAgency, CourseModule, Signatory
from trainings.courses.rules import DATES, CourseDates, CourseState

_LOADS: dict[str, ExecutableOption] = {
    "modules": selectinload(Course.modules).joinedload(CourseModule.module),
    "signatories": selectinload(Course.signatories).joinedload(Signatory.agency),
    "lead": joinedload(Course.lead_agency),
}
HEAD: tuple[ExecutableOption, ...] = (
    joinedload(Course.programme),
    joinedload(Course.asked).joinedload(CourseAgency.agency),
)


def options(load: Collection[str]) -> list[ExecutableOption]:
    """What a course is loaded with: programme and agencies, and what is named."""
    return [*HEAD, *(_LOADS[name] for name in load)]


def _names(column: InstrumentedAttribute[list[str]], code: str) -> ColumnElement[bool]:
    """Whether a column that holds a list of codes contains this one."""
    return cast(column, String).contains(f'"{code}"', autoescape=True)


def _covered(grant: Grant, permission: Permission) -> ColumnElement[bool]:
    """The courses that one grant covers; the same in SQL as ``access_rules.reaches``."""
    if grant.course_id is not None:
        return Course.id == grant.course_id
    if grant.role is Role.ORGANISER and grant.agency_id is not None:
        if permission in LEAD_ONLY:
            return Course.lead_agency_id == grant.agency_id
        organised = select(CourseAgency.course_id).where(
            CourseAgency.course_id == Course.id,
            CourseAgency.agency_id == grant.agency_id,
            CourseAgency.agreed_at.is_not(None),
        )
        return or_(Course.lead_agency_id == grant.agency_id, organised.correlate(Course).exists())
    if grant.role is Role.FOCAL_POINT and grant.country is not None:
        functions = [_names(Course.functions, code) for code in sorted(grant.functions)]
        return and_(
            Course.state != CourseState.DRAFT,
            Course.template.is_(False),
            _names(Course.countries, grant.country),
            or_(*functions) if functions else true(),
        )
    return false()


def within(viewer: Viewer, permission: Permission) -> ColumnElement[bool]:
    """The condition that limits a statement to the courses this permission covers."""
    return _within(viewer.grants_with(permission), permission)


@lru_cache(maxsize=1000)  # put together once for each kind of grants: most pages ask several times
def _within(grants: tuple[Grant, ...], permission: Permission) -> ColumnElement[bool]:
    return or_(false(), *(_covered(grant, permission) for grant in grants))


def course_for(
    viewer: Viewer, permission: Permission, code: str, load: Collection[str] = ()
) -> Course:
    """The course with this code, if the viewer holds the permission for it.

    Loaded with programme and agencies; ``load`` adds ``modules``, ``signatories``,
    ``lead``. Raises ``NotFound`` where it is missing or outside the viewer's reach.
    """
    found = db.session.execute(
        select(Course, audit.last_about(Course.id), shown.BESIDE)
        .where(Course.code == code, within(viewer, permission))
        .options(*options(load))
    )
    row = found.unique().one_or_none()
    if row is None:
        raise NotFound
    course: Course = row[0]
    audit.noted(course.id, row[1])
    shown.noted(row[2])
    return course


def course_by_id(
    viewer: Viewer, permission: Permission, course_id: str, load: Collection[str] = ()
) -> Course:
    """Like ``course_for``, but by id, for operations that received one. Raises ``NotFound``."""
    statement = (
        select(Course)
        .where(Course.id == course_id, within(viewer, permission))
        .options(*options(load))
    )
    return _found(statement)


def _found(statement: Select[Course], values: Mapping[str, str] | None = None) -> Course:
    course = db.session.scalars(statement, values).unique().one_or_none()
    if course is None:
        raise NotFound
    return course


def courses_for(
    viewer: Viewer,
    permission: Permission,
    states: Collection[CourseState] = (),
    *,
    templates: bool = False,
    only: Collection[str] | None = None,
) -> Sequence[Course]:
    """All courses this permission covers, the latest first; templates only on request.

    ``only``: of the courses with these ids.
    """
    if not viewer.grants_with(permission):
        return []
    statement = (
        select(Course)
        .where(Course.template.is_(templates), within(viewer, permission))
        .options(*HEAD)
        .order_by(Course.starts_on.desc(), Course.code)
    )
    if states:
        statement = statement.where(Course.state.in_(list(states)))
    if only is not None:
        statement = statement.where(Course.id.in_(only))
    return db.session.scalars(statement).unique().all()


def by_id(course_id: str, load: Collection[str] = ()) -> Course:
    """A course where access is already settled (jobs, emails). Raises ``NotFound``."""
    return _found(_by_id(tuple(load)), {"id": course_id})


@cache
def _by_id(load: tuple[str, ...]) -> Select[Course]:
    return select(Course).where(Course.id == bindparam("id")).options(*options(load))


def by_code(code: str, load: Collection[str] = ()) -> Course:
    """A course where access is settled elsewhere. Raises ``NotFound``."""
    return _found(_by_code(tuple(load)), {"code": code})


@cache
def _by_code(load: tuple[str, ...]) -> Select[Course]:
    return select(Course).where(Course.code == bindparam("code")).options(*options(load))


def id_with_code(code: str) -> str | None:
    """The id of the course with a code, for a grant limited to that course."""
    found: str | None = db.session.scalar(select(Course.id).where(Course.code == code))
    return found


def codes_of(ids: Collection[str]) -> dict[str, str]:
    """The codes of courses by id, to describe grants in words."""
    rows = db.session.execute(select(Course.id, Course.code).where(Course.id.in_(list(ids))))
    return {row.id: row.code for row in rows}


def course_locked(
    viewer: Viewer, permission: Permission, course_id: str, load: Collection[str] = ()
) -> Course:
    """Like ``course_by_id``, for a change: lock the row first, then check the permission.

    In this order because permissions can change while waiting for the lock. Raises ``NotFound``.
    """
    lock_course(course_id)
    return course_by_id(viewer, permission, course_id, load)


def lock_course(course_id: str) -> None:
    """Lock a course's row for the transaction. Raises ``NotFound``."""
    if db.session.scalar(_ID_LOCKED, {"id": course_id}) is None:
        raise NotFound


_ID_LOCKED = for_update(select(Course).where(Course.id == bindparam("id"))).with_only_columns(
    Course.id
)


def course_for_update(course_id: str) -> Course:
    """A course with its row locked for the transaction, for decisions about what can run out.

    Raises ``NotFound``.
    """
    course: Course | None = db.session.scalar(
        _LOCKED, {"id": course_id}, execution_options={"populate_existing": True}
    )
    if course is None:
        raise NotFound
    return course


_LOCKED = for_update(select(Course).where(Course.id == bindparam("id")))


def staff_with(permission: Permission, course: Course) -> set[str]:
    """The accounts of staff who hold a permission for a course now."""
    found = accounts.staff_viewers().items()
    return {account for account, who in found if may(who, permission, course)}


def may(viewer: Viewer, permission: Permission, course: Course) -> bool:
    """Whether a viewer holds a permission for a course loaded with its agencies."""
    reach = Reach(
        course_id=course.id,
        lead=course.lead_agency_id,
        agencies=frozenset(row.agency_id for row in course.organising),
        countries=course.countries,
        functions=course.functions,
        published=course.state is not CourseState.DRAFT and not course.template,
    )
    return access_rules.reaches(viewer, permission, reach)


def works_on(viewer: Viewer, course: Course) -> bool:
    """Whether the viewer works on a course as organiser, trainer or focal point."""
    return may(viewer, Permission.COURSE_WORK, course) or may(
        viewer, Permission.REGISTRATION_NOMINATE, course
    )


def code_taken(code: str) -> bool:
    """Whether a course already has this code."""
    return db.session.scalar(select(Course.id).where(Course.code == code)) is not None


def values_of(course: Course) -> dict[str, Any]:
    """All settings of a course by name; it must be loaded with modules and signatories."""
    own = (
        "code",
        "titles",
        "texts",
        "programme_id",
        "lead_agency_id",
        "languages",
        "venue",
        "city",
        "country",
        "zone",
        *DATES,
        "countries",
        "functions",
        "capacity",
        "placing",
        "separate_endorsement",
        "changes_days",
        "second_sender",
        "offer_days",
        "visibility",
        "days_shown_to",
        "threshold",
        "needs_test",
        "needs_evaluation",
        "contact",
        "instructions",
    )
    return {
        **{name: getattr(course, name) for name in own},
        "agency_ids": [row.agency_id for row in course.asked],
        "module_ids": [row.module_id for row in course.modules],
        "signatories": [
            {"agency_id": row.agency_id, "titles": dict(row.titles)} for row in course.signatories
        ],
    }


def values_of_days(course: Course) -> dict[str, Any]:
    """The dates of a course by name."""
    return {name: getattr(course, name) for name in DATES}


def dates_of(course: Course) -> CourseDates:
    """The dates of a course as the rules take them."""
    return CourseDates(
        starts_on=course.starts_on,
        ends_on=course.ends_on,
        registration_opens_on=course.registration_opens_on,
        registration_closes_on=course.registration_closes_on,
        release_on=course.release_on,
    )


def signature_of(signatory: Signatory) -> bytes:
    """A scanned signature as a PNG; empty if there is none and it is signed by hand."""
    place = f"signatory|picture_key|{signatory.id}"
    return files.content_of(signatory.picture_file, signatory.picture_key, place)


def signatory_of(course: Course, signatory_id: str) -> Signatory:
    """A signatory of a course already found within the viewer's reach. Raises ``NotFound``."""
    found = db.session.scalar(
        select(Signatory).where(Signatory.id == signatory_id, Signatory.course_id == course.id)
    )
    if found is None:
        raise NotFound
    return found
