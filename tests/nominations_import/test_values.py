"""What one cell means, by the stated rules; what they do not decide is asked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.nominations_import import ask_rules as asks
from trainings.nominations_import import value_rules
from trainings.nominations_import.ask_rules import RowAsks
from trainings.nominations_import.name_rules import split_name, without_title
from trainings.nominations_import.value_rules import DateOrder, born_of

ON = date(2027, 2, 1)
NAMES = {
    "police": ("Police", "Policía"),
    "prosecutor": ("Prosecutor", "Fiscal"),
    "judge": ("Judge", "Juez"),
}


@pytest.mark.parametrize(
    ("whole", "given_name", "family_name"),
    [
        ("Quispe Mamani, Ana", "Ana", "Quispe Mamani"),
        ("Ana Quispe", "Ana", "Quispe"),
        ("Ana Quispe Mamani", "Ana", "Quispe Mamani"),
        ("Ana Luisa Quispe Mamani", "Ana Luisa", "Quispe Mamani"),
        ("Ana de la Cruz Soto", "Ana", "de la Cruz Soto"),
        ("ANA DE LA CRUZ", "Ana", "de la Cruz"),
        ("ana quispe", "Ana", "Quispe"),
        ("Ana QUISPE MAMANI", "Ana", "Quispe Mamani"),
        ("QUISPE MAMANI Ana Luisa", "Ana Luisa", "Quispe Mamani"),
        ("Pedro da Silva e Souza", "Pedro", "da Silva e Souza"),
        ("Luc O'BRIEN-SMITH", "Luc", "O'Brien-Smith"),
        ("Dra. Ana Quispe", "Ana", "Quispe"),
    ],
)
def test_a_whole_name_is_split(whole: str, given_name: str, family_name: str) -> None:
    assert split_name(whole) == (given_name, family_name, True)


@pytest.mark.parametrize(
    "whole",
    [
        "María José Perea",
        "Juan Carlos Soto",
        "María de los Ángeles Soto",
        "Ana Luisa María Soto",
        "Ana Luisa Inés Soto Vera",
        "Suharto",
        "Soto, Vera, Ana",
    ],
)
def test_a_name_that_can_be_split_otherwise_is_not_sure(whole: str) -> None:
    assert not split_name(whole).sure


@pytest.mark.parametrize(
    ("whole", "given_name", "family_name", "sure"),
    [
        ("Quispe Ana", "Ana", "Quispe", True),
        ("Quispe Mamani Ana", "Ana", "Quispe Mamani", True),
        ("Quispe Mamani Ana Luisa", "Ana Luisa", "Quispe Mamani", True),
        ("Quispe María José", "José", "Quispe María", False),
    ],
)
def test_the_other_way_round(whole: str, given_name: str, family_name: str, sure: bool) -> None:
    assert split_name(whole, family_first=True) == (given_name, family_name, sure)


@given(st.text(alphabet="ABCdeé ,.-'", min_size=1, max_size=40))
def test_no_letter_of_a_name_is_lost(whole: str) -> None:
    def letters(text: str) -> list[str]:
        return sorted(one for one in text.casefold() if one.isalpha())

    words = without_title(whole.replace(",", " ").strip(" .")).split()
    if words:
        name = split_name(whole.strip(" ."))
        assert letters(f"{name.given}{name.family}") == letters("".join(words)), name


@pytest.mark.parametrize(
    ("said", "iso"),
    [
        ("1980-02-01", "1980-02-01"),
        ("1980-02-01 00:00:00", "1980-02-01"),
        ("01/02/1980", "1980-02-01"),
        ("1.2.1980", "1980-02-01"),
        ("01-02-80", "1980-02-01"),
        ("31/12/05", "2005-12-31"),
        ("1 de febrero de 1980", "1980-02-01"),
        ("1º de fevereiro de 1980", "1980-02-01"),
        ("1er février 1980", "1980-02-01"),
        ("February 1, 1980", "1980-02-01"),
        ("29252", "1980-02-01"),
        ("", ""),
    ],
)
def test_dates_of_birth(said: str, iso: str) -> None:
    assert born_of(said, DateOrder.DAY_FIRST, ON) == iso


@pytest.mark.parametrize(
    ("said", "order", "why"),
    [
        ("31/02/1980", DateOrder.DAY_FIRST, asks.DateNotThere),
        ("02/13/1980", DateOrder.DAY_FIRST, asks.DateNotThere),
        ("13/02/1980", DateOrder.MONTH_FIRST, asks.DateNotThere),
        ("29/02/1981", DateOrder.DAY_FIRST, asks.DateNotThere),
        ("febrero 1980", DateOrder.DAY_FIRST, asks.DateNotThere),
        ("1980", DateOrder.DAY_FIRST, asks.DateNotThere),
        ("45 años", DateOrder.DAY_FIRST, asks.DateNotThere),
        ("01/02/1980", DateOrder.UNSURE, asks.DateUnclear),
        ("01/02/2010", DateOrder.DAY_FIRST, asks.DateUnlikely),
        ("01/02/1930", DateOrder.DAY_FIRST, asks.DateUnlikely),
        ("2030-01-01", DateOrder.DAY_FIRST, asks.DateUnlikely),
    ],
)
def test_what_is_no_date_of_birth_is_asked(said: str, order: DateOrder, why: type[RowAsks]) -> None:
    with pytest.raises(why):
        born_of(said, order, ON)


def test_a_list_that_says_month_first_is_believed() -> None:
    order = value_rules.date_order(["03/04/1980"], ["Fecha de nacimiento (MM/DD/AAAA)"])
    assert order is DateOrder.MONTH_FIRST
    assert born_of("03/04/1980", order, ON) == "1980-03-04"


def test_one_date_that_can_only_be_month_first_makes_the_others_unsure() -> None:
    order = value_rules.date_order(["03/04/1980", "03/25/1980"], ["Nacimiento"])
    assert order is DateOrder.UNSURE
    assert born_of("03/25/1980", order, ON) == "1980-03-25"
    assert born_of("25/03/1980", order, ON) == "1980-03-25"
    assert born_of("03/03/1980", order, ON) == "1980-03-03"
    assert value_rules.date_order(["31/02/1980"], []) is DateOrder.DAY_FIRST


@pytest.mark.parametrize(
    ("column", "header", "said", "sex"),
    [
        (["F", "M"], "Sexo", "M", "M"),
        (["H", "M"], "Sexo", "M", "F"),
        (["H", "M"], "Sexo", "h", "M"),
        (["H", "F"], "Sexe", "H", "M"),
        (["V", "M"], "Sexo", "M", "F"),
        (["M"], "Sexo (F/M)", "M", "M"),
        (["M"], "Sexo (H/M)", "M", "F"),
        (["M"], "Sexo", "Mujer", "F"),
        (["X"], "Gender", "X", "X"),
        ([], "Sexo", "FEMENINO", "F"),
        ([], "Sexo", "", None),
    ],
)
def test_sexes(column: list[str], header: str, said: str, sex: str | None) -> None:
    assert value_rules.sex_of(said, value_rules.letters_of(column, header)) == sex


@pytest.mark.parametrize(
    ("column", "said"), [(["M", "M"], "M"), (["H", "F", "M"], "M"), (["F"], "?"), ([], "Sí")]
)
def test_a_letter_that_may_be_either_is_asked(column: list[str], said: str) -> None:
    with pytest.raises(asks.SexUnclear):
        value_rules.sex_of(said, value_rules.letters_of(column, "Sexo"))


@pytest.mark.parametrize(
    ("said", "function"),
    [
        ("Jueza", "judge"),
        ("JUEZ/A DE GARANTÍAS", "judge"),
        ("Magistrado", "judge"),
        ("Agente fiscal", "prosecutor"),
        ("Promotora", "prosecutor"),
        ("FISCALÍA", "prosecutor"),
        ("Procureure de la République", "prosecutor"),
        ("Delegado de Polícia", "police"),
        ("POLICÍA – UNIDAD ESPECIALIZADA", "police"),
        ("Agente da Polícia Federal", "police"),
        ("judge", "judge"),
        ("Policía", "police"),
    ],
)
def test_functions_by_the_words_that_people_use(said: str, function: str) -> None:
    assert value_rules.function_of(said, NAMES) == function


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", asks.FunctionMissing),
        ("Perito", asks.FunctionUnknown),
        ("Asistente fiscal", asks.FunctionUnknown),
        ("Secretaria de juzgado", asks.FunctionUnknown),
        ("Ex juez", asks.FunctionUnknown),
        ("Abogada de la policía", asks.FunctionUnknown),
        ("Juez y fiscal", asks.FunctionUnclear),
    ],
)
def test_who_works_beside_them_is_asked_about(said: str, why: type[RowAsks]) -> None:
    with pytest.raises(why):
        value_rules.function_of(said, NAMES)


def test_only_what_the_course_invites_is_a_function() -> None:
    with pytest.raises(asks.FunctionUnknown):
        value_rules.function_of("Jueza", {"police": NAMES["police"]})


@pytest.mark.parametrize(
    ("said", "mail"),
    [
        (" Ana@Unit.Example ", "ana@unit.example"),
        ("mailto:ana@unit.example", "ana@unit.example"),
        ("Ana Paz <ana@unit.example>", "ana@unit.example"),
    ],
)
def test_addresses(said: str, mail: str) -> None:
    assert value_rules.mail_of(said) == mail


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", asks.MailMissing),
        ("sin-arroba.example", asks.MailWrong),
        ("ana@unit", asks.MailWrong),
        ("ana@unit.example, luz@unit.example", asks.MailTwice),
        ("no tiene", asks.MailWrong),
    ],
)
def test_what_is_no_address_is_asked(said: str, why: type[RowAsks]) -> None:
    with pytest.raises(why):
        value_rules.mail_of(said)


@pytest.mark.parametrize(
    ("said", "rank"), [("1", 1), ("3.º", 3), ("N° 12", 12), ("2.", 2), ("alta", None), ("0", None)]
)
def test_ranks(said: str, rank: int | None) -> None:
    assert value_rules.rank_of(said) == rank
