"""Looks up programmes, modules and rooms."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from trainings.accounts import queries as accounts
from trainings.agencies.rules import agencies_of
from trainings.core import paging
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized
from trainings.core.permissions import Role, Viewer
from trainings.courses import ownership_rules
from trainings.courses.models import CourseModule, Lesson, Module, Phase, Programme, Room


def how_many() -> int:
    """How many programmes there are."""
    return db.session.scalar(select(func.count()).select_from(Programme)) or 0


def page_of_own(viewer: Viewer, page: int, size: int) -> tuple[Sequence[Programme], int, int]:
    """A page of the programmes that the viewer may change, by code; which page, how many.

    The same in SQL as ``ownership_rules.may_edit``.
    """
    own: ColumnElement[bool] = Programme.agency_id.in_(agencies_of(viewer))
    if viewer.has(Role.ADMINISTRATOR):
        own = or_(own, Programme.agency_id.is_(None))
    total = db.session.scalar(select(func.count()).select_from(Programme).where(own)) or 0
    page = paging.within(page, total, size)
    statement = select(Programme).where(own).order_by(Programme.code)
    rows = db.session.scalars(statement.limit(size).offset((page - 1) * size)).all()
    return rows, page, total


def programmes(page: int = 1, size: int | None = None) -> Sequence[Programme]:
    """The programmes with their phases, by code: all, or a page of a size."""
    return db.session.scalars(
        select(Programme)
        .options(joinedload(Programme.agency), selectinload(Programme.phases))
        .order_by(Programme.code)
        .limit(size)
        .offset((page - 1) * (size or 0))
    ).all()


def programme(code: str, *, lock: bool = False) -> Programme:
    """A programme with phases and lessons; ``lock``: for a change. Raises ``NotFound``."""
    wanted = (
        select(Programme)
        .where(Programme.code == code)
        .options(
            joinedload(Programme.agency),
            joinedload(Programme.copied_from),
            selectinload(Programme.phases),
            selectinload(Programme.lessons),
        )
    )
    found = db.session.scalars(for_update(wanted, Programme) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def check_may_edit(viewer: Viewer, thing: Module | Programme) -> None:
    """Check that the viewer may change a module or programme. Raises ``NotYours`` and others."""
    name = localized(thing.agency.short_names) if thing.agency is not None else ""
    ownership_rules.check_may_edit(viewer, thing.agency_id, name)


def own_agencies(viewer: Viewer) -> list[tuple[str, str]]:
    """The viewer's own agencies with their names: for one of them they write and copy."""
    own = agencies_of(viewer)
    return [pair for pair in _all_agencies() if pair[0] in own]


def possible_owners(thing: Module | Programme) -> list[tuple[str, str]]:
    """The agencies to which an administrator can give what nobody owns; none for what is owned."""
    if thing.agency_id is not None:
        return []
    return [("", _("None yet")), *_all_agencies()]


def _all_agencies() -> list[tuple[str, str]]:
    return [(one.id, localized(one.short_names)) for one in accounts.agencies()]


def code_of_copy(thing: Module | Programme, agency_id: str) -> str:
    """A code to propose for a copy, which nothing of its kind has yet."""
    kind = type(thing)
    agency = accounts.agency(agency_id)
    taken = db.session.scalars(select(kind.code)).all()
    return ownership_rules.code_of_copy(thing.code, agency.code if agency else "", taken)


def programme_choices() -> list[tuple[str, str]]:
    """The programmes that can be chosen, by id, named."""
    rows = db.session.execute(select(Programme.id, Programme.titles).order_by(Programme.code))
    return [(key, localized(titles)) for key, titles in rows]


def line(programme_id: str) -> list[str]:
    """A programme and those it follows, itself first."""
    follows = dict(db.session.execute(select(Programme.id, Programme.follows_id)).all())
    found: list[str] = []
    at: str | None = programme_id
    while at is not None and at not in found:
        found.append(at)
        at = follows.get(at)
    return found


def phase(programme_id: str, phase_id: str) -> Phase:
    """One phase of a programme. Raises ``NotFound``."""
    found = db.session.get(Phase, phase_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound
    return found


def lesson(programme_id: str, lesson_id: str) -> Lesson:
    """One lesson of a programme. Raises ``NotFound``."""
    found = db.session.get(Lesson, lesson_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound
    return found


def modules(ids: Collection[str] | None = None) -> Sequence[Module]:
    """All modules with their agencies, or those with these ids, by code."""
    statement = select(Module).options(joinedload(Module.agency)).order_by(Module.code)
    if ids is not None:
        statement = statement.where(Module.id.in_(list(ids)))
    return db.session.scalars(statement).all()


def module(code: str, *, lock: bool = False) -> Module:
    """A module by code; ``lock``: for a change. Raises ``NotFound``."""
    wanted = (
        select(Module)
        .where(Module.code == code)
        .options(joinedload(Module.agency), joinedload(Module.copied_from))
    )
    found = db.session.scalars(for_update(wanted, Module) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def module_uses(module_id: str) -> int:
    """How many courses teach a module, plus how many lessons refer to it."""
    courses = select(func.count()).where(CourseModule.module_id == module_id).scalar_subquery()
    lessons = select(func.count()).where(Lesson.module_id == module_id).scalar_subquery()
    return int(db.session.scalar(select(courses + lessons)) or 0)


def uses() -> dict[str, int]:
    """How many courses teach each module, by the module's id."""
    rows = db.session.execute(
        select(CourseModule.module_id, func.count()).group_by(CourseModule.module_id)
    )
    return dict(rows.all())


def programme_code_taken(code: str) -> bool:
    """Whether a programme already has this code."""
    return db.session.scalar(select(Programme.id).where(Programme.code == code)) is not None


def module_code_taken(code: str) -> bool:
    """Whether a module already has this code."""
    return db.session.scalar(select(Module.id).where(Module.code == code)) is not None


def room_taken(venue: str, name: str, but: str | None) -> bool:
    """Whether the venue has another room with this name."""
    found = db.session.scalar(select(Room.id).where(Room.venue == venue, Room.name == name))
    return found is not None and found != but


def venues() -> Sequence[str]:
    """The names of venues that have rooms."""
    return db.session.scalars(select(Room.venue).distinct().order_by(Room.venue)).all()


def modules_of(course_id: str) -> Sequence[CourseModule]:
    """The modules that a course teaches, in their order."""
    return db.session.scalars(
        select(CourseModule)
        .options(joinedload(CourseModule.module))
        .where(CourseModule.course_id == course_id)
        .order_by(CourseModule.position)
    ).all()


def rooms(venue: str | None = None) -> Sequence[Room]:
    """All rooms, or those of a venue, by venue and name."""
    statement = select(Room).order_by(Room.venue, Room.name)
    if venue is not None:
        statement = statement.where(Room.venue == venue)
    return db.session.scalars(statement).all()


def page_of_rooms(page: int, size: int) -> tuple[Sequence[Room], int, int]:
    """A page of all rooms by venue and name, which page it is, and how many rooms there are."""
    total = db.session.scalar(select(func.count()).select_from(Room)) or 0
    page = paging.within(page, total, size)
    statement = select(Room).order_by(Room.venue, Room.name, Room.id)
    rows = db.session.scalars(statement.limit(size).offset((page - 1) * size)).all()
    return rows, page, total


def room(room_id: str, *, lock: bool = False) -> Room:
    """One room; ``lock``: for a change. Raises ``NotFound``."""
    found = db.session.get(Room, room_id, with_for_update=lock or None)
    if found is None:
        raise NotFound
    return found
