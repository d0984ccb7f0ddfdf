"""Adds versions to the register of laws, in the caller's transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from trainings.core import clock
from trainings.core.db import new_key
from trainings.legislation.models import LawVersion
from trainings.legislation.queries import Entry, Place
from trainings.legislation.rules import Keeper, LawState, LawText


def add_version(
    session: Session,
    place: Place,
    number: int,
    text: LawText,
    standing: LawState,
    keeper: Keeper,
    by: str | None,
) -> LawVersion:
    """Add a version. Call it with the topic locked; what it replaces must have been moved on."""
    made = LawVersion(
        id=new_key(),
        country=place[0],
        topic=place[1],
        number=number,
        standing=standing,
        said=dict(text.said),
        law=text.law,
        article=text.article,
        year=text.year,
        in_force=text.in_force,
        source_title=text.source_title,
        source_url=text.source_url,
        source_date=text.source_date,
        note=text.note,
        keeper=keeper,
        by=by,
        at=clock.now(),
    )
    session.add(made)
    return made


def make_room(session: Session, entry: Entry, standing: LawState) -> None:
    """Move on the version that has this standing; its place is taken by the next one."""
    if standing is LawState.CURRENT and entry.current is not None:
        entry.current.standing = LawState.EARLIER
    if standing is LawState.PROPOSED and entry.proposed is not None:
        entry.proposed.standing = LawState.DROPPED
    session.flush()
