"""Who can be taken, under which seats and minima; and the refusals of a proposal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import _, _l, ngettext
from trainings.seats.placing_rules import Block, Group, Holders


class NoProposal(Refusal):
    """The acceptance of a proposal that is not there, not found yet, or takes nobody."""

    sentence = _l(
        "There is no proposal to accept any more. Look at the candidates, or ask for one."
    )


class Outdated(Refusal):
    """A proposal for registrations or seats that are not as they were when it was asked."""

    sentence = _l(
        "Candidates or seats have changed since. Nothing was changed now: ask for a new proposal."
    )


class MinimumUnread(Refusal):
    """A minimum that is no number and no share."""

    sentence = _l("Enter a whole number, or a share in percent.")


class MinimumUnknown(Refusal):
    """A minimum of something that is not counted."""

    sentence = _l("There is no minimum of “%(what)s”. Known are: %(known)s.")


class NothingFound(Refusal):
    """A search that the clock ended before it had found anything."""

    sentence = _l("No selection was found in the time. Ask for fewer minima.")


class SheetNotDrawn(Refusal):
    """The renderer could not produce the sheet of a decision."""

    sentence = _l(
        "We could not make the decision sheet. Try again. If it happens again, tell whoever runs "
        "this system."
    )


class SearchState(StrEnum):
    """How far a proposal is."""

    WAITING = "waiting"
    FOUND = "found"
    CONFLICT = "conflict"  # the minima cannot all be kept
    NONE = "none"  # nothing was found in the time


class TableSort(StrEnum):
    """The order of the dense table, besides by country and priority."""

    SCORE = "score"  # the best mean first
    FAR = "far"  # whose readers differ first
    UNREAD = "unread"  # who was not read by both first


SECONDS = 20  # that a search may take

# What is asked of a selection, besides at least so many of a function (by the function's code).
WOMEN, FIRST = "women", "first"
UNIT, YEARS = "unit", "years"  # at most so many of a unit; nobody twice within so many years
MOST: Mapping[str, int] = {UNIT: 99, YEARS: 10}


class Amount(NamedTuple):
    """A number, or a share of all who have a seat."""

    number: int
    percent: bool = False

    def __str__(self) -> str:
        return f"{self.number}%" if self.percent else str(self.number)

    def lacks(self, counted: int, everyone: int) -> bool:
        """Whether so many of everyone are too few."""
        if self.percent:
            return 100 * counted < self.number * everyone
        return counted < self.number


Minima = Mapping[str, Amount]

_TYPED = re.compile(r"\s*([0-9]{1,4})\s*(%?)\s*")


def amount(what: str, typed: str) -> Amount:
    """What was typed for a minimum: ``12`` or ``40%``. Raises ``MinimumUnread``."""
    found = _TYPED.fullmatch(typed)
    if found is None:
        raise MinimumUnread
    read = Amount(int(found[1]), bool(found[2]))
    most = 100 if read.percent else MOST.get(what, 9999)
    if read.number > most or (what in MOST and (read.percent or read.number < 1)):
        raise MinimumUnread
    return read


def minima_from(typed: Mapping[str, str]) -> dict[str, Amount]:
    """The minima as they are kept, by what they are of. Raises ``MinimumUnread``."""
    return {what: amount(what, text) for what, text in typed.items() if text.strip()}


def near(one: date, other: date, years: int) -> bool:
    """Whether two courses begin within so many years of each other."""
    return 4 * abs((one - other).days) < 1461 * years


def rule_words(what: str, asked: Amount, functions: Mapping[str, str]) -> str:
    """One minimum in words: *women: at least 40%*."""
    if what == UNIT:
        return ngettext("at most one of a unit", "at most %(num)s of a unit", asked.number)
    if what == YEARS:
        return ngettext("nobody twice in a year", "nobody twice in %(num)s years", asked.number)
    return _(
        "%(who)s: at least %(amount)s", who=trait_words(what, functions), amount=share_words(asked)
    )


def trait_words(what: str, functions: Mapping[str, str]) -> str:
    """What somebody counts for, in words."""
    names = {WOMEN: _("women"), FIRST: _("taking part for the first time")}
    return names.get(what) or functions.get(what, what)


def share_words(asked: Amount) -> str:
    """A number, or a share, as people write it."""
    return _("%(number)s%%", number=asked.number) if asked.percent else str(asked.number)


class Traits(Struct, frozen=True, dict=True):
    """What seats and minima count of somebody."""

    country: str
    function: str
    woman: bool = False
    first: bool = False  # has taken part in no course before
    unit: str = ""  # the same word for the same unit; empty: not known

    @cached_property
    def group(self) -> Group:
        """The group of those who fit the same seats."""
        return Group(self.country, self.function)

    @property
    def team(self) -> tuple[str, str] | None:
        """The unit, of which countries may have one of the same name each."""
        return (self.country, self.unit) if self.unit else None

    def counts(self, what: str) -> bool:
        """Whether somebody counts for a minimum."""
        return {WOMEN: self.woman, FIRST: self.first}.get(what, self.function == what)


UNRANKED = 99  # the place of those whom their country did not rank, and of all further down
# One point of the mean score weighs as much as two places in a country's list, so one point of
# both scores added as much as one place. Who has no score that counts is in the middle.
MIDDLE = 6  # of both scores added, which are from 2 to 10
LEAST, BEST = 2, 10
MOST_WORTH = UNRANKED + BEST - LEAST


class Eligible(Traits, frozen=True, dict=True):
    """An endorsed candidate who may be taken."""

    id: str = ""  # of the registration
    place: int | None = None  # in the country's list, 1 is first
    order: int = 0  # who was registered earlier comes first among equals
    again: bool = False  # took part in another course within the years asked
    score: int | None = None  # both readers' added, where it counts

    @cached_property
    def standing(self) -> int:
        """The place in the country's list as it is weighed."""
        return min(self.place or UNRANKED, UNRANKED)

    @cached_property
    def worth(self) -> int:
        """How much it is worth to take them, beside that a seat is taken at all."""
        score = MIDDLE if self.score is None else self.score
        return 1 + UNRANKED - self.standing + score - LEAST

    @cached_property
    def key(self) -> tuple[int, int, int]:
        """The order of preference: place and score together, the place, when they registered."""
        return -self.worth, self.standing, self.order

    def only_by_score(self, other: Eligible) -> bool:
        """Whether they come before somebody with a better place because of the scores alone."""
        return self.key < other.key and self.standing > other.standing


