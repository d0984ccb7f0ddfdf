"""Looks up who is in the directory, who may be found by whom, and who was shown to whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from trainings.core import clock, sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.i18n import localized
from trainings.core.permissions import Permission, Viewer
from trainings.courses import programme_queries as programmes
from trainings.courses.models import Course, CourseModule, Programme
from trainings.directory.models import (
    CarriedRequest,
    DirectoryContact,
    DirectoryEntry,
    DirectoryExclusion,
    DirectoryField,
    DirectoryOpening,
    DirectoryWord,
)
from trainings.directory.rules import Admission, FieldState
from trainings.registrations import queries as registrations
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

MODERATE = Permission.DIRECTORY_MODERATE
GUARD = Permission.DIRECTORY_GUARD


class Attended(NamedTuple):
    """What somebody took part in: as what, for which country, in which programmes."""

    country: str
    function: str
    unit: str
    circles: tuple[str, ...]
    courses: tuple[str, ...]


def attended(person_id: str) -> Attended | None:
    """What somebody took part in to the end; country and function are those of the last time."""
    rows = db.session.execute(
        select(Registration, Course.programme_id)
        .join(Course, Course.id == Registration.course_id)
        .where(Registration.person_id == person_id, Registration.state == State.ATTENDED)
        .order_by(Course.ends_on.desc(), Registration.id)
        .execution_options(scope="own")
    ).all()
    if not rows:
        return None
    last = rows[0][0]
    return Attended(
        last.country,
        last.function,
        next(filter(None, (registrations.unit(one) for one, _programme in rows)), ""),
        tuple(dict.fromkeys(programme or one.course_id for one, programme in rows)),
        tuple(one.course_id for one, _programme in rows),
    )


def live(person_id: str, *, lock: bool = False) -> DirectoryEntry | None:
    """Somebody's entry, as long as their consent holds."""
    wanted = (
        select(DirectoryEntry)
        .where(DirectoryEntry.person_id == person_id, *living())
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(for_update(wanted) if lock else wanted)


def living() -> tuple[ColumnElement[bool], ...]:
    """Whether a consent holds."""
    return (DirectoryEntry.ended_at.is_(None), DirectoryEntry.until > clock.now())


def entries_of(person_id: str) -> int:
    """How many consents are kept of somebody, ended ones among them."""
    counted = select(func.count()).where(DirectoryEntry.person_id == person_id)
    return db.session.scalar(counted) or 0


def exclusion(person_id: str) -> DirectoryExclusion | None:
    """Why somebody never appears, where they do not."""
    return db.session.get(DirectoryExclusion, person_id, populate_existing=True)


def admission(person_id: str | None) -> Admission:
    """How somebody stands to the directory."""
    if person_id is None:
        return Admission.STRANGER
    if live(person_id) is not None:
        return Admission.LISTED
    if exclusion(person_id) is not None:
        return Admission.EXCLUDED
    return Admission.INVITED if attended(person_id) else Admission.STRANGER


def alias_taken(alias: str) -> bool:
    """Whether somebody in the directory is called so now, or was in a contact."""
    used = (
        select(DirectoryEntry.id).where(DirectoryEntry.alias == alias),
        select(DirectoryContact.id).where(
            or_(DirectoryContact.sender_alias == alias, DirectoryContact.recipient_alias == alias)
        ),
    )
    return any(db.session.scalar(one.limit(1)) is not None for one in used)


def words_of(entry_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By what these entries are found besides country and function."""
    rows = db.session.execute(
        select(DirectoryWord.entry_id, DirectoryWord.word).where(
            DirectoryWord.entry_id.in_(list(entry_ids))
        )
    )
    found: dict[str, list[str]] = {}
    for entry_id, word in rows:
        found.setdefault(entry_id, []).append(word)
    return {key: tuple(sorted(words)) for key, words in found.items()}


def own_unit(entry: DirectoryEntry) -> str:
    """The unit that an entry shows."""
    return sealed.unseal(entry.unit, f"directory_entry|unit|{entry.id}") if entry.unit else ""


# The list of fields


def field_names() -> dict[str, str]:
    """The fields by which people are found, named: modules, and proposals that were accepted."""
    own = db.session.scalars(
        select(DirectoryField).where(DirectoryField.state == FieldState.ACCEPTED)
    )
    names = {one.id: localized(one.titles) for one in own}
    names |= {one.id: localized(one.titles) for one in programmes.modules()}
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


def taught(course_ids: Collection[str]) -> set[str]:
    """The modules of these courses."""
    return set(
        db.session.scalars(
            select(CourseModule.module_id).where(CourseModule.course_id.in_(list(course_ids)))
        )
    )


def proposals() -> Sequence[DirectoryField]:
    """What waits for a decision, the oldest first."""
    return db.session.scalars(
        select(DirectoryField)
        .where(DirectoryField.state == FieldState.PROPOSED)
        .order_by(DirectoryField.at, DirectoryField.id)
    ).all()


def accepted_fields() -> Sequence[DirectoryField]:
    """The fields of the list that are no modules."""
    return db.session.scalars(
        select(DirectoryField)
        .where(DirectoryField.state == FieldState.ACCEPTED)
        .order_by(DirectoryField.at, DirectoryField.id)
    ).all()


def proposals_of(person_id: str) -> Sequence[DirectoryField]:
    """What somebody proposed that waits."""
    return db.session.scalars(
        select(DirectoryField).where(
            DirectoryField.proposed_by == person_id, DirectoryField.state == FieldState.PROPOSED
        )
    ).all()


def proposed_words(field: DirectoryField) -> str:
    """A field as it was proposed."""
    place = f"directory_field|proposed|{field.id}"
    return sealed.unseal(field.proposed, place) if field.proposed else ""


def field_for_update(viewer: Viewer, field_id: str) -> DirectoryField:
    """A field, locked, for who keeps the list. Raises ``NotFound``."""
    if not viewer.can(MODERATE):
        raise NotFound
    found = db.session.scalar(
        for_update(select(DirectoryField).where(DirectoryField.id == field_id)).execution_options(
            populate_existing=True
        )
    )
    if found is None:
        raise NotFound
    return found


def field(viewer: Viewer, field_id: str) -> DirectoryField:
    """A field, for who keeps the list. Raises ``NotFound``."""
    found = db.session.get(DirectoryField, field_id)
    if found is None or not viewer.can(MODERATE):
        raise NotFound
    return found


# Programmes, people who are kept out, numbers


def opened(programme_ids: Collection[str]) -> set[str]:
    """Those of these programmes whose alumni others find."""
    return set(
        db.session.scalars(
            select(DirectoryOpening.programme_id).where(
                DirectoryOpening.programme_id.in_(list(programme_ids))
            )
        )
    )


def circle_names(circles: Collection[str]) -> list[str]:
    """The programmes and courses of which somebody is an alumnus, by name."""
    found: Mapping[str, Mapping[str, str]] = {
        key: titles
        for model in (Programme, Course)
        for key, titles in db.session.execute(
            select(model.id, model.titles).where(model.id.in_(list(circles)))
        )
    }
    return [localized(found[one]) for one in circles if one in found]


def excluded(viewer: Viewer) -> Sequence[DirectoryExclusion]:
    """Who is kept out, the latest first, for the officer. Raises ``NotFound``."""
    if not viewer.can(GUARD):
        raise NotFound
    return db.session.scalars(
        select(DirectoryExclusion).order_by(DirectoryExclusion.at.desc())
    ).all()


def person_with_number(number: str) -> str | None:
    """The person whose registration has this number."""
    return db.session.scalar(
        select(Registration.person_id)
        .where(Registration.number == number)
        .execution_options(scope="operation")
    )


def carried() -> list[tuple[date, str, str, int]]:
    """How many first messages crossed which border in which month, the latest month first."""
    one = CarriedRequest
    rows = db.session.execute(
        select(one.month, one.origin, one.destination, func.count())
        .group_by(one.month, one.origin, one.destination)
        .order_by(one.month.desc(), func.count().desc(), one.origin, one.destination)
    )
    return [
        (date.fromisoformat(f"{month}-01"), origin, destination, number)
        for month, origin, destination, number in rows
    ]
