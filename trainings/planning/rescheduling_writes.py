"""Moves a course with its offers, and tells the people concerned; what that would do, before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy.orm import Session

from trainings.core import clock
from trainings.course_mails import queries as course_mails
from trainings.courses.access_rules import Nearness
from trainings.courses.models import Course
from trainings.courses.writes import tell
from trainings.desk.queries import numbers
from trainings.mailings import writes as mailings
from trainings.planning.rescheduling_rules import (
    UNDER_WAY,
    Consequences,
    Schedule,
    release_passes,
    shortened_dates,
)
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters.rules import Invitation
from trainings.seats import placing_rules, waiting_queries
from trainings.seats import queries as seat_queries
from trainings.seats import writes as seat_writes
from trainings.seats.offer_rules import moved_last_day

_TEACHES = frozenset({Invitation.ACCEPTED})


def consequences(
    course: Course, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Consequences:
    """What saving ``after`` would do to a locked course and its people."""
    old, new = Schedule.of(before), Schedule.of(after)
    shortened = shortened_dates(after)
    found = Consequences(old, new, shortened=shortened)
    facts: dict[str, Any] = {}
    if course.state in UNDER_WAY and found.venue_only:
        facts |= {
            "confirmed": headcount(course.id).number([State.CONFIRMED]),
            "trainers": len(course_mails.trainer_persons(course.id, _TEACHES)),
        }
    elif course.state in UNDER_WAY and found.moved:
        facts |= _concerned(course, old, new)
    released = course.released_at is not None or course.state not in UNDER_WAY
    if not released and release_passes(before, {**after, **shortened}, clock.now()):
        seating = seat_queries.seating(course.id)
        given = placing_rules.release(seating.blocks, seating.held).given
        facts |= {
            "releases": True,
            "seats_released": sum(one.seats for one in given),
            "waiting": len(waiting_queries.waiting(course.id)),
        }
    return replace(found, **facts)


def _concerned(course: Course, old: Schedule, new: Schedule) -> dict[str, Any]:
    days = [(_last_day(one, old), _moved(one, old, new)) for one in _offered(course)]
    cut = [moved for day, moved in days if moved < day]
    held = seat_queries.moved_vacancies(course.id, old.zone, new.zone, new.starts_on)
    held_cut = [one.after for one in held if one.after < one.before]
    times_change = (old.starts_on, old.zone) != (new.starts_on, new.zone)
    invited = course_mails.focal_point_persons(course.countries, course.functions)
    return {
        "sessions": numbers(course.id).sessions if times_change else 0,
        "offers": len(days),
        "offers_shortened": len(cut),
        "offers_until": max(cut, default=None),
        "held_shortened": len(held_cut),
        "held_until": max(held_cut, default=None),
        "confirmed": headcount(course.id).number([State.CONFIRMED]),
        "trainers": len(course_mails.trainer_persons(course.id)),
        "focal_points": len(invited),
    }


def _offered(course: Course) -> list[Registration]:
    found = locked_queries.with_persons(course.id, {State.OFFERED})
    return [one for one in found if one.offered_until is not None]


def _last_day(offered: Registration, old: Schedule) -> date:
    until = offered.offered_until
    assert until is not None  # noqa: S101 — for the types: ``_offered`` leaves out the others
    return until.astimezone(ZoneInfo(old.zone)).date()


def _moved(offered: Registration, old: Schedule, new: Schedule) -> date:
    return moved_last_day(_last_day(offered, old), new.starts_on, clock.today(new.zone))


def carry_out(session: Session, course: Course, done: Consequences) -> None:
    """Move the deadlines of open offers and held seats with the course, and email all concerned."""
    if done.moved and not done.venue_only:
        seat_writes.move_vacancies(session, course, done.before.zone)
    if not done.told:
        return
    offered = [] if done.venue_only else _offered(course)
    for one in offered:
        one.offered_until = clock.end_of(_moved(one, done.before, done.after), course.zone)
    session.flush()
    seat_writes.follow_offers(session, offered)
    confirmed = locked_queries.with_persons(course.id, {State.CONFIRMED})
    context = {"before": done.before}
    notices = [
        mail_writes.Notice("rescheduled", one, until=one.offered_until, context=context)
        for one in (*offered, *confirmed)
    ]
    mailings.tell_each(session, course, notices)
    _tell_staff(session, course, done)


def _tell_staff(session: Session, course: Course, done: Consequences) -> None:
    """Email the trainers, and the focal points who are told of the course."""

    def told(people: Mapping[str, str], near: Nearness, *, teaching: bool) -> None:
        tell(
            session,
            course,
            "course_rescheduled",
            people,
            before=done.before,
            near=near,
            teaching=teaching,
        )

    teachers = course_mails.trainer_persons(course.id, _TEACHES)
    told(teachers, Nearness.CONFIRMED, teaching=True)
    if done.venue_only:
        return
    asked = course_mails.trainer_persons(course.id, {Invitation.INVITED})
    told(asked, Nearness.OFFERED, teaching=True)
    invited = course_mails.focal_point_persons(course.countries, course.functions)
    known = teachers.keys() | asked.keys()
    others = {one: language for one, language in invited.items() if one not in known}
    told(others, Nearness.OFFERED, teaching=False)
