"""Looks up programmes, modules and rooms."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import CourseModule, Lesson, Module, Phase, Programme, Room


def programmes() -> Sequence[Programme]:
    """All programmes with their phases, by code."""
    return db.session.scalars(
        select(Programme).options(selectinload(Programme.phases)).order_by(Programme.code)
    ).all()


def programme(code: str) -> Programme:
    """A programme with phases and lessons. Raises ``NotFound``."""
    found = db.session.scalars(
        select(Programme)
        .where(Programme.code == code)
        .options(selectinload(Programme.phases), selectinload(Programme.lessons))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def programme_choices() -> Sequence[Programme]:
    """Programmes to choose from."""
    return db.session.scalars(select(Programme).order_by(Programme.code)).all()


def phase(phase_id: str) -> Phase:
    """One phase of a programme. Raises ``NotFound``."""
    found = db.session.get(Phase, phase_id)
    if found is None:
        raise NotFound
    return found


def lesson(lesson_id: str) -> Lesson:
    """One lesson of a programme. Raises ``NotFound``."""
    found = db.session.get(Lesson, lesson_id)
    if found is None:
        raise NotFound
    return found


def modules(ids: Collection[str] | None = None) -> Sequence[Module]:
    """All modules, or those of these ids, by code."""
    statement = select(Module).order_by(Module.code)
    if ids is not None:
        statement = statement.where(Module.id.in_(list(ids)))
    return db.session.scalars(statement).all()


def module(code: str) -> Module:
    """A module by code. Raises ``NotFound``."""
    found = db.session.scalars(select(Module).where(Module.code == code)).one_or_none()
    if found is None:
        raise NotFound
    return found


def module_uses(module_id: str) -> int:
    """In how many courses a module is taught."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(CourseModule)
            .where(CourseModule.module_id == module_id)
        )
        or 0
    )


def rooms(venue: str | None = None) -> Sequence[Room]:
    """All rooms, or those of a venue, by venue and name."""
    statement = select(Room).order_by(Room.venue, Room.name)
    if venue is not None:
        statement = statement.where(Room.venue == venue)
    return db.session.scalars(statement).all()


def room(room_id: str) -> Room:
    """One room. Raises ``NotFound``."""
    found = db.session.get(Room, room_id)
    if found is None:
        raise NotFound
    return found
