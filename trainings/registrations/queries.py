"""Looks up registrations within the scope of a viewer's grants, and the viewer's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.util import AliasedClass

from trainings.core import sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Grant, Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people.sealed_rules import Identity
from trainings.registrations.models import Draft, HistoryStep, Registration
from trainings.registrations.rules import HOLDS_SEAT, LIVE, Act, State

_Rows = type[Registration] | AliasedClass[Registration]  # the table, or a second look at it


def _of_course(grant: Grant, rows: _Rows = Registration) -> list[ColumnElement[bool]]:
    """The registrations that one grant reaches, on a course that it reaches."""
    if grant.role is Role.FOCAL_POINT:
        conditions: list[ColumnElement[bool]] = [rows.country == grant.country]
        if grant.functions:
            conditions.append(rows.function.in_(sorted(grant.functions)))
        return conditions
    if grant.role is Role.TRAINER:
        return [rows.state.in_(sorted(HOLDS_SEAT | {State.NO_SHOW}))]
    return []


def within(viewer: Viewer, permission: Permission) -> ColumnElement[bool]:
    """The condition, on ``Registration`` joined with ``Course``, for the viewer's scope."""
    grants = viewer.grants_with(permission)
    reached = [
        and_(courses.within(Viewer(grants=(grant,)), permission), *_of_course(grant))
        for grant in grants
    ]
    return or_(false(), *reached)


def within_course(
    viewer: Viewer, permission: Permission, course_id: str, rows: _Rows = Registration
) -> ColumnElement[bool]:
    """The same for one course, which is checked once and not for each registration."""
    reached = []
    for grant in viewer.grants_with(permission):
        course = select(Course.id).where(
            Course.id == course_id, courses.within(Viewer(grants=(grant,)), permission)
        )
        reached.append(and_(course.correlate(None).exists(), *_of_course(grant, rows)))
    return and_(rows.course_id == course_id, or_(false(), *reached))


def reaches_all(viewer: Viewer, permission: Permission, course: Course) -> bool:
    """Whether one of the viewer's grants reaches every registration of a loaded course."""
    return any(
        not _of_course(grant) and courses.may(Viewer(grants=(grant,)), permission, course)
        for grant in viewer.grants_with(permission)
    )


def scoped(viewer: Viewer, permission: Permission) -> Select[Registration]:
    """The registrations within a permission's scope, joined with their courses."""
    return (
        select(Registration)
        .join(Course, Course.id == Registration.course_id)
        .where(within(viewer, permission))
        .execution_options(scope="viewer")
    )


def registration_for(
    viewer: Viewer, permission: Permission, course_code: str, number: str
) -> Registration:
    """One registration with its course and person (identity still sealed).

    Raises ``NotFound`` if it is hidden or missing.
    """
    found = db.session.scalar(
        scoped(viewer, permission)
        .where(Course.code == course_code, Registration.number == number)
        .options(joinedload(Registration.course), joinedload(Registration.person))
    )
    if found is None:
        raise NotFound
    return found


def own(viewer: Viewer) -> Sequence[Registration]:
    """The viewer's registrations with their courses, latest first."""
    if viewer.person_id is None:
        return []
    return db.session.scalars(
        select(Registration)
        .where(Registration.person_id == viewer.person_id)
        .options(joinedload(Registration.course), joinedload(Registration.person))
        .order_by(Registration.created_at.desc(), Registration.number)
        .execution_options(scope="own")
    ).all()


def own_registration(viewer: Viewer, number: str) -> Registration:
    """One of the viewer's own registrations with course and person. Raises ``NotFound``."""
    found = None
    if viewer.person_id is not None:
        found = db.session.scalar(
            select(Registration)
            .where(Registration.person_id == viewer.person_id, Registration.number == number)
            .options(joinedload(Registration.course), joinedload(Registration.person))
            .execution_options(scope="own")
        )
    if found is None:
        raise NotFound
    return found


def own_live(viewer: Viewer, course_id: str) -> Registration | None:
    """The viewer's live registration on a course, if there is one."""
    if viewer.person_id is None:
        return None
    return live_of(course_id, viewer.person_id)


