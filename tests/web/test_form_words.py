"""What WTForms says by itself is said in our words, in the reader's language."""

import re
from pathlib import Path

import flask_wtf
import pytest
import wtforms
from flask import Flask
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from trainings.core.i18n import LANGUAGES, speaking
from trainings.web.form_words import WORDS
from trainings.web.forms import Form

NOT_FOR_PEOPLE = {"Invalid field name '%s'.", "Choices cannot be None."}  # faults of a program


class Everything(Form):
    name = StringField(validators=[InputRequired()])
    short = StringField(validators=[Length(max=1)])
    number = IntegerField(validators=[NumberRange(1, 9)])
    which = SelectField(choices=["a"])


def said(app: Flask, accepts: str = "", **typed: str) -> dict[str, list[str]]:
    with app.test_request_context(method="POST", data=typed, headers={"Accept-Language": accepts}):
        form = Everything()
        form.validate()
        return {name: errors for name, errors in form.errors.items() if name in typed}


FAULTY = {"name": "", "short": "ab", "number": "10", "which": "b"}


def test_plain_words_in_english(app: Flask) -> None:
    assert said(app, **FAULTY) == {
        "name": ["Fill in this field."],
        "short": ["Use 1 character or fewer."],
        "number": ["Enter a number from 1 to 9."],
        "which": ["Choose one of the options."],
    }
    assert said(app, number="x")["number"][0] == "Enter a number in digits."


@pytest.mark.parametrize(
    ("accepts", "words"),
    [
        (
            "es-AR",
            [
                "Complete este campo.",
                "Use como máximo 1 carácter.",
                "Escriba un número del 1 al 9.",
                "Elija una de las opciones.",
            ],
        ),
        (
            "fr",
            [
                "Remplissez ce champ.",
                "Saisissez 1 caractère au plus.",
                "Saisissez un nombre de 1 à 9.",
                "Choisissez l’une des options.",
            ],
        ),
        (
            "pt-BR",
            [
                "Preencha este campo.",
                "Use no máximo 1 caractere.",
                "Digite um número de 1 a 9.",
                "Escolha uma das opções.",
            ],
        ),
    ],
)
def test_in_the_readers_language(app: Flask, accepts: str, words: list[str]) -> None:
    assert list(said(app, accepts, **FAULTY).values()) == [[one] for one in words]


@pytest.mark.parametrize("code", [one for one in LANGUAGES if one != "en"])
def test_none_is_left_in_english(app: Flask, code: str) -> None:
    with speaking(code):
        assert [one for one, words in WORDS.items() if str(words) == words._args[0]] == []


def test_every_message_of_wtforms_has_words() -> None:
    known: set[str] = set()
    for package in (wtforms, flask_wtf):
        for path in Path(str(package.__file__)).parent.rglob("*.py"):
            if path.parent.name not in {"csrf", "recaptcha"}:
                text = path.read_text(encoding="utf-8")
                known |= set(
                    re.findall(r"\.gettext\(\s*[\"']((?:[^\"\\]|\\.)+?)[\"'],?\s*\)", text)
                )
    assert "Not a valid choice." in known
    assert known - NOT_FOR_PEOPLE - set(WORDS) == set()
