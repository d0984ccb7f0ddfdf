"""An agenda that was sent is shown row by row, mended by a person, and entered whole or not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tests import factories, teaching
from tests.forms_in_pages import form_with
from trainings.agenda import queries
from trainings.agenda_import.matching_rules import module_of, trainer_of
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState

INPUTS = Path(__file__).parent / "inputs"
PAGE = "/courses/BUE27/agenda/import"
PASTED = (
    "Día\tHorario\tActividad\tSala\tA cargo de\n"
    "1\t9:00-10:30\tMódulo 1: Entrevista\tAula 1\tR. Choque\n"
    "1\t10:30-11:00\tCafé\t\t\n"
    "2\t10:40-11:30\tVisita\tSalas A y B\tE. Nadie\n"
    "2\t9:00-10:00\tApertura\tAula 1\tE. Nadie\n"
)


class Desk:
    """An organiser with a course of four days, a module and a trainer."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.by = factories.account(Role.ORGANISER, agency="IOM")
        self.course = factories.course()
        self.module = teaching.module("entrevista")
        teaching.teach(self.course, self.module)
        trainer = teaching.trainer(self.by, name=("Ruth", "Choque"))
        self.trainer = teaching.course_trainer(self.course, trainer, self.by)
        factories.sign_in(client, self.by)

    def preview(self, pasted: str = PASTED) -> str:
        answer = self.client.post(PAGE, data={"pasted": pasted})
        assert answer.status_code == 200
        return answer.text

    def sessions(self) -> list[tuple[int, str, str]]:
        db.session.close()
        first = courses.by_code("BUE27").starts_on
        return [
            ((one.day - first).days + 1, f"{one.starts_at:%H:%M}", str(one.kind))
            for one in queries.sessions_of(self.course)
        ]


def rows_in(text: str) -> MultiDict[str, str]:
    """The form of the rows, as a browser would send it."""
    return MultiDict(form_with(text, "rows-0-row"))


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> Desk:
    return Desk(client)


def test_what_was_pasted_is_shown_and_nothing_is_entered_yet(desk: Desk) -> None:
    text = desk.preview()
    sent = rows_in(text)
    assert [sent.get(f"rows-{row}-take") for row in range(4)] == ["y", "y", None, None]
    assert sent["rows-0-module_id"] == desk.module
    assert sent.getlist("rows-0-trainers") == [desk.trainer]
    assert "It names two rooms." in text and "Not invited to the course: E. Nadie" in text
    assert "We read 4 rows." in text and "2 have a question" in text
    assert desk.sessions() == []


def test_the_ticked_rows_are_entered_together(desk: Desk) -> None:
    sent = rows_in(desk.preview())
    answer = desk.client.post(f"{PAGE}/rows", data=sent)
    assert answer.status_code == 303
    assert desk.sessions() == [(1, "09:00", "module"), (1, "10:30", "break")]
    (first, pause) = queries.sessions_of(desk.course)
    assert first.room is not None and first.room.name == "Aula 1"
    assert [one.course_trainer_id for one in first.assignments] == [desk.trainer]
    assert pause.titles == {"es": "Café"}
    text = desk.preview()
    assert text.count('import-why">The agenda already has a session at this time.') == 2
    assert rows_in(text).get("rows-0-take") is None


def test_one_row_that_cannot_be_keeps_all_out_and_what_was_mended(desk: Desk) -> None:
    sent = rows_in(desk.preview())
    sent["rows-3-take"] = "y"
    sent["rows-3-title"] = "Opening words"
    sent.setlist("rows-1-trainers", [desk.trainer])
    sent["rows-1-starts_at"] = "10:00"
    answer = desk.client.post(f"{PAGE}/rows", data=sent)
    assert answer.status_code == 200
    assert "Nothing was added yet: look at one row below." in answer.text
    assert "Choque" in answer.text and 'value="Opening words"' in answer.text
    assert desk.sessions() == []
    sent["rows-1-starts_at"] = "10:30"
    assert desk.client.post(f"{PAGE}/rows", data=sent).status_code == 303
    assert len(desk.sessions()) == 3


