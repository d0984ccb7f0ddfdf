"""Merges two entries of the roster that are one person; there is no way back.

The entry that stays keeps its account and its id; courses, sessions, certificates and roles of the
other become its own. The other account is closed, its copy of the identity wiped.
"""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.erasing_writes import forget_account
from trainings.accounts.writes import shut_account
from trainings.agenda import booking_writes
from trainings.agenda.writes import reassign
from trainings.agenda_versions import writes as version_writes
from trainings.assessments import writes as assessment_writes
from trainings.audit.writes import record
from trainings.availability import writes as availability_writes
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.courses.rules import ENDED
from trainings.duplicates import queries, rules
from trainings.duplicates.rules import (
    BothCertified,
    ChangedMeanwhile,
    Chosen,
    From,
    GoesWorksElsewhere,
    IdentityStays,
    TeachesBeyond,
)
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.queries import mail_index, name_index
from trainings.people.sealed_rules import Identity, normalised_mail
from trainings.people.writes import change_identity, erase
from trainings.register.writes import hand_over
from trainings.rosters import queries as rosters
from trainings.rosters import writes as roster
from trainings.rosters.identity_queries import teaches_beyond
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import AlreadyOnRoster, Invitation
from trainings.session_replies import writes as reply_writes


def merge(first_id: str, second_id: str, chosen: Chosen, seen: str, by: Viewer) -> str:
    """Make one entry of two; returns the id of the one that stays.

    ``seen``: the ``stamp`` of the page on which it was chosen. Raises ``NotFound`` beyond the
    viewer's reach, ``ChangedMeanwhile``, ``GoesWorksElsewhere``, ``TeachesBeyond``, ``AtOnce``,
    ``BothCertified``, ``IdentityStays``, ``AlreadyOnRoster``.
    """
    with transaction() as session:
        first, second = _locked(first_id, second_id, by)
        if queries.stamp(first, second) != seen:
            raise ChangedMeanwhile
        stays, goes = (first, second) if chosen.stays is From.FIRST else (second, first)
        if queries.tied(goes):
            raise GoesWorksElsewhere
        if teaches_beyond(by, goes):
            raise TeachesBeyond
        rules.check_not_at_once(queries.given_by(stays.id), queries.given_by(goes.id))
        identities = reading.opened([first.person_id, second.person_id])
        changed = _change(session, first, second, stays, chosen, by, identities)
        invited = _move_courses(session, stays, goes)
        certificates = _move_certificates(session, stays, goes, invited)
        _close(session, goes, stays, by)
        record(
            session,
            "trainer.merge",
            "trainer",
            stays.id,
            by=by.account_id,
            gone=goes.id,
            courses=len(invited),
            certificates=certificates,
            changed=changed,
        )
        return stays.id


def _locked(first_id: str, second_id: str, by: Viewer) -> tuple[Trainer, Trainer]:
    """Both entries, with their courses, trainers, persons and accounts locked, rights asked again.

    Raises ``NotFound``, ``ChangedMeanwhile``.
    """
    queries.two(by, first_id, second_id)
    ids = [first_id, second_id]
    before = queries.course_ids_of(ids)
    for course_id in before:
        courses.course_for_update(course_id)
    found = {one.id: one for one in rosters.trainers_for_update(ids)}
    if len(found) < len(ids):
        raise NotFound  # somebody else merged them first
    queries.invitations_of(ids)
    if queries.course_ids_of(ids) != before:
        raise ChangedMeanwhile
    first, second = queries.two(by, first_id, second_id)
    for person_id in sorted((first.person_id, second.person_id)):
        people.person_for_update(person_id)
    for account_id in sorted((first.account_id, second.account_id)):
        accounts.account_for_update(account_id)
    return first, second


def _change(
    session: Session,
    first: Trainer,
    second: Trainer,
    stays: Trainer,
    chosen: Chosen,
    by: Viewer,
    identities: dict[str, Identity],
) -> list[str]:
    """Take each value from where it was chosen; returns the names of those that changed."""
    sides = {From.FIRST: first, From.SECOND: second}
    changed = _change_identity(session, sides, stays, chosen, by, identities)
    station = sides[chosen.of("station")]
    texts = (rosters.notes_of(first), rosters.notes_of(second))
    wanted = {
        "agency_id": sides[chosen.of("agency")].agency_id,
        "station_city": station.station_city,
        "station_country": station.station_country,
        "languages": rules.picked(chosen.of("languages"), first.languages, second.languages),
        "module_ids": rules.picked(chosen.of("modules"), first.module_ids, second.module_ids),
    }
    for column, value in wanted.items():
        if getattr(stays, column) != value:
            setattr(stays, column, value)
            changed.append(column)
    notes = rules.picked_text(chosen.of("notes"), *texts)
    if notes != rosters.notes_of(stays):
        roster.keep_notes(stays, notes)
        changed.append("notes")
    if first.retired_at is None or second.retired_at is None:
        stays.retired_at = None
    return changed


