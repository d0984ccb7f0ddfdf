"""An agenda on paper: pages to hand out, the wall sheet, a sheet for each door and trainer."""

from __future__ import annotations

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, teaching
from trainings.agenda import operations as agenda
from trainings.core.dates import with_weekday
from trainings.core.i18n import speaking
from trainings.core.permissions import Role, Viewer

DAY = (
    ("09:00", "10:30", "Marco jurídico internacional y definición de la trata"),
    ("10:30", "11:00", "Pausa"),
    ("11:00", "12:30", "Identificación de víctimas y primera entrevista"),
    ("12:30", "13:30", "Almuerzo"),
    ("13:30", "15:00", "Seguir el dinero: investigación financiera paralela"),
    ("15:00", "15:30", "Pausa"),
    ("15:30", "17:00", "Simulación de audiencia"),
)


@pytest.fixture
def by(app: Flask, client: FlaskClient) -> Viewer:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    factories.sign_in(client, viewer)
    return viewer


def fill(by: Viewer) -> tuple[str, str]:
    """Four full days, published; gives the course and Ruth, who gives half of it."""
    course = factories.course()
    ruth, omar = (
        teaching.course_trainer(course, teaching.trainer(by, name=name), by)
        for name in (("Ruth", "Choque"), ("Omar", "Fernández de la Peña"))
    )
    for day in range(4):
        for number, (start, end, title) in enumerate(DAY):
            pause = title in ("Pausa", "Almuerzo")
            data = teaching.slot(
                course,
                start,
                end,
                day=day,
                titles={"en": f"{title} {day + 1}"},
                kind=teaching.SessionKind.BREAK if pause else teaching.SessionKind.OTHER,
                trainers=() if pause else ((ruth, omar)[number % 4 == 0],),
                new_room="" if pause else ("Aula Magna" if number < 4 else "Sala de juicios B"),
            )
            agenda.add_session(course, data, by)
    teaching.publish(course, by)
    return course, ruth


def opened(content: bytes) -> list[tuple[float, float, str]]:
    """Each page of a file: width and height in millimetres, and its text."""
    document = pypdfium2.PdfDocument(content)
    pages = []
    for page in document:
        width, height = (round(points * 25.4 / 72) for points in page.get_size())
        pages.append((width, height, page.get_textpage().get_text_range()))
    document.close()
    return pages


def test_four_days_take_two_pages(client: FlaskClient, by: Viewer) -> None:
    fill(by)
    pages = opened(client.get("/courses/BUE27/agenda.pdf").data)
    assert [page[:2] for page in pages] == [(210, 297)] * 2
    for number, (_width, _height, text) in enumerate(pages):
        for day in (1, 2):
            assert f"Simulación de audiencia {2 * number + day}" in text


def test_the_wall_sheet_is_one_page_across(client: FlaskClient, by: Viewer) -> None:
    fill(by)
    ((width, height, text),) = opened(client.get("/courses/BUE27/agenda/wall.pdf").data)
    assert (width, height) == (420, 297)
    for day in range(1, 5):
        assert f"Simulación de audiencia {day}" in text
    assert "Confidential" not in text


def test_each_door_and_each_trainer_has_a_sheet(client: FlaskClient, by: Viewer) -> None:
    _course, ruth = fill(by)
    doors = opened(client.get("/courses/BUE27/agenda/doors.pdf").data)
    assert [page[:2] for page in doors] == [(210, 297)] * 2
    assert "Aula Magna" in doors[0][2] and "Simulación" not in doors[0][2]
    assert "Sala de juicios B" in doors[1][2] and "Marco" not in doors[1][2]
    path = "/courses/BUE27/agenda/trainers.pdf"
    omar, ruths = opened(client.get(path).data)
    assert "Omar Fernández de la Peña" in omar[2] and "Ruth" not in omar[2]
    assert "Ruth Choque" in ruths[2] and "Omar" not in ruths[2]
    who = teaching.answered(ruth)
    factories.sign_in(client, who)
    (own,) = opened(client.get(path).data)
    assert "Ruth Choque" in own[2] and "Omar" not in own[2]


@pytest.mark.parametrize("language", ["es", "fr", "pt_BR", "en"])
def test_in_the_language_asked_for(client: FlaskClient, by: Viewer, language: str) -> None:
    course, _ruth = fill(by)
    answer = client.get(f"/courses/BUE27/agenda/wall.pdf?language={language}")
    ((_width, _height, text),) = opened(answer.data)
    with speaking(language):
        assert with_weekday(teaching.session_day(course)) in " ".join(text.split())


def test_until_it_is_published_only_editors_print_it(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    path = "/courses/BUE27/agenda/wall.pdf"
    assert client.get(path).status_code == 303  # nothing to print yet
    agenda.add_session(course, teaching.slot(course, titles={"en": "Opening"}), by)
    assert "Opening" in opened(client.get(path).data)[0][2]
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=course))
    assert client.get(path).status_code == 303
    assert client.get("/courses/BUE27/agenda/doors.pdf").status_code == 303
