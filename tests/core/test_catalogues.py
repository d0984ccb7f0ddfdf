"""The catalogues: plurals as the browser counts, the same gaps, a word for each meaning."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask

from trainings.core.config import ROOT
from trainings.core.i18n import LANGUAGES, ngettext, pgettext, speaking

OTHERS = [code for code in LANGUAGES if code != "en"]
# Sentences about one that are never said about none, so that they may leave the number out.
NEVER_NONE = {
    (
        "Another organiser has written a message to one person on the training course "
        "“%(course)s”. "
        "It goes out once a second organiser has read and sent it:"
    ),
    (
        "Somebody asks for a list with the name of one person on the training course “%(course)s”. "
        "Please say whether it may leave the system:"
    ),
    (
        "You were given one candidate of the training course “%(course)s” to read. Please give a "
        "score and a note:"
    ),
    "An entry without a name, made when this address asked to apply, is also erased.",
    "Endorse the candidate",
    "Nothing was added yet: look at one row below.",
    "Offer a held seat",
    "Offer the seat",
    "One left there",
    "Of the one seat taken",
    "One answer. 1: do not agree at all, 5: fully agree.",
    "One candidate is offered a seat by email and has until %(until)s to reply.",
    "One more answer will be shown once there are %(batch)s.",
    "One person can no longer reach %(threshold)s%% of the planned hours.",
    "One person did not reach %(threshold)s%% of the planned hours.",
    "One person gets a place, as if nobody had one.",
    "One person has confirmed.",
    "Somebody else changed one person’s entry. Nothing was saved: look below, and save again.",
    "One person loses their place at a table. Nobody loses their seat on the course.",
    "One of them reads our emails in %(own)s, and gets this text in %(given)s.",
    "One person wrote something.",
    "Reject the candidate",
    "The message goes by email to the one person who has confirmed.",
    "The course has one day, and this is not it.",
    "Undo the rejection",
    "closes tomorrow",
    "one day",
    "one hour",
    "one of them is offered, not confirmed",
    "opens tomorrow",
    "the only suitable seat is confirmed",
    "the only suitable seat is taken",
    "The one seat that they could have went to %(places)s of the same list.",
    (
        "The one seat that they could have went to a place that is better, scores weighed in, or "
        "was registered earlier (%(places)s)."
    ),
    (
        "The one seat that they could have went to a place that is better, scores weighed in, or "
        "was registered earlier."
    ),
    (
        "The one seat that they could have went to a place that is better or was registered "
        "earlier (%(places)s)."
    ),
    "The one seat that they could have went to a place that is better or was registered earlier.",
    (
        "One sheet of the file is hidden and was not read: %(names)s. If it belongs to the list, "
        "unhide it and send the file again."
    ),
}


def catalogue(code: str) -> Catalog:
    with (ROOT / f"trainings/translations/{code}/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=code)


def messages(code: str) -> Iterator[tuple[list[str], list[str]]]:
    """The texts and their translations, each as a list of its forms."""
    for message in catalogue(code):
        if message.id:
            many = message.pluralizable
            yield (
                list(message.id if many else [message.id]),
                list(message.string if many else [message.string]),
            )


def gaps(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[sd]", text))


@pytest.mark.parametrize("code", OTHERS)
def test_plurals_follow_cldr_as_the_browser_does(app: Flask, code: str) -> None:
    with speaking(code):
        for number in (0, 1, 2, 21):
            found = ngettext(
                "%(num)s certificate was issued.", "%(num)s certificates were issued.", number
            )
            one = ngettext(
                "%(num)s certificate was issued.", "%(num)s certificates were issued.", 1
            )
            is_one = found.replace(str(number), "1") == one
            assert is_one == (Locale.parse(code).plural_form(number) == "one"), number


@pytest.mark.parametrize("code", OTHERS)
def test_where_none_counts_as_one_the_number_is_said(code: str) -> None:
    if Locale.parse(code).plural_form(0) == "one":
        silent = {
            ids[0]
            for ids, texts in messages(code)
            if len(ids) > 1 and not gaps(texts[1]) <= gaps(texts[0])
        }
        assert silent - NEVER_NONE == set()


def test_gaps_take_text_as_numbers_are_written_by_language() -> None:
    """But for the one text that WTForms fills itself."""
    texts = [text for ids, _said in messages("es") for text in ids]
    assert [one for one in texts if re.search(r"%\(\w+\)[^s]", one)] == [
        "Use %(min)d to %(max)d characters."
    ]


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_fills_no_other_gaps_than_its_text(code: str) -> None:
    faults = [
        (ids, texts)
        for ids, texts in messages(code)
        if not set().union(*map(gaps, texts))
        <= set().union(*map(gaps, ids)) | ({"num"} if len(ids) > 1 else set())
        or gaps(ids[-1]) - gaps(texts[-1])
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("context", "word", "said"),
    [
        (None, "Place", ["Lugar", "Lieu", "Local"]),
        ("at a table", "Place", ["Asiento", "Place", "Lugar"]),
        ("on the reserve list", "Place", ["Puesto", "Rang", "Posição"]),
        ("in lists", "Place", ["Orden", "Ordre", "Ordem"]),
        (None, "Seats", ["Plazas", "Places", "Vagas"]),
        ("in a room", "Seats", ["Asientos", "Places assises", "Assentos"]),
        (
            None,
            "Planned hours attended",
            [
                "Horas previstas a las que asistió",
                "Heures prévues suivies",
                "Presença nas horas previstas",
            ],
        ),
        ("number of people", "Attended", ["Asistieron", "Ont participé", "Compareceram"]),
        ("registration", "Attended", ["Asistió", "A participé", "Compareceu"]),
        (None, "Title", ["Título", "Titre", "Título"]),
        (None, "Job title", ["Cargo", "Fonction", "Cargo"]),
        (None, "Emails", ["Correos", "Courriels", "E-mails"]),
        (None, "Email address", ["Correo electrónico", "Adresse électronique", "E-mail"]),
        (
            None,
            "Withdraw from the course",
            ["Retirarme del curso", "Me retirer de la formation", "Desistir do curso"],
        ),
        (
            None,
            "Withdraw invitation",
            ["Retirar la invitación", "Retirer l’invitation", "Retirar o convite"],
        ),
    ],
)
def test_each_meaning_of_a_word_has_its_own(
    app: Flask, context: str | None, word: str, said: list[str]
) -> None:
    found: list[Any] = []
    for code in OTHERS:
        message = catalogue(code).get(word, context=context)
        assert message is not None
        found.append(message.string)
        if context:
            with speaking(code):
                assert pgettext(context, word) == message.string
    assert found == said


def test_no_text_has_a_word_of_several_meanings_alone() -> None:
    alone = {str(message.id) for message in catalogue("es") if message.id and not message.context}
    assert not alone & {"Withdraw", "Attended", "Hello,"}
