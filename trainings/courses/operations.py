"""What organisers do with programmes, modules and rooms."""

from __future__ import annotations

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import versions
from trainings.core.db import transaction
from trainings.core.hooks import Hook
from trainings.core.i18n import Texts
from trainings.core.permissions import Viewer
from trainings.courses import programme_queries, writes
from trainings.courses.ownership_rules import check_own_agency
from trainings.courses.programme_rules import (
    CodeTaken,
    FollowsItself,
    ModuleInUse,
    RoomInUse,
    RoomTaken,
    check_phase,
    check_short_code,
    check_titles,
)

# Called in the open transaction before a module is removed, with its id: its files go with it.
module_goes: Hook[[Session, str], None] = Hook("courses.module_goes")


def add_programme(code: str, titles: Texts, texts: Texts, *, agency_id: str, by: Viewer) -> str:
    """Create a programme of the own agency; returns its code. Raises ``CodeTaken`` and others."""
    check_own_agency(by, agency_id)
    check_short_code(code)
    check_titles(titles)
    with transaction() as session:
        if programme_queries.programme_code_taken(code):
            raise CodeTaken(code=code)
        made = writes.add_programme(
            session, code=code, agency_id=agency_id, titles=titles, texts=texts
        )
        record(session, "programme.add", "programme", made.id, by=by.account_id, code=code)
        return made.code


def copy_programme(code: str, new_code: str, *, agency_id: str, by: Viewer) -> str:
    """Copy a programme with its phases and lessons to the own agency; returns the copy's code.

    The copy keeps where it comes from. Raises ``CodeTaken``, ``NotYourAgency`` and others.
    """
    check_own_agency(by, agency_id)
    check_short_code(new_code)
    with transaction() as session:
        source = programme_queries.programme(code, lock=True)
        if programme_queries.programme_code_taken(new_code):
            raise CodeTaken(code=new_code)
        made = writes.copy_programme(session, source, code=new_code, agency_id=agency_id)
        account = by.account_id
        record(session, "programme.copy", "programme", made.id, by=account, source=source.id)
        return made.code


def change_programme(
    code: str,
    titles: Texts,
    texts: Texts,
    *,
    by: Viewer,
    agency_id: str | None = None,
    follows_id: str | None = None,
) -> None:
    """Change the title and description of a programme, and which one it follows.

    ``agency_id``: an administrator gives one that nobody owns to an agency. Raises
    ``FollowsItself``.
    """
    check_titles(titles)
    with transaction() as session:
        programme = programme_queries.programme(code, lock=True)
        programme_queries.check_may_edit(by, programme)
        versions.check()
        programme.agency_id = programme.agency_id or agency_id
        programme.titles, programme.texts = titles, texts
        if follows_id is not None and programme.id in programme_queries.line(follows_id):
            raise FollowsItself
        programme.follows_id = follows_id
        record(session, "programme.change", "programme", programme.id, by=by.account_id)


def keep_phase(
    code: str,
    phase_id: str | None,
    titles: Texts,
    texts: Texts,
    starts_on: date | None,
    ends_on: date | None,
    *,
    by: Viewer,
) -> str:
    """Add a phase to a programme, or change one; returns its id."""
    check_titles(titles)
    check_phase(starts_on, ends_on)
    values = {"titles": titles, "texts": texts, "starts_on": starts_on, "ends_on": ends_on}
    with transaction() as session:
        programme = programme_queries.programme(code, lock=True)
        programme_queries.check_may_edit(by, programme)
        versions.check()
        if phase_id is None:
            position = max((p.position for p in programme.phases), default=-1) + 1
            phase = writes.add_phase(session, programme.id, position, **values)
        else:
            phase = programme_queries.phase(programme.id, phase_id)
            for name, value in values.items():
                setattr(phase, name, value)
        record(
            session, "programme.phase", "programme", programme.id, by=by.account_id, phase=phase.id
        )
        return phase.id


def remove_phase(code: str, phase_id: str, *, by: Viewer) -> None:
    """Remove a phase from a programme; its findings and lessons stay."""
    with transaction() as session:
        programme = programme_queries.programme(code, lock=True)
        programme_queries.check_may_edit(by, programme)
        writes.forget_phase(session, programme_queries.phase(programme.id, phase_id))
        record(
            session,
            "programme.phase_remove",
            "programme",
            programme.id,
            by=by.account_id,
            phase=phase_id,
        )


