"""Days, ranges, moments and numbers as each language writes them, on pages and in refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from trainings.accounts.rules import TooManyTries
from trainings.agenda.rules import OutsideCourse, TimeDoesNotExist, to_utc
from trainings.attendance.rules import Mark, NotYet, counted
from trainings.core import dates
from trainings.core.i18n import LANGUAGES, ngettext, speaking
from trainings.desk.rules import SessionsOutside

BUENOS_AIRES = "America/Argentina/Buenos_Aires"
LATE = datetime(2026, 12, 12, 2, 59, 59, tzinfo=UTC)  # still the 11th in Buenos Aires
FIRST, LAST = date(2027, 1, 25), date(2027, 1, 28)


@contextmanager
def browser(app: Flask, accepts: str, chosen: str = "") -> Iterator[None]:
    """A page asked for by a browser that prefers these languages."""
    headers = {"Accept-Language": accepts}
    if chosen:
        headers["Cookie"] = f"language={chosen}"
    with app.test_request_context(headers=headers):
        yield


@pytest.mark.parametrize(
    ("code", "month", "over_a_month", "over_a_year", "one", "first_of_month"),
    [
        (
            "en",
            "25 to 28 January 2027",
            "28 February to 1 March 2027",
            "30 December 2026 to 2 January 2027",
            "1 March 2027",
            "1 to 4 February 2027",
        ),
        (
            "es",
            "del 25 al 28 de enero de 2027",
            "del 28 de febrero al 1 de marzo de 2027",
            "del 30 de diciembre de 2026 al 2 de enero de 2027",
            "1 de marzo de 2027",
            "del 1 al 4 de febrero de 2027",
        ),
        (
            "fr",
            "du 25 au 28 janvier 2027",
            "du 28 février au 1er mars 2027",
            "du 30 décembre 2026 au 2 janvier 2027",
            "1er mars 2027",
            "du 1er au 4 février 2027",
        ),
        (
            "pt_BR",
            "de 25 a 28 de janeiro de 2027",
            "de 28 de fevereiro a 1º de março de 2027",
            "de 30 de dezembro de 2026 a 2 de janeiro de 2027",
            "1º de março de 2027",
            "de 1º a 4 de fevereiro de 2027",
        ),
    ],
)
def test_ranges_written_out(
    app: Flask,
    code: str,
    month: str,
    over_a_month: str,
    over_a_year: str,
    one: str,
    first_of_month: str,
) -> None:
    with speaking(code):
        assert dates.range_in_full(FIRST, LAST) == month
        assert dates.range_in_full(date(2027, 2, 28), date(2027, 3, 1)) == over_a_month
        assert dates.range_in_full(date(2026, 12, 30), date(2027, 1, 2)) == over_a_year
        assert dates.range_in_full(date(2027, 3, 1), date(2027, 3, 1)) == one
        assert dates.range_in_full(date(2027, 2, 1), date(2027, 2, 4)) == first_of_month


@pytest.mark.parametrize(
    ("code", "weekday", "brief", "month", "short", "over_a_year"),
    [
        (
            "en",
            "Monday 1 February 2027",
            "1 Feb 2027",
            "October 2026",
            "Mon 25 – Thu 28 Jan 2027",
            "Wed 30 Dec 2026 – Sat 2 Jan 2027",
        ),
        (
            "es",
            "lunes 1 de febrero de 2027",
            "1 feb 2027",
            "octubre de 2026",
            "lun 25 – jue 28 ene 2027",
            "mié 30 dic 2026 – sáb 2 ene 2027",
        ),
        (
            "fr",
            "lundi 1er février 2027",
            "1er févr. 2027",
            "octobre 2026",
            "lun. 25 – jeu. 28 janv. 2027",
            "mer. 30 déc. 2026 – sam. 2 janv. 2027",
        ),
        (
            "pt_BR",
            "segunda-feira, 1º de fevereiro de 2027",
            "1º fev. 2027",
            "outubro de 2026",
            "seg. 25 – qui. 28 jan. 2027",
            "qua. 30 dez. 2026 – sáb. 2 jan. 2027",
        ),
    ],
)
def test_days_months_and_short_ranges(
    app: Flask, code: str, weekday: str, brief: str, month: str, short: str, over_a_year: str
) -> None:
    with speaking(code):
        assert dates.with_weekday(date(2027, 2, 1)) == weekday
        assert dates.day_in_brief(date(2027, 2, 1)) == brief
        assert dates.month(date(2026, 10, 31)) == month
        assert dates.days(FIRST, LAST) == short
        assert dates.days(date(2026, 12, 30), date(2027, 1, 2)) == over_a_year


@pytest.mark.parametrize(
    ("code", "born", "on_a_first", "among_days", "as_head"),
    [
        ("en", "14 March 1985", "1 August 1979", "Mon 25", "Mon 25 Jan"),
        ("es", "14 de marzo de 1985", "1 de agosto de 1979", "lun 25", "lun 25 ene"),
        ("fr", "14 mars 1985", "1er août 1979", "lun. 25", "lun. 25 janv."),
        ("pt_BR", "14 de março de 1985", "1º de agosto de 1979", "seg. 25", "seg. 25 jan."),
    ],
)
def test_birth_dates_written_out_and_days_in_brief(
    app: Flask, code: str, born: str, on_a_first: str, among_days: str, as_head: str
) -> None:
    with speaking(code):
        assert dates.born_in_full("1985-03-14") == born
        assert dates.born_in_full("1979-08-01") == on_a_first
        assert dates.born_in_full("") == ""
        assert dates.weekday_in_brief(FIRST) == among_days
        assert dates.day_and_month(FIRST) == as_head


@pytest.mark.parametrize(
    ("accepts", "born"), [("en-US,en;q=0.9", "March 14, 1985"), ("en-GB,en", "14 March 1985")]
)
def test_birth_dates_follow_the_region_of_the_browser(app: Flask, accepts: str, born: str) -> None:
    with browser(app, accepts):
        assert dates.born_in_full("1985-03-14") == born


@pytest.mark.parametrize(
    ("code", "table", "sentence"),
    [
        ("en", "Fri 11 Dec 2026, 23:59", "11 December 2026 at 23:59"),
        ("es", "vie 11 dic 2026, 23:59", "11 de diciembre de 2026 a las 23:59"),
        ("fr", "ven. 11 déc. 2026, 23:59", "11 décembre 2026 à 23 h 59"),
        ("pt_BR", "sex. 11 dez. 2026, 23:59", "11 de dezembro de 2026 às 23:59"),
    ],
)
def test_a_moment_by_the_clocks_of_the_course(
    app: Flask, code: str, table: str, sentence: str
) -> None:
    with speaking(code):
        assert dates.local_moment(LATE, BUENOS_AIRES) == table
        assert dates.moment_in_full(LATE, BUENOS_AIRES) == sentence
        assert dates.local_moment(None, BUENOS_AIRES) == ""


@pytest.mark.parametrize(
    ("accepts", "chosen", "day", "days", "range_"),
    [
        (
            "en-US,en;q=0.9",
            "",
            "February 1, 1980",
            "Mon, Jan 25 – Thu, Jan 28, 2027",
            "January 25 to 28, 2027",
        ),
        (
            "en-GB,en;q=0.9",
            "",
            "1 February 1980",
            "Mon 25 – Thu 28 Jan 2027",
            "25 to 28 January 2027",
        ),
        (
            "es-MX,en-US;q=0.9",
            "en",
            "February 1, 1980",
            "Mon, Jan 25 – Thu, Jan 28, 2027",
            "January 25 to 28, 2027",
        ),
        ("de-AT", "", "1 February 1980", "Mon 25 – Thu 28 Jan 2027", "25 to 28 January 2027"),
        (
            "es-US",
            "",
            "1 de febrero de 1980",
            "lun 25 – jue 28 ene 2027",
            "del 25 al 28 de enero de 2027",
        ),
    ],
)
def test_dates_follow_the_region_of_the_browser(
    app: Flask, accepts: str, chosen: str, day: str, days: str, range_: str
) -> None:
    with browser(app, accepts, chosen):
        assert dates.in_full(date(1980, 2, 1)) == day
        assert dates.days(FIRST, LAST) == days
        assert dates.range_in_full(FIRST, LAST) == range_
        with speaking("en"):  # a mail written meanwhile goes to somebody else
            assert dates.in_full(date(1980, 2, 1)) == "1 February 1980"


@pytest.mark.parametrize(
    ("zone", "code", "city"),
    [
        (BUENOS_AIRES, "en", "Buenos Aires"),
        (BUENOS_AIRES, "es", "Buenos Aires"),
        ("America/Asuncion", "fr", "Asunción"),
        ("America/Sao_Paulo", "pt_BR", "São Paulo"),
        ("Europe/Vienna", "es", "Viena"),
        ("UTC", "es", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_city(app: Flask, zone: str, code: str, city: str) -> None:
    with speaking(code):
        assert dates.zone_name(zone) == city


@pytest.mark.parametrize("code", LANGUAGES)
def test_refusals_write_their_dates_and_zones_out(app: Flask, code: str) -> None:
    with speaking(code):
        outside = str(OutsideCourse(first=FIRST, last=LAST))
        assert dates.in_full(FIRST) in outside and dates.in_full(LAST) in outside
        assert dates.in_full(FIRST) in str(NotYet(day=FIRST))
        with pytest.raises(TimeDoesNotExist) as refused:
            to_utc(datetime(2026, 9, 6, 0, 30), "America/Santiago")  # noqa: DTZ001 (a wall clock)
        said = str(refused.value)
        assert dates.in_full(date(2026, 9, 6)) in said and "Santiago" in said
        assert "America/" not in said and "2026-09" not in said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "en",
            [
                "0 certificates were issued.",
                "1 certificate was issued.",
                "2 certificates were issued.",
                "21 certificates were issued.",
            ],
        ),
        (
            "es",
            [
                "Se emitieron 0 certificados.",
                "Se emitió 1 certificado.",
                "Se emitieron 2 certificados.",
                "Se emitieron 21 certificados.",
            ],
        ),
        (
            "fr",
            [
                "0 certificat a été délivré.",
                "1 certificat a été délivré.",
                "2 certificats ont été délivrés.",
                "21 certificats ont été délivrés.",
            ],
        ),
        (
            "pt_BR",
            [
                "0 certificado foi emitido.",
                "1 certificado foi emitido.",
                "2 certificados foram emitidos.",
                "21 certificados foram emitidos.",
            ],
        ),
    ],
)
def test_a_noun_follows_its_number(app: Flask, code: str, said: list[str]) -> None:
    with speaking(code):
        found = [
            ngettext("%(num)s certificate was issued.", "%(num)s certificates were issued.", number)
            for number in (0, 1, 2, 21)
        ]
    assert found == said


def test_refusals_and_marks_follow_their_number(app: Flask) -> None:
    with speaking("es"):
        assert "1 sesión queda fuera" in str(SessionsOutside(number=1))
        assert "21 sesiones quedan fuera" in str(SessionsOutside(number=21))
        assert "1 segundo " in str(TooManyTries(seconds=1))
        assert counted(Mark.PRESENT, 1) == "1 presente"
        assert counted(Mark.PRESENT, 57) == "57 presentes"
    with speaking("fr"):
        assert counted(Mark.ABSENT, 0) == "0 absent"
        assert counted(Mark.ABSENT, 2) == "2 absents"
