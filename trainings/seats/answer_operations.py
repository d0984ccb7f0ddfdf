"""What keeps, frees or passes on a seat: accept, decline, withdraw, replace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.registrations import locked_queries, mail_writes, queries, rules
from trainings.registrations.candidate_rules import check_going, cleaned_reason
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, OfferClosed, Performer, State
from trainings.registrations.writes import Moving, keep_printed_name, move, move_many
from trainings.seats import queries as seats
from trainings.seats import writes
from trainings.seats.hall_writes import Hall
from trainings.seats.offer_rules import NoVacancy, SeatOfOthers, check_not_begun
from trainings.seats.placing_rules import Group

SELECT = Permission.REGISTRATION_SELECT
NOMINATE = Permission.REGISTRATION_NOMINATE


class SeatTo(StrEnum):
    """Who gets the seat of somebody whom staff withdraw, unless it goes to somebody chosen."""

    RESERVE = "reserve"  # the next person on the reserve list, at once
    HELD = "held"  # nobody yet: it is held for another of the same country and function


def withdraw(number: str, reason: str, by: Viewer, *, seat_to: str = SeatTo.RESERVE) -> None:
    """End a registration: people end their own; organisers and focal points say why.

    The seat goes to the reserve list, is held for the same country and function, or passes in the
    same transaction to the candidate whose number is ``seat_to``.
    """
    reason = cleaned_reason(reason)
    with transaction() as session:
        course, registration, successor, performer = _whose(number, by, seat_to)
        check_going(course.state)
        rules.check(Act.WITHDRAW, registration.state, performer=performer, reason=reason)
        left, block_id, seat_no = _group(registration), registration.block_id, registration.seat_no
        told = performer is Performer.FOCAL_POINT
        move(
            session,
            registration,
            Act.WITHDRAW,
            State.WITHDRAWN,
            by=by.account_id,
            reason=reason,
            told=told,
        )
        why = reason if told else ""
        mail_writes.tell(session, "withdrawn", course, registration, with_link=False, reason=why)
        if block_id is None or seat_no is None:
            return
        if successor is not None:
            _pass_on(session, course, successor, (block_id, seat_no), performer, by)
        elif seat_to == SeatTo.HELD:
            writes.hold_seat(session, course, left, block_id, by=by.account_id)
        writes.fill_seats(session, course)


def _whose(
    number: str, by: Viewer, seat_to: str
) -> tuple[Course, Registration, Registration | None, Performer]:
    try:
        course, registration = locked_queries.own_for_update(by, number)
    except NotFound:
        pass
    else:
        return course, registration, None, Performer.PERSON
    numbers = [number] if seat_to in set(SeatTo) else [number, seat_to]
    for permission, performer in ((SELECT, Performer.ORGANISER), (NOMINATE, Performer.FOCAL_POINT)):
        try:
            course_id = locked_queries.course_of(by, permission, number)
        except NotFound:
            continue
        course = courses.course_for_update(course_id)
        registration, *others = locked_queries.for_acting(by, permission, course.id, numbers)
        return course, registration, others[0] if others else None, performer
    raise NotFound


def _group(registration: Registration) -> Group:
    return Group(registration.country, registration.function)


def _pass_on(
    session: Session,
    course: Course,
    successor: Registration,
    seat: tuple[str, int],
    performer: Performer,
    by: Viewer,
) -> None:
    """Offer the seat of somebody who left to a chosen candidate whom it fits."""
    check_not_begun(clock.today(course.zone), course.starts_on)
    rules.check(Act.REPLACE, successor.state, performer=performer)
    if not seats.block(seat[0]).fits(_group(successor)):
        raise SeatOfOthers
    until = writes.offer_deadline(course)
    moving = Moving(successor, Act.REPLACE, State.OFFERED, seat, until)
    move_many(session, [moving], by=by.account_id)
    _tell_offered(session, course, [successor])


def give_held_seats(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Offer seats held after somebody left to candidates of the same country and function.

    For the focal point of the country. Raises ``NoVacancy`` where there are fewer seats.
    """
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_going(course.state)
        check_not_begun(clock.today(course.zone), course.starts_on)
        found = locked_queries.for_acting(by, NOMINATE, course.id, numbers)
        for one in found:
            rules.check(Act.REPLACE, one.state, performer=Performer.FOCAL_POINT)
        if writes.take_vacancies(session, course, [_group(one) for one in found]) < len(found):
            raise NoVacancy
        hall = Hall(course.id, writes.seating_for_update(session, course))
        until = writes.offer_deadline(course)
        for one in found:
            seat = hall.place(_group(one))
            if seat is None:
                raise NoVacancy
            hall.move(one, Act.REPLACE, State.OFFERED, seat, until)
        move_many(session, hall.moves, by=by.account_id)
        _tell_offered(session, course, found)


def _tell_offered(session: Session, course: Course, offered: Sequence[Registration]) -> None:
    writes.follow_offers(session, offered)
    mail_writes.tell_each(session, course, [mail_writes.offered(one) for one in offered])


def accept(number: str, by: Viewer, shown_name: str = "") -> None:
    """Accept the seat offered to the viewer. Raises ``OfferClosed`` if it is gone.

    The name for the certificate counts as confirmed with it, if the one that was shown is the
    one that would be printed.
    """
    with transaction() as session:
        course, registration = locked_queries.own_for_update(by, number)
        check_going(course.state)
        rules.check(Act.ACCEPT, registration.state, performer=Performer.PERSON)
        if registration.offered_until is not None and registration.offered_until < clock.now():
            raise OfferClosed(state=State.EXPIRED.label)
        move(session, registration, Act.ACCEPT, State.CONFIRMED, by=by.account_id)
        if shown_name and shown_name == _name_to_print(registration):
            language = registration.certificate_language or registration.person.language or "en"
            keep_printed_name(registration, shown_name, language)
            record(
                session,
                "registration.name",
                "registration",
                registration.id,
                by=by.account_id,
                course_id=course.id,
                number=number,
                language=language,
            )
        mail_writes.tell(session, "confirmed", course, registration)


def _name_to_print(registration: Registration) -> str:
    who = reading.opened([registration.person_id])[registration.person_id]
    return queries.printed_name(registration) or who.name


def decline(number: str, by: Viewer) -> None:
    """Decline the seat offered to the viewer; it goes to the next on the reserve list."""
    with transaction() as session:
        course, registration = locked_queries.own_for_update(by, number)
        check_going(course.state)
        rules.check(Act.DECLINE, registration.state, performer=Performer.PERSON)
        move(session, registration, Act.DECLINE, State.DECLINED, by=by.account_id)
        mail_writes.tell(session, "declined", course, registration, with_link=False)
        writes.fill_seats(session, course)