def _change_identity(
    session: Session,
    sides: dict[From, Trainer],
    stays: Trainer,
    chosen: Chosen,
    by: Viewer,
    identities: dict[str, Identity],
) -> list[str]:
    """Name and address of the entry that stays: how they sign in. Raises ``IdentityStays``."""
    own = identities[stays.person_id]
    named = identities[sides[chosen.of("name")].person_id]
    reached = identities[sides[chosen.of("mail")].person_id]
    renamed = (own.given_name, own.family_name) != (named.given_name, named.family_name)
    moved = normalised_mail(own.mail) != normalised_mail(reached.mail)
    if not renamed and not moved:
        return []
    if queries.tied(stays) or teaches_beyond(by, stays):
        raise IdentityStays
    index = mail_index(reached.mail) or ""
    full = name_index(named.given_name, named.family_name)
    if queries.on_roster_but(index, full, [one.id for one in sides.values()]):
        raise AlreadyOnRoster
    person, account = people.person(stays.person_id), accounts.account(stays.account_id)
    if person is None or account is None:
        raise NotFound
    change_identity(
        person, given_name=named.given_name, family_name=named.family_name, mail=reached.mail
    )
    if moved:
        account.mail_index = index
        shut_account(session, account.id)
    session.flush()
    return [name for name, done in (("name", renamed), ("mail", moved)) if done]


def _move_courses(session: Session, stays: Trainer, goes: Trainer) -> dict[str, str]:
    """Make the invitations of one the other's; by their ids, those into which they went.

    Where both were invited to a course, the answer that counts stands, with the sessions of both.
    """
    found = queries.invitations_of([stays.id, goes.id])
    own = {one.course_id: one for one in found if one.trainer_id == stays.id}
    moved = {}
    for one in found:
        if one.trainer_id != goes.id:
            continue
        held = own.get(one.course_id)
        if held is None:
            one.trainer_id = stays.id
            moved[one.id] = one.id
            continue
        _join(held, one)
        reassign(session, one.id, held.id, one.course_id)
        version_writes.reassign(session, one.id, held.id, one.course_id)
        reply_writes.hand_over(session, one.id, held.id)
        moved[one.id] = held.id
    session.flush()
    booking_writes.hand_over(session, goes.id, stays.id)
    availability_writes.hand_over(session, goes.id, stays.id)
    assessment_writes.hand_over(session, goes.id, stays.id)
    return moved


def _join(held: CourseTrainer, other: CourseTrainer) -> None:
    """Let the answer that counts stand; the first invitation is the invitation."""
    if rules.counts(held.state, other.state) is not held.state:
        held.state, held.answered_at = other.state, other.answered_at
    held.invited_at = min(held.invited_at, other.invited_at)


def _move_certificates(
    session: Session, stays: Trainer, goes: Trainer, invited: dict[str, str]
) -> int:
    """Certificates become those of the one who stays; then what nobody refers to any more goes."""
    try:
        rows = hand_over(session, goes.person_id, stays.person_id, invited)
    except IntegrityError:
        raise BothCertified from None
    for old, new in invited.items():
        if old != new:
            session.delete(session.get_one(CourseTrainer, old))
    session.flush()
    return len(rows)


def _close(session: Session, goes: Trainer, stays: Trainer, by: Viewer) -> None:
    """Open the courses to the account that stays; close the other, wipe its copy of the identity.

    Who has not answered an invitation yet gets its email again: the old link no longer works.
    """
    account, person = accounts.account(goes.account_id), people.person_for_update(goes.person_id)
    if account is None:
        raise NotFound
    for grant in accounts.live_grants(account.id):
        if grant.course_id is not None:
            roster.open_course_to(
                session,
                stays.account_id,
                grant.course_id,
                by=by.account_id,
                keep_session=by.session_id,
            )
    session.delete(goes)
    session.flush()
    forget_account(session, account, by=by.account_id)
    erase(session, person)
    _invite_again(session, stays)


def _invite_again(session: Session, stays: Trainer) -> None:
    persons = reading.opened([stays.person_id])
    languages = rosters.languages_of([stays.person_id])
    for asked in queries.invitations_of([stays.id]):
        course = courses.by_id(asked.course_id)
        if asked.state is Invitation.INVITED and course.state not in ENDED:
            roster.mail_invitations(session, course, [(stays, asked)], persons, languages)
