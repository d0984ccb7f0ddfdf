"""What happens around seats: select, invite, order the reserve list; accept, decline, withdraw."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.registrations import acting_queries, notice_writes, rules, seat_writes
from trainings.registrations.candidate_rules import (
    Candidate,
    DeadlinePast,
    check_going,
    check_invited,
    cleaned,
    cleaned_mail,
    cleaned_reason,
)
from trainings.registrations.candidate_writes import find_or_add
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, OfferClosed, Performer, State
from trainings.registrations.seating_rules import Group
from trainings.registrations.writes import begin, move

SELECT = Permission.REGISTRATION_SELECT


@dataclass(frozen=True)
class Outcome:
    """What a selection came to: the numbers of those offered a seat, and of those in reserve."""

    offered: tuple[str, ...]
    reserve: tuple[str, ...]


def select(course_id: str, numbers: Collection[str], by: Viewer) -> Outcome:
    """Select endorsed candidates: each is offered a seat, or put on the reserve list when full.

    Who comes first among them: their country's priority, then the order given.
    """
    offered: list[str] = []
    reserve: list[str] = []
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        found = acting_queries.for_acting(by, SELECT, course.id, numbers)
        for registration in found:
            rules.check(Act.SELECT, registration.state, performer=Performer.ORGANISER)
        now = seat_writes.seating_for_update(session, course)
        until = seat_writes.offer_deadline(course)
        for registration in sorted(found, key=_by_priority):
            group = Group(registration.country, registration.function)
            seat, now = seat_writes.take_seat(session, now, group, by=by.account_id)
            to = State.RESERVE if seat is None else State.OFFERED
            move(
                session, registration, Act.SELECT, to, by=by.account_id, seat=seat,
                offered_until=until if seat else None,
            )  # fmt: skip
            seat_writes.follow_offer(session, registration)
            notice_writes.told_by_outcome(session, course, registration)
            (reserve if seat is None else offered).append(registration.number)
        seat_writes.schedule_release(session, course)
    return Outcome(tuple(offered), tuple(reserve))


def _by_priority(registration: Registration) -> tuple[bool, int]:
    return registration.priority is None, registration.priority or 0


def unselect(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Undo a selection that nobody has answered; a seat that frees is offered to the next."""
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        for registration in acting_queries.for_acting(by, SELECT, course.id, numbers):
            rules.check(Act.UNSELECT, registration.state, performer=Performer.ORGANISER)
            move(session, registration, Act.UNSELECT, State.ENDORSED, by=by.account_id)
            notice_writes.tell(session, "unselected", course, registration)
        seat_writes.fill_seats(session, course)


def invite(
    course_id: str, candidate: Candidate, by: Viewer, *, same_mail_confirmed: bool = False
) -> str:
    """Invite somebody directly: offered a seat, or put on the reserve list when full."""
    candidate = replace(cleaned(candidate), mail=cleaned_mail(candidate.mail))
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        check_invited(candidate.country, candidate.function, course.countries, course.functions)
        person = find_or_add(session, course.id, candidate, same_mail_confirmed=same_mail_confirmed)
        now = seat_writes.seating_for_update(session, course)
        group = Group(candidate.country, candidate.function)
        seat, _now = seat_writes.take_seat(session, now, group, by=by.account_id)
        registration = begin(
            session, course.id, person, Act.INVITE,
            State.RESERVE if seat is None else State.OFFERED, country=candidate.country,
            function=candidate.function, by=by.account_id, needs=candidate.needs,
            language=person.language, seat=seat,
            offered_until=seat_writes.offer_deadline(course) if seat else None,
        )  # fmt: skip
        seat_writes.follow_offer(session, registration)
        notice_writes.told_by_outcome(session, course, registration)
        return registration.number


def set_reserve_order(course_id: str, numbers: Sequence[str], by: Viewer) -> None:
    """Put the reserve list in an order of one's own; who is not named comes after the named."""
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        found = acting_queries.for_acting(by, SELECT, course.id, numbers)
        for registration in found:
            if registration.state is not State.RESERVE:
                raise rules.ActRefused(state=registration.state.label)
        for other in acting_queries.with_persons(course.id, {State.RESERVE}):
            other.reserve_place = None
        for place, registration in enumerate(found, 1):
            registration.reserve_place = place
        record(
            session, "reserve.order", "course", course.id, by=by.account_id, course_id=course.id,
            numbers=[one.number for one in found],
        )  # fmt: skip


def withdraw(number: str, reason: str, by: Viewer) -> None:
    """End a registration: the person their own, an organiser with a reason.

    A seat that frees is offered to the next in the same transaction.
    """
    reason = cleaned_reason(reason)
    with transaction() as session:
        course, registration, performer = _whose(number, by)
        check_going(course.state)
        rules.check(Act.WITHDRAW, registration.state, performer=performer, reason=reason)
        freed = registration.block_id is not None
        move(session, registration, Act.WITHDRAW, State.WITHDRAWN, by=by.account_id, reason=reason)
        notice_writes.tell(session, "withdrawn", course, registration, with_link=False)
        if freed:
            seat_writes.fill_seats(session, course)


def _whose(number: str, by: Viewer) -> tuple[Course, Registration, Performer]:
    try:
        course, registration = acting_queries.own_for_update(by, number)
    except NotFound:
        course = courses.course_for_update(acting_queries.course_of(by, SELECT, number))
        (registration,) = acting_queries.for_acting(by, SELECT, course.id, [number])
        return course, registration, Performer.ORGANISER
    return course, registration, Performer.PERSON


def accept(number: str, by: Viewer) -> None:
    """Take the seat that is offered to oneself. Raises ``OfferClosed`` where it is gone."""
    with transaction() as session:
        course, registration = acting_queries.own_for_update(by, number)
        check_going(course.state)
        rules.check(Act.ACCEPT, registration.state, performer=Performer.PERSON)
        if registration.offered_until is not None and registration.offered_until < clock.now():
            raise OfferClosed(state=State.EXPIRED.label)
        move(session, registration, Act.ACCEPT, State.CONFIRMED, by=by.account_id)
        notice_writes.tell(session, "confirmed", course, registration)


def decline(number: str, by: Viewer) -> None:
    """Leave the seat that is offered to oneself to the next on the reserve list."""
    with transaction() as session:
        course, registration = acting_queries.own_for_update(by, number)
        check_going(course.state)
        rules.check(Act.DECLINE, registration.state, performer=Performer.PERSON)
        move(session, registration, Act.DECLINE, State.DECLINED, by=by.account_id)
        notice_writes.tell(session, "declined", course, registration, with_link=False)
        seat_writes.fill_seats(session, course)


def extend_offer(course_id: str, number: str, until: date, by: Viewer) -> None:
    """Give somebody more time to answer: until the end of a day before the course."""
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        (registration,) = acting_queries.for_acting(by, SELECT, course.id, [number])
        if registration.state is not State.OFFERED:
            raise OfferClosed(state=registration.state.label)
        if until >= course.starts_on:
            raise DeadlinePast
        deadline = clock.end_of(until, course.zone)
        if deadline <= clock.now():
            raise DeadlinePast
        registration.offered_until = deadline
        seat_writes.follow_offer(session, registration)
        notice_writes.offer(session, course, registration)
        record(
            session, "registration.extend", "registration", registration.id, by=by.account_id,
            course_id=course.id, number=number, until=until.isoformat(),
        )  # fmt: skip
