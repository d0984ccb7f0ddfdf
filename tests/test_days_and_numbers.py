"""Days and numbers as each language writes them: on pages, in emails, refusals and PDFs."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, teaching
from trainings.agenda.rules import OutsideCourse
from trainings.core.db import transaction
from trainings.core.i18n import LANGUAGES, speaking
from trainings.core.permissions import Role
from trainings.courses.access_rules import DaysShownTo
from trainings.courses.models import Course
from trainings.courses.rules import Visibility
from trainings.desk.rules import SessionsOutside
from trainings.mail.writes import enqueue
from trainings.papers import operations as paper_operations
from trainings.papers.rules import Letter
from trainings.register.document import hours_in_words
from trainings.registrations.models import Registration

COUNTS = (0, 1, 2, 21)
ACCEPTS = {code: code.replace("_", "-") for code in LANGUAGES}


class Days(NamedTuple):
    """A course's days, and how each language writes them out and in short."""

    first: date
    last: date
    in_full: dict[str, str]
    in_short: dict[str, str]


WITHIN_A_MONTH = Days(
    date(2027, 2, 1),
    date(2027, 2, 4),
    {
        "en": "1 to 4 February 2027",
        "es": "del 1 al 4 de febrero de 2027",
        "fr": "du 1er au 4 février 2027",
        "pt_BR": "de 1º a 4 de fevereiro de 2027",
    },
    {
        "en": "Mon 1 – Thu 4 Feb 2027",
        "es": "lun 1 – jue 4 feb 2027",
        "fr": "lun. 1er – jeu. 4 févr. 2027",
        "pt_BR": "seg. 1º – qui. 4 fev. 2027",
    },
)
OVER_A_MONTH = Days(
    date(2027, 2, 26),
    date(2027, 3, 1),
    {
        "en": "26 February to 1 March 2027",
        "es": "del 26 de febrero al 1 de marzo de 2027",
        "fr": "du 26 février au 1er mars 2027",
        "pt_BR": "de 26 de fevereiro a 1º de março de 2027",
    },
    {
        "en": "Fri 26 Feb – Mon 1 Mar 2027",
        "es": "vie 26 feb – lun 1 mar 2027",
        "fr": "ven. 26 févr. – lun. 1er mars 2027",
        "pt_BR": "sex. 26 fev. – seg. 1º mar. 2027",
    },
)
OVER_A_YEAR = Days(
    date(2027, 12, 30),
    date(2028, 1, 2),
    {
        "en": "30 December 2027 to 2 January 2028",
        "es": "del 30 de diciembre de 2027 al 2 de enero de 2028",
        "fr": "du 30 décembre 2027 au 2 janvier 2028",
        "pt_BR": "de 30 de dezembro de 2027 a 2 de janeiro de 2028",
    },
    {
        "en": "Thu 30 Dec 2027 – Sun 2 Jan 2028",
        "es": "jue 30 dic 2027 – dom 2 ene 2028",
        "fr": "jeu. 30 déc. 2027 – dim. 2 janv. 2028",
        "pt_BR": "qui. 30 dez. 2027 – dom. 2 jan. 2028",
    },
)
RANGES = pytest.mark.parametrize(
    "days", [WITHIN_A_MONTH, OVER_A_MONTH, OVER_A_YEAR], ids=["month", "over month", "over year"]
)


def held_on(days: Days, **values: Any) -> str:
    return factories.course(starts_on=days.first, ends_on=days.last, **values)


def numbered(counts: tuple[int, ...], one: str, other: str, none_is_one: bool = False) -> list[str]:
    """The sentence for each number: the form of one for 1, and for 0 where it counts as one."""
    return [
        (one if number == 1 or (number == 0 and none_is_one) else other).format(number)
        for number in counts
    ]


@RANGES
@pytest.mark.parametrize("code", LANGUAGES)
def test_days_on_a_page(client: FlaskClient, days: Days, code: str) -> None:
    held_on(days, days_shown_to=DaysShownTo.EVERYONE, visibility=Visibility.PUBLIC)
    page = client.get("/courses/BUE27", headers={"Accept-Language": ACCEPTS[code]})
    assert days.in_short[code] in page.get_data(as_text=True)


@RANGES
@pytest.mark.parametrize("code", LANGUAGES)
def test_days_in_an_email(app: Flask, days: Days, code: str) -> None:
    course_id = held_on(days)
    with transaction() as session:
        course = session.get_one(Course, course_id)
        enqueue(session, "course_published", to="a@b.example", language=code, course=course)
    (mail,) = factories.mails()
    assert f"{days.in_full[code]}, Buenos Aires" in mail.body
    assert days.first.isoformat() not in mail.body


