"""The blank workbook of a course, in each language, comes back without a question."""

from __future__ import annotations

import html
import io
import re
import zipfile

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.nominations_import.test_pages import PAGE, Desk
from tests.registrations import acting
from trainings.core.db import transaction
from trainings.core.i18n import LANGUAGES, speaking
from trainings.nominations_import import layout_rules
from trainings.people.models import Function
from trainings.spreadsheets import reader

PERSON = {
    "family_name": "Choque",
    "given_name": "Ruth",
    "born": "1985-05-31",
    "unit": "=SUM(A1)",
    "mail": "ruth@unit.example",
    "phone": "+591 2 244 0000",
    "document": "AB1",
    "needs": "Rampa",
}


def filled(content: bytes, cells: dict[str, str]) -> bytes:
    """The workbook with texts in cells of its first sheet, as somebody types them."""
    before, after = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    by_row: dict[int, str] = {}
    for place, text in sorted(cells.items()):
        cell = f'<c r="{place}" t="inlineStr"><is><t>{html.escape(text)}</t></is></c>'
        row = int(re.sub(r"\D", "", place))
        by_row[row] = by_row.get(row, "") + cell
    with zipfile.ZipFile(after, "w") as packed:
        for part in before.infolist():
            data = before.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                rows = "".join(f'<row r="{row}">{some}</row>' for row, some in by_row.items())
                data = data.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            packed.writestr(part, data)
    return after.getvalue()


def blank(desk: Desk, language: str) -> bytes:
    answer = desk.client.get(f"{PAGE}/blank/{language}.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="BUE27-{language}.xlsx"'
    )
    return answer.data


def choices(content: bytes) -> dict[str, list[str]]:
    """The lists to choose from, by the letter of the column that they are for."""
    packed = zipfile.ZipFile(io.BytesIO(content))
    shared = [
        html.unescape(text)
        for text in re.findall(
            r"<si><t[^>]*>(.*?)</t></si>", packed.read("xl/sharedStrings.xml").decode()
        )
    ]
    found: dict[str, list[str]] = {}
    sheet = packed.read("xl/worksheets/sheet2.xml").decode()
    for letter, at in re.findall(r'<c r="([A-Z])\d+" t="s"><v>(\d+)</v>', sheet):
        found.setdefault(letter, []).append(shared[int(at)])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["focal", "organiser"])
def test_it_comes_back_without_a_question(client: FlaskClient, language: str, who: str) -> None:
    factories.course(titles={"en": "=HYPERLINK()"})
    desk = Desk(client, acting.focal_point("BO") if who == "focal" else acting.organiser())
    content = blank(desk, language)
    with speaking(language):
        found = layout_rules.listed(reader.read(filled(content, {"A6": "x", "B6": "y"})))
    columns = layout_rules.meanings(found, lambda _said: False)
    expected = ["family_name", "given_name", "sex", "born", "function", "country", "unit", "mail"]
    expected += ["phone", "document", "needs"]
    assert columns == [one for one in expected if who != "focal" or one != "country"]
    lists = choices(content)
    cells: dict[str, str] = {}
    people = max(len(some) for some in lists.values())
    for row in range(people):
        for at, meaning in enumerate(columns):
            letter = layout_rules.column_letter(at)
            some = lists.get(letter)
            text = some[row % len(some)] if some else PERSON[meaning]
            if meaning in ("mail", "family_name"):
                text = f"{chr(97 + row)}{text}" if meaning == "mail" else f"{text}{chr(97 + row)}"
            cells[f"{letter}{row + 6}"] = text
    file = (io.BytesIO(filled(content, cells)), "filled.xlsx")
    page = desk.client.post(PAGE, data={"file": file, "country": ""}).text
    assert f"{people} new candidates · 0 registered already · 0 with a question" in page


def test_no_cell_of_it_is_a_formula_and_it_refers_nowhere(client: FlaskClient) -> None:
    factories.course(titles={"en": "=HYPERLINK(1)"})
    desk = Desk(client)
    packed = zipfile.ZipFile(io.BytesIO(blank(desk, "en")))
    for name in packed.namelist():
        if name.startswith("xl/worksheets/"):
            assert "<f>" not in packed.read(name).decode(), name
    assert not [name for name in packed.namelist() if "external" in name.lower()]
    assert set(choices(blank(desk, "en"))) == {"C", "E"}


def test_functions_of_the_installation_are_in_the_list(client: FlaskClient) -> None:
    with transaction() as session:
        names = {"en": "Labour inspector", "es": "Inspector, laboral"}
        session.add(Function(code="labour", position=9, names=names, hints={}))
    factories.course(functions=["labour", "judge"])
    lists = choices(blank(Desk(client), "es"))
    assert "Inspector, laboral" in lists["E"] and len(lists["E"]) == 2
