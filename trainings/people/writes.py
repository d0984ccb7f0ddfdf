"""Adds and changes persons; the only place that encrypts identifying data."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from trainings.core import clock, sealed
from trainings.core.db import insert_rows, new_key
from trainings.people.models import Consent, Person
from trainings.people.queries import consents_of, mail_index, name_index
from trainings.people.sealed_rules import SEALED, PersonErased


def add_person(
    session: Session,
    *,
    given_name: str,
    family_name: str,
    mail: str = "",
    phone: str = "",
    document: str = "",
    born: str = "",
    unit: str = "",
    country: str | None = None,
    function: str | None = None,
    sex: str | None = None,
    language: str = "en",
) -> Person:
    """Add a person; empty texts mean not known."""
    person = Person(
        id=new_key(),
        created_at=clock.now(),
        country=country,
        function=function,
        sex=sex,
        language=language,
        given_name=b"",
        family_name=b"",
    )
    change_identity(
        person,
        given_name=given_name,
        family_name=family_name,
        mail=mail,
        phone=phone,
        document=document,
        born=born,
        unit=unit,
    )
    session.add(person)
    return person


def change_identity(person: Person, **values: str) -> None:
    """Encrypt new values of the named columns (of ``SEALED``) and refresh the blind indexes.

    A name changes as a whole: pass both parts. Raises ``PersonErased``.
    """
    if person.erased_at is not None:
        raise PersonErased
    for column, value in values.items():
        if column not in SEALED:
            raise ValueError(column)
        text = value.strip()
        kept = text or column in ("given_name", "family_name")
        place = f"person|{column}|{person.id}"
        setattr(person, column, sealed.seal(text, place) if kept else None)
    if "mail" in values:
        person.mail_index = mail_index(values["mail"])
        person.mail_bounced_at = None
    if "given_name" in values or "family_name" in values:
        person.name_index = name_index(values["given_name"], values["family_name"])


def erase(session: Session, person: Person) -> None:
    """Wipe all data that identify a locked person or could be matched to them.

    Only the bare row for histories and statistics stays. Empty bytes decrypt to nothing; the
    blind indexes are removed, so neither name nor address finds it. Country and function stay
    only on the registrations whose seats they describe.
    """
    person.given_name = person.family_name = b""
    person.mail = person.phone = person.document = person.born = person.unit = None
    person.mail_index = person.name_index = person.mail_bounced_at = None
    person.country = person.function = person.sex = None
    person.language = "en"
    person.erased_at = clock.now()
    session.execute(
        update(Consent)
        .where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )


def keep_consents(session: Session, person_id: str, agreed: Mapping[str, str]) -> None:
    """Record a person's current consents, by kind and version; those not listed are withdrawn."""
    keep_consents_each(session, {person_id: agreed})


def keep_consents_each(session: Session, agreed: Mapping[str, Mapping[str, str]]) -> None:
    """Record the current consents of several people as ``keep_consents`` does."""
    known, now = consents_of(agreed), clock.now()
    given = [
        {"id": new_key(), "person_id": who, "kind": kind, "version": version, "given_at": now}
        for who, wanted in agreed.items()
        for kind, version in wanted.items()
        if known[who].get(kind) != version
    ]
    if given:
        session.flush()
        insert_rows(session, Consent, given)
    for who, wanted in agreed.items():
        if not known[who].keys() <= wanted.keys():
            _withdraw_others(session, who, wanted)


def _withdraw_others(session: Session, person_id: str, agreed: Mapping[str, str]) -> None:
    gone = session.scalars(
        select(Consent).where(
            Consent.person_id == person_id,
            Consent.kind.not_in(list(agreed)),
            Consent.withdrawn_at.is_(None),
        )
    )
    for consent in gone:
        consent.withdrawn_at = clock.now()


def mark_bounced(session: Session, person_id: str, mail: str) -> None:
    """Record that an email to this address bounced, unless the person's address has changed."""
    person = session.get(Person, person_id)
    if person is not None and person.mail_index == mail_index(mail):
        person.mail_bounced_at = clock.now()
