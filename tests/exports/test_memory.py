"""A list is written as it is read: memory does not grow with its rows, and nothing is lost."""

from __future__ import annotations

import tracemalloc
from collections.abc import Collection, Iterator
from datetime import date

import pytest
from flask import Flask

from tests.exports import taking
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.exports import people_queries
from trainings.exports.rules import OFFERS, Listing
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.registrations.rules import State
from trainings.spreadsheets import inspector, workbook
from trainings.spreadsheets.taking_rules import TakenList, Value

MORE = 150_000  # bytes that 3,600 rows more may take, beside the file: a row by itself has 1,500


def lines(number: int) -> Iterator[list[Value]]:
    for place in range(number):
        text = f"Ñandú {place} Ejemplo, a name of about this length"
        yield [text, *(f"{text} {column}" for column in range(6)), date(1980, 2, 3), place]


def peak(number: int, write: str) -> int:
    """The most memory that writing a list of so many rows takes, in bytes."""
    taken = TakenList(
        title="Candidates",
        about_name="About",
        about=[("Rows", str(number))],
        name="List",
        head=[f"Column {at}" for at in range(9)],
        rows=lines(number),
        number=number,
    )
    tracemalloc.start()
    try:
        content = getattr(workbook, write)(taken)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return most - len(content)


@pytest.mark.parametrize("write", ["xlsx", "zipped"])
def test_memory_does_not_grow_with_the_rows(write: str) -> None:
    peak(200, write)  # what is loaded once
    few, many = peak(400, write), peak(4000, write)
    assert many - few < MORE, (few, many)


def test_a_workbook_holds_every_row_however_many_there_are() -> None:
    number = 700  # more than are looked at, and than are packed at once
    taken = TakenList("T", "About", [], "List", ["A"] * 9, lines(number), number=number)
    _about, listed = inspector.sheets(workbook.xlsx(taken))
    wanted = [[*row[:7], ["day", "1980-02-03"], float(row[8] or 0)] for row in lines(number)]  # type: ignore[arg-type]
    assert listed["rows"][1:] == wanted


@pytest.mark.parametrize("listing", [Listing.CANDIDATES, Listing.DOOR, Listing.RESERVE])
def test_names_are_opened_some_at_a_time(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, listing: Listing
) -> None:
    state = State.RESERVE if listing is Listing.RESERVE else State.CONFIRMED
    house = taking.house(5, state=state)
    course = db.session.get_one(Course, house.course_id)
    columns = OFFERS[listing].columns
    whole, persons = people_queries.table(listing, course, house.by, columns, {})
    expected = list(whole.rows)
    opened: list[int] = []
    open_names = reading.opened_for_file

    def noting(ids: Collection[str], *, mails: bool) -> dict[str, Identity]:
        opened.append(len(ids))
        return open_names(ids, mails=mails)

    monkeypatch.setattr(reading, "opened_for_file", noting)
    monkeypatch.setattr(people_queries, "PORTION", 2)
    table, again = people_queries.table(listing, course, house.by, columns, {})
    assert opened == [], "nothing is opened before a row is asked for"
    assert list(table.rows) == expected and again == persons
    assert opened == [2, 2, 1] and table.number == len(expected) == 5
