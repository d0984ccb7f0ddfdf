"""Mixes people at tables, so that different countries and functions get to talk.

Seating everybody is exact. Each table gets a fair share of everyone: of each country, of each
function, and of each country's people of one function, the numbers at any two tables differ by at
most one; so do the numbers of people altogether, and of different countries. That this is always
possible at the same time follows from network flows: distributing everyone in equal fractions is a
flow within all bounds, and if a flow exists within whole-number bounds, so does one in whole
numbers. So tables are filled one after another, each with its fair share of those who are left.

If some keep their places, the others are distributed step by step: fewest of one country at a table
first, then fewest of one function.

See docs/decisions/2026-11-24-tables.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from trainings.tables.knowing_rules import Known, parted
from trainings.tables.neighbour_rules import Guest, round_the_table
from trainings.tables.rules import Layout, Place, RoomFull

Kind = tuple[str, str]  # country and function
_Edge = tuple[Hashable, Hashable]
COUNTRY_WEIGHT, FUNCTION_WEIGHT = 20, 1  # of two of one kind at a table
_PATIENCE = 400_000  # exchanges to be weighed, about half a second; few rooms need them all


def seat_all(
    guests: Iterable[Guest], layout: Layout, known: Known | None = None
) -> dict[str, Place]:
    """A place for everybody, with all tables equally mixed. Raises ``RoomFull``.

    ``known``: who knows whom already; of all equally mixed rooms, one where strangers meet.
    """
    everyone = sorted(guests, key=lambda one: (one.country, one.function, one.id))
    if len(everyone) > layout.room:
        raise RoomFull(free=layout.room, people=len(everyone))
    waiting: dict[Kind, deque[Guest]] = defaultdict(deque)
    for one in everyone:
        waiting[one.country, one.function].append(one)
    rooms: list[list[Guest]] = []
    for table in range(1, layout.tables + 1):
        share = fair_share(
            {kind: len(them) for kind, them in waiting.items() if them}, layout.tables - table + 1
        )
        rooms.append(
            [waiting[kind].popleft() for kind, number in share.items() for _ in range(number)]
        )
    return {
        one.id: Place(table, number)
        for table, there in enumerate(parted(rooms, known) if known else rooms, 1)
        for number, one in enumerate(round_the_table(there), 1)
    }


def fair_share(left: Mapping[Kind, int], tables: int) -> dict[Kind, int]:
    """The number of each kind at the next table, when this many tables are still empty."""
    countries, functions = Counter[str](), Counter[str]()
    for (country, function), number in left.items():
        countries[country] += number
        functions[function] += number
    total = sum(left.values())
    most = -(-total // tables)
    bounds: dict[_Edge, tuple[int, int]] = {}
    for function in sorted(functions):
        bounds["in", ("function", function)] = _fair(functions[function], tables)
    for country, function in sorted(left):
        edge = (("function", function), ("country", country))
        bounds[edge] = _fair(left[country, function], tables)
    rests = Counter[str]()  # the people left over when every table has as many of the country
    for country in sorted(countries):
        each, rest = divmod(countries[country], tables)
        kind = "more" if each else "few"  # one more of those here, or one at some tables only
        bounds[("country", country), "out"] = (each, each)
        bounds[("country", country), kind] = (0, min(rest, 1))
        rests[kind] += rest
    for kind in sorted(rests):
        bounds[kind, "out"] = _fair(rests[kind], tables)
    bounds["out", "in"] = (most, most)
    flow = _circulation(bounds)
    shares = {kind: flow[("function", kind[1]), ("country", kind[0])] for kind in sorted(left)}
    return {kind: number for kind, number in shares.items() if number}


def _fair(number: int, tables: int) -> tuple[int, int]:
    return number // tables, -(-number // tables)


def _circulation(bounds: Mapping[_Edge, tuple[int, int]]) -> dict[_Edge, int]:
    """An integer flow within the bounds, balanced at each node; one must exist.

    The minimum of each bound is sent first; any surplus at a node is then sent by the shortest
    paths to where there is a deficit.
    """
    flow = {edge: least for edge, (least, _most) in bounds.items()}
    spare: dict[Hashable, int] = defaultdict(int)
    ways: dict[Hashable, list[tuple[Hashable, _Edge, int]]] = defaultdict(list)
    for edge, (least, _most) in bounds.items():
        spare[edge[0]] -= least
        spare[edge[1]] += least
        ways[edge[0]].append((edge[1], edge, 1))
        ways[edge[1]].append((edge[0], edge, -1))
    for node in list(spare):
        while spare[node] > 0:
            way = _way(node, spare, ways, flow, bounds)
            for edge, step in way:
                flow[edge] += step
            last, step = way[-1]
            spare[node] -= 1
            spare[last[1] if step == 1 else last[0]] += 1
    return flow


def _way(
    start: Hashable,
    spare: Mapping[Hashable, int],
    ways: Mapping[Hashable, Sequence[tuple[Hashable, _Edge, int]]],
    flow: Mapping[_Edge, int],
    bounds: Mapping[_Edge, tuple[int, int]],
) -> list[tuple[_Edge, int]]:
    """The shortest path on which one more unit can be sent to a node with a deficit."""
    came: dict[Hashable, tuple[Hashable, _Edge, int] | None] = {start: None}
    line = deque([start])
    while line:
        node = line.popleft()
        if spare[node] < 0:
            back: list[tuple[_Edge, int]] = []
            while (step := came[node]) is not None:
                back.append((step[1], step[2]))
                node = step[0]
            return back[::-1]
        for to, edge, sign in ways[node]:
            least, most = bounds[edge]
            open_ = flow[edge] < most if sign == 1 else flow[edge] > least
            if open_ and to not in came:
                came[to] = (node, edge, sign)
                line.append(to)
    raise AssertionError("no flow keeps these bounds")


def seat_rest(
    guests: Iterable[Guest], seated: Mapping[str, Place], layout: Layout, known: Known | None = None
) -> dict[str, Place]:
    """Places for those who have none; seated people keep theirs. Raises ``RoomFull``.

    ``known`` counts where nobody sits yet.
    """
    everyone = sorted(guests, key=lambda one: (one.country, one.function, one.id))
    staying = {one.id: seated[one.id] for one in everyone if one.id in seated}
    newcomers = [one for one in everyone if one.id not in seated]
    if not staying:
        return seat_all(everyone, layout, known)
    free = {
        table: sorted(
            set(range(1, layout.places + 1))
            - {place.number for place in staying.values() if place.table == table}
        )
        for table in range(1, layout.tables + 1)
    }
    spare = sum(map(len, free.values()))
    if len(newcomers) > spare:
        raise RoomFull(free=spare, people=len(newcomers))
    kept: dict[int, list[Guest]] = {table: [] for table in free}
    for one in everyone:
        if one.id in staying:
            kept[staying[one.id].table].append(one)
    room = _even_room({table: len(them) for table, them in kept.items()}, free, len(newcomers))
    found: dict[str, Place] = {}
    for table, them in _shared_out(newcomers, kept, room).items():
        for number, one in zip(free[table], round_the_table(them), strict=False):
            found[one.id] = Place(table, number)
    return found


def _even_room(
    there: Mapping[int, int], free: Mapping[int, Sequence[int]], newcomers: int
) -> dict[int, int]:
    """The number of people who join each table, so that table sizes are as even as possible."""
    room = dict.fromkeys(there, 0)
    for _ in range(newcomers):
        table = min(
            (table for table in room if room[table] < len(free[table])),
            key=lambda table: (there[table] + room[table], table),
        )
        room[table] += 1
    return room


class _Crowd:
    """The people at a table, counted by country and by function."""

    def __init__(self, there: Iterable[Guest]) -> None:
        self.countries: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()
        for one in there:
            self.add(one)

    def add(self, one: Guest, number: int = 1) -> None:
        self.countries[one.country] += number
        self.functions[one.function] += number

    def price(self, one: Guest) -> int:
        """How much less mixed the table is with one more of this kind."""
        return (
            COUNTRY_WEIGHT * self.countries[one.country]
            + FUNCTION_WEIGHT * self.functions[one.function]
        )

    def change(self, out: Guest, to: Guest) -> int:
        """How much less mixed the table is when one person leaves and another joins."""
        countries = self.countries[to.country] - self.countries[out.country] + 1
        functions = self.functions[to.function] - self.functions[out.function] + 1
        return COUNTRY_WEIGHT * countries * (
            out.country != to.country
        ) + FUNCTION_WEIGHT * functions * (out.function != to.function)


def _shared_out(
    newcomers: Sequence[Guest], kept: Mapping[int, Sequence[Guest]], room: Mapping[int, int]
) -> dict[int, list[Guest]]:
    """Who joins which table: each where they mix best, then exchanged while that helps."""
    crowds = {table: _Crowd(them) for table, them in kept.items()}
    joined: dict[int, list[Guest]] = {table: [] for table in kept}
    sizes = Counter(one.country for one in newcomers)
    for one in sorted(newcomers, key=lambda one: (-sizes[one.country], one)):
        table = min(
            (table for table in joined if len(joined[table]) < room[table]),
            key=lambda table: (crowds[table].price(one), len(joined[table]), table),
        )
        joined[table].append(one)
        crowds[table].add(one)
    weighed, better = 0, True
    while better:
        better = False
        for a, b in combinations(joined, 2):
            if weighed > _PATIENCE:
                return joined
            done, looked = _exchange(a, b, joined, crowds)
            better, weighed = better or done, weighed + looked
    return joined


def _exchange(
    a: int, b: int, joined: Mapping[int, list[Guest]], crowds: Mapping[int, _Crowd]
) -> tuple[bool, int]:
    """Exchange newcomers of two tables while this makes the two together more mixed.

    Returns whether any were exchanged, and how many exchanges were weighed.
    """
    done, looked = False, 0
    while True:
        best, found = 0, None
        kinds_a = {(one.country, one.function): one for one in joined[a]}
        kinds_b = {(one.country, one.function): one for one in joined[b]}
        looked += len(kinds_a) * len(kinds_b)
        for one in kinds_a.values():
            for other in kinds_b.values():
                gain = crowds[a].change(one, other) + crowds[b].change(other, one)
                if gain < best:
                    best, found = gain, (one, other)
        if found is None:
            return done, looked
        one, other = found
        for table, out, to in ((a, one, other), (b, other, one)):
            joined[table][joined[table].index(out)] = to
            crowds[table].add(out, -1)
            crowds[table].add(to)
        done = True


class Mix(NamedTuple):
    """The most of one country, and of one function, at one table; and the least possible."""

    country: int
    country_best: int
    function: int
    function_best: int


def mix(guests: Iterable[Guest], seated: Mapping[str, Place], tables: int) -> Mix:
    """How well the seated people are mixed."""
    them = [one for one in guests if one.id in seated]
    at = [(seated[one.id].table, one) for one in them]
    return Mix(
        max(Counter((table, one.country) for table, one in at).values(), default=0),
        max((-(-n // tables) for n in Counter(one.country for one in them).values()), default=0),
        max(Counter((table, one.function) for table, one in at).values(), default=0),
        max((-(-n // tables) for n in Counter(one.function for one in them).values()), default=0),
    )
