"""What a list of trainers says, in four languages; what it does not say for certain is asked."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from trainings.core.names import folded
from trainings.roster_import import reading_rules
from trainings.roster_import.reading_rules import COLUMNS, Vocabulary
from trainings.spreadsheets.rules import Sheet
from trainings.spreadsheets.value_rules import country_of

WORDS = Vocabulary({folded("IOM"): "iom", folded("OIM"): "iom"}, {folded("Entrevista"): "m1"})
FULL = {
    "given_name": "Ruth",
    "family_name": "Choque",
    "mail": "ruth@unit.example",
    "agency": "OIM",
    "city": "La Paz",
    "country": "Bolivia",
    "languages": "español, inglés",
    "modules": "entrevista",
    "notes": "",
}


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> None:
    """Names of countries and languages come from the catalogue of the page's language."""


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (
            "Given name|Family name|Email|Agency|City|Country|Languages|Modules",
            "given_name family_name mail agency city country languages modules",
        ),
        (
            "Nombres|Apellidos|Correo electrónico|Organismo|Ciudad|País|Idiomas|Temas",
            "given_name family_name mail agency city country languages modules",
        ),
        (
            "Prénom|Nom|Courriel|Organisation|Ville|Pays|Langues|Thèmes",
            "given_name family_name mail agency city country languages modules",
        ),
        (
            "Nome|Sobrenome|E-mail|Organização|Cidade|País|Idiomas|Módulos",
            "given_name family_name mail agency city country languages modules",
        ),
        (
            "Apellidos y nombres|Correo|Lugar de destino|Observaciones|Foto",
            "name mail station notes -",
        ),
    ],
)
def test_columns_are_known_by_their_names(header: str, columns: str) -> None:
    names = header.split("|")
    sheet = Sheet("a", [["Nómina 2027"], [], names, [f"x{n}" for n in range(len(names))]])
    found, meanings = reading_rules.listed([sheet])
    assert meanings == [one.replace("-", "") for one in columns.split()]
    assert found.rows[0][0] == 4
    assert found.header == tuple(names)


def test_no_word_means_two_columns() -> None:
    known: dict[str, str] = {}
    for meaning, words in COLUMNS.items():
        for word in map(folded, words):
            assert known.setdefault(word, meaning) == meaning, word


def test_a_list_without_known_names_is_shown_to_be_sorted_out() -> None:
    found, meanings = reading_rules.listed([Sheet("a", [["A1", "B1"], ["x", "y"]])])
    assert meanings == ["", ""]
    assert found.rows == ((2, ("x", "y")),)
    assert reading_rules.unknown_columns(meanings)
    again = reading_rules.values(found.rows[0][1], ["family_name", "mail"])
    assert (again["family_name"], again["mail"]) == ("x", "y")


def test_an_empty_list_and_one_too_long_are_refused() -> None:
    with pytest.raises(reading_rules.NoTable):
        reading_rules.listed([Sheet("a", [["", ""]]), Sheet("b", [["Nombre", "Correo"]])])
    rows = [["Nombre", "Correo"], *[[f"n{n}", f"{n}@a.example"] for n in range(301)]]
    with pytest.raises(reading_rules.TooManyTrainers):
        reading_rules.listed([Sheet("a", rows)])


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        (("name",), ("Choque, Ruth",), ("Ruth", "Choque", "", "")),
        (("name",), ("Ruth Choque Ortuño",), ("Ruth", "Choque Ortuño", "", "")),
        (
            ("family_name", "station"),
            ("Choque", "La Paz, Bolivia"),
            ("", "Choque", "La Paz", "Bolivia"),
        ),
        (("family_name", "station"), ("Choque", "La Paz"), ("", "Choque", "La Paz", "")),
        (("station", "country"), ("El Alto, La Paz", "Perú"), ("", "", "El Alto", "Perú")),
    ],
)
def test_what_stands_in_one_cell_is_taken_apart(
    columns: tuple[str, ...], cells: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    row = reading_rules.values(cells, columns)
    assert tuple(row[one] for one in ("given_name", "family_name", "city", "country")) == expected


def test_a_whole_name_without_a_comma_is_asked_about() -> None:
    assert reading_rules.asks_for_name(("Ruth Choque",), ("name",))
    assert not reading_rules.asks_for_name(("Choque, Ruth",), ("name",))
    assert not reading_rules.asks_for_name(("Suharto",), ("name",))
    assert not reading_rules.asks_for_name(("Ruth X", "Choque"), ("name", "family_name"))


def test_a_whole_row_asks_nothing() -> None:
    data, asks = reading_rules.understood(FULL, WORDS)
    assert asks == []
    assert (data.agency_id, data.station_country) == ("iom", "BO")
    assert data.languages == ("es", "en")
    assert data.module_ids == ("m1",)


@pytest.mark.parametrize(
    ("change", "ask"),
    [
        ({"given_name": "", "family_name": ""}, reading_rules.NoName),
        ({"mail": ""}, reading_rules.NoAddress),
        ({"agency": "ACME"}, reading_rules.AgencyUnknown),
        ({"city": ""}, reading_rules.NoCity),
        ({"country": "Atlantis"}, reading_rules.CountryUnknown),
        ({"country": ""}, reading_rules.CountryUnknown),
        ({"languages": ""}, reading_rules.LanguageUnknown),
        ({"languages": "español, klingon"}, reading_rules.LanguageUnknown),
        ({"modules": "Entrevista; Magia"}, reading_rules.ModuleNotHere),
    ],
)
def test_what_is_missing_or_unknown_is_asked(change: dict[str, str], ask: type) -> None:
    _data, asks = reading_rules.understood(FULL | change, WORDS)
    assert [type(one) for one in asks] == [ask]


@pytest.mark.parametrize(
    "said",
    [
        "es, en",
        "Español e inglés",
        "Spanish and English",
        "espagnol, anglais",
        "castellano/ inglês",
    ],
)
def test_languages_in_four_languages(said: str) -> None:
    assert reading_rules.languages_of(said) == (["es", "en"], [])


@pytest.mark.parametrize("said", ["BR", "br", "Brasil", "Brazil", "Brésil", "BRASIL"])
def test_countries_in_four_languages(said: str) -> None:
    assert country_of(said) == "BR"


def test_the_same_address_twice_in_a_list() -> None:
    mails = [(2, "a@x.example"), (3, ""), (4, "A@X.example"), (5, "")]
    assert reading_rules.twice(mails) == {4: 2}


@given(st.text(max_size=80))
def test_a_page_altered_into_something_else_is_no_list(text: str) -> None:
    found = reading_rules.unpacked(text)
    assert found is None or isinstance(found.rows, tuple)


def test_a_list_comes_back_from_its_page() -> None:
    found, _meanings = reading_rules.listed(
        [Sheet("a", [["Nombre", "Correo"], ["Ana", "a@x.example"]])]
    )
    assert reading_rules.unpacked(found.packed()) == found
    assert reading_rules.unpacked("[" * 9000) is None
