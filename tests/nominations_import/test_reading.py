"""Lists as authorities send them come out as a careful clerk would enter them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from trainings.nominations_import import ask_rules, layout_rules, reading_rules
from trainings.nominations_import.reading_rules import Call
from trainings.spreadsheets.rules import Sheet

INPUTS = Path(__file__).parent / "inputs"
FILES = sorted(path.name for path in INPUTS.iterdir() if path.suffix != ".json")
COUNTRIES = ["AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY", "HT"]


def expected(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((INPUTS / f"{name}.expect.json").read_text())
    return found


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("told", [True, False])
def test_each_list_comes_out_as_a_careful_clerk_enters_it(
    app: Flask, name: str, told: bool
) -> None:
    factories.course("LIST", countries=COUNTRIES)
    want = expected(name)
    country = ["--country", str(want["country"])] if told else []
    run = app.test_cli_runner().invoke(
        args=["nominations", "read", str(INPUTS / name), "--course", "LIST", *country]
    )
    assert run.exit_code == 0, run.output
    found = json.loads(run.output)
    assert found["rows"] == want["rows"]
    asked = want["ask"]
    assert isinstance(asked, list)
    assert [one.partition(":")[0] for one in found["ask"]] == [
        one.partition(":")[0] for one in asked
    ]
    assert all(one.endswith((".", "?")) for one in found["ask"])


CALL = Call(
    {"police": ("Police",), "prosecutor": ("Prosecutor",), "judge": ("Judge",)},
    COUNTRIES,
    date(2027, 2, 1),
)
HEAD = ["Apellidos", "Nombres", "Función", "Correo"]
RUTH = ["Choque", "Ruth", "Jueza", "ruth@unit.example.bo"]


@pytest.fixture
def in_english(app: Flask) -> Flask:
    """Names of countries come from the catalogue of the page's language."""
    return app


def columns_of(found: layout_rules.Listed) -> list[str]:
    return layout_rules.meanings(found, CALL.names_function)


def rows_of(*sheets: Sheet, country: str = "", name: str = "") -> list[reading_rules.Row]:
    found = layout_rules.listed(sheets, name)
    return reading_rules.read(found, columns_of(found), CALL, country)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (
            "Rank|Given name|Family name|Gender|Date of birth|Position|Unit|E-mail|Phone|Passport",
            "rank given_name family_name sex born function unit mail phone document",
        ),
        (
            "N.º|Apellidos y nombres|Sexo|F. nac.|Cargo / función|Institución|Correo|Cel|DNI|País",
            "rank reversed_name sex born function unit mail phone document country",
        ),
        (
            "Ordre|Prénom|Nom|Sexe|Né(e) le|Fonction|Service|Courriel|Tél.|N° de passeport",
            "rank given_name family_name sex born function unit mail phone document",
        ),
        (
            "Ordem|Nome|Sobrenome|Gênero|Data de nascimento|Função|Órgão|E-mail|Telefone|RG",
            "rank given_name family_name sex born function unit mail phone document",
        ),
        ("Nombre|Cargo|Correo", "name function mail"),
        ("Nom|Fonction|Courriel", "name function mail"),
        ("Nombre y apellidos|Rol|Correo|Correo", "name function mail -"),
        ("Primer nombre|Segundo nombre|Apellido|Mail", "given_name given_name family_name mail"),
    ],
)
def test_columns_are_known_by_their_names(header: str, columns: str) -> None:
    names = header.split("|")
    sheet = Sheet("a", [["Nómina 2027"], [], names, [str(at) for at, _ in enumerate(names, 1)]])
    found = layout_rules.listed([sheet])
    assert columns_of(found) == [one.replace("-", "") for one in columns.split()]
    assert found.lines[0].label == "4"


def test_no_word_means_two_columns() -> None:
    known: dict[str, str] = {}
    for meaning, words in layout_rules.COLUMNS.items():
        for word in words:
            assert known.setdefault(word, meaning) == meaning, word


def test_columns_without_a_name_are_known_by_what_stands_in_them() -> None:
    rows = [
        ["1", "Ana Paz", "Jueza", "F", "a@unit.example", "1980-02-01"],
        ["2", "Luz Sol", "Fiscal", "F", "l@unit.example", "03/02/1981"],
    ]
    found = layout_rules.listed([Sheet("a", rows)])
    assert columns_of(found) == ["rank", "", "function", "sex", "mail", "born"]
    assert found.header == ("",) * 6 and found.layout == ""
    assert layout_rules.lacks(columns_of(found))


