"""Why somebody is taken or not: what binds, looked up in the choice; and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trainings.core.i18n import _, country_name, listed, ngettext
from trainings.seats.placing_rules import Group
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.rules import (
    PLACE,
    SEAT,
    UNIT,
    YEARS,
    Change,
    Eligible,
    Impossible,
    Minima,
    amount,
    rule_words,
)

MOST_NAMED = 6  # so many places are named in a sentence


class Why(StrEnum):
    """What decides about somebody."""

    ROOM = "room"  # taken: nobody else waits for the seat
    BEST = "best"  # taken: who else waits for it has no better place
    NEEDED = "needed"  # taken before better places, because of minima
    AGAIN = "again"
    NO_SEATS = "no_seats"
    HELD = "held"
    RULES = "rules"  # a seat is free, but a minimum would break
    BEHIND = "behind"  # a worse place is taken, because of minima
    PLACES = "places"  # the seats went to better places


@dataclass(frozen=True)
class Reason:
    """Why somebody is taken or not, in plain values, to be kept and said in any language."""

    why: Why
    country: str
    place: int | None = None
    rules: tuple[tuple[str, str], ...] = ()  # what, and the amount as it is written
    seats: int = 0  # that they could have had
    went_to: tuple[tuple[str, int | None], ...] = ()  # countries and places

    @property
    def plain(self) -> list[Any]:
        """As it is kept."""
        return [self.why, self.country, self.place, self.rules, self.seats, self.went_to]


def reason_from(plain: Sequence[Any]) -> Reason:
    """A reason as it was kept."""
    why, country, place, rules, seats, went_to = plain
    pairs = tuple((str(what), str(asked)) for what, asked in rules)
    return Reason(Why(why), country, place, pairs, seats, tuple((c, p) for c, p in went_to))


def reasons(choice: Choice) -> dict[str, Reason]:
    """Why each of the eligible is taken or not, by id."""
    found = {one.id: _not_taken(choice, one) for one in choice.others}
    waiting = [
        (one, choice.reach(one.group)) for one in choice.others if found[one.id].why not in _APART
    ]
    for one in choice.taken:
        rivals = [other for other, groups in waiting if one.group in groups]
        found[one.id] = _taken(choice, one, rivals)
    return found


_APART = frozenset({Why.AGAIN, Why.NO_SEATS, Why.RULES})  # who waits for no seat of anybody


def _taken(choice: Choice, one: Eligible, rivals: Sequence[Eligible]) -> Reason:
    rules: dict[str, None] = {}
    for rival in rivals:
        if rival.key < one.key:
            rules.update(dict.fromkeys(choice.broken_by(rival, one)))
    why = Why.NEEDED if rules else Why.BEST if rivals else Why.ROOM
    return Reason(why, one.country, one.place, _written(choice, rules))


def _not_taken(choice: Choice, one: Eligible) -> Reason:
    problem = choice.problem
    if problem.left_out(one):
        return Reason(Why.AGAIN, one.country, one.place, _written(choice, [YEARS]))
    lying = {block for _group, block in problem.vacancies}
    if not any(b.fits(one.group) and (b.seats or b.id in lying) for b in problem.blocks):
        return Reason(Why.NO_SEATS, one.country, one.place)
    if choice.admits(one.group):
        return Reason(Why.RULES, one.country, one.place, _written(choice, choice.broken_by(one)))
    could = choice.instead_of(one)
    if not could:
        return Reason(Why.HELD, one.country, one.place)
    rules: dict[str, None] = {}
    for other in could:
        if one.key < other.key:
            rules.update(dict.fromkeys(choice.broken_by(one, other)))
    went_to = tuple((other.country, other.place) for other in could)
    if rules:
        return Reason(Why.BEHIND, one.country, one.place, _written(choice, rules), len(could))
    named = went_to if len(went_to) <= MOST_NAMED else ()
    return Reason(Why.PLACES, one.country, one.place, (), len(could), named)


def _written(choice: Choice, rules: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((what, str(choice.problem.minima[what])) for what in rules)


def words(one: Reason, functions: Mapping[str, str]) -> str:
    """A reason as a sentence or two, with the place in the country's list first."""
    return f"{_place_words(one)} {_why_words(one, functions)}"


