"""The only way to a name: each look is one row of the read log before any value is given."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, insert, select
from sqlalchemy.exc import SQLAlchemyError

from trainings.core import clock, sealed
from trainings.core.db import db, in_turn
from trainings.core.permissions import Viewer
from trainings.people.models import IdentityRead, Person
from trainings.people.rules import ERASED, SEALED, Identity, ReadLogDown

_COLUMNS = tuple(getattr(Person, column) for column in SEALED)


def open(ids: Iterable[str], *, by: str | None, purpose: str) -> dict[str, Identity]:
    """Open the identities of persons and give them by id; unknown ids are left out.

    Writes one row of the read log for the page (who, whom, what for) in a transaction of its
    own, before a value is given. Raises ``ReadLogDown`` where it cannot be written. Not for
    inside a transaction: what an operation mails to people themselves comes from ``opened``.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    log(wanted, by=by, purpose=purpose)
    return opened(wanted)


def log(ids: Iterable[str], *, by: str | None, purpose: str) -> None:
    """Write the look at these persons; commits by itself. Raises ``ReadLogDown``."""
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


def names_among(found: Select[str, str]) -> list[tuple[str, str]]:
    """Keys with names (family name, given name), in order, for ordering and finding.

    ``found`` selects each key with the id of its person. None of the names leaves by this: what
    is shown of them is opened by ``open``, which logs it.
    """
    rows = db.session.execute(
        found.add_columns(
            Person.given_name, Person.family_name, Person.erased_at
        ).execution_options(scope="operation")
    )
    names = []
    for key, who, given, family, erased_at in rows:
        if erased_at is not None:
            names.append((key, str(ERASED)))
            continue
        first = sealed.unseal(given, f"person|given_name|{who}")
        last = sealed.unseal(family, f"person|family_name|{who}")
        names.append((key, f"{last}, {first}".strip(", ")))
    return names


def opened(ids: Iterable[str]) -> dict[str, Identity]:
    """Open identities without a look: for one's own, and for mails that name only the reader."""
    rows = db.session.execute(
        select(Person.id, Person.erased_at, *_COLUMNS)
        .where(Person.id.in_(list(ids)))
        .execution_options(scope="reading")
    )
    return {
        row[0]: Identity(
            id=row[0],
            erased=row[1] is not None,
            **{
                column: sealed.unseal(value, f"person|{column}|{row[0]}") if value else ""
                for column, value in zip(SEALED, row[2:], strict=True)
            },
        )
        for row in rows
    }


def own_name(by: Viewer) -> str:
    """The name of the one who acts, for what they print; empty where none is kept."""
    own = opened([by.person_id]) if by.person_id else {}
    return own[by.person_id].name if by.person_id in own else ""
