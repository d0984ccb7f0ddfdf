"""People by the thousand, with sealed names, and how their rows are put in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from trainings.accounts.models import Account, Door
from trainings.core import clock, sealed
from trainings.core.db import Model, new_key
from trainings.people.models import Person
from trainings.people.queries import mail_index, name_index
from trainings.registrations.writes import ALPHABET

COUNTRIES = ("BO", "BO", "BO", "AR", "BR", "PE", "CL", "UY", "PY")  # a third are Bolivia's
FUNCTIONS = ("police", "prosecutor", "judge")
GIVEN = ("Ana", "Luz", "José", "Marta", "Íñigo", "Rosa", "Juan", "Olga")
_AT_ONCE = 1000
_FAR = 450_546_781  # without a divisor in common with the number of such texts


def put(session: Session, model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows, a thousand at a time; what lets somebody in, with the codes of the house."""
    each = iter(rows)
    if issubclass(model, Door):
        each = ({**row, **_codes(model, row)} for row in rows)
    while portion := list(islice(each, _AT_ONCE)):
        session.execute(insert(model), portion)


def _codes(door: type[Door], row: Mapping[str, Any]) -> dict[str, str]:
    said = {name: row.get(name) for names in door.SAYS.values() for name in names}
    return {column: door.code_for(said, column) for column in door.SAYS}


def numbered(place: int) -> str:
    """Six characters, different for each place and, as the house draws them, in no order."""
    text, place = "", place * _FAR % len(ALPHABET) ** 6
    for _ in range(6):
        place, digit = divmod(place, len(ALPHABET))
        text = ALPHABET[digit] + text
    return text


def group_of(place: int) -> tuple[str, str]:
    """The country and function of the person at a place."""
    return COUNTRIES[place % len(COUNTRIES)], FUNCTIONS[place // len(COUNTRIES) % len(FUNCTIONS)]


def people_of(session: Session, people: int, mark: str = "p") -> Iterator[str]:
    """People with sealed names, every second one with an account; their ids."""
    now, rows = clock.now(), []
    for place in range(people):
        key, (country, function) = new_key(), group_of(place)
        given = f"{GIVEN[place % len(GIVEN)]} {place * 7919 % people}"
        family, mail = f"Ñandú {place}", f"{mark}{place}@unit.example"
        rows.append(
            {
                "id": key,
                "created_at": now,
                "country": country,
                "function": function,
                "language": ("es", "pt_BR", "en")[place % 3],
                "sex": ("F", "M", None)[place % 3],
                "given_name": sealed.seal(given, f"person|given_name|{key}"),
                "family_name": sealed.seal(family, f"person|family_name|{key}"),
                "mail": sealed.seal(mail, f"person|mail|{key}"),
                "mail_index": mail_index(mail),
                "name_index": name_index(given, family),
                "mail_bounced_at": now if place % 50 == 49 else None,
            }
        )
    put(session, Person, rows)
    accounts = (
        {
            "id": new_key(),
            "person_id": row["id"],
            "mail_index": row["mail_index"],
            "staff": mark != "p",
            "created_at": now,
        }
        for place, row in enumerate(rows)
        if place % 2 or mark != "p"
    )
    put(session, Account, accounts)
    return iter([row["id"] for row in rows])
