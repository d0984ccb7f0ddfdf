"""Agendas as agencies and trainers send them come out as a careful clerk would enter them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from trainings.agenda.rules import SessionKind
from trainings.agenda_import import reading_rules
from trainings.agenda_import.reading_rules import NoAgenda, read
from trainings.spreadsheets import reader
from trainings.spreadsheets.rules import Merged, Sheet

INPUTS = Path(__file__).parent / "inputs"
FILES = sorted(path.name for path in INPUTS.iterdir() if path.suffix != ".json")
# What the questions of the inputs say, in the words of the clerk.
WHY = {
    "the course has four days": reading_rules.DayOutside,
    "the weekday is not that of the date": reading_rules.DayOutside,
    "no time": reading_rules.NoTime,
    "no day": reading_rules.NoDay,
    "no end": reading_rules.NoEnd,
    "no title": reading_rules.NoTitle,
    "two rooms": reading_rules.TwoRooms,
    "one person or two": reading_rules.TrainersUnclear,
    "it ends before it begins": reading_rules.EndsFirst,
    "ends as it begins": reading_rules.EndsFirst,
}


@pytest.mark.parametrize("name", FILES)
def test_each_agenda_comes_out_as_a_careful_clerk_enters_it(app: Flask, name: str) -> None:
    expected = json.loads((INPUTS / f"{name}.expect.json").read_text())
    run = app.test_cli_runner().invoke(
        args=[
            "agenda",
            "read",
            str(INPUTS / name),
            "--starts",
            expected["starts"],
            "--days",
            str(expected["days"]),
        ]
    )
    assert run.exit_code == 0, run.output
    found = json.loads(run.output)
    assert found["rows"] == expected["rows"]
    assert [(one["row"], one.get("day")) for one in found["ask"]] == [
        (one["row"], one.get("day")) for one in expected["ask"]
    ]
    assert all(one["why"].endswith(".") for one in found["ask"])


@pytest.mark.parametrize("name", FILES)
def test_each_question_says_why(app: Flask, name: str) -> None:
    expected = json.loads((INPUTS / f"{name}.expect.json").read_text())
    starts = date.fromisoformat(expected["starts"])
    found = read(reader.read((INPUTS / name).read_bytes()), starts, expected["days"])
    assert [type(one.why) for one in found.ask] == [WHY[one["why"]] for one in expected["ask"]]
    with app.test_request_context():
        assert all(str(one.why).endswith(".") and one.said for one in found.ask)


def test_a_file_that_is_no_agenda_says_what_one_looks_like(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Nombre;País\nAna;BO\n")
    run = app.test_cli_runner().invoke(
        args=["agenda", "read", str(path), "--starts", "2027-01-18", "--days", "4"]
    )
    assert run.exit_code == 1 and "We found no agenda in this file" in run.output


def test_numbers_alone_are_days_of_the_month_where_only_that_fits() -> None:
    rows = [["Fecha", "Hora", "Tema"], *([str(18 + day), "9:00-10:00", "Uno"] for day in range(4))]
    found = read([Sheet("", rows)], date(2027, 1, 18), 4)
    assert [row.day for row in found.rows] == [1, 2, 3, 4]


def test_a_merged_cell_of_a_grid_is_one_session_or_one_on_each_day() -> None:
    rows = [
        ["Hora", "Día 1", "Día 2"],
        ["9:00-10:00", "Taller (Sala 1)", "Módulo 1"],
        ["10:00-11:00", "", "Café"],
        ["11:00-12:00", "Almuerzo", ""],
    ]
    sheet = Sheet("", rows, [Merged(1, 1, 2, 1), Merged(3, 1, 3, 2)])
    found = read([sheet], date(2027, 1, 18), 2)
    assert [(row.day, row.start // 60, row.end // 60, row.title) for row in found.rows] == [
        (1, 9, 11, "Taller"),
        (2, 9, 10, "Módulo 1"),
        (2, 10, 11, "Café"),
        (1, 11, 12, "Almuerzo"),
        (2, 11, 12, "Almuerzo"),
    ]
    assert not found.ask


def test_an_end_is_not_guessed_from_a_row_whose_time_cannot_be_read() -> None:
    rows = [
        ["Hora", "Tema", "Día"],
        ["9:00", "Uno", "1"],
        ["pronto", "Dos", "1"],
        ["11:00-12:00", "Tres", "1"],
    ]
    found = read([Sheet("", rows)], date(2027, 1, 18), 2)
    assert [row.title for row in found.rows] == ["Tres"]
    assert [type(one.why) for one in found.ask] == [reading_rules.NoEnd, reading_rules.NoTime]


def test_a_file_without_rows_is_no_agenda() -> None:
    with pytest.raises(NoAgenda):
        read([Sheet("", [["Hora"]])], date(2027, 1, 18), 2)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Módulo 2 - Cooperação", SessionKind.MODULE),
        ("Opening and module 1", SessionKind.MODULE),
        ("Coffee break", SessionKind.BREAK),
        ("Almoço de trabalho", SessionKind.BREAK),
        ("Pré-teste", SessionKind.TEST),
        ("Taller en grupos", SessionKind.OTHER),
        ("Testimony of a survivor", SessionKind.OTHER),
        ("", SessionKind.OTHER),
    ],
)
def test_the_kind_follows_from_the_words(title: str, kind: SessionKind) -> None:
    assert reading_rules.kind_of(title) is kind
