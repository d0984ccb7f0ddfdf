"""Looks up materials: those of a course that somebody may have, those of a module, one of them.

Rights are asked here each time: of a course's staff, of trainers who accepted, of participants who
confirmed. Whoever may not have a file does not learn that there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct, field
from sqlalchemy import Select, func, or_, select

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession, WaitingSession
from trainings.agenda.rules import shown_title
from trainings.agenda_versions import queries as versions
from trainings.core import clock, sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.names import folded
from trainings.core.permissions import Permission, Viewer
from trainings.courses import ownership_rules, programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course, Module
from trainings.materials.models import Material
from trainings.materials.rules import Item, Relation, may_have
from trainings.registrations.models import Registration

EDIT = Permission.MATERIAL_EDIT


class Shelf(Struct, frozen=True):
    """A session with the files that the reader may have; not on the agenda: without a day."""

    session_id: str
    title: str
    day: date | None = None
    time: str = ""
    items: Sequence[Item] = field(default=())


def standings(viewer: Viewer, course: Course) -> frozenset[Relation]:
    """How somebody stands to a course, asked anew each time.

    Trainers have their role from when they accept until they leave: the invited get nothing yet.
    """
    found = set()
    if courses.may(viewer, EDIT, course):
        found.add(Relation.STAFF)
    elif courses.may(viewer, Permission.AGENDA_READ, course):
        found.add(Relation.TRAINER)
    if agenda.takes_part(viewer, course.id):
        found.add(Relation.PARTICIPANT)
    return frozenset(found)


def course_with(viewer: Viewer, code: str) -> tuple[Course, frozenset[Relation]]:
    """A course to whose files the viewer has some right, and which. Raises ``NotFound``."""
    course = courses.by_code(code)
    found = standings(viewer, course)
    if not found:
        raise NotFound
    return course, found


def shelves(course: Course, standing: frozenset[Relation]) -> list[Shelf]:
    """The sessions of a course with the files that these standings may have, in order of time.

    Staff see each session that can have some as it is being worked on, also those that wait for a
    day, and what is left of sessions that were removed. Others see those with files alone, as the
    agenda that is published has them; files of a session that is not on it lie without its title.
    """
    rows = agenda.sessions_of(course.id)
    modules = {row.module_id for row in rows if row.module_id}
    found = db.session.scalars(
        select(Material)
        .where(or_(Material.course_id == course.id, Material.module_id.in_(modules)))
        .order_by(Material.changed_at, Material.id)
    ).all()
    now = clock.now()
    shown = [_shelf(row, found, standing, over=row.ends_utc <= now) for row in rows]
    if Relation.STAFF not in standing:
        return _as_published(course.id, [one for one in shown if one.items])
    return [*shown, *_not_on_agenda(course.id, found, {row.id for row in rows})]


def _shelf(
    row: AgendaSession, found: Iterable[Material], standing: frozenset[Relation], *, over: bool
) -> Shelf:
    items = in_order(
        one
        for one in found
        if (one.session_id == row.id or (one.module_id and one.module_id == row.module_id))
        and may_have(one.audience, standing, over=over)
    )
    return Shelf(
        row.id,
        shown_title(row.titles, row.module.titles if row.module else None, row.kind),
        row.day,
        f"{row.starts_at:%H:%M}–{row.ends_at:%H:%M}",
        items,
    )


def _as_published(course_id: str, found: Sequence[Shelf]) -> list[Shelf]:
    """These shelves by the published agenda; what has no place there on one without a title."""
    if not found:
        return []
    entries = versions.entries_of(versions.latest(course_id))
    known = versions.referred(entries.values(), persons=False)
    files = {one.session_id: one.items for one in found}
    there = [
        Shelf(one.id, one.title, start.date(), f"{start:%H:%M}–{end:%H:%M}", files[one.id])
        for one in versions.planned(entries, known)
        if one.id in files and (start := one.entry.start) and (end := one.entry.end)
    ]
    shown = {item.id for one in there for item in one.items}
    left = {item.id: item for one in found for item in one.items if item.id not in shown}
    return [*there, *([Shelf("", "", items=list(left.values()))] if left else [])]


def _not_on_agenda(course_id: str, found: Iterable[Material], there: set[str]) -> list[Shelf]:
    """The sessions that wait for a day, and those that are gone but have files."""
    waiting = {
        row.id: shown_title(row.titles, titles, row.kind)
        for row, titles in db.session.execute(
            select(WaitingSession, Module.titles)
            .outerjoin(Module, Module.id == WaitingSession.module_id)
            .where(WaitingSession.course_id == course_id)
        )
    }
    left: dict[str, list[Material]] = {key: [] for key in waiting}
    for one in found:
        if one.session_id and one.session_id not in there:
            left.setdefault(one.session_id, []).append(one)
    return [Shelf(key, waiting.get(key, ""), items=in_order(rows)) for key, rows in left.items()]


def session_titles(course: Course) -> dict[str, tuple[date | None, str]]:
    """The sessions to which a file can be added: day and title, by id."""
    return {
        one.session_id: (one.day, " ".join((one.time, one.title)).strip())
        for one in shelves(course, frozenset({Relation.STAFF}))
        if one.title
    }


def in_order(rows: Iterable[Material]) -> tuple[Item, ...]:
    """Files as pages list them: by their names."""
    items = map(item_of, rows)
    return tuple(sorted(items, key=lambda one: (folded(one.name), one.name, one.id)))


def item_of(row: Material) -> Item:
    """A file as pages show it, its name opened."""
    return Item(
        id=row.id,
        name=name_of(row),
        kind=row.kind,
        size=row.size,
        version=row.version,
        audience=row.audience,
        scanned=row.scanned,
        changed_at=row.changed_at,
        of_module=row.module_id is not None,
    )


def name_of(row: Material) -> str:
    """The name of a file, without its ending."""
    return sealed.unseal(row.name, f"material|name|{row.id}")


def key_of(row: Material) -> bytes:
    """The data key of a file."""
    return sealed.open_bytes(row.file_key, f"material|file_key|{row.id}")


def of_module(module_id: str) -> tuple[Item, ...]:
    """The files of a module that was loaded for who may change it."""
    return in_order(db.session.scalars(select(Material).where(Material.module_id == module_id)))


def module_for(viewer: Viewer, code: str, *, lock: bool = False) -> Module:
    """A module whose files the viewer may change: that of their agency. Raises ``NotFound``."""
    module = programme_queries.module(code, lock=lock)
    if not ownership_rules.may_edit(viewer, module.agency_id):
        raise NotFound
    return module


def module_names(module_id: str) -> tuple[str, dict[str, str]]:
    """The code and titles of a module whose file was loaded for who may change it."""
    code, titles = db.session.execute(
        select(Module.code, Module.titles).where(Module.id == module_id)
    ).one()
    return code, titles


def given_to(viewer: Viewer, material_id: str) -> Material:
    """A file that the viewer may have now. Raises ``NotFound``."""
    row = db.session.get(Material, material_id)
    if row is None:
        raise NotFound
    if row.module_id is not None and may_change(viewer, row):
        return row
    for course, ends in _where_given(viewer, row):
        over = ends is not None and ends <= clock.now()
        standing = standings(viewer, course)
        if ends is None:  # its session is not on the agenda: nobody else is told of it
            standing &= {Relation.STAFF}
        if may_have(row.audience, standing, over=over):
            return row
    raise NotFound


def _where_given(viewer: Viewer, row: Material) -> list[tuple[Course, datetime | None]]:
    """The courses in which a file is given out, each with the end of its session.

    Of a module's: the first session of each course in which it is taught; the viewer's own alone.
    """
    if row.course_id is not None:
        ends = db.session.scalar(
            select(AgendaSession.ends_utc).where(
                AgendaSession.id == row.session_id, AgendaSession.course_id == row.course_id
            )
        )
        return [(courses.by_id(row.course_id), ends)]
    found = db.session.execute(
        select(AgendaSession.course_id, func.min(AgendaSession.ends_utc))
        .where(
            AgendaSession.module_id == row.module_id,
            AgendaSession.course_id.in_(_own_courses(viewer)),
        )
        .group_by(AgendaSession.course_id)
        .execution_options(scope="own")
    ).all()
    return [(courses.by_id(course_id), ends) for course_id, ends in found]


def _own_courses(viewer: Viewer) -> Select[str]:
    """The courses with which the viewer has to do, for a statement in the scope *own*."""
    taking = select(Registration.course_id).where(
        Registration.person_id == (viewer.person_id or "")
    )
    return select(Course.id).where(
        or_(courses.within(viewer, Permission.AGENDA_READ), Course.id.in_(taking))
    )


def may_change(viewer: Viewer, row: Material) -> bool:
    """Whether the viewer may change a file: staff of its course, or of its module's agency."""
    if row.course_id is not None:
        return courses.may(viewer, EDIT, courses.by_id(row.course_id))
    owner = db.session.scalar(select(Module.agency_id).where(Module.id == row.module_id))
    return viewer.can(EDIT) and ownership_rules.may_edit(viewer, owner)