@RANGES
@pytest.mark.parametrize("code", LANGUAGES)
def test_days_in_a_refusal(app: Flask, days: Days, code: str) -> None:
    with speaking(code):
        said = str(OutsideCourse(first=days.first, last=days.last))
    last = days.in_full[code].rpartition({"en": "to ", "es": "al ", "fr": "au "}.get(code, " a "))
    assert last[2] in said
    assert days.first.isoformat() not in said and days.last.isoformat() not in said


@RANGES
def test_days_in_a_pdf(app: Flask, days: Days) -> None:
    """One print run holds a letter in each language."""
    lead = factories.account(Role.ORGANISER, agency="IOM")
    course_id = held_on(days, languages=[*LANGUAGES])
    for code in LANGUAGES:
        registration_id = teaching.participant(course_id, name=("Zoé", code.upper()))
        with transaction() as session:
            session.get_one(Registration, registration_id).certificate_language = code
    printed = paper_operations.print_letters(course_id, Letter.INVITATION, None, lead)
    read = subprocess.run(
        ["pdftotext", "-", "-"], input=printed.pdf, capture_output=True, check=True
    )
    text = " ".join(read.stdout.decode().split())
    assert [code for code in LANGUAGES if days.in_full[code] not in text] == []


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("en", "One candidate", "{} candidates"),
        ("es", "Una candidatura", "{} candidaturas"),
        ("fr", "1 candidature", "{} candidatures"),
        ("pt_BR", "1 candidatura", "{} candidaturas"),
    ],
)
@pytest.mark.parametrize("number", [1, 2, 21])
def test_numbers_on_a_page(
    client: FlaskClient, code: str, number: int, one: str, other: str
) -> None:
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    course_id = factories.course()
    for _ in range(number):
        teaching.participant(course_id)
    page = client.get("/courses/BUE27/registrations", headers={"Accept-Language": ACCEPTS[code]})
    (said,) = numbered((number,), one, other)
    assert said in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("code", "hours", "days"),
    [
        ("en", ("one hour", "2 hours", "21 hours"), ("one day", "2 days", "21 days")),
        ("es", ("una hora", "2 horas", "21 horas"), ("un día", "2 días", "21 días")),
        ("fr", ("une heure", "2 heures", "21 heures"), ("un jour", "2 jours", "21 jours")),
        ("pt_BR", ("uma hora", "2 horas", "21 horas"), ("um dia", "2 dias", "21 dias")),
    ],
)
def test_numbers_in_an_email(
    app: Flask, code: str, hours: tuple[str, ...], days: tuple[str, ...]
) -> None:
    spans = [*(timedelta(hours=one) for one in (1, 2, 21)), *map(timedelta, (1, 2, 21))]
    with transaction() as session:
        for span in spans:
            enqueue(
                session,
                "sign_in_link",
                to="a@b.example",
                language=code,
                name="Ana",
                token="x",
                valid_for=span,
            )
    bodies = [mail.body for mail in factories.mails()]
    for said in (*hours, *days):
        assert sum(f" {said} " in body for body in bodies) == 1, said


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("en", "{} session is outside", "{} sessions are outside"),
        ("es", "{} sesión queda fuera", "{} sesiones quedan fuera"),
        ("fr", "{} séance tombe en dehors", "{} séances tombent en dehors"),
        ("pt_BR", "{} sessão fica fora", "{} sessões ficam fora"),
    ],
)
def test_numbers_in_a_refusal(app: Flask, code: str, one: str, other: str) -> None:
    with speaking(code):
        said = [str(SessionsOutside(number=number)) for number in COUNTS]
    begins = numbered(COUNTS, one, other, code in {"fr", "pt_BR"})
    for sentence, begin in zip(said, begins, strict=True):
        assert sentence.startswith(begin)


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("en", "{} hour", "{} hours"),
        ("es", "{} hora", "{} horas"),
        ("fr", "{} heure", "{} heures"),
        ("pt_BR", "{} hora", "{} horas"),
    ],
)
def test_numbers_in_a_certificate(app: Flask, code: str, one: str, other: str) -> None:
    with speaking(code):
        said = [hours_in_words(60 * number) for number in COUNTS]
    assert said == numbered(COUNTS, one, other, code in {"fr", "pt_BR"})
