"""What focal points do (nominate, rank, correct, endorse, recall), and rejections by both sides."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.access_rules import check_open
from trainings.courses.models import Course
from trainings.mailings import writes as mailings
from trainings.people import reading
from trainings.people.queries import mail_index
from trainings.people.writes import change_identity
from trainings.registrations import candidate_rules, locked_queries, mail_writes, rules
from trainings.registrations.candidate_rules import (
    Candidate,
    NotForYourCountry,
    check_going,
    check_invited,
    cleaned,
    cleaned_mail,
    nominated_to,
)
from trainings.registrations.candidate_writes import (
    Asker,
    change_mail,
    check_mail,
    check_name,
    check_none_live,
    find_or_add,
    set_apart,
)
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, AlreadyRegistered, NotYours, Performer, State
from trainings.registrations.writes import Beginning, Moving, begin, keep_given, move_many
from trainings.seats import writes as seat_writes

NOMINATE = Permission.REGISTRATION_NOMINATE
SELECT = Permission.REGISTRATION_SELECT


def nominate(
    course_id: str, candidate: Candidate, by: Viewer, *, others: Collection[str] = ()
) -> str:
    """Nominate a candidate of your own country, who is told by email; returns the number.

    Raises ``SameMail`` or ``SameName`` if somebody of the country may be the same person (ask, and
    repeat with their numbers as ``others``), ``AlreadyRegistered``, the refusals of the
    registration period and of what the course invites.
    """
    candidate = replace(cleaned(candidate), mail=cleaned_mail(candidate.mail))
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_open(course.state, courses.dates_of(course), course.zone, clock.now())
        _check_scope(by, candidate.country, candidate.function)
        check_invited(candidate.country, candidate.function, course.countries, course.functions)
        person = find_or_add(session, course.id, candidate, Asker(by, NOMINATE), others=others)
        registration = begin(
            session,
            course.id,
            Beginning(
                person,
                Act.NOMINATE,
                nominated_to(course.separate_endorsement),
                country=candidate.country,
                function=candidate.function,
                by=by.account_id,
                priority=candidate.priority,
                given=candidate,
                language=person.language,
            ),
        )
        mail_writes.tell(session, "nominated", course, registration)
        seat_writes.schedule_release(session, course)
        return registration.number


def _check_scope(by: Viewer, country: str, function: str) -> None:
    for grant in by.grants_with(NOMINATE):
        if grant.country == country and (not grant.functions or function in grant.functions):
            return
    raise NotForYourCountry


def edit_candidate(
    course_id: str, number: str, candidate: Candidate, by: Viewer, *, others: Collection[str] = ()
) -> None:
    """Correct a candidate of your own country before the organiser has decided.

    Once the person has entered their own details, only they can change them.
    """
    candidate = replace(cleaned(candidate), mail=cleaned_mail(candidate.mail))
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_going(course.state)
        (registration,) = locked_queries.for_acting(by, NOMINATE, course.id, [number])
        versions.check()
        rules.check(Act.REJECT, registration.state)  # once decided, it cannot change
        if locked_queries.came_themselves(by, NOMINATE, registration.person_id):
            raise candidate_rules.DetailsTheirs
        _check_scope(by, candidate.country, candidate.function)
        check_invited(candidate.country, candidate.function, course.countries, course.functions)
        tell = _correct_identity(session, registration, candidate, by, others)
        registration.country, registration.function = candidate.country, candidate.function
        registration.priority = candidate.priority
        registration.certificate_language = candidate.language
        keep_given(registration, candidate)
        if tell:
            mail_writes.tell(session, "nominated", course, registration)
        record(
            session,
            "registration.edit",
            "registration",
            registration.id,
            by=by.account_id,
            course_id=course.id,
            number=number,
            mail=tell,
        )


def _correct_identity(
    session: Session,
    registration: Registration,
    candidate: Candidate,
    by: Viewer,
    others: Collection[str],
) -> bool:
    """Correct name, address and language of the person; returns whether to notify them.

    Where the person is registered outside the asker's scope, that record does not change.
    """
    person, asker = registration.person, Asker(by, NOMINATE)
    mail_changed = person.mail_index != mail_index(candidate.mail)
    known = reading.opened([person.id])[person.id]
    renamed = (known.given_name, known.family_name) != (candidate.given_name, candidate.family_name)
    if mail_changed:
        check_mail(person, candidate.mail, asker, others=others)
    if renamed:
        check_name(candidate, asker, {person.id}, others=others)
    if mail_changed or renamed:
        person = set_apart(session, registration, asker)
        name = {"given_name": candidate.given_name, "family_name": candidate.family_name}
        change_identity(person, **name)
    if mail_changed:
        change_mail(session, person, candidate.mail)
    if not locked_queries.registered_beyond(by, NOMINATE, person.id):
        person.language = candidate.language
    return mail_changed or person.id != known.id


def rank(course_id: str, numbers_in_order: Sequence[str], by: Viewer) -> None:
    """Put candidates of your own country in order: the first gets priority 1."""
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_going(course.state)
        found = locked_queries.for_acting(by, NOMINATE, course.id, numbers_in_order)
        for priority, registration in enumerate(found, 1):
            registration.priority = priority
        record(
            session,
            "registration.rank",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            numbers=[one.number for one in found],
        )


def endorse(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Endorse candidates of your own country: only endorsed ones can be selected."""
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_going(course.state)
        found = locked_queries.for_acting(by, NOMINATE, course.id, numbers)
        for registration in found:
            rules.check(Act.ENDORSE, registration.state, performer=Performer.FOCAL_POINT)
        moves = [Moving(one, Act.ENDORSE, State.ENDORSED) for one in found]
        _move_and_tell(session, course, moves, "endorsed", by)