def test_a_question_is_answered_on_the_page(desk: Desk) -> None:
    sent = rows_in(desk.preview())
    assert (sent["rows-2-title"], sent["rows-2-starts_at"]) == ("Visita", "10:40")
    sent["rows-2-take"] = "y"
    sent["rows-2-ends_at"] = ""
    text = desk.client.post(f"{PAGE}/rows", data=sent).text
    assert "Enter when it starts and when it ends." in text and desk.sessions() == []
    sent.setlist("rows-2-starts_at", ["11:00"])
    sent.setlist("rows-2-ends_at", ["12:00"])
    assert desk.client.post(f"{PAGE}/rows", data=sent).status_code == 303
    assert (2, "11:00", "other") in desk.sessions()


def test_with_nothing_ticked_nothing_is_added_and_nothing_lost(desk: Desk) -> None:
    sent = rows_in(desk.preview())
    for row in range(4):
        sent.pop(f"rows-{row}-take", None)
    text = desk.client.post(f"{PAGE}/rows", data=sent).text
    assert "Tick the sessions that are to be added." in text and "Apertura" in text


@pytest.mark.parametrize("name", ["santiago.xlsx", "brasilia.csv"])
def test_a_file_is_read(desk: Desk, name: str) -> None:
    file = (io.BytesIO((INPUTS / name).read_bytes()), name)
    answer = desk.client.post(PAGE, data={"file": file}, content_type="multipart/form-data")
    assert answer.status_code == 200 and "What the agenda says" in answer.text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"pasted": ""}, "Choose a file, or paste the cells."),
        ({"pasted": "Nombre\tPaís\nAna\tBO\n"}, "We found no agenda in this file."),
        ({"file": (io.BytesIO(b"\x00\x01" * 40), "a.bin")}, "We cannot read this file."),
    ],
)
def test_what_is_no_agenda_is_said(desk: Desk, sent: dict[str, object], sentence: str) -> None:
    answer = desk.client.post(PAGE, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 200 and sentence in answer.text


def test_an_agenda_that_is_over_takes_no_rows(desk: Desk) -> None:
    sent = rows_in(desk.preview())
    with transaction() as session:
        session.get_one(Course, desk.course).state = CourseState.CANCELLED
    text = desk.client.post(f"{PAGE}/rows", data=sent).text
    assert "The course is over, so its agenda can no longer change." in text
    assert desk.sessions() == []


def test_a_row_of_somebody_elses_making_is_refused(desk: Desk) -> None:
    """Choices that the page does not offer, and more rows than it holds."""
    sent = rows_in(desk.preview())
    for field, value in (("day", "2031-01-01"), ("module_id", "x"), ("trainers", "x")):
        wrong = MultiDict(sent)
        wrong[f"rows-0-{field}"] = value
        text = desk.client.post(f"{PAGE}/rows", data=wrong).text
        assert "Choose from the list." in text
    assert desk.sessions() == []


def test_titles_that_mean_modules_and_names_that_mean_trainers() -> None:
    modules = {"a": ["Interviews", "Entrevista"], "b": ["Evidence", "Prueba"], "c": ["Evidence II"]}
    assert module_of("Módulo 1: Entrevista", modules) == "a"
    assert module_of("Módulo 2 (cont.)", modules) == "b"
    assert module_of("Módulo 9", modules) == ""
    assert module_of("Evidence II", modules) in ("c", "")
    assert module_of("Módulo 3: Algo distinto", modules) == ""
    names = {"1": "Choque, Ruth", "2": "Choque, Ana", "3": "Núñez Arce, Eva"}
    assert trainer_of("R. Choque", names) == "1"
    assert trainer_of("Choque", names) == ""
    assert trainer_of("Eva Nunez", names) == "3"
    assert trainer_of("E. Otro", names) == ""
    assert trainer_of("…", names) == ""
