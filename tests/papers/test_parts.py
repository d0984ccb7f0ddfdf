"""Papers and letters of many people: one file for each part of them, in the order of the paper."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests import factories, teaching
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.papers import operations, queries, views
from trainings.papers.rules import Letter, Paper
from trainings.people import reading
from trainings.print_room.rules import Order
from trainings.printing.paper_rules import (
    BadgesDocument,
    LetterDocument,
    PaperDocument,
    SheetDocument,
)

PATH = "/courses/BUE27/papers"


@pytest.fixture
def parted(course_id: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Five people and a trainer, two to a file."""
    for place in range(3):
        teaching.participant(course_id, name=("Rosa", f"Ejemplo {place}"), country="BO")
    for module in (operations, views):
        monkeypatch.setattr(module, "IN_A_FILE", 2)
    return course_id


def test_each_part_has_its_people_and_the_last_one_the_trainers(
    parted: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    names = []
    for part in (1, 2, 3, 4):
        operations.print_paper(parted, Paper.BADGES, "es", False, lead, part=part)
        (made,) = drawn
        assert isinstance(made, BadgesDocument)
        names.append([one.name for one in made.bearers])
    first, second, last = names[:3]
    assert first == ["Zoé Álvarez", "Rosa Ejemplo 0"]
    assert second == ["Rosa Ejemplo 1", "Rosa Ejemplo 2"]
    assert last == names[3] == ["Ana Rojas", "Ruth Choque"], "beyond the last part is the last"


def test_of_very_many_the_parts_are_cut_by_number(
    parted: str, lead: Viewer, drawn: list[PaperDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "BY_NAME", 4)
    there = sorted((one.number, one.person_id) for one in queries.comers(course_of(parted)))
    names = {key: one.name for key, one in reading.opened([who for _, who in there]).items()}
    found = []
    for part in (1, 2, 3):
        operations.print_paper(parted, Paper.BADGES, "es", False, lead, part=part)
        (made,) = drawn
        assert isinstance(made, BadgesDocument)
        found.append({one.name for one in made.bearers})
    wanted = [{names[who] for _, who in there[at : at + 2]} for at in (0, 2, 4)]
    assert found == [wanted[0], wanted[1], {*wanted[2], "Ruth Choque"}]
    operations.print_paper(parted, Paper.ATTENDANCE, "es", False, lead, Order.COUNTRY, part=3)
    (sheet,) = drawn
    assert isinstance(sheet, SheetDocument) and len(sheet.tables[0].rows) == 1
    assert "Rojas, Ana" in sheet.tables[0].rows[0][1], "Peru comes after Bolivia"


def course_of(course_id: str) -> Course:
    return db.session.get_one(Course, course_id)


def test_letters_are_made_for_one_part(
    parted: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    operations.print_letters(parted, Letter.INVITATION, None, lead, part=2)
    letters = [one.addressee[0] for one in drawn if isinstance(one, LetterDocument)]
    assert letters == ["Rosa Ejemplo 1", "Rosa Ejemplo 2"]


def test_the_page_asks_which_part(
    parted: str, lead: Viewer, client: FlaskClient, drawn: list[PaperDocument]
) -> None:
    factories.sign_in(client, lead)
    page = client.get(PATH).text
    assert page.count('name="part"') == 2 and '<option value="3">5–5</option>' in page
    assert client.post(f"{PATH}/badges.pdf", data={"part": "2"}).mimetype == "application/pdf"
    (made,) = drawn
    assert isinstance(made, BadgesDocument) and len(made.bearers) == 2
    assert client.post(f"{PATH}/visa.pdf", data={"part": "x"}).mimetype == "application/pdf"


def test_a_usual_course_is_one_file(course_id: str, lead: Viewer, client: FlaskClient) -> None:
    factories.sign_in(client, lead)
    assert 'name="part"' not in client.get(PATH).text and course_id