class Problem(Struct, frozen=True):
    """All that a selection is proposed from."""

    eligible: tuple[Eligible, ...]
    blocks: tuple[Block, ...]  # each smaller by the seats that are held in it for a group
    held: Mapping[Holders, int] = field(default_factory=dict)
    seated: tuple[Traits, ...] = ()  # who has a seat already
    vacancies: tuple[tuple[Group, str], ...] = ()  # held: for whom, in which block; in their order
    minima: Minima = field(default_factory=dict)

    @property
    def least(self) -> Iterator[tuple[str, Amount]]:
        """The minima of people who have some trait."""
        return ((what, asked) for what, asked in self.minima.items() if what not in MOST)

    @property
    def of_unit(self) -> int | None:
        """How many of one unit may have a seat."""
        return self.minima[UNIT].number if UNIT in self.minima else None

    def left_out(self, one: Eligible) -> bool:
        """Whether somebody cannot be taken whatever the others do."""
        return one.again and YEARS in self.minima


class Found(Struct, frozen=True):
    """A choice; whether the clock ended the search, so that there may be a better one."""

    taken: frozenset[str]
    by_clock: bool = False


class Impossible(NamedTuple):
    """A minimum that conflicts with others, and what would be possible beside those."""

    what: str
    asked: Amount
    possible: Amount | None  # none: not even without it


class Change(NamedTuple):
    """One thing that, were it so, would have somebody taken."""

    what: str  # of a minimum, or one of the three below
    asked: Amount | None = None  # none: without the minimum


# One more seat for their group; a better place in their list; better scores from the readers.
SEAT, PLACE, SCORE = "+seat", "+place", "+score"
