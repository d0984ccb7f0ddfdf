"""Reads the demo's data files, and what has already been loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import select

from trainings.accounts import queries as accounts
from trainings.core.db import Installation, db
from trainings.core.errors import NotFound
from trainings.core.permissions import Grant, Role, Viewer
from trainings.people.models import Person
from trainings.people.queries import mail_index
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

_FOLDER = Path(__file__).parent / "data"
FIRST_DAY, LOADED = "demo.first_day", "demo.loaded"  # facts of the installation


@cache
def data(name: str) -> Any:
    """The contents of one of the demo's data files, by name."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def first_day() -> date | None:
    """The day of the first load, from which all dates of the demo are counted."""
    found = db.session.get(Installation, FIRST_DAY)
    return date.fromisoformat(found.value) if found is not None else None


def is_loaded() -> bool:
    """Whether the whole demo is loaded."""
    return db.session.get(Installation, LOADED) is not None


def viewer(account_id: str) -> Viewer:
    """A member of the demo's staff as a viewer with their current roles, to act as them."""
    account = accounts.account(account_id)
    if account is None:
        raise NotFound
    grants = tuple(
        Grant(Role(one.role), one.agency_id, one.course_id, one.country, frozenset(one.functions))
        for one in accounts.live_grants(account_id)
    )
    return Viewer(account.id, account.person_id, language=account.language, grants=grants)


def participant(mail: str) -> Viewer:
    """The participant with an email address; in the demo nobody shares one."""
    (account,) = accounts.accounts_with_mail(mail_index(mail) or "")
    return Viewer(account.id, account.person_id, language=account.language)


class Progress(Struct, frozen=True):
    """The progress of one person of the demo in a course."""

    id: str
    number: str
    state: State
    complete: bool
    named: bool  # has confirmed the name to be printed
    until: datetime | None  # when an offer expires


def standings(course_id: str) -> Mapping[str, Progress]:
    """Everybody's progress in a course, by blind index of the email address; the latest counts."""
    rows = db.session.execute(
        select(
            Person.mail_index,
            Registration.id,
            Registration.number,
            Registration.state,
            Registration.complete,
            Registration.name_confirmed_at,
            Registration.offered_until,
        )
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.course_id == course_id)
        .order_by(Registration.created_at)
        .execution_options(scope="operation")
    )
    return {
        index: Progress(key, number, state, complete, named is not None, until)
        for index, key, number, state, complete, named, until in rows
        if index is not None
    }
