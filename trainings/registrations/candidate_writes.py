"""Finds or adds the person whom somebody proposes; the same mail is never taken for one person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.writes import end_sessions, void_links
from trainings.core.text import same_name
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.queries import mail_index
from trainings.people.writes import add_person, change_identity
from trainings.registrations import acting_queries, queries
from trainings.registrations.candidate_rules import Candidate, SameMail, StaffAddress
from trainings.registrations.rules import AlreadyRegistered


def find_or_add(
    session: Session, course_id: str, candidate: Candidate, *, same_mail_confirmed: bool
) -> Person:
    """The person as known from before (same mail, same name, same country), else a new one.

    Raises ``AlreadyRegistered`` where they are on the course, ``SameMail`` where somebody else
    of the country has the address and it is not confirmed that both share it.
    """
    person = _known(course_id, candidate, same_mail_confirmed)
    if person is None:
        person = add_person(
            session, given_name=candidate.given_name, family_name=candidate.family_name,
            mail=candidate.mail, phone=candidate.phone, document=candidate.document,
            born=candidate.born, unit=candidate.unit, country=candidate.country,
            function=candidate.function, sex=candidate.sex, language=candidate.language,
        )  # fmt: skip
        session.flush()
    return person


def _known(course_id: str, candidate: Candidate, confirmed: bool) -> Person | None:
    index = mail_index(candidate.mail) or ""
    known = [
        one
        for one in acting_queries.known_with_mail(index, [candidate.country])
        if not works_here(one.id)  # nobody else decides about who works here
    ]
    names = reading.opened([one.id for one in known])
    wanted = f"{candidate.given_name} {candidate.family_name}"
    same = [one for one in known if same_name(names[one.id].name, wanted)]
    for one in same:
        check_none_live(course_id, one.id)
    if same:
        return people.person_for_update(same[0].id)
    others = [one.id for one in known if names[one.id].name]
    if others and not confirmed:
        raise SameMail(acting_queries.numbers_of(others, [candidate.country]))
    return None


def check_none_live(course_id: str, person_id: str) -> None:
    """Nobody has two live registrations on a course. Raises ``AlreadyRegistered``."""
    live = queries.live_of(course_id, person_id)
    if live is not None:
        raise AlreadyRegistered(state=live.state.label)


def works_here(person_id: str) -> bool:
    """Whether a person's account is one of staff, or holds any role."""
    account = accounts.account_of(person_id)
    return account is not None and (account.staff or bool(accounts.live_grants(account.id)))


def check_mail(person: Person, mail: str, *, same_mail_confirmed: bool) -> None:
    """Whether a person may get this address.

    Raises ``StaffAddress`` for those who work here, ``SameMail`` like ``find_or_add``.
    """
    if works_here(person.id):
        raise StaffAddress
    if same_mail_confirmed:
        return
    countries = [person.country] if person.country else []
    known = acting_queries.known_with_mail(mail_index(mail) or "", countries)
    others = [one.id for one in known if one.id != person.id]
    if others:
        raise SameMail(acting_queries.numbers_of(others, countries))


def change_mail(session: Session, person: Person, mail: str) -> None:
    """Give a person a corrected address: the account answers to it alone.

    The old links are void, and whoever came in by the old address is signed out.
    """
    change_identity(person, mail=mail)
    account = accounts.account_of(person.id)
    if account is not None:
        account.mail_index = person.mail_index or ""
        void_links(session, account.id)
        end_sessions(session, account.id)
    session.flush()
