"""The preview shows the longest real values and issues nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from trainings.certificates import standing_queries
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.i18n import country_name, localized
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.rules import CourseState
from trainings.looks import operations as look_operations
from trainings.people.models import IdentityRead
from trainings.printing.rules import Failure, Reason
from trainings.register import queries
from trainings.register.look_rules import DEFAULT_LOOKS
from trainings.register.rules import Kind


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", ["en", "es", "fr", "pt_BR"])
def test_the_longest_name_is_on_it(lead: Viewer, kind: Kind, language: str) -> None:
    course_id = graduates.course_of()
    course = courses.by_id(course_id, load=("modules", "signatories"))
    paper = look_operations.specimen(course, kind, DEFAULT_LOOKS[kind], language, lead)
    longest = "María de los" if kind is Kind.TRAINER else "María José Núñez de la Peña"
    assert paper.holder_name.startswith(longest)
    assert paper.serial.endswith("SPECIMEN")
    assert paper.first.language == language.replace("_", "-")
    assert paper.first.notes
    assert queries.progress(course_id) == (0, 0, 0)


def test_the_look_is_logged(lead: Viewer) -> None:
    course_id = graduates.course_of()
    course = courses.by_id(course_id, load=("modules", "signatories"))
    look_operations.specimen(course, Kind.COMPLETION, DEFAULT_LOOKS[Kind.COMPLETION], "es", lead)
    db.session.remove()  # the log was written by a connection of its own
    read = db.session.scalars(select(IdentityRead)).one()
    assert (read.by, read.purpose, len(read.persons)) == (lead.account_id, "preview", 1)


def test_only_for_who_issues(app: Flask) -> None:
    course_id = graduates.course_of()
    for by in (
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.TRAINER, course_id=course_id),
    ):
        with pytest.raises(NotFound):
            look_operations.preview(
                course_id, Kind.COMPLETION, DEFAULT_LOOKS[Kind.COMPLETION], "es", by
            )


def test_the_page_gives_a_pdf_or_says_why_not(
    lead: Viewer, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    graduates.course_of()
    factories.sign_in(client, lead)
    monkeypatch.setattr(look_operations.cage, "draw", lambda _paper: b"%PDF")
    page = client.get("/courses/BUE26/certificates/preview.pdf?kind=attendance&shown=fr")
    assert (page.status_code, page.data) == (200, b"%PDF")
    monkeypatch.setattr(look_operations, "preview", lambda *_: Failure(Reason.DOES_NOT_FIT))
    page = client.get("/courses/BUE26/certificates/preview.pdf", follow_redirects=True)
    assert "The text does not fit on one page. Shorten the title, the" in page.get_data(
        as_text=True
    )
    assert client.get("/courses/BUE26/certificates/preview.pdf?kind=x").status_code == 404


def test_a_second_language_that_is_none_is_asked_for_again(
    lead: Viewer, client: FlaskClient
) -> None:
    graduates.course_of()
    factories.sign_in(client, lead)
    page = client.get("/courses/BUE26/certificates/specimen?style=bilingual&beside=xx")
    assert page.status_code == 200
    assert "Choose the language to show beside the holder" in page.get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_trainers_names_agency_station_and_hours_as_they_will_be(
    lead: Viewer, language: str
) -> None:
    course_id = graduates.course_of(state=CourseState.RUNNING)
    graduates.trainer_of(course_id, lead, 1)
    graduates.trainer_of(course_id, lead, 3)
    course = courses.by_id(course_id, load=("modules", "signatories"))
    look = DEFAULT_LOOKS[Kind.TRAINER]
    paper = look_operations.specimen(course, Kind.TRAINER, look, language, lead)
    (asked, *_rest) = standing_queries.teachers(course, scope="viewer")
    assert asked.course_trainer is not None
    agency = localized(asked.course_trainer.trainer.agency.names, language)
    assert paper.first.holder_line == f"{agency} · {country_name(asked.country, language)}"
    hours = {"en": "6 hours", "es": "6 horas"}[language]
    assert paper.first.when_and_where.endswith(f" · {hours}"), "what the busiest of them gives"
    assert not paper.first.modules
