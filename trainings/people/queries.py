"""Looks up functions and persons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select

from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.i18n import language, localized
from trainings.core.names import normalised_name
from trainings.core.shown import KeptWhileShown
from trainings.people.models import Consent, Function, Person
from trainings.people.sealed_rules import normalised_mail

_LET_IN = {"scope": "operation"}


def functions() -> Sequence[Function]:
    """All functions of the installation in their order."""
    return db.session.scalars(select(Function).order_by(Function.position)).all()


def function_for_update(code: str) -> Function | None:
    """A function with its row locked, for a change."""
    return db.session.scalar(for_update(select(Function).where(Function.code == code)))


def function_names() -> dict[str, str]:
    """The functions by code, in their order, named in the current language."""
    found = _NAMES.of(language(), lambda: {one.code: localized(one.names) for one in functions()})
    return {**found}


_NAMES: KeptWhileShown[dict[str, str]] = KeptWhileShown()


def person(person_id: str) -> Person | None:
    """A person by id, for operations where access is already settled."""
    return db.session.get(Person, person_id, execution_options=_LET_IN)


def person_for_update(person_id: str) -> Person:
    """A person with the row locked, so that changes to identifying data wait for each other.

    Raises ``NotFound`` if the person does not exist or was erased.
    """
    return people_for_update([person_id])[person_id]


def people_for_update(ids: Collection[str]) -> dict[str, Person]:
    """Several people by their ids; their rows are locked in the order of these.

    Raises ``NotFound`` if one of them does not exist or was erased.
    """
    if not ids:
        return {}
    found = db.session.scalars(
        _LOCKED, {"ids": list(ids)}, execution_options={"populate_existing": True}
    ).all()
    if len(found) < len(set(ids)) or any(one.erased_at is not None for one in found):
        raise NotFound
    return {one.id: one for one in found}


_LOCKED = for_update(
    select(Person)
    .where(Person.id.in_(bindparam("ids", expanding=True)))
    .order_by(Person.id)
    .execution_options(**_LET_IN)
)


def mail_index(mail: str) -> str | None:
    """The blind index for finding an email address."""
    normal = normalised_mail(mail)
    return sealed.blind_index("mail", normal) if normal else None


def name_index(given_name: str, family_name: str) -> str:
    """The blind index for finding a full name, whatever its case, accents and order."""
    return sealed.blind_index("name", normalised_name(given_name, family_name))


def is_nameless(person: Person) -> bool:
    """Whether the entry has only an address so far, and no name."""
    return person.name_index == name_index("", "")


def with_mail(index: str) -> Sequence[Person]:
    """Everyone with an email address; there may be several, as units share inboxes."""
    return db.session.scalars(
        select(Person).where(Person.mail_index == index).execution_options(**_LET_IN)
    ).all()


def with_name(index: str) -> Sequence[Person]:
    """Everyone with the same normalised full name."""
    return db.session.scalars(
        select(Person).where(Person.name_index == index).execution_options(**_LET_IN)
    ).all()


class Stated(NamedTuple):
    """What a person last stated about themselves in plain columns, for their own form."""

    country: str | None
    function: str | None
    sex: str | None


def stated(person_id: str) -> Stated:
    """A person's country, function and sex as last stated."""
    row = db.session.execute(
        select(Person.country, Person.function, Person.sex)
        .where(Person.id == person_id)
        .execution_options(scope="own")
    ).one()
    return Stated(*row)


def consents(person_id: str) -> dict[str, str]:
    """A person's current consents: kind and version of the text."""
    return consents_of([person_id])[person_id]


def consents_of(ids: Collection[str]) -> dict[str, dict[str, str]]:
    """The current consents of several people, by person: kind and version of the text."""
    rows = db.session.execute(_CONSENTS, {"ids": list(ids)})
    found: dict[str, dict[str, str]] = {one: {} for one in ids}
    for person_id, kind, version in rows:
        found[person_id][kind] = version
    return found


_CONSENTS = (
    select(Consent.person_id, Consent.kind, Consent.version)
    .where(Consent.person_id.in_(bindparam("ids", expanding=True)), Consent.withdrawn_at.is_(None))
    .order_by(Consent.given_at, Consent.id)
)
