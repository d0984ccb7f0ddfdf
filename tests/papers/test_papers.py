"""Papers for the room: of the right people, in the right order; every look and print kept."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, teaching
from tests.papers.handouts import number_of, reads
from tests.registrations.acting import registration
from trainings.audit.models import AuditEntry
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.papers import operations as paper_operations
from trainings.papers.rules import Letter, LettersUnprintable, NobodyConfirmed, Paper, PaperNotDrawn
from trainings.people.models import Person
from trainings.people.writes import change_identity
from trainings.print_room.rules import NoTablesToOrderBy, Order
from trainings.printing.paper_rules import (
    BadgesDocument,
    PaperDocument,
    SheetDocument,
    TableListDocument,
    TentsDocument,
)
from trainings.printing.rules import Failure, Reason
from trainings.registrations.models import Registration
from trainings.tables import operations as seating
from trainings.tables import writes as table_writes
from trainings.tables.rules import Layout, NoTables, Place


def test_attendance_sheets_have_a_page_for_each_day(
    course_id: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    paper_operations.print_paper(course_id, Paper.ATTENDANCE, "es", False, lead)
    (sheet,) = drawn
    assert isinstance(sheet, SheetDocument)
    assert sheet.wording.language == "es"
    assert sheet.wording.confidential
    assert "Olga Muster" in sheet.wording.printed
    assert "{page}" in sheet.wording.page
    assert sheet.course_title == "Curso para investigadores"
    assert len(sheet.tables) == 4
    for table in sheet.tables:
        assert [row[1].split("\n")[0] for row in table.rows] == ["Álvarez, Zoé", "Rojas, Ana"]
        assert table.title[0].isupper()
    assert sheet.tables[0].rows[1][1].endswith(" · Perú")


def test_badges_and_tents_are_for_all_who_come_and_the_trainers(
    course_id: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    for paper, kind in ((Paper.BADGES, BadgesDocument), (Paper.TENTS, TentsDocument)):
        paper_operations.print_paper(course_id, paper, "pt_BR", True, lead)
        (made,) = drawn
        assert isinstance(made, kind)
        assert made.wording.language == "pt-BR"
        assert [one.name for one in made.bearers] == ["Zoé Álvarez", "Ana Rojas", "Ruth Choque"]
        assert [bool(one.role) for one in made.bearers] == [False, False, True]
        assert made.bearers[0].country == "Bolívia"


def test_the_code_on_a_badge_names_nobody(
    course_id: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    for wished, held in ((True, "http://trainings.example/courses/BUE27/agenda"), (False, "")):
        paper_operations.print_paper(course_id, Paper.BADGES, "", wished, lead)
        (badges,) = drawn
        assert isinstance(badges, BadgesDocument)
        assert badges.code_url == held


def _sit(course_id: str, lead: Viewer) -> None:
    """Ana at table 1, Zoé at table 2, and Rita, who confirmed late, at none."""
    seating.set_tables(course_id, Layout(2, 4), lead)
    rows = db.session.execute(
        select(Registration.number, Registration.id).execution_options(scope="operation")
    ).all()
    keys = {row.number: row.id for row in rows}
    ana, zoe = keys[number_of("Ana")], keys[number_of("Zoé")]
    with transaction() as session:
        table_writes.free_all(session, course_id)
        factories.act(course_id, session)
        table_writes.give(session, course_id, {ana: Place(1, 3), zoe: Place(2, 1)})
    teaching.participant(course_id, name=("Rita", "Tarde"), country="CL")


def test_the_table_list_says_who_sits_where_in_the_courses_language(
    course_id: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    with pytest.raises(NoTables):
        paper_operations.print_paper(course_id, Paper.TABLES, "es", False, lead)
    _sit(course_id, lead)
    paper_operations.print_paper(course_id, Paper.TABLES, "es", False, lead)
    (made,) = drawn
    assert isinstance(made, TableListDocument)
    assert made.wording.heading == "Lista de mesas"
    assert made.wording.confidential
    assert [(table.title, table.rows) for table in made.tables] == [
        ("Mesa 1", (("3", "Rojas, Ana", "Perú · Police"),)),
        ("Mesa 2", (("1", "Álvarez, Zoé", "Bolivia · Judge"),)),
        ("Aún sin asiento", (("", "Tarde, Rita", "Chile · Judge"),)),
    ]
    (read,) = reads("table list")
    assert len(read.persons) == 3


def test_badges_and_tents_say_the_table_and_come_in_the_wished_order(
    course_id: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    with pytest.raises(NoTablesToOrderBy):
        paper_operations.print_paper(course_id, Paper.BADGES, "es", False, lead, Order.TABLE)
    _sit(course_id, lead)
    paper_operations.print_paper(course_id, Paper.TENTS, "es", False, lead, Order.TABLE)
    (tents,) = drawn
    assert isinstance(tents, TentsDocument)
    assert [(one.name, one.table) for one in tents.bearers] == [
        ("Ana Rojas", "Mesa 1, asiento 3"),
        ("Zoé Álvarez", "Mesa 2, asiento 1"),
        ("Rita Tarde", ""),
        ("Ruth Choque", ""),
    ]
    paper_operations.print_paper(course_id, Paper.BADGES, "pt_BR", False, lead, Order.COUNTRY)
    (badges,) = drawn
    assert isinstance(badges, BadgesDocument)
    assert [one.name.split()[0] for one in badges.bearers] == ["Zoé", "Rita", "Ana", "Ruth"]
    assert badges.bearers[0].table == "Mesa 2, lugar 1"


def test_attendance_sheets_in_order_of_tables_have_a_column_for_them(
    course_id: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    _sit(course_id, lead)
    paper_operations.print_paper(course_id, Paper.ATTENDANCE, "es", False, lead, Order.TABLE)
    (sheet,) = drawn
    assert isinstance(sheet, SheetDocument)
    rows = [(*row[:2], row[2].split("\n")[0]) for row in sheet.tables[0].rows]
    assert rows == [
        ("1", "1, 3", "Rojas, Ana"),
        ("2", "2, 1", "Álvarez, Zoé"),
        ("3", "", "Tarde, Rita"),
    ]
    assert sheet.columns[1].title == "Mesa, asiento"
    paper_operations.print_paper(course_id, Paper.ATTENDANCE, "es", False, lead)
    (sheet,) = drawn
    assert isinstance(sheet, SheetDocument)
    assert len(sheet.columns) == 4, "by name, as before"


def test_the_page_offers_tables_where_there_are_some(
    course_id: str, lead: Viewer, client: FlaskClient
) -> None:
    factories.sign_in(client, lead)
    page = client.get("/courses/BUE27/papers").get_data(as_text=True)
    assert "Set up tables" in page and "Table list" not in page
    assert "By table, then place" not in page
    answer = client.post("/courses/BUE27/papers/tables.pdf", follow_redirects=True)
    assert "no tables yet" in answer.get_data(as_text=True)
    _sit(course_id, lead)
    page = client.get("/courses/BUE27/papers").get_data(as_text=True)
    assert "Table list" in page and "By table, then place" in page
    assert "2 of 3 people have a place." in page


@pytest.mark.parametrize("wished", ["", "de", "fr", "../x"])
def test_another_language_than_the_courses_gives_its_first(
    course_id: str, lead: Viewer, drawn: list[PaperDocument], wished: str
) -> None:
    paper_operations.print_paper(course_id, Paper.TENTS, wished, False, lead)
    (tents,) = drawn
    assert isinstance(tents, TentsDocument)
    assert tents.wording.language == "es"


@pytest.mark.parametrize(
    ("paper", "purpose", "seen"),
    [
        (Paper.ATTENDANCE, "attendance sheets", 2),
        (Paper.BADGES, "badges", 3),
        (Paper.TENTS, "tents", 3),
    ],
)
def test_every_look_and_every_print_is_kept(
    course_id: str, lead: Viewer, drawn: list[PaperDocument], paper: Paper, purpose: str, seen: int
) -> None:
    paper_operations.print_paper(course_id, paper, "es", False, lead)
    (read,) = reads(purpose)
    assert len(read.persons) == seen
    assert read.by == lead.account_id
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "paper.print")).one()
    assert entry.details == {"paper": str(paper), "number": 2}
    assert entry.by == lead.account_id


def test_before_anybody_confirmed_there_is_a_sentence(
    lead: Viewer, client: FlaskClient, drawn: list[PaperDocument]
) -> None:
    empty = factories.course("NEW27")
    with pytest.raises(NobodyConfirmed):
        paper_operations.print_paper(empty, Paper.BADGES, "es", False, lead)
    with pytest.raises(NobodyConfirmed):
        paper_operations.print_letters(empty, Letter.VISA, None, lead)
    factories.sign_in(client, lead)
    page = client.post("/courses/NEW27/papers/badges.pdf", follow_redirects=True)
    assert "Nobody has confirmed a seat yet" in page.get_data(as_text=True)


def test_what_the_renderer_gives_up_on_is_said(
    course_id: str, lead: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_operations.cage, "draw_all", lambda _: [Failure(Reason.NO_GLYPH)])
    with pytest.raises(PaperNotDrawn, match=str(Paper.TENTS.label)):
        paper_operations.print_paper(course_id, Paper.TENTS, "es", False, lead)


@pytest.fixture
def no_smiles(monkeypatch: pytest.MonkeyPatch, drawn: list[PaperDocument]) -> list[PaperDocument]:
    """What is drawn by typefaces that have no 🙂."""
    keep = paper_operations.cage.draw_all

    def draw_all(papers: Sequence[PaperDocument]) -> list[bytes | Failure]:
        pages = keep(papers)
        failed = Failure(Reason.NO_GLYPH, "🙂")
        return [
            failed if "🙂" in repr(one) else page for one, page in zip(papers, pages, strict=True)
        ]

    monkeypatch.setattr(paper_operations.cage, "draw_all", draw_all)
    return drawn


@pytest.mark.parametrize("paper", [Paper.ATTENDANCE, Paper.BADGES, Paper.TENTS])
def test_one_name_that_cannot_be_printed_fails_alone_and_is_named(
    course_id: str, lead: Viewer, client: FlaskClient, no_smiles: list[PaperDocument], paper: Paper
) -> None:
    _spoil("Ana", "Rojas")
    factories.sign_in(client, lead)
    answer = client.post(f"/courses/BUE27/papers/{paper}.pdf", data={"language": "es"})
    assert answer.data == b"%PDF"
    assert "Álvarez" in repr(no_smiles) and "Rojas ?" in repr(no_smiles)
    page = client.get("/courses/BUE27/papers").get_data(as_text=True)
    assert "shown as ? in the file" in page
    note = page[page.index("shown as ? in the file") :].split("Correct them")[0]
    assert number_of("Ana") in note and number_of("Zoé") not in note
    assert "course" not in note


def test_letters_that_cannot_be_printed_are_left_out_and_named(
    course_id: str, lead: Viewer, no_smiles: list[PaperDocument]
) -> None:
    _spoil("Ana", "Rojas")
    made = paper_operations.print_letters(course_id, Letter.VISA, None, lead)
    assert made.pdf == b"%PDF"  # one, of two
    assert number_of("Ana") in made.note and number_of("Zoé") not in made.note
    with pytest.raises(LettersUnprintable, match=number_of("Ana")):
        paper_operations.print_letters(course_id, Letter.VISA, number_of("Ana"), lead)


def test_a_title_that_cannot_be_printed_is_named_too(
    course_id: str, lead: Viewer, no_smiles: list[PaperDocument]
) -> None:
    with transaction() as session:
        session.get_one(Course, course_id).titles = {"en": "Course 🙂"}
    made = paper_operations.print_paper(course_id, Paper.TENTS, "es", False, lead)
    assert "in: the texts of the course" in made.note or "textos del curso" in made.note


def _spoil(given_name: str, family_name: str) -> None:
    """Write an emoji into a name, as names could hold until lately."""
    person_id = registration(number_of(given_name)).person_id
    with transaction() as session:
        person = session.get_one(Person, person_id, execution_options={"scope": "operation"})
        change_identity(person, given_name=given_name, family_name=f"{family_name} 🙂")


def test_the_page_offers_what_one_may_print(
    course_id: str, lead: Viewer, client: FlaskClient, drawn: list[PaperDocument]
) -> None:
    factories.sign_in(client, lead)
    page = client.get("/courses/BUE27/papers").get_data(as_text=True)
    sheets = ("Attendance sheets", "Name badges", "Name tents")
    for word in (*sheets, "Álvarez, Zoé", "Invitation letter"):
        assert word in page
    assert "German" not in page  # no catalogue for it
    assert ">English<" in page.partition("<main")[0]  # the menu still says the reader's language
    answer = client.post(
        "/courses/BUE27/papers/badges.pdf", data={"language": "pt_BR", "with_code": "yes"}
    )
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="badges-BUE27.pdf"'
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=course_id))
    page = client.get("/courses/BUE27/papers").get_data(as_text=True)
    assert "Name badges" in page
    assert "Invitation letter" not in page
    assert "Álvarez" not in page