def override(course_id: str, numbers: Collection[str], reason: str, by: Viewer) -> None:
    """Do without a missing endorsement, as the organiser, with a reason; the person is told.

    They can be selected like an endorsed candidate. The reason is kept for staff of the course.
    """
    reason = candidate_rules.cleaned_reason(reason)
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        found = locked_queries.for_acting(by, SELECT, course.id, numbers)
        for registration in found:
            rules.check(
                Act.OVERRIDE, registration.state, performer=Performer.ORGANISER, reason=reason
            )
        moves = [Moving(one, Act.OVERRIDE, State.ENDORSED) for one in found]
        _move_and_tell(session, course, moves, "admitted", by, reason)


def take_back(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Undo what ``override`` did, until they are selected; a country's endorsement stays its own.

    Raises ``NotYours``.
    """
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        check_going(course.state)
        found = locked_queries.for_acting(by, SELECT, course.id, numbers)
        acts = locked_queries.acts_of([one.id for one in found])
        for registration in found:
            rules.check(Act.RECALL, registration.state, performer=Performer.ORGANISER)
            if not rules.admitted(acts.get(registration.id, ())):
                raise NotYours
        moves = [Moving(one, Act.RECALL, rules.recalled_to(not one.applied)) for one in found]
        _move_and_tell(session, course, moves, "unadmitted", by)


def recall(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Undo an endorsement while the organiser has not decided; the person is told."""
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        check_going(course.state)
        found = locked_queries.for_acting(by, NOMINATE, course.id, numbers)
        for registration in found:
            rules.check(Act.RECALL, registration.state, performer=Performer.FOCAL_POINT)
        moves = [Moving(one, Act.RECALL, rules.recalled_to(not one.applied)) for one in found]
        _move_and_tell(session, course, moves, "recalled", by)


def reject(course_id: str, numbers: Collection[str], reason: str, by: Viewer) -> None:
    """Reject candidates with a reason: as the organiser, or as the focal point before endorsing.

    The person is told without the reason, which is kept for staff of the course.
    """
    reason = candidate_rules.cleaned_reason(reason)
    with transaction() as session:
        course, found, performer = _decided_by(course_id, numbers, by)
        check_going(course.state)
        for registration in found:
            rules.check(Act.REJECT, registration.state, performer=performer, reason=reason)
        moves = [Moving(one, Act.REJECT, State.REJECTED) for one in found]
        _move_and_tell(session, course, moves, "rejected", by, reason)


def reconsider(course_id: str, numbers: Collection[str], by: Viewer) -> None:
    """Undo a rejection: the candidature returns to where its country had left it."""
    with transaction() as session:
        course, found, performer = _decided_by(course_id, numbers, by)
        permission = SELECT if performer is Performer.ORGANISER else NOMINATE
        check_going(course.state)
        for registration in found:
            rules.check(Act.RECONSIDER, registration.state, performer=performer)
        persons = [one.person_id for one in found]
        check_none_live(course.id, *persons, asker=Asker(by, permission))
        before = _states_before_rejection(found, performer)
        moves = [Moving(one, Act.RECONSIDER, before[one.id]) for one in found]
        _check_each_once(moves)
        _move_and_tell(session, course, moves, "reconsidered", by)


def _check_each_once(moves: Sequence[Moving]) -> None:
    """Check that nobody rejected twice comes back twice. Raises ``AlreadyRegistered``."""
    live: dict[str, State] = {}
    for one in moves:
        person = one.registration.person_id
        if person in live:
            raise AlreadyRegistered(state=live[person].label)
        live[person] = one.to


def _move_and_tell(
    session: Session,
    course: Course,
    moves: Sequence[Moving],
    event: str,
    by: Viewer,
    reason: str = "",
) -> None:
    move_many(session, moves, by=by.account_id, reason=reason)
    notices = [mail_writes.Notice(event, one.registration) for one in moves]
    mailings.tell_each(session, course, notices)


def _decided_by(
    course_id: str, numbers: Collection[str], by: Viewer
) -> tuple[Course, list[Registration], Performer]:
    """The registrations, for the course's organiser or the focal point of all of them."""
    for permission, performer in ((SELECT, Performer.ORGANISER), (NOMINATE, Performer.FOCAL_POINT)):
        try:
            course = courses.course_locked(by, permission, course_id)
            found = locked_queries.for_acting(by, permission, course.id, numbers)
        except NotFound:
            continue
        return course, found, performer
    raise NotFound


def _states_before_rejection(
    found: Sequence[Registration], performer: Performer
) -> dict[str, State]:
    """The state each registration returns to. Raises ``NotYours`` for someone else's rejections."""
    last = locked_queries.last_steps([one.id for one in found], str(Act.REJECT))
    speaks = {one: _countries(one) for one in {step.by for step in last.values()}}
    back = {}
    for one in found:
        step = last.get(one.id)
        before = State(step.before) if step is not None and step.before else State.APPLIED
        if performer is not Performer.FOCAL_POINT:
            back[one.id] = rules.reconsidered_to(before)
            continue
        by_focal_point = step is not None and one.country in speaks[step.by]
        if before not in (State.NOMINATED, State.APPLIED) or not by_focal_point:
            raise NotYours
        back[one.id] = State.APPLIED
    return back


def _countries(account_id: str | None) -> set[str | None]:
    """The countries of which an account is a focal point."""
    grants = accounts.live_grants(account_id) if account_id else ()
    return {grant.country for grant in grants if grant.role == Role.FOCAL_POINT}
