"""Who reads whom, what a reader sees of a candidate and of the other reader; the refusals.

See docs/decisions/2026-11-28-readers.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l

READERS = 2  # of each candidate
SCORES = range(1, 6)
FAR = 2  # scores that are so far from each other are to be talked over
LONGEST = 2000  # characters of a note


class TooFewReaders(Refusal):
    """Candidates shared out among fewer people than have to read each."""

    sentence = _l("Each candidate is read by two people. Name at least two readers first.")


class NotStaffHere(Refusal):
    """A reader who does not work on the course."""

    sentence = _l("Readers are people with a staff account who work on this course.")
    field = "readers"


class OwnCandidate(Refusal):
    """A score for somebody whom the reader nominated, or for oneself."""

    sentence = _l("You nominated this candidate, so somebody else has to give the score.")


class SelectionBegun(Refusal):
    """A score that changes once candidates were selected."""

    sentence = _l("The selection has begun. Scores and notes no longer change.")


class AlreadyDecided(Refusal):
    """A score for somebody who has been selected, rejected or withdrawn."""

    sentence = _l("This candidate is no longer waiting for a decision, so no score is needed.")


class Shown(StrEnum):
    """What readers see of a candidate, beside country and function."""

    NAME = "name"
    UNIT = "unit"
    SEX = "sex"
    RANK = "rank"


SHOWN_WORDS: Mapping[Shown, LazyText] = {
    Shown.NAME: _l("Name"),
    Shown.UNIT: _l("Unit or office"),
    Shown.SEX: _l("Sex"),
    Shown.RANK: _l("Priority that the country gave"),
}
SHOWN_AT_FIRST = frozenset({Shown.NAME, Shown.UNIT})


class Review(Struct, frozen=True):
    """What one reader thinks of a candidate; no score: they have not read yet."""

    account_id: str
    score: int | None = None
    note: str = ""


class Reading(Struct, frozen=True):
    """What the readers of one candidate think."""

    reviews: tuple[Review, ...] = ()

    @property
    def unread(self) -> tuple[str, ...]:
        """The accounts that have not read yet."""
        return tuple(one.account_id for one in self.reviews if one.score is None)

    @property
    def total(self) -> int | None:
        """Both scores added; none until both are in."""
        scores = [one.score for one in self.reviews if one.score is not None]
        return sum(scores) if len(scores) >= READERS and not self.unread else None

    @property
    def mean(self) -> float | None:
        """The mean of both scores; none until both are in."""
        return None if self.total is None else self.total / len(self.reviews)

    @property
    def far(self) -> bool:
        """Whether both are in and differ so much that they are to be talked over."""
        scores = [one.score for one in self.reviews if one.score is not None]
        return self.total is not None and max(scores) - min(scores) >= FAR

    def of(self, account_id: str | None) -> Review | None:
        """What one reader thinks; none where somebody else reads the candidate."""
        return next((one for one in self.reviews if one.account_id == account_id), None)

    def seen_by(self, account_id: str | None) -> tuple[Review, ...]:
        """What somebody may see: their own, and once both are in the other's too."""
        if self.total is not None:
            return self.reviews
        return tuple(one for one in self.reviews if one.account_id == account_id)


class ToShare(Struct, frozen=True):
    """A candidate who needs readers: who reads them already, and who must not."""

    id: str
    readers: tuple[str, ...] = ()
    barred: frozenset[str] = frozenset()


def shared_out(
    candidates: Sequence[ToShare], readers: Sequence[str], loads: Mapping[str, int]
) -> dict[str, list[str]]:
    """Who is to read whom in addition, so that each has two and nobody has many more than others.

    Those whom the fewest can read come first. Pairs change, so that no two readers decide
    everything between them. ``loads``: how many each reader has already.
    """
    load, together = Counter(loads), Counter[frozenset[str]]()
    for one in candidates:
        together[frozenset(one.readers)] += 1
    order = {account: place for place, account in enumerate(readers)}
    found: dict[str, list[str]] = {}

    def able(one: ToShare) -> list[str]:
        return [who for who in readers if who not in one.barred and who not in one.readers]

    for one in sorted(candidates, key=lambda each: len(able(each))):
        chosen: list[str] = []
        while len(one.readers) + len(chosen) < READERS:
            before = {*one.readers, *chosen}
            rest = [who for who in able(one) if who not in chosen]
            if not rest:
                break

            def key(who: str, before: Collection[str] = before) -> tuple[int, int, int]:
                return load[who], together[frozenset({*before, who})], order[who]

            who = min(rest, key=key)
            chosen.append(who)
            load[who] += 1
        if chosen:
            together[frozenset({*one.readers, *chosen})] += 1
            found[one.id] = chosen
    return found


def totals_that_count(
    totals: Mapping[str, int], countries: Iterable[tuple[str, str]]
) -> dict[str, int]:
    """The scores that weigh in a selection: of countries all of whose candidates were read by both.

    So nobody is put behind another of their list because nobody has read them. ``countries``:
    pairs of candidate and country.
    """
    pairs = list(countries)
    whole = {country for _one, country in pairs}
    whole -= {country for one, country in pairs if one not in totals}
    return {one: totals[one] for one, country in pairs if country in whole}
