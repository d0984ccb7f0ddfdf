"""Erases a person, after which nothing here names them.

See docs/decisions/2026-11-24-erasing-a-person.md.
"""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.erasing_writes import forget_account, forget_address
from trainings.assessments.writes import forget_assessments
from trainings.audit.writes import record
from trainings.availability.writes import forget_availability
from trainings.calendars.writes import forget_calendar
from trainings.candidate_reviews.writes import forget_notes
from trainings.change_requests.writes import drop as drop_change_requests
from trainings.core import clock
from trainings.core.db import afterwards, new_key, transaction, wipe_log
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.directory.writes import Gone, forget_directory
from trainings.exports.writes import forget_in_lists
from trainings.mail.erasing_writes import forget_mails
from trainings.mailings.writes import forget as forget_addressee
from trainings.networks.writes import forget_network
from trainings.nominations_import.writes import forget_lists, forget_rows_of
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.sealed_rules import normalised_mail
from trainings.people.writes import erase as erase_identity
from trainings.planning.writes import forget_plans
from trainings.privacy import queries
from trainings.privacy.models import Erasure
from trainings.privacy.rules import (
    ALPHABET,
    AlreadyErased,
    ChangedMeanwhile,
    NotConfirmed,
    Reason,
    asked_word,
    check,
    confirms,
)
from trainings.programmes.writes import forget_owner
from trainings.questions.writes import forget_answers
from trainings.register import queries as register
from trainings.register.writes import forget_person
from trainings.registrations.erasing_writes import (
    forget_drafts,
    forget_registrations,
    registrations_for_update,
)
from trainings.rosters import queries as rosters
from trainings.rosters.writes import forget_trainer
from trainings.saved_views.writes import forget_views
from trainings.session_replies.writes import forget_replies
from trainings.unsent import writes as unsent


def erase(person_id: str, reason: Reason, typed: str, by: Viewer) -> str:
    """Erase a person in one transaction; returns the receipt that they are given.

    Everything that names them is wiped, and the keys of their certificates are destroyed; bare rows
    stay, so that histories, counts and the register of certificates still add up. Raises
    ``NotFound``, ``NotConfirmed``, and what ``rules.check`` refuses.
    """
    with transaction() as session:
        known = _locked(session, person_id, by)
        check(queries.standing(known, by))
        identity = reading.opened([person_id])[person_id]
        word = asked_word(known.numbers, identity.family_name, identity.given_name, identity.mail)
        if not confirms(typed, word):
            raise NotConfirmed
        erasure = _wipe(session, known, normalised_mail(identity.mail), reason, by)
        record(
            session,
            "person.erase",
            "person",
            person_id,
            by=by.account_id,
            receipt=erasure.receipt,
            reason=str(reason),
            registrations=erasure.registrations,
            certificates=erasure.certificates,
            mails=erasure.mails,
            entries=erasure.entries,
            contacts=erasure.contacts,
        )
        for registration, course in known.registrations:  # whose answers count no longer
            record(
                session,
                "registration.erase",
                "registration",
                registration.id,
                by=by.account_id,
                course_id=course.id,
            )
        afterwards(session, wipe_log)
        return erasure.receipt


def _locked(session: Session, person_id: str, by: Viewer) -> queries.Held:
    """What is held, read with all of it locked: course, registration, trainer, person."""
    found = queries.held(by, person_id)
    before = _courses_of(found)
    for course_id in sorted(before):
        courses.course_for_update(course_id)
    registrations_for_update(session, person_id)
    rosters.of_person_for_update(person_id)
    register.of_person_for_update(session, person_id)
    entries = sorted([person_id, *found.blank])
    try:
        for one in entries:
            people.person_for_update(one)
    except NotFound:  # another officer was faster
        raise AlreadyErased from None
    theirs = [account for account in map(accounts.account_of, entries) if account is not None]
    for account in sorted(theirs, key=lambda one: (one.created_at, one.id)):
        accounts.account_for_update(account.id)  # in the order in which emails are sent to them
    known = queries.held(by, person_id)
    if _courses_of(known) - before or set(known.blank) - set(entries):
        raise ChangedMeanwhile
    return known


def _courses_of(known: queries.Held) -> set[str]:
    return {course.id for _, course in known.registrations} | {
        course.id for _, course in known.teaching
    }


def _wipe(session: Session, known: queries.Held, mail: str, reason: Reason, by: Viewer) -> Erasure:
    person = known.person
    forget_registrations(session, [registration for registration, _ in known.registrations])
    registrations = [registration.id for registration, _ in known.registrations]
    forget_notes(session, registrations)
    forget_answers(session, registrations)
    forget_network(session, registrations)
    drop_change_requests(session, registrations)
    if known.trainer is not None:
        forget_trainer(known.trainer)
        forget_availability(session, known.trainer.id)
        forget_replies(session, known.trainer.id)
        forget_assessments(session, known.trainer.id)
    waited, listed = forget_addressee(session, registrations), Gone(0, 0)
    for one in (person.id, *known.blank):
        directory = forget_directory(session, one)
        listed = Gone(listed.entries + directory.entries, listed.contacts + directory.contacts)
        waited += _wipe_entry(session, one, mail, by)
    certificates = forget_person(session, person.id, by.account_id)  # it writes to the trail
    erasure = Erasure(
        id=new_key(),
        receipt=_new_receipt(),
        person_id=person.id,
        at=clock.now(),
        by=by.account_id or "",
        reason=reason,
        registrations=len(known.registrations),
        certificates=certificates,
        mails=waited,
        entries=listed.entries,
        contacts=listed.contacts,
        account=known.account is not None,
        trainer=known.trainer is not None,
    )
    session.add(erasure)
    session.flush()
    return erasure


def _wipe_entry(session: Session, person_id: str, mail: str, by: Viewer) -> int:
    """Wipe one entry with its account and emails; returns how many of these were still waiting."""
    person, account = people.person_for_update(person_id), accounts.account_of(person_id)
    forget_address(session, person.mail_index)
    forget_rows_of(session, person.mail_index)
    forget_in_lists(session, person_id)
    erase_identity(session, person)
    waited = forget_mails(session, person_id, mail)
    if account is not None:
        forget_drafts(session, account.id)
        forget_plans(session, account.id)
        unsent.forget(session, account.id)
        forget_calendar(session, account.id)
        forget_lists(session, account.id)
        forget_views(session, account.id)
        forget_owner(session, account.id)
        forget_account(session, account, by=by.account_id)
    return waited


def _new_receipt() -> str:
    """A number that reveals nothing about the person (E-7F3K9QXM)."""
    return "E-" + "".join(secrets.choice(ALPHABET) for _ in range(8))
