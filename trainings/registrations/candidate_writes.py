"""Finds or adds the person being proposed, within the scope of whoever proposes them.

Anyone beyond the asker's scope is treated as new, and nothing reveals them. Whether two entries are
one human is for the person to say, who gets an email for each, or for the data protection officer;
the same email address is never taken as proof.

See docs/decisions/2026-11-27-finding-people.md and 2026-11-24-seats-and-people.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.writes import shut_account
from trainings.core.permissions import Permission, Viewer
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.queries import mail_index, name_index
from trainings.people.writes import add_person, change_identity
from trainings.registrations import locked_queries, queries
from trainings.registrations.candidate_rules import (
    Candidate,
    MaybeKnown,
    SameMail,
    SameName,
    StaffAddress,
)
from trainings.registrations.matching_rules import Seen, matches, maybe_same_name
from trainings.registrations.models import Registration
from trainings.registrations.rules import AlreadyRegistered, NotYours


class Asker(Struct, frozen=True):
    """Who is looking for a person, and the permission whose scope applies."""

    viewer: Viewer
    permission: Permission


def find_or_add(
    session: Session, course_id: str, candidate: Candidate, asker: Asker, *, others: Collection[str]
) -> Person:
    """The person known to the asker (same email, name and country), else a new one.

    ``others``: numbers of registrations that the asker has said to be of other people. Raises
    ``AlreadyRegistered`` if the asker can see them on the course, ``SameMail`` and ``SameName`` if
    the asker can see somebody who may be the same person and has not said so.
    """
    person = _known(course_id, candidate, asker, others)
    if person is None:
        person = add_person(
            session,
            given_name=candidate.given_name,
            family_name=candidate.family_name,
            mail=candidate.mail,
            country=candidate.country,
            function=candidate.function,
            language=candidate.language,
        )
        session.flush()
    return person


def _known(
    course_id: str, candidate: Candidate, asker: Asker, others: Collection[str]
) -> Person | None:
    reached = [one for one in _reached(asker, candidate.mail) if not works_here(one.person_id)]
    names = reading.opened({one.person_id for one in reached})
    mailed = [
        Seen(one.number, one.person_id, one.country, names[one.person_id].name) for one in reached
    ]
    found = matches(candidate, mailed, _named(candidate, asker))
    same = list(dict.fromkeys(one.person_id for one in found.same))
    free = [key for key in same if not _stands(course_id, key, asker)]
    if same:
        return people.person_for_update(free[0]) if free else None
    _ask(SameMail, found.address, others)
    _ask(SameName, found.name, others)
    return None


def _named(candidate: Candidate, asker: Asker) -> list[Seen]:
    """Whom the asker may see with the candidate's name."""
    index = name_index(candidate.given_name, candidate.family_name)
    return [
        Seen(
            one.number, one.person_id, one.country, born=queries.born(one) if candidate.born else ""
        )
        for one in locked_queries.reached_by_name(asker.viewer, asker.permission, index)
    ]


def _ask(
    question: type[MaybeKnown], found: Iterable[Seen | Registration], others: Collection[str]
) -> None:
    """Ask whether these are the same person, if there is one of whom it was not answered."""
    persons = {one.number: one.person_id for one in found}
    if not persons.keys() <= set(others):
        raise question(persons)


def check_name(
    candidate: Candidate, asker: Asker, apart: Collection[str], *, others: Collection[str]
) -> None:
    """Check that nobody of this name, and this country or date of birth, is known to the asker.

    ``apart``: people of whom it is known that they are not meant. Raises ``SameName`` as
    ``find_or_add`` does.
    """
    _ask(SameName, maybe_same_name(candidate, _named(candidate, asker), apart), others)


def _reached(asker: Asker, mail: str) -> list[Registration]:
    index = mail_index(mail) or ""
    return list(locked_queries.reached_by_mail(asker.viewer, asker.permission, index))


def _stands(course_id: str, person_id: str, asker: Asker) -> bool:
    """Whether a person has a live registration on a course that the asker cannot see.

    Raises ``AlreadyRegistered`` if the asker can see it.
    """
    live = queries.live_of(course_id, person_id)
    if live is not None and locked_queries.reaches(asker.viewer, asker.permission, live.id):
        raise AlreadyRegistered(state=live.state.label)
    return live is not None


def check_none_live(course_id: str, *person_ids: str, asker: Asker | None = None) -> None:
    """Check that the person has no live registration on the course yet.

    Raises ``AlreadyRegistered``; if the asker cannot see the other, ``NotYours``, which reveals
    nothing about it. Without an asker it is the person, who sees all of their own.
    """
    live = queries.live_of(course_id, *person_ids)
    if live is None:
        return
    if asker and not locked_queries.reaches(asker.viewer, asker.permission, live.id):
        raise NotYours
    raise AlreadyRegistered(state=live.state.label)


def works_here(person_id: str) -> bool:
    """Whether a person's account is a staff account, or holds any role."""
    account = accounts.account_of(person_id)
    return account is not None and (account.staff or bool(accounts.live_grants(account.id)))


def check_mail(person: Person, mail: str, asker: Asker, *, others: Collection[str]) -> None:
    """Check that a person may get this address.

    Raises ``StaffAddress`` for staff, ``SameMail`` as ``find_or_add`` does.
    """
    if works_here(person.id):
        raise StaffAddress
    found = [one for one in _reached(asker, mail) if one.person_id != person.id]
    _ask(SameMail, found, others)


def set_apart(session: Session, registration: Registration, asker: Asker) -> Person:
    """The person of a registration, for an asker who is about to correct their identity.

    If the person has registrations that the asker cannot see, those stay unchanged: this
    registration moves to a separate entry, which the asker may correct freely.
    """
    person = people.person_for_update(registration.person_id)
    if not locked_queries.registered_beyond(asker.viewer, asker.permission, person.id):
        return person
    known = reading.opened([person.id])[person.id]
    apart = add_person(
        session,
        given_name=known.given_name,
        family_name=known.family_name,
        mail=known.mail,
        country=registration.country,
        function=registration.function,
        language=person.language,
    )
    session.flush()
    registration.person_id, registration.person = apart.id, apart
    registration.complete = False
    session.flush()
    return apart


def change_mail(session: Session, person: Person, mail: str) -> None:
    """Give a person a corrected address, from now on the only one of their account.

    The old links are void, and anyone signed in through the old address is signed out.
    """
    change_identity(person, mail=mail)
    account = accounts.account_of(person.id)
    if account is not None:
        account.mail_index = person.mail_index or ""
        shut_account(session, account.id)
    session.flush()
