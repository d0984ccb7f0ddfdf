"""Adds up the hours that people attended; sessions at the same time count once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import chain

from sqlalchemy import ColumnElement, and_, case, func, select

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import COUNTED, Span, parallel, union_minutes
from trainings.attendance.models import AttendanceMark
from trainings.attendance.queries import confirmed
from trainings.attendance.rules import COUNTS, Share
from trainings.core.db import db
from trainings.registrations.models import Registration

_COUNTED = AgendaSession.kind.in_(sorted(COUNTED))
_THERE = AttendanceMark.mark.in_(sorted(COUNTS))


def minutes_attended(course_id: str) -> Mapping[str, int]:
    """The minutes of modules and tests each registration was present for (or late)."""
    spans = agenda.counted_spans([course_id])
    return _minutes(AgendaSession.course_id == course_id, spans.values())


def minutes_of(registration_ids: Collection[str]) -> Mapping[str, int]:
    """The same for some registrations, in any course."""
    courses = (
        select(Registration.course_id)
        .where(Registration.id.in_(registration_ids))
        .execution_options(scope="operation")
    )
    spans = agenda.counted_spans(courses)
    return _minutes(AttendanceMark.registration_id.in_(registration_ids), spans.values())


def _minutes(whose: ColumnElement[bool], courses: Collection[Mapping[str, Span]]) -> dict[str, int]:
    """The sums of sessions that are alone at their time; to them, the union of the parallel."""
    spans = dict(chain.from_iterable(one.items() for one in courses))
    at_once = frozenset(chain.from_iterable(map(parallel, courses)))
    rows = db.session.execute(
        select(AttendanceMark.registration_id, func.sum(AgendaSession.minutes))
        .join(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
        .where(whose, _COUNTED, _THERE, AgendaSession.id.not_in(sorted(at_once)))
        .group_by(AttendanceMark.registration_id)
    )
    found = {registration: int(minutes) for registration, minutes in rows}
    for registration, attended in _in_parallel(whose, at_once, there=True).items():
        minutes = union_minutes(spans[key] for key in attended)
        found[registration] = found.get(registration, 0) + minutes
    return found


def _in_parallel(
    whose: ColumnElement[bool], at_once: Collection[str], *, there: bool
) -> dict[str, list[str]]:
    """The parallel sessions that people were marked in, there or not, by registration."""
    if not at_once:
        return {}
    rows = db.session.execute(
        select(AttendanceMark.registration_id, AttendanceMark.session_id)
        .join(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
        .where(whose, AttendanceMark.session_id.in_(sorted(at_once)), _THERE if there else ~_THERE)
    )
    found: dict[str, list[str]] = {}
    for registration, key in rows:
        found.setdefault(registration, []).append(key)
    return found


def shares(course_id: str, keys: Collection[str] | None = None) -> Mapping[str, Share]:
    """Each confirmed person's share of the planned hours of a course, by registration.

    Of all, or of those with these ``keys``.

    Of parallel sessions, only those hours are missed in which nobody can still be marked there.
    """
    spans = agenda.counted_spans([course_id]).get(course_id, {})
    at_once, planned = parallel(spans), union_minutes(spans.values())
    alone = and_(_COUNTED, AgendaSession.id.not_in(sorted(at_once)))
    rows = db.session.execute(
        select(
            Registration.id,
            func.sum(case((and_(alone, _THERE), AgendaSession.minutes), else_=0)),
            func.sum(case((and_(alone, ~_THERE), AgendaSession.minutes), else_=0)),
        )
        .outerjoin(AttendanceMark, AttendanceMark.registration_id == Registration.id)
        .outerjoin(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
        .where(*confirmed(course_id, keys))
        .group_by(Registration.id)
        .execution_options(scope="viewer")
    )
    here = AgendaSession.course_id == course_id
    if keys is not None:
        here = and_(here, AttendanceMark.registration_id.in_(list(keys)))
    attended = _in_parallel(here, at_once, there=True)
    missed = _in_parallel(here, at_once, there=False)
    at_most = union_minutes(spans[key] for key in at_once)

    def share(key: str, was: int | None, was_not: int | None) -> Share:
        possible = at_once - set(missed.get(key, ()))
        return Share(
            int(was or 0) + union_minutes(spans[one] for one in attended.get(key, ())),
            planned,
            int(was_not or 0) + at_most - union_minutes(spans[one] for one in possible),
        )

    return {key: share(key, was, was_not) for key, was, was_not in rows}
