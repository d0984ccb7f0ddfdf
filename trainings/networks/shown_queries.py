"""The network of a course as a page shows it: waves, picture, table, what changed, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import format_decimal

from trainings.core.i18n import LazyText, _, ngettext
from trainings.courses.models import Course
from trainings.networks.count_rules import BeforeAfter, Network, compared, network_of
from trainings.networks.group_rules import label
from trainings.networks.models import ContactWave
from trainings.networks.picture_rules import Picture, drawn, most
from trainings.networks.rules import ContactOutcome, ContactWay, Often, WaveKind
from trainings.people import queries as people

MOST_NAMED = 3  # pairs of groups that a sentence names


class GroupLine(NamedTuple):
    """One group in the table beside the picture."""

    number: int
    name: str
    people: int
    own: int
    others: int
    reached: int
    before: int | None  # contacts with others in the wave before
    strongest: str


class Drawing(NamedTuple):
    """One wave drawn."""

    wave: str
    picture: Picture


class ShownNetwork(NamedTuple):
    """Everything that a page says of one wave, and of the one that it is compared with."""

    wave: ContactWave
    earlier: ContactWave | None
    network: Network
    drawings: Sequence[Drawing]
    lines: Sequence[GroupLine]
    facts: Sequence[tuple[str, str]]
    sentences: Sequence[str]
    often: Sequence[tuple[LazyText, int]]
    ways: Sequence[tuple[LazyText, int]]
    outcomes: Sequence[tuple[LazyText, int]]


def networks(waves: Mapping[WaveKind, ContactWave], k: int) -> dict[WaveKind, Network]:
    """The networks that a reader may see of the closed waves among these."""
    found = {
        kind: network_of(one.counted, k) for kind, one in waves.items() if one.closed_at is not None
    }
    return {kind: one for kind, one in found.items() if one is not None}


def shown(
    course: Course, waves: Mapping[WaveKind, ContactWave], k: int, wanted: str
) -> ShownNetwork | None:
    """One wave of a course as a page shows it: the wanted one, else the last that may be seen."""
    there = networks(waves, k)
    if not there:
        return None
    kinds = list(there)
    kind = WaveKind(wanted) if wanted in kinds else kinds[-1]
    earlier = kinds[0] if kind is not kinds[0] else None
    words = people.function_names()
    if earlier is None:
        both, network = None, there[kind]
        names = _names(network, words, course)
        drawings = [Drawing(str(kind.label), drawn(network, most(network)))]
    else:
        both = compared(there[earlier], there[kind])
        network = both.after
        names = _names(network, words, course)
        thickest = max(most(both.before), most(both.after))
        drawings = [
            Drawing(str(earlier.label), drawn(both.before, thickest)),
            Drawing(str(kind.label), drawn(both.after, thickest, both.gained)),
        ]
    before = both.before if both else None
    return ShownNetwork(
        waves[kind],
        waves[earlier] if earlier else None,
        network,
        drawings,
        _lines(network, names, before),
        _facts(network, names, before),
        _sentences(both, names) if both else [],
        [(one.label, network.sums.often[one]) for one in Often],
        [(one.label, network.sums.ways[one]) for one in ContactWay],
        [(one.label, network.sums.outcomes[one]) for one in ContactOutcome],
    )


def _names(network: Network, functions: Mapping[str, str], course: Course) -> list[str]:
    asked = {function for block in network.blocks for _country, function in block}
    return [label(one, functions, asked & set(course.functions) or asked) for one in network.blocks]


def _lines(network: Network, names: Sequence[str], before: Network | None) -> list[GroupLine]:
    size = range(len(network.blocks))
    found = []
    for one in size:
        others = [(network.between(one, other), other) for other in size if other != one]
        best = max(others, key=lambda each: (each[0], -each[1]), default=(0, 0))
        found.append(
            GroupLine(
                one + 1,
                names[one],
                network.people[one],
                network.between(one, one),
                sum(number for number, _other in others),
                sum(1 for number, _other in others if number),
                _with_others(before, one) if before else None,
                names[best[1]] if best[0] else "",
            )
        )
    return found


def _with_others(network: Network, one: int) -> int:
    return sum(network.between(one, other) for other in range(len(network.blocks)) if other != one)


def _percent(part: int, whole: int) -> str:
    return _("%(share)s%%", share=round(100 * part / whole) if whole else 0)


def _number(value: float) -> str:
    return str(format_decimal(value, format="0.0"))


def _each(network: Network) -> str:
    return _number(network.sums.total / network.sums.answered)


def _facts(network: Network, names: Sequence[str], before: Network | None) -> list[tuple[str, str]]:
    """The measures of a wave, each with that of the wave before."""

    def both(measure: Any) -> str:
        now = str(measure(network))
        if before is None:
            return now
        return _("%(before)s before, %(after)s now", before=measure(before), after=now)

    return [
        (_("Groups that each person was in contact with"), both(_each)),
        (
            _("Density: contacts of all that are possible"),
            both(lambda one: _percent(one.sums.total, one.sums.possible)),
        ),
        (
            _("Contacts across borders"),
            both(lambda one: _percent(one.sums.borders, one.sums.total)),
        ),
        (
            _("Contacts across functions"),
            both(lambda one: _percent(one.sums.functions, one.sums.total)),
        ),
        (
            _("Groups without a contact to another"),
            "; ".join(names[one] for one in network.isolated) or _("None"),
        ),
    ]


def _sentences(both: BeforeAfter, names: Sequence[str]) -> list[str]:
    """What changed between two waves."""
    first, last = both.before.sums, both.after.sums
    found = [
        _(
            "Each person was in contact with %(after)s groups on average, %(before)s before.",
            before=_each(both.before),
            after=_each(both.after),
        ),
        _(
            "%(after)s of the contacts cross a border, %(before)s before; %(functions_after)s "
            "cross functions, %(functions_before)s before.",
            before=_percent(first.borders, first.total),
            after=_percent(last.borders, last.total),
            functions_before=_percent(first.functions, first.total),
            functions_after=_percent(last.functions, last.total),
        ),
    ]
    if both.gained:
        found.append(
            ngettext(
                "%(num)s pair of groups is in contact that was not before: %(pairs)s.",
                "%(num)s pairs of groups are in contact that were not before: %(pairs)s.",
                len(both.gained),
                pairs=_pairs(both.gained, names),
            )
        )
    if both.lost:
        found.append(
            ngettext(
                "%(num)s pair of groups has lost contact: %(pairs)s.",
                "%(num)s pairs of groups have lost contact: %(pairs)s.",
                len(both.lost),
                pairs=_pairs(both.lost, names),
            )
        )
    return found


def _pairs(pairs: Sequence[tuple[int, int]], names: Sequence[str]) -> str:
    """The first of some pairs of groups by name."""
    named = "; ".join(f"{names[one]} – {names[two]}" for one, two in pairs[:MOST_NAMED])
    return named + ("; …" if len(pairs) > MOST_NAMED else "")
