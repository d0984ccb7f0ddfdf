"""Organisers' acts around seats: select, unselect, invite, order the reserve list, extend."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.mailings import writes as mailings
from trainings.registrations import locked_queries, mail_writes, rules
from trainings.registrations.candidate_rules import (
    Candidate,
    DeadlinePast,
    check_going,
    check_invited,
    cleaned,
    cleaned_mail,
)
from trainings.registrations.candidate_writes import Asker, find_or_add
from trainings.registrations.listing_rules import Step
from trainings.registrations.rules import Act, OfferClosed, Performer, State
from trainings.registrations.writes import Beginning, Moving, begin, move_many
from trainings.seats import writes as seat_writes
from trainings.seats.hall_writes import Hall
from trainings.seats.offer_rules import NoFreeSeat, check_not_begun, check_takes_place
from trainings.seats.placing_rules import Group
from trainings.selection import reserve_writes

SELECT = Permission.REGISTRATION_SELECT


class Outcome(Struct, frozen=True):
    """The outcome of a selection: the numbers of those offered a seat, and of those in reserve."""

    offered: tuple[str, ...]
    reserve: tuple[str, ...]


def select(course_id: str, numbers: Collection[str], by: Viewer) -> Outcome:
    """Select endorsed candidates: each is offered a seat, or put on the reserve list when full.

    They are placed by their country's priority, then in the given order.
    """
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        found = seat_writes.select(session, course, numbers, by)
        return Outcome(
            tuple(one.number for one in found if one.state is State.OFFERED),
            tuple(one.number for one in found if one.state is State.RESERVE),
        )


def unselect(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Undo a selection that nobody has answered; a freed seat is offered to the next."""
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        found = locked_queries.for_acting(by, SELECT, course.id, numbers)
        for registration in found:
            rules.check(Act.UNSELECT, registration.state, performer=Performer.ORGANISER)
        moves = [Moving(one, Act.UNSELECT, State.ENDORSED) for one in found]
        move_many(session, moves, by=by.account_id)
        notices = [mail_writes.Notice("unselected", one) for one in found]
        mailings.tell_each(session, course, notices)
        seat_writes.fill_seats(session, course)


def invite(
    course_id: str, candidate: Candidate, by: Viewer, *, others: Collection[str] = ()
) -> str:
    """Invite somebody directly: offered a seat, or put on the reserve list when full."""
    candidate = replace(cleaned(candidate), mail=cleaned_mail(candidate.mail))
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        check_not_begun(clock.today(course.zone), course.starts_on)
        check_invited(candidate.country, candidate.function, course.countries, course.functions)
        person = find_or_add(session, course.id, candidate, Asker(by, SELECT), others=others)
        group = Group(candidate.country, candidate.function)
        seat_writes.take_vacancies(session, course, [group])
        seat = seat_writes.take_seat(session, course, group, by=by.account_id)
        registration = begin(
            session,
            course.id,
            Beginning(
                person,
                Act.INVITE,
                State.RESERVE if seat is None else State.OFFERED,
                country=candidate.country,
                function=candidate.function,
                by=by.account_id,
                given=candidate,
                language=person.language,
                seat=seat,
                offered_until=seat_writes.offer_deadline(course) if seat else None,
            ),
        )
        seat_writes.follow_offers(session, [registration])
        mail_writes.told_by_outcome(session, course, registration)
        return registration.number


def walk_in(
    course_id: str, candidate: Candidate, by: Viewer, *, others: Collection[str] = ()
) -> str:
    """Seat somebody who came to the course without a registration; returns its number.

    Only on the days of the course. Raises ``NoFreeSeat``.
    """
    candidate = replace(cleaned(candidate), mail=cleaned_mail(candidate.mail))
    with transaction() as session:
        course = _taking_place(course_id, by)
        check_invited(candidate.country, candidate.function, course.countries, course.functions)
        person = find_or_add(session, course.id, candidate, Asker(by, SELECT), others=others)
        group = Group(candidate.country, candidate.function)
        seat = seat_writes.take_seat(session, course, group, by=by.account_id)
        if seat is None:
            raise NoFreeSeat
        registration = begin(
            session,
            course.id,
            Beginning(
                person,
                Act.WALK_IN,
                State.CONFIRMED,
                country=candidate.country,
                function=candidate.function,
                by=by.account_id,
                given=candidate,
                language=person.language,
                seat=seat,
            ),
        )
        mail_writes.tell(session, "confirmed", course, registration)
        return registration.number


def seat_on_the_day(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Seat endorsed candidates and people on the reserve list who came to the course.

    Only on its days, and all of them or nobody. Raises ``NoFreeSeat``.
    """
    with transaction() as session:
        course = _taking_place(course_id, by)
        found = locked_queries.for_acting(by, SELECT, course.id, numbers)
        for registration in found:
            rules.check(Act.WALK_IN, registration.state, performer=Performer.ORGANISER)
        hall = Hall(course.id, seat_writes.seating_for_update(session, course))
        for registration in found:
            placement = hall.place(Group(registration.country, registration.function))
            if placement is None:
                raise NoFreeSeat
            hall.move(registration, Act.WALK_IN, State.CONFIRMED, placement)
        move_many(session, hall.moves, by=by.account_id)
        notices = [mail_writes.Notice("confirmed", one) for one in found]
        mailings.tell_each(session, course, notices)


def _taking_place(course_id: str, by: Viewer) -> Course:
    course = courses.course_locked(by, SELECT, course_id)
    check_going(course.state)
    check_takes_place(clock.today(course.zone), course.starts_on, course.ends_on)
    return course


def move_on_reserve(course_id: str, number: str, step: Step, by: Viewer) -> None:
    """Move somebody up, down or to the first place of the reserve list, by hand.

    Nothing happens to who cannot move further. Raises ``ActRefused`` for who is not on the list.
    """
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        (registration,) = locked_queries.for_acting(by, SELECT, course.id, [number])
        if registration.state is not State.RESERVE:
            raise rules.ActRefused(state=registration.state.label)
        if reserve_writes.move(session, course.id, registration.id, step):
            record(
                session,
                "reserve.order",
                "course",
                course.id,
                by=by.account_id,
                course_id=course.id,
                number=number,
                step=str(step),
            )


def extend_offer(course_id: str, number: str, until: date, by: Viewer) -> None:
    """Give somebody more time to answer: until the end of a day before the course."""
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        (registration,) = locked_queries.for_acting(by, SELECT, course.id, [number])
        if registration.state is not State.OFFERED:
            raise OfferClosed(state=registration.state.label)
        versions.check()
        if until >= course.starts_on:
            raise DeadlinePast
        deadline = clock.end_of(until, course.zone)
        if deadline <= clock.now():
            raise DeadlinePast
        registration.offered_until = deadline
        seat_writes.follow_offers(session, [registration])
        mail_writes.offer(session, course, registration)
        record(
            session,
            "registration.extend",
            "registration",
            registration.id,
            by=by.account_id,
            course_id=course.id,
            number=number,
            until=until.isoformat(),
        )
