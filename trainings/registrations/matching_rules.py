"""When somebody who is proposed is, or may be, somebody who is known: the one statement of it.

The same address, name and country is the same person. The same address otherwise, or the same name
in the same country or with the same date of birth, is a question to a human, never a merge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from msgspec import Struct

from trainings.core.names import same_name
from trainings.registrations.candidate_rules import Candidate


class Seen(NamedTuple):
    """A registration that the asker may see, as far as it is compared."""

    number: str
    person_id: str
    country: str
    name: str = ""  # compared where the address is the same
    born: str = ""  # compared where the name is the same


class Matches(Struct, frozen=True):
    """Who of those seen is the candidate, and who may be."""

    same: tuple[Seen, ...]
    address: tuple[Seen, ...]  # with the same address, but not the same person for certain
    name: tuple[Seen, ...]


def matches(candidate: Candidate, mailed: Iterable[Seen], named: Iterable[Seen]) -> Matches:
    """Compare a candidate with those of the same address (no staff), and those of the same name."""
    mailed = tuple(mailed)
    alike = tuple(one for one in mailed if named_alike(one, candidate))
    theirs = {one.person_id for one in alike if one.country == candidate.country}
    same = tuple(one for one in alike if one.person_id in theirs)
    address = tuple(one for one in mailed if one.person_id not in theirs)
    apart = {one.person_id for one in mailed}
    return Matches(same, address, maybe_same_name(candidate, named, apart))


def maybe_same_name(
    candidate: Candidate, named: Iterable[Seen], apart: Collection[str]
) -> tuple[Seen, ...]:
    """Those of the same name who may be the candidate; ``apart``: people who are not meant."""
    return tuple(
        one
        for one in named
        if one.person_id not in apart
        and (one.country == candidate.country or born_alike(one, candidate))
    )


def named_alike(one: Seen, candidate: Candidate) -> bool:
    """Whether somebody has the candidate's name, as people read it."""
    return same_name(one.name, f"{candidate.given_name} {candidate.family_name}")


def born_alike(one: Seen, candidate: Candidate) -> bool:
    """Whether both dates of birth are known and the same."""
    return bool(candidate.born) and one.born == candidate.born
