"""Why somebody is taken or not: what binds, looked up in the choice; and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from flask_babel import format_decimal
from msgspec import Struct
from msgspec.structs import replace

from trainings.core.i18n import _, country_name, listed, ngettext, with_colon
from trainings.seats.placing_rules import Group
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.rules import (
    PLACE,
    SCORE,
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
    SCORED = "scored"  # taken before a better place, because of the readers' scores
    NEEDED = "needed"  # taken before better places, because of minima
    AGAIN = "again"
    NO_SEATS = "no_seats"
    HELD = "held"
    RULES = "rules"  # a seat is free, but a minimum would break
    BEHIND = "behind"  # a worse place is taken, because of minima
    PLACES = "places"  # the seats went to better places, or better places and scores together


class Went(NamedTuple):
    """Who has a seat that somebody else could have had: country, place, both scores added."""

    country: str
    place: int | None
    score: int | None = None


class Reason(Struct, frozen=True):
    """Why somebody is taken or not, in plain values, to be kept and said in any language."""

    why: Why
    country: str
    place: int | None = None
    rules: tuple[tuple[str, str], ...] = ()  # what, and the amount as it is written
    seats: int = 0  # that they could have had
    went_to: tuple[Went, ...] = ()
    score: int | None = None  # both readers' added, where it counted
    weighed: bool = False  # whether anybody's score counted

    @property
    def plain(self) -> list[Any]:
        """As it is kept."""
        went_to = [tuple(one) for one in self.went_to]
        scores = (self.score, self.weighed)
        return [self.why, self.country, self.place, self.rules, self.seats, went_to, *scores]


def reason_from(plain: Sequence[Any]) -> Reason:
    """A reason as it was kept; those of before there were scores have none."""
    why, country, place, rules, seats, went_to, *scores = plain
    pairs = tuple((str(what), str(asked)) for what, asked in rules)
    went = tuple(Went(*one) for one in went_to)
    return Reason(Why(why), country, place, pairs, seats, went, *scores)


def reasons(choice: Choice) -> dict[str, Reason]:
    """Why each of the eligible is taken or not, by id."""
    weighed = any(one.score is not None for one in choice.problem.eligible)
    found = {one.id: _not_taken(choice, one) for one in choice.others}
    waiting = [
        (one, choice.reach(one.group)) for one in choice.others if found[one.id].why not in _APART
    ]
    for one in choice.taken:
        rivals = [other for other, groups in waiting if one.group in groups]
        found[one.id] = _taken(choice, one, rivals)
    scores = {one.id: one.score for one in choice.problem.eligible}
    return {key: replace(one, score=scores[key], weighed=weighed) for key, one in found.items()}


_APART = frozenset({Why.AGAIN, Why.NO_SEATS, Why.RULES})  # who waits for no seat of anybody


def _taken(choice: Choice, one: Eligible, rivals: Sequence[Eligible]) -> Reason:
    rules: dict[str, None] = {}
    for rival in rivals:
        if rival.key < one.key:
            rules.update(dict.fromkeys(choice.broken_by(rival, one)))
    outscored = any(one.only_by_score(rival) for rival in rivals)
    why = Why.BEST if rivals else Why.ROOM
    if rules:
        why = Why.NEEDED
    elif outscored:
        why = Why.SCORED
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
    went_to = tuple(Went(other.country, other.place, other.score) for other in could)
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
    country, score = country_name(one.country), _score_words(one.score)
    if one.place is None and score:
        return _("Not ranked on the list of %(country)s, %(score)s.", country=country, score=score)
    if one.place is None:
        return _("Not ranked on the list of %(country)s.", country=country)
    if score:
        return _(
            "No. %(place)s on the list of %(country)s, %(score)s.",
            place=one.place,
            country=country,
            score=score,
        )
    return _("No. %(place)s on the list of %(country)s.", place=one.place, country=country)


def _score_words(score: int | None) -> str:
    """Both scores as their mean: *score 4.5*."""
    if score is None:
        return ""
    return _("score %(mean)s", mean=format_decimal(score / 2, format="0.#"))


def _why_words(one: Reason, functions: Mapping[str, str]) -> str:
    rules = _listed(one.rules, functions)
    match one.why:
        case Why.ROOM:
            return _("Nobody else waits for this seat.")
        case Why.BEST:
            return _("Nobody with a better place could have this seat.")
        case Why.SCORED:
            return _(
                "Comes before a better place because of the readers' scores: one point of the mean "
                "weighs as two places."
            )
        case Why.NEEDED if one.weighed:
            return _(
                "Comes before others who are placed better, scores weighed in, because of: "
                "%(rules)s.",
                rules=rules,
            )
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
        case Why.BEHIND if one.weighed:
            return _(
                "Others who are placed worse, scores weighed in, come first because of: %(rules)s.",
                rules=rules,
            )
        case Why.BEHIND:
            return _("Others further down come first because of: %(rules)s.", rules=rules)
        case _:
            return _went_words(one)


def _went_words(one: Reason) -> str:
    if one.weighed:
        return _went_words_weighed(one)
    if not one.went_to:
        return ngettext(
            "The one seat that they could have went to a place that is better or was registered "
            "earlier.",
            "The %(num)s seats that they could have went to places that are better or were "
            "registered earlier.",
            one.seats,
        )
    if {went.country for went in one.went_to} == {one.country}:
        return _went_within(one)
    return ngettext(
        "The one seat that they could have went to a place that is better or was registered "
        "earlier (%(places)s).",
        "The %(num)s seats that they could have went to places that are better or were registered "
        "earlier (%(places)s).",
        one.seats,
        places=_went_places(one),
    )


def _went_words_weighed(one: Reason) -> str:
    weight = _("One point of the mean score weighs as two places.")
    if one.went_to and {went.country for went in one.went_to} == {one.country}:
        return f"{_went_within(one)} {weight}"
    if not one.went_to:
        told = ngettext(
            "The one seat that they could have went to a place that is better, scores weighed in, "
            "or was registered earlier.",
            "The %(num)s seats that they could have went to places that are better, scores weighed "
            "in, or were registered earlier.",
            one.seats,
        )
        return f"{told} {weight}"
    told = ngettext(
        "The one seat that they could have went to a place that is better, scores weighed in, or "
        "was registered earlier (%(places)s).",
        "The %(num)s seats that they could have went to places that are better, scores weighed in, "
        "or were registered earlier (%(places)s).",
        one.seats,
        places=_went_places(one),
    )
    return f"{told} {weight}"


def _went_within(one: Reason) -> str:
    return ngettext(
        "The one seat that they could have went to %(places)s of the same list.",
        "The %(num)s seats that they could have went to %(places)s of the same list.",
        one.seats,
        places=listed([_went_place(went) for went in one.went_to]),
    )


def _went_places(one: Reason) -> str:
    places: dict[str, list[str]] = {}
    for went in one.went_to:
        places.setdefault(went.country, []).append(_went_place(went))
    return "; ".join(
        f"{with_colon(country_name(country))} {', '.join(numbers)}"
        for country, numbers in places.items()
    )


def _went_place(went: Went) -> str:
    shown = _("no. %(place)s", place=went.place) if went.place else _("not ranked")
    score = _score_words(went.score)
    return f"{shown} ({score})" if score else shown


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
    if one.what == SCORE:
        score = one.asked.number if one.asked is not None else 0
        return _("Would be taken if the readers gave: %(score)s.", score=_score_words(score))
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