def _place_words(one: Reason) -> str:
    country = country_name(one.country)
    if one.place is None:
        return _("Not ranked on the list of %(country)s.", country=country)
    return _("No. %(place)s on the list of %(country)s.", place=one.place, country=country)


def _why_words(one: Reason, functions: Mapping[str, str]) -> str:
    rules = _listed(one.rules, functions)
    match one.why:
        case Why.ROOM:
            return _("Nobody else waits for this seat.")
        case Why.BEST:
            return _("Nobody with a better place could have this seat.")
        case Why.NEEDED:
            return _("Comes before better places because of: %(rules)s.", rules=rules)
        case Why.AGAIN:
            return _("Takes part in another course in these years: %(rules)s.", rules=rules)
        case Why.NO_SEATS:
            return _("No seat of the course is for their country and function.")
        case Why.HELD:
            return _("The seats that they could have are offered, confirmed or held already.")
        case Why.RULES if dict(one.rules).keys() == {UNIT}:
            return _("As many of their unit as may be have a seat: %(rules)s.", rules=rules)
        case Why.RULES:
            return _("A seat is free, but with them this would not hold: %(rules)s.", rules=rules)
        case Why.BEHIND:
            return _("Others further down come first because of: %(rules)s.", rules=rules)
        case _:
            return _went_words(one)


def _went_words(one: Reason) -> str:
    if not one.went_to:
        return ngettext(
            "The one seat that they could have went to a place that is better or was registered "
            "earlier.",
            "The %(num)s seats that they could have went to places that are better or were "
            "registered earlier.",
            one.seats,
        )
    places: dict[str, list[str]] = {}
    for country, place in one.went_to:
        shown = _("no. %(place)s", place=place) if place else _("not ranked")
        places.setdefault(country, []).append(shown)
    if set(places) == {one.country}:
        return ngettext(
            "The one seat that they could have went to %(places)s of the same list.",
            "The %(num)s seats that they could have went to %(places)s of the same list.",
            one.seats,
            places=listed(places[one.country]),
        )
    told = "; ".join(
        f"{country_name(country)}: {', '.join(numbers)}" for country, numbers in places.items()
    )
    return ngettext(
        "The one seat that they could have went to a place that is better or was registered "
        "earlier (%(places)s).",
        "The %(num)s seats that they could have went to places that are better or were registered "
        "earlier (%(places)s).",
        one.seats,
        places=told,
    )


def _listed(rules: Sequence[tuple[str, str]], functions: Mapping[str, str]) -> str:
    return listed([rule_words(what, amount(what, asked), functions) for what, asked in rules])


def change_words(one: Change, group: Group, minima: Minima, functions: Mapping[str, str]) -> str:
    """One thing that would have somebody of a group taken, as a sentence."""
    country = country_name(group.country)
    if one.what == SEAT:
        return _(
            "Would be taken if one more seat were kept for %(country)s, %(function)s.",
            country=country,
            function=functions.get(group.function, group.function),
        )
    if one.what == PLACE:
        return _(
            "Would be taken as no. %(place)s on the list of %(country)s.",
            place=one.asked or "–",
            country=country,
        )
    if one.asked is None:
        rule = rule_words(one.what, minima[one.what], functions)
        return _("Would be taken without the rule: %(rule)s.", rule=rule)
    return _(
        "Would be taken if the rule were: %(rule)s.",
        rule=rule_words(one.what, one.asked, functions),
    )


def impossible_words(one: Impossible, functions: Mapping[str, str]) -> str:
    """A minimum of a conflict, and how far it would have to go."""
    rule = rule_words(one.what, one.asked, functions)
    if one.possible is None:
        return rule
    nearest = rule_words(one.what, one.possible, functions)
    return _("%(rule)s. Possible: %(nearest)s", rule=rule, nearest=nearest)
