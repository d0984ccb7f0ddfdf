"""Looks up what the rows of a list mean here: agencies, modules, who is on the roster already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

from trainings.accounts import queries as accounts
from trainings.core.errors import Refusal
from trainings.core.names import folded
from trainings.core.permissions import Viewer
from trainings.courses import programme_queries
from trainings.people import reading
from trainings.people.queries import mail_index, name_index
from trainings.roster_import.reading_rules import AddressOfAnother, Vocabulary
from trainings.rosters import queries as rosters
from trainings.rosters.identity_queries import in_reach
from trainings.rosters.models import Trainer
from trainings.rosters.rules import TrainerData


class RowStanding(Enum):
    """How a row of the list stands to the roster."""

    NEW = auto()
    KNOWN = auto()  # the same address and name
    ASK = auto()


class Compared(NamedTuple):
    """A row compared with the roster; the trainer it is, or whose address it has."""

    standing: RowStanding
    trainer_id: str = ""
    ask: Refusal | None = None


def vocabulary() -> Vocabulary:
    """The agencies and modules by the words that people write for them."""
    agencies = {
        folded(word): one.id
        for one in accounts.agencies()
        for word in (one.code, *one.short_names.values(), *one.names.values())
        if word
    }
    modules = {
        folded(word): one.id
        for one in programme_queries.modules()
        for word in (one.code, *one.titles.values())
        if word
    }
    return Vocabulary(agencies, modules)


def compared(viewer: Viewer, rows: Mapping[int, TrainerData]) -> dict[int, Compared]:
    """Each row compared with the roster, by its number.

    Who has the address of a trainer under another name is asked about only where the viewer may
    see that address: else it would tell whose it is.
    """
    indexes = {number: mail_index(data.mail) or "" for number, data in rows.items()}
    there = rosters.with_mails(viewer, {index for index in indexes.values() if index})
    names = rosters.name_indexes([one.person_id for some in there.values() for one in some])
    found = {}
    others: dict[int, Trainer] = {}
    for number, data in rows.items():
        some: Sequence[Trainer] = there.get(indexes[number], ())
        named = name_index(data.given_name, data.family_name)
        same = next((one for one in some if names.get(one.person_id) == named), None)
        if same is not None:
            found[number] = Compared(RowStanding.KNOWN, same.id)
            continue
        other = next((one for one in some if in_reach(viewer, one)), None)
        found[number] = Compared(RowStanding.NEW if other is None else RowStanding.ASK)
        if other is not None:
            others[number] = other
    persons = reading.open(
        [one.person_id for one in others.values()], by=viewer.account_id, purpose="roster"
    )
    for number, one in others.items():
        ask = AddressOfAnother(name=persons[one.person_id].name)
        found[number] = Compared(RowStanding.ASK, one.id, ask)
    return found