def add_module(
    code: str,
    titles: Texts,
    objectives: dict[str, list[str]],
    exploitation: list[str],
    *,
    agency_id: str,
    by: Viewer,
) -> str:
    """Add a module of the own agency; returns its id. Raises ``CodeTaken``, ``NotYourAgency``."""
    check_own_agency(by, agency_id)
    check_short_code(code)
    check_titles(titles)
    with transaction() as session:
        if programme_queries.module_code_taken(code):
            raise CodeTaken(code=code)
        made = writes.add_module(
            session,
            code=code,
            agency_id=agency_id,
            titles=titles,
            objectives=objectives,
            exploitation=exploitation,
        )
        record(session, "module.add", "module", made.id, by=by.account_id, code=code)
        return made.id


def copy_module(code: str, new_code: str, *, agency_id: str, by: Viewer) -> str:
    """Copy a module to the own agency; returns the copy's code.

    The copy keeps where it comes from. Raises ``CodeTaken``, ``NotYourAgency`` and others.
    """
    check_own_agency(by, agency_id)
    check_short_code(new_code)
    with transaction() as session:
        source = programme_queries.module(code, lock=True)
        if programme_queries.module_code_taken(new_code):
            raise CodeTaken(code=new_code)
        made = writes.add_module(
            session,
            code=new_code,
            agency_id=agency_id,
            titles=source.titles,
            objectives=source.objectives,
            exploitation=source.exploitation,
            copied_from_id=source.id,
        )
        record(session, "module.copy", "module", made.id, by=by.account_id, source=source.id)
        return made.code


def change_module(
    code: str,
    titles: Texts,
    objectives: dict[str, list[str]],
    exploitation: list[str],
    *,
    by: Viewer,
    agency_id: str | None = None,
) -> None:
    """Change a module; certificates already issued do not change.

    ``agency_id``: an administrator gives one that nobody owns to an agency.
    """
    check_titles(titles)
    with transaction() as session:
        module = programme_queries.module(code, lock=True)
        programme_queries.check_may_edit(by, module)
        versions.check()
        module.agency_id = module.agency_id or agency_id
        module.titles, module.objectives = titles, objectives
        module.exploitation = exploitation
        record(session, "module.change", "module", module.id, by=by.account_id)


def remove_module(code: str, *, by: Viewer) -> None:
    """Remove a module that is not used anywhere. Raises ``ModuleInUse``."""
    with transaction() as session:
        module = programme_queries.module(code, lock=True)
        programme_queries.check_may_edit(by, module)
        if programme_queries.module_uses(module.id):
            raise ModuleInUse
        writes.forget_source(session, module)
        module_goes(session, module.id)
        session.delete(module)
        _flush(session, ModuleInUse())
        record(session, "module.remove", "module", module.id, by=by.account_id)


def keep_room(room_id: str | None, venue: str, name: str, seats: int, *, by: str | None) -> str:
    """Add a room to a venue, or change one; returns its id. Raises ``RoomTaken``."""
    with transaction() as session:
        room = None if room_id is None else programme_queries.room(room_id, lock=True)
        versions.check()
        if programme_queries.room_taken(venue, name, room_id):
            raise RoomTaken(venue=venue, name=name)
        if room is None:
            room = writes.add_room(session, venue=venue, name=name, seats=seats)
        else:
            room.venue, room.name, room.seats = venue, name, seats
        record(session, "room.keep", "room", room.id, by=by)
        return room.id


def remove_room(room_id: str, *, by: str | None) -> None:
    """Remove a room that has no sessions. Raises ``RoomInUse``."""
    with transaction() as session:
        room = programme_queries.room(room_id)
        session.delete(room)
        _flush(session, RoomInUse())
        record(session, "room.remove", "room", room_id, by=by)


def _flush(session: Session, refusal: Exception) -> None:
    """Flush the removal; raise the refusal if other rows still refer to it."""
    try:
        session.flush()
    except IntegrityError:
        raise refusal from None
