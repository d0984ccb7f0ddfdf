"""When a person can be erased, how it is confirmed, and for what reasons."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.core.names import same_name

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no characters that are mistaken for others
_NUMBER = re.compile(r"R-[0-9A-Z_-]{6,10}")


class Reason(StrEnum):
    """Why somebody is erased."""

    ASKED = "asked"
    RETENTION = "retention"
    MISTAKE = "mistake"
    OTHER = "other"

    @property
    def label(self) -> LazyText:
        """The reason, as shown to people."""
        return REASON_LABELS[self]


REASON_LABELS: Mapping[Reason, LazyText] = {
    Reason.ASKED: _l("The person asked for it"),
    Reason.RETENTION: _l("The time for keeping the data has ended"),
    Reason.MISTAKE: _l("The person was entered by mistake"),
    Reason.OTHER: _l("Another reason"),
}


class Way(StrEnum):
    """The kind of text used to find a person."""

    MAIL = "mail"
    NUMBER = "number"
    SERIAL = "serial"
    NAME = "name"


def way_of(typed: str, is_serial: bool) -> Way:
    """The kind of look-up for a typed text."""
    if "@" in typed:
        return Way.MAIL
    if _NUMBER.fullmatch(typed.upper()):
        return Way.NUMBER
    return Way.SERIAL if is_serial else Way.NAME


class Ties(Struct, frozen=True):
    """A person's ties to the organisation; they decide whether the person can be erased now."""

    erased: bool = False
    own: bool = False
    works_here: bool = False  # an active account with a staff role
    live_on: tuple[str, ...] = ()
    teaches_on: tuple[str, ...] = ()


class AlreadyErased(Refusal):
    """There is nothing left to erase."""

    sentence = _l("This person has already been erased.")


class Yourself(Refusal):
    """Nobody can erase themselves: another officer has to do it."""

    sentence = _l(
        "You cannot erase yourself. Another data protection officer has to do it, after your "
        "role has ended."
    )


class WorksHere(Refusal):
    """The person still has a role."""

    sentence = _l(
        "This person has a staff role. First an administrator has to switch off the account."
    )


class StillRegistered(Refusal):
    """The person is still registered on a course that is not over."""

    sentence = _l(
        "This person is registered on a course that is not over: %(courses)s. First they, or an "
        "organiser of the course, have to withdraw the registration."
    )


class StillTeaches(Refusal):
    """The trainer is invited to a course that is not over."""

    sentence = _l(
        "This person is a trainer on a course that is not over: %(courses)s. First they have to "
        "decline, or an organiser has to withdraw the invitation."
    )


class NotConfirmed(Refusal):
    """The typed text does not confirm who is to be erased."""

    sentence = _l("This is not what the page asked you to type, so nothing was erased.")
    field = "typed"


class NobodyFound(Refusal):
    """Nobody is known by what was typed."""

    sentence = _l(
        "Nobody was found. Enter the full name or the exact email address, or a number as "
        "written on emails and certificates. People erased before can be found by number only."
    )
    field = "sought"


class ChangedMeanwhile(Refusal):
    """The person was added to another course at the same moment."""

    sentence = _l("Something about this person changed just now. Check again, then continue.")


def hindrances(standing: Ties) -> list[Refusal]:
    """Every reason why somebody cannot be erased now, in one sentence each."""
    found: list[Refusal] = []
    if standing.erased:
        return [AlreadyErased()]
    if standing.own:
        found.append(Yourself())
    if standing.works_here and not standing.own:
        found.append(WorksHere())
    if standing.live_on:
        found.append(StillRegistered(courses=", ".join(standing.live_on)))
    if standing.teaches_on:
        found.append(StillTeaches(courses=", ".join(standing.teaches_on)))
    return found


def check(standing: Ties) -> None:
    """Check that a person can be erased now; raises the first refusal."""
    for refusal in hindrances(standing):
        raise refusal


def asked_word(numbers: Collection[str], family_name: str, given_name: str, mail: str) -> str:
    """What an officer types to confirm the person: a number, else a name, else the email."""
    return next(iter(numbers), "") or family_name or given_name or mail


def confirms(typed: str, word: str) -> bool:
    """Whether the typed text matches, ignoring case and accents."""
    return bool(word) and (
        typed.strip().casefold() == word.strip().casefold() or same_name(typed, word)
    )