def involved(viewer: Viewer, course_id: str) -> bool:
    """Whether the viewer has a registration on a course, and may therefore see it."""
    if viewer.person_id is None:
        return False
    return (
        db.session.scalar(
            select(Registration.id)
            .where(Registration.course_id == course_id, Registration.person_id == viewer.person_id)
            .limit(1)
            .execution_options(scope="own")
        )
        is not None
    )


def history(registration_id: str) -> Sequence[HistoryStep]:
    """The steps of a registration already loaded within its scope, oldest first."""
    return db.session.scalars(
        select(HistoryStep)
        .where(HistoryStep.registration_id == registration_id)
        .order_by(HistoryStep.number)
    ).all()


def last_step(course_id: str, person_id: str, act: Act, at: datetime) -> HistoryStep | None:
    """What was done last to somebody on a course by an act, until a moment.

    For a person whose registrations of the course were found within the viewer's scope.
    """
    return db.session.scalars(
        select(HistoryStep)
        .join(Registration, Registration.id == HistoryStep.registration_id)
        .where(
            Registration.course_id == course_id,
            Registration.person_id == person_id,
            HistoryStep.act == str(act),
            HistoryStep.at <= at,
        )
        .order_by(HistoryStep.number.desc())
        .limit(1)
        .execution_options(scope="viewer")
    ).one_or_none()


def reason_of(move: HistoryStep) -> str:
    """The reason for a step, opened; empty if none was given."""
    if move.reason is None:
        return ""
    return sealed.unseal(move.reason, f"move|reason|{move.registration_id}")


def printed_name(registration: Registration) -> str:
    """The name to be printed, as the person confirmed it; empty until then."""
    if registration.printed_name is None:
        return ""
    return sealed.unseal(registration.printed_name, f"registration|printed_name|{registration.id}")


def needs(registration: Registration) -> str:
    """What the person needs (food, access, interpreting), opened."""
    if registration.needs is None:
        return ""
    return sealed.unseal(registration.needs, f"registration|needs|{registration.id}")


def as_given(registration: Registration, identity: Identity) -> Identity:
    """An opened identity with only the details that were given for this registration."""
    return replace(
        identity,
        phone=_detail(registration, "phone"),
        born=_detail(registration, "born"),
        document=_detail(registration, "document"),
        unit=_detail(registration, "unit"),
    )


def born(registration: Registration) -> str:
    """The date of birth (ISO 8601), as given for this registration."""
    return _detail(registration, "born")


def unit(registration: Registration) -> str:
    """Where the person works, as given for this registration."""
    return _detail(registration, "unit")


def units(rows: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    """The units of many registrations, by id; the keys are looked up once."""
    unseal = sealed.unsealer()
    return {key: unseal(value, f"registration|unit|{key}") if value else "" for key, value in rows}


def _detail(registration: Registration, column: str) -> str:
    value = getattr(registration, column)
    return sealed.unseal(value, f"registration|{column}|{registration.id}") if value else ""


def draft(viewer: Viewer, course_id: str) -> Draft | None:
    """The viewer's unsent application for a course."""
    if viewer.account_id is None:
        return None
    return db.session.scalar(_DRAFT, {"course": course_id, "account": viewer.account_id})


_DRAFT = select(Draft).where(
    Draft.course_id == bindparam("course"), Draft.account_id == bindparam("account")
)


def live_of(course_id: str, *person_ids: str) -> Registration | None:
    """The live registration on a course of a person, or of any of several."""
    return db.session.scalar(_LIVE, {"course": course_id, "persons": person_ids})


_LIVE = (
    select(Registration)
    .where(
        Registration.course_id == bindparam("course"),
        Registration.person_id.in_(bindparam("persons", expanding=True)),
        Registration.state.in_(sorted(LIVE)),
    )
    .limit(1)
    .execution_options(scope="operation")
)


def own_drafts(viewer: Viewer) -> Sequence[Course]:
    """The courses for which the viewer has an unsent application.

    Details begun for a live registration are not among them: they appear with it.
    """
    if viewer.account_id is None:
        return []
    return db.session.scalars(
        select(Course)
        .join(Draft, Draft.course_id == Course.id)
        .where(
            Draft.account_id == viewer.account_id,
            ~exists().where(
                Registration.course_id == Course.id,
                Registration.person_id == viewer.person_id,
                Registration.state.in_(sorted(LIVE)),
            ),
        )
        .order_by(Draft.changed_at.desc())
        .execution_options(scope="own")
    ).all()
