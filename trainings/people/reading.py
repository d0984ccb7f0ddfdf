"""The only way to read names: each read is logged as one row before any value is returned."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, insert, null, select
from sqlalchemy.exc import SQLAlchemyError

from trainings.core import clock, sealed
from trainings.core.db import db, give_back, in_turn
from trainings.core.permissions import Viewer
from trainings.people.models import IdentityRead, Person
from trainings.people.sealed_rules import ERASED, NAMES, NAMING, SEALED, Identity, ReadLogDown


def open(ids: Iterable[str], *, by: str | None, purpose: str) -> dict[str, Identity]:
    """Decrypt names and emails of persons, by id; unknown ids are left out.

    Writes one row of the read log for the page (who, whom, for what) in a transaction of its
    own before it returns. Raises ``ReadLogDown`` if the row cannot be written. Do not use it
    within a transaction: for emails to the people themselves, use ``opened``.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    log(wanted, by=by, purpose=purpose)
    return opened(wanted)


def open_loaded(
    persons: Collection[Person], *, by: str | None, purpose: str
) -> dict[str, Identity]:
    """The same of people whose rows are loaded already, each with all its columns."""
    if persons:
        log([one.id for one in persons], by=by, purpose=purpose)
    return opened_again(persons)


def log(ids: Iterable[str], *, by: str | None, purpose: str) -> None:
    """Log a read of these persons, in its own transaction. Raises ``ReadLogDown``."""
    give_back()
    try:
        with in_turn(), db.engine.connect() as connection:
            writing = connection.execution_options(write=True)
            with writing.begin():
                writing.execute(
                    insert(IdentityRead).values(
                        at=clock.now(), by=by, purpose=purpose, persons=sorted(set(ids))
                    )
                )
    except SQLAlchemyError:
        raise ReadLogDown from None


class Words(NamedTuple):
    """What a person is searched by: the key, the name, the email address, what else was asked."""

    key: str
    name: str
    mail: str
    more: tuple[Any, ...]


def names_among(found: Select[str, str]) -> list[tuple[str, str]]:
    """Keys with names (family name, given name), for ordering and searching.

    ``found`` selects each key with the id of its person. Do not show these names: to show any,
    read them with ``open``, which logs it.
    """
    return [(one.key, one.name) for one in words_among(found, mails=False)]


def words_among(found: Select[*tuple[Any, ...]], *, mails: bool = True) -> list[Words]:
    """Keys with names and email addresses, and what else ``found`` selects, for searching.

    The same holds for them as for the names of ``names_among``. Without ``mails`` the addresses
    are empty and stay sealed.
    """
    asked = (Person.erased_at, Person.given_name, Person.family_name)
    rows = db.session.execute(
        found.add_columns(*asked, Person.mail if mails else null()).execution_options(
            scope="operation"
        )
    )
    words, unseal = [], sealed.unsealer()
    for key, who, *more, erased_at, given, family, mail in rows:
        if erased_at is not None:
            words.append(Words(key, str(ERASED), "", tuple(more)))
            continue
        first = unseal(given, f"person|given_name|{who}") if given else ""
        last = unseal(family, f"person|family_name|{who}") if family else ""
        address = unseal(mail, f"person|mail|{who}") if mail else ""
        words.append(Words(key, f"{last}, {first}".strip(", "), address, tuple(more)))
    return words


def opened(ids: Iterable[str]) -> dict[str, Identity]:
    """Decrypt names and emails, unlogged: your own, and for emails that name only their reader."""
    return _opened(ids, NAMING)


def opened_again(persons: Iterable[Person]) -> dict[str, Identity]:
    """What ``opened`` gives, of people whose rows are loaded, or locked and changed."""
    rows = [
        (one.id, one.erased_at, *(getattr(one, column) for column in NAMING)) for one in persons
    ]
    return _identities(rows, NAMING)


def opened_for_file(ids: Iterable[str], *, mails: bool) -> dict[str, Identity]:
    """Decrypt names of persons, by id, and their addresses where a list has them.

    For the file of a list: ``log`` has to be called before any of it leaves the house.
    """
    return _opened(ids, NAMING if mails else NAMES)


def own_record(person_id: str) -> Identity:
    """Decrypt everything a person last gave about themselves; show it to nobody else."""
    return _opened([person_id], SEALED)[person_id]


def _opened(ids: Iterable[str], wanted: Sequence[str]) -> dict[str, Identity]:
    rows = db.session.execute(
        select(Person.id, Person.erased_at, *(getattr(Person, column) for column in wanted))
        .where(Person.id.in_(list(ids)))
        .execution_options(scope="reading")
    )
    return _identities(rows, wanted)


def _identities(rows: Iterable[Sequence[Any]], wanted: Sequence[str]) -> dict[str, Identity]:
    """Who people are, by id: rows of id, when they were erased, and the sealed columns."""
    unseal = sealed.unsealer()
    return {
        key: Identity(
            id=key,
            erased=erased_at is not None,
            **{
                column: unseal(value, f"person|{column}|{key}") if value else ""
                for column, value in zip(wanted, values, strict=True)
            },
        )
        for key, erased_at, *values in rows
    }


def own_name(by: Viewer) -> str:
    """The name of the acting user, for what they print; empty if none is stored."""
    own = opened([by.person_id]) if by.person_id else {}
    return own[by.person_id].name if by.person_id in own else ""
