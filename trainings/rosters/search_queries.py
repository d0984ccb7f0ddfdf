"""Searches the roster: who fits, and why the others do not, within what the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from trainings.core.db import db
from trainings.core.hooks import Hook
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.rosters.queries import OnRoster
from trainings.rosters.search_rules import Known, Occupied, Reason, Service, Wanted, reasons

# When trainers are needed by courses on some days, first and last included: all of them, wherever
# that is. What else keeps somebody from coming (their own calendar) is added behind it.
occupied: Hook[[date, date], Sequence[Occupied]] = Hook("rosters.occupied")
# What each trainer has taught so far; of the sessions, those of a module, by the trainer's id.
services: Hook[[str], Mapping[str, Service]] = Hook("rosters.services")


class Found(NamedTuple):
    """A trainer with what they have taught, and why they do not fit."""

    trainer: OnRoster
    service: Service
    reasons: Sequence[Reason]


_NONE = Service()


def search(
    viewer: Viewer, trainers: Sequence[OnRoster], wanted: Wanted, today: date
) -> list[Found]:
    """These trainers, each with the reasons why not; the courses in them are seen by the viewer."""
    taught = services(wanted.module)
    if not wanted.asks:
        return [Found(one, taught.get(one.id, _NONE), ()) for one in trainers]
    busy: dict[str, list[Occupied]] = {}
    if wanted.first is not None and wanted.last is not None:
        for one in occupied(wanted.first, wanted.last):
            busy.setdefault(one.trainer_id, []).append(one)
    seen = _seen(viewer, {one.course_id for some in busy.values() for one in some})
    found = []
    for trainer in trainers:
        service = taught.get(trainer.id, _NONE)
        known = Known(trainer.languages, trainer.module_ids, service, busy.get(trainer.id, ()))
        found.append(Found(trainer, service, reasons(wanted, known, seen, today)))
    return found


def _seen(viewer: Viewer, course_ids: set[str]) -> frozenset[str]:
    if not course_ids:
        return frozenset()
    statement = select(Course.id).where(
        Course.id.in_(course_ids), courses.within(viewer, Permission.ROSTER_READ)
    )
    return frozenset(db.session.scalars(statement))


def course_names(found: Sequence[Found]) -> Mapping[str, tuple[str, dict[str, str]]]:
    """Code and titles of the courses in the reasons, by id: those that the viewer sees."""
    ids = {reason.course_id for one in found for reason in one.reasons if reason.course_id}
    if not ids:
        return {}
    rows = db.session.execute(
        select(Course.id, Course.code, Course.titles).where(Course.id.in_(ids))
    )
    return {row.id: (row.code, row.titles) for row in rows}
