"""When a person can be erased, how it is confirmed, and why it is done."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.core.text import same_name

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is read as something else
_NUMBER = re.compile(r"R-[0-9A-Z_-]{6,10}")


class Reason(StrEnum):
    """Why somebody is erased."""

    ASKED = "asked"
    RETENTION = "retention"
    MISTAKE = "mistake"
    OTHER = "other"

    @property
    def label(self) -> LazyText:
        """The reason as people read it."""
        return REASON_LABELS[self]


REASON_LABELS: Mapping[Reason, LazyText] = {
    Reason.ASKED: _l("The person asked for it"),
    Reason.RETENTION: _l("The time for which data are kept has ended"),
    Reason.MISTAKE: _l("The person was entered by mistake"),
    Reason.OTHER: _l("Another reason"),
}


class Way(StrEnum):
    """By what a person is looked for."""

    MAIL = "mail"
    NUMBER = "number"
    SERIAL = "serial"
    NAME = "name"


def way_of(typed: str, is_serial: bool) -> Way:
    """As what a typed text is looked up."""
    if "@" in typed:
        return Way.MAIL
    if _NUMBER.fullmatch(typed.upper()):
        return Way.NUMBER
    return Way.SERIAL if is_serial else Way.NAME


@dataclass(frozen=True)
class Standing:
    """What decides whether a person can be erased now; courses by code and title."""

    erased: bool = False
    own: bool = False
    works_here: bool = False  # an account that is on and has a role of staff
    live_on: tuple[str, ...] = ()
    teaches_on: tuple[str, ...] = ()


class AlreadyErased(Refusal):
    """Nothing is left to erase."""

    sentence = _l("This person was erased before.")


class Yourself(Refusal):
    """Nobody erases themselves: another officer has to."""

    sentence = _l(
        "This is you. Another data protection officer has to erase you, after your role has ended."
    )


class WorksHere(Refusal):
    """Somebody who still has a role."""

    sentence = _l(
        "This person works here and has a role. An administrator has to switch the account off "
        "first."
    )


class StillRegistered(Refusal):
    """Somebody who stands on a course that is not over."""

    sentence = _l(
        "This person is registered on a course that is not over: %(courses)s. They, or an "
        "organiser of the course, have to withdraw the registration first."
    )


class StillTeaches(Refusal):
    """A trainer who is asked to a course that is not over."""

    sentence = _l(
        "This person is a trainer of a course that is not over: %(courses)s. They have to "
        "decline, or an organiser has to withdraw the invitation, first."
    )


class NotConfirmed(Refusal):
    """What was typed does not say who is to be erased."""

    sentence = _l("This is not what the page asks you to type, so nothing was erased.")
    field = "typed"


class NobodyFound(Refusal):
    """Nobody is known under what was typed."""

    sentence = _l(
        "Nobody is found. Type the whole name or the exact mail address; a number or a serial as "
        "it is written on mails and certificates. Who was erased before is found by number and "
        "serial only."
    )
    field = "sought"


class ChangedMeanwhile(Refusal):
    """Somebody was put on another course at the same moment."""

    sentence = _l("Something about this person changed at this moment. Look again, then go on.")


def hindrances(standing: Standing) -> list[Refusal]:
    """Everything that stands in the way of erasing somebody now, in one sentence each."""
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


def check(standing: Standing) -> None:
    """Whether a person can be erased now, or the first refusal."""
    for refusal in hindrances(standing):
        raise refusal


def asked_word(numbers: Collection[str], family_name: str, given_name: str, mail: str) -> str:
    """What an officer types to say that they mean this person: a number, else a name, else mail."""
    return next(iter(numbers), "") or family_name or given_name or mail


def confirms(typed: str, word: str) -> bool:
    """Whether somebody typed what they were asked for, whatever the case and the accents."""
    return bool(word) and (
        typed.strip().casefold() == word.strip().casefold() or same_name(typed, word)
    )
