"""The tables of a course as a page shows them: people by name, and where each can be moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask_babel import format_decimal
from msgspec import Struct

from trainings.core import paging
from trainings.core.i18n import _, country_name
from trainings.core.names import folded
from trainings.core.permissions import Viewer
from trainings.people import queries as people
from trainings.people import reading
from trainings.tables.knowing_rules import acquainted, by_lot
from trainings.tables.mixing_rules import Mix, mix, seat_all, seat_rest
from trainings.tables.neighbour_rules import Guest
from trainings.tables.plan_rules import Plan, plan
from trainings.tables.queries import Participant, known_in
from trainings.tables.rules import Choice, Layout, Place, written


class Sitter(Struct, frozen=True):
    """One person as the page of tables shows them."""

    who: Participant
    name: str
    sorting: str
    note: str

    @property
    def number(self) -> str:
        return self.who.number


class Table(Struct, frozen=True):
    """A table as the page shows it: its picture, its places in order, how mixed it is."""

    number: int
    plan: Plan
    sitters: Mapping[int, Sitter]  # by place
    countries: int
    functions: int


class Acquainted(NamedTuple):
    """The share of the pairs at one table who know each other: by lot, without asking, now."""

    lot: str
    before: str
    now: str


def strangers(
    course_id: str, found: Sequence[Participant], layout: Layout | None
) -> Acquainted | None:
    """How much more strangers meet than by country and function alone; None if nobody was asked."""
    there = [one for one in found if one.place is not None]
    known = known_in(course_id) if layout is not None and there else None
    if layout is None or known is None or len(there) > layout.room:
        return None
    plain = seat_all([one.guest for one in there], layout)
    rooms: list[dict[int, list[Guest]]] = [{}, {}]
    for one in there:
        if one.place is None:
            continue
        rooms[0].setdefault(plain[one.registration_id].table, []).append(one.guest)
        rooms[1].setdefault(one.place.table, []).append(one.guest)
    shares = [by_lot([one.guest for one in there], known)]
    shares += [acquainted(room.values(), known) for room in rooms]
    numbers = (format_decimal(100 * one, format="0.0") for one in shares)
    return Acquainted(*(_("%(share)s%%", share=number) for number in numbers))


PEOPLE_SHOWN = 100  # about so many on a page of the room
Options = list[tuple[str, list[tuple[str, str]]]]  # a table's heading, its places


def sitters(viewer: Viewer, found: Sequence[Participant]) -> list[Sitter]:
    """The people of a course in order of name; their names opened in one read."""
    names = reading.open([one.person_id for one in found], by=viewer.account_id, purpose="tables")
    functions = people.function_names()
    rows = [
        Sitter(
            one,
            names[one.person_id].name,
            names[one.person_id].sorting,
            f"{country_name(one.country)} · {functions.get(one.function, one.function)}",
        )
        for one in found
    ]
    return sorted(rows, key=lambda one: (folded(one.sorting), one.number))


class Part(Struct, frozen=True):
    """The tables on one page of the room."""

    page: int
    pages: int
    first: int
    last: int


def tables_on_a_page(layout: Layout) -> int:
    """How many tables a page shows, so that it shows about a hundred people."""
    return max(1, PEOPLE_SHOWN // layout.places)


def part_of(layout: Layout, page: int) -> Part:
    """The tables of a page that is asked for."""
    size = tables_on_a_page(layout)
    page = paging.within(page, layout.tables, size)
    last = min(page * size, layout.tables)
    return Part(page, paging.pages(layout.tables, size), (page - 1) * size + 1, last)


def tables(layout: Layout, sitters: Sequence[Sitter], part: Part) -> list[Table]:
    """Each table of a part of the room with the people who sit there."""
    shown = range(part.first, part.last + 1)
    at: dict[int, dict[int, Sitter]] = {table: {} for table in shown}
    for one in sitters:
        # the room may be made smaller between reading it and reading who sits there
        if (place := one.who.place) is not None and layout.has(place) and place.table in at:
            at[place.table][place.number] = one
    return [
        Table(
            table,
            plan(layout.places, there),
            there,
            len({one.who.country for one in there.values()}),
            len({one.who.function for one in there.values()}),
        )
        for table, there in at.items()
    ]


def mixed(found: Sequence[Participant], layout: Layout | None) -> Mix | None:
    """How well the seated people are mixed; None if nobody has a place."""
    seated = {one.registration_id: one.place for one in found if one.place is not None}
    return mix([one.guest for one in found], seated, layout.tables) if layout and seated else None


def options(who: Sitter, sitters: Sequence[Sitter], layout: Layout, part: Part) -> Options:
    """The places of a part of the room that somebody can be moved to; and what happens there."""
    there = {one.who.place: one for one in sitters if one.who.place is not None}
    return [
        (
            _("Table %(table)s", table=table),
            [
                _option(place, there.get(place), who)
                for place in (Place(table, number) for number in range(1, layout.places + 1))
            ],
        )
        for table in range(part.first, part.last + 1)
    ]


def suggested(who: Participant, found: Sequence[Participant], layout: Layout) -> str:
    """Where somebody sits, or would mix best."""
    if who.place is not None:
        return written(Choice(who.place))
    there = [one for one in found if one.place is not None]
    seated = {one.registration_id: one.place for one in there if one.place is not None}
    if len(seated) >= layout.room:
        return ""
    given = seat_rest([*(one.guest for one in there), who.guest], seated, layout)
    return written(Choice(given[who.registration_id]))


def _option(place: Place, other: Sitter | None, who: Sitter) -> tuple[str, str]:
    words = {"table": place.table, "place": place.number, "name": other.sorting if other else ""}
    if other is None:
        text = _("Table %(table)s, place %(place)s: free", **words)
    elif other is who:
        return written(Choice(place)), _("Table %(table)s, place %(place)s: sits here", **words)
    elif who.who.place is None:
        text = _("Table %(table)s, place %(place)s: instead of %(name)s", **words)
    else:
        text = _("Table %(table)s, place %(place)s: swap with %(name)s", **words)
    return written(Choice(place, other.number if other else "")), text
