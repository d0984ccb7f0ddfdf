"""Looks up functions and persons."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.i18n import localized
from trainings.core.text import normalised_name
from trainings.people.models import Consent, Function, Person
from trainings.people.rules import normalised_mail

_LET_IN = {"scope": "operation"}


def functions() -> Sequence[Function]:
    """All functions of the installation in their order."""
    return db.session.scalars(select(Function).order_by(Function.position)).all()


def function_names() -> dict[str, str]:
    """The functions by code, in their order, named in the language that is spoken."""
    return {one.code: localized(one.names) for one in functions()}


def person(person_id: str) -> Person | None:
    """One person by id; for operations that were let in already."""
    return db.session.get(Person, person_id, execution_options=_LET_IN)


def person_for_update(person_id: str) -> Person:
    """A person, the row locked: whoever writes what names them waits for one another.

    Raises ``NotFound`` where there is none, or none any more.
    """
    found: Person | None = db.session.scalar(
        for_update(
            select(Person)
            .where(Person.id == person_id)
            .execution_options(populate_existing=True, **_LET_IN)
        )
    )
    if found is None or found.erased_at is not None:
        raise NotFound
    return found


def mail_index(mail: str) -> str | None:
    """The blind index by which a mail address is found."""
    normal = normalised_mail(mail)
    return sealed.blind_index("mail", normal) if normal else None


def name_index(given_name: str, family_name: str) -> str:
    """The blind index by which a whole name is found, whatever its case, accents and order."""
    return sealed.blind_index("name", normalised_name(given_name, family_name))


def is_nameless(person: Person) -> bool:
    """Whether an address alone made the entry: nobody has given a name yet."""
    return person.name_index == name_index("", "")


def with_mail(index: str) -> Sequence[Person]:
    """Everyone known under a mail address: units share mailboxes, so it may be several."""
    return db.session.scalars(
        select(Person).where(Person.mail_index == index).execution_options(**_LET_IN)
    ).all()


def with_name(index: str) -> Sequence[Person]:
    """Everyone of the whole normalised name."""
    return db.session.scalars(
        select(Person).where(Person.name_index == index).execution_options(**_LET_IN)
    ).all()


def sex_of(person_id: str) -> str | None:
    """What a person said of their sex, for their own form."""
    return db.session.scalar(
        select(Person.sex).where(Person.id == person_id).execution_options(scope="own")
    )


def consents(person_id: str) -> dict[str, str]:
    """To what a person has agreed and not taken back: kind and version of the text."""
    rows = db.session.execute(
        select(Consent.kind, Consent.version)
        .where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.given_at, Consent.id)
    ).all()
    return {kind: version for kind, version in rows}  # noqa: C416
