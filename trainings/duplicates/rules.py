"""Two entries of the roster that are one person: what is taken from which, what stands against it.

See docs/decisions/2026-11-28-duplicates.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.rosters.rules import Invitation


class From(StrEnum):
    """Which of the two entries a value is taken from."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


# What can be chosen, and what of it two entries can share.
FIELDS: Mapping[str, LazyText] = {
    "name": _l("Name"),
    "mail": _l("Email address"),
    "agency": _l("Agency"),
    "station": _l("Duty station"),
    "languages": _l("Languages"),
    "modules": _l("Modules they teach"),
    "notes": _l("Notes"),
}
SHARED = frozenset({"languages", "modules", "notes"})
# Of two answers to one course's invitation, the one that counts: the first in this order.
_ANSWERS = (Invitation.ACCEPTED, Invitation.INVITED, Invitation.DECLINED, Invitation.WITHDRAWN)


class SamePerson(Refusal):
    """Nobody said that the two are one person."""

    sentence = _l("Tick that both entries are the same person.")
    field = "same"


class ChangedMeanwhile(Refusal):
    """One of the two is not as the page showed it."""

    sentence = _l(
        "One of the two entries was changed while you were looking at it. Nothing was merged. Look "
        "at both again."
    )


class GoesWorksElsewhere(Refusal):
    """The account that would be closed is used for other work."""

    sentence = _l(
        "The entry that would go signs in for other work too, or has applied for a course. Let "
        "that entry stay. If both do, they cannot be merged."
    )
    field = "stays"


class TeachesBeyond(Refusal):
    """The entry that would go teaches where the viewer sees nothing."""

    sentence = _l(
        "The entry that would go teaches on courses that you do not see. Let it stay, or ask an "
        "organiser who sees all of its courses."
    )
    field = "stays"


class IdentityStays(Refusal):
    """Only the person changes the name and address by which they sign in elsewhere."""

    sentence = _l(
        "The entry that stays also signs in for other work, or teaches on courses that you do not "
        "see. So its name and email address stay as they are."
    )
    field = "mail"


class AtOnce(Refusal):
    """The two give sessions at the same time."""

    sentence = _l(
        "On %(day)s the two give sessions at the same time, so they cannot be one person there. "
        "Take one of them off its session first."
    )


class BothCertified(Refusal):
    """Both have a valid certificate for teaching on one course."""

    sentence = _l(
        "Both have a certificate for the same course. Revoke one of them first, and then merge."
    )


class Given(NamedTuple):
    """A session that somebody gives: when, and on which day of its course."""

    session_id: str
    starts: datetime
    ends: datetime
    day: date


class Chosen(Struct, frozen=True):
    """What was chosen: which entry stays, and from which each value is taken."""

    stays: From
    fields: Mapping[str, From]

    def of(self, name: str) -> From:
        """Where a value comes from; without a choice, from the entry that stays."""
        return self.fields.get(name, self.stays)


def counts(one: Invitation, other: Invitation) -> Invitation:
    """Of two answers to one invitation, the one that counts."""
    return min(one, other, key=_ANSWERS.index)


def check_not_at_once(stays: Iterable[Given], goes: Iterable[Given]) -> None:
    """Check that nobody would be at two places at once. Raises ``AtOnce``."""
    others = list(stays)
    for one in goes:
        for other in others:
            apart = other.ends <= one.starts or other.starts >= one.ends
            if one.session_id != other.session_id and not apart:
                raise AtOnce(day=one.day)


def joined(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """What two lists hold together, in their order."""
    return list(dict.fromkeys([*one, *other]))


def picked(where: From, first: Sequence[str], second: Sequence[str]) -> list[str]:
    """One list of two, or both together."""
    if where is From.BOTH:
        return joined(first, second)
    return list(first if where is From.FIRST else second)


def picked_text(where: From, first: str, second: str) -> str:
    """One text of two, or both below each other."""
    if where is From.BOTH:
        return "\n".join(dict.fromkeys(one for one in (first, second) if one))
    return first if where is From.FIRST else second