def material_for(viewer: Viewer, material_id: str) -> Material:
    """A file that the viewer may change. Raises ``NotFound``."""
    row = db.session.get(Material, material_id)
    if row is None or not may_change(viewer, row):
        raise NotFound
    return row


def material_for_update(viewer: Viewer, material_id: str) -> Material:
    """The same for a change: its course or module is locked first, then the right asked again.

    Raises ``NotFound``.
    """
    row = db.session.get(Material, material_id)
    if row is None:
        raise NotFound
    lock_place(viewer, row.course_id, row.module_id)
    found: Material | None = db.session.scalar(
        for_update(select(Material).where(Material.id == material_id)),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound
    return found


def lock_place(viewer: Viewer, course_id: str | None, module_id: str | None) -> None:
    """Lock the course or module to which a file belongs. Raises ``NotFound`` without the right."""
    if course_id is not None:
        courses.course_locked(viewer, EDIT, course_id)
        return
    found = db.session.scalar(for_update(select(Module).where(Module.id == module_id)))
    if found is None or not ownership_rules.may_edit(viewer, found.agency_id):
        raise NotFound


def used(course_id: str | None, module_id: str | None) -> int:
    """How many bytes the files of a course or module have together."""
    of = Material.course_id == course_id if course_id else Material.module_id == module_id
    return int(db.session.scalar(select(func.coalesce(func.sum(Material.size), 0)).where(of)) or 0)


def has_session(course_id: str, session_id: str) -> bool:
    """Whether a course has a session, on its agenda or waiting for a day."""
    kinds: tuple[type[AgendaSession] | type[WaitingSession], ...] = (AgendaSession, WaitingSession)
    return any(
        db.session.scalar(select(kind.id).where(kind.id == session_id, kind.course_id == course_id))
        for kind in kinds
    )


def files() -> frozenset[str]:
    """The names of all files to which a row refers."""
    return frozenset(db.session.scalars(select(Material.file)))


def by_id(material_id: str) -> Material:
    """One file, for whoever has asked who may have it."""
    return db.session.get_one(Material, material_id)