def test_the_table_is_found_wherever_it_stands(in_english: Flask) -> None:
    cover, empty = Sheet("Portada", [["Nómina"]]), Sheet("b", [])
    below = [["", *HEAD], ["", *RUTH], ["", *HEAD], ["", "Paz", "Noa", "Fiscal", "n@x.example.bo"]]
    rows = rows_of(cover, empty, Sheet("Lista", [["Título"], [], [], *below]))
    assert [(one.label, one.candidate.given_name) for one in rows] == [("5", "Ruth"), ("7", "Noa")]
    assert not any(one.asked for one in rows)


def test_sheets_of_one_layout_are_one_list_and_others_are_told(in_english: Flask) -> None:
    other = Sheet("Otra", [["Nombre", "Cargo", "Correo"], ["Eva", "Juez", "e@x.example"]])
    one, two = Sheet("A", [HEAD, RUTH]), Sheet("B", [HEAD, ["Paz", "Noa", "Fiscal", "n@x.example"]])
    found = layout_rules.listed([one, two, other])
    assert [line.label for line in found.lines] == ["2", "B 2"]
    assert found.left_out == (("Otra", ("Nombre|Cargo|Correo|",)),)


@pytest.mark.parametrize(
    ("above", "sheet", "name", "told", "country", "asks"),
    [
        ("", "a", "", "", "BO", False),  # by the domain of the addresses
        ("", "a", "", "PE", "PE", False),
        ("País: Perú", "a", "", "", "PE", False),
        ("PAÍS : PERÚ", "a", "", "PE", "PE", False),
        ("República del Perú", "a", "", "", "PE", False),
        ("", "Pérou", "", "", "PE", False),
        ("", "a", "peru.xlsx", "", "PE", False),
        ("Curso en Argentina: lista de Perú", "a", "", "", "BO", False),
        ("País: Perú", "a", "", "BO", "BO", True),
    ],
)
def test_the_country_of_a_list(
    in_english: Flask, above: str, sheet: str, name: str, told: str, country: str, asks: bool
) -> None:
    (row,) = rows_of(Sheet(sheet, [[above], HEAD, RUTH]), country=told, name=name)
    assert row.candidate.country == country
    assert [type(one.why) for one in row.asked] == [ask_rules.CountryOtherwise] * asks


def test_no_country_is_asked() -> None:
    (row,) = rows_of(Sheet("a", [HEAD, [*RUTH[:3], "ruth@unit.example"]]))
    assert [type(one.why) for one in row.asked] == [ask_rules.CountryUnknown]


@pytest.mark.parametrize(
    "sheets",
    [
        [],
        [Sheet("a", [])],
        [Sheet("a", [["", ""]])],
        [Sheet("a", [HEAD])],
        [Sheet("a", [HEAD, ["Total"]])],
    ],
)
def test_a_file_without_people_says_so(sheets: list[Sheet]) -> None:
    with pytest.raises(layout_rules.NoList):
        layout_rules.listed(sheets)


def test_a_list_too_long_is_refused() -> None:
    many = [["x", "y", "juez", f"{at}@x.example"] for at in range(layout_rules.MOST + 1)]
    with pytest.raises(layout_rules.TooManyPeople):
        layout_rules.listed([Sheet("a", [HEAD, *many])])
    long = [["x" * 4000, "y", "juez", f"{at}@x.example"] for at in range(100)]
    with pytest.raises(layout_rules.TooManyPeople):
        layout_rules.listed([Sheet("a", [HEAD, *long])])


def test_a_list_comes_back_from_its_page() -> None:
    found = layout_rules.listed([Sheet("a", [["País: Perú"], HEAD, RUTH, ["Total", "", "", "1"]])])
    assert layout_rules.unpacked(found.packed()) == found


@given(st.text(max_size=80))
def test_a_page_altered_into_something_else_is_no_list(text: str) -> None:
    found = layout_rules.unpacked(text)
    assert found is None or isinstance(found.lines, tuple)


@pytest.mark.parametrize(
    ("cell", "field"), [("a\u202eb", "unit"), ("x" * 500, "unit"), ("x" * 90, "document")]
)
def test_what_cannot_be_kept_is_asked(in_english: Flask, cell: str, field: str) -> None:
    name = {"unit": "Unidad", "document": "Pasaporte"}[field]
    (row,) = rows_of(Sheet("a", [[*HEAD, name], [*RUTH, cell]]))
    assert [(one.field, type(one.why)) for one in row.asked] == [(field, ask_rules.CellRefused)]


def test_every_question_can_be_kept_and_asked_again(in_english: Flask) -> None:
    asked = [
        ask_rules.Asked("mail", "A1", "x", ask_rules.SameAddress(row="4")),
        ask_rules.Asked("born", "B2", "31/02/1980", ask_rules.DateNotThere()),
    ]
    again = ask_rules.unpacked(json.loads(json.dumps(ask_rules.packed(asked))))
    assert list(map(str, again)) == list(map(str, asked))
