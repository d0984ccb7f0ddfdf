"""Print runs: all or the chosen, in the wished order, with backs and a check sheet; all kept."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from tests.certificates.paper import Paper
from trainings.audit.models import AuditEntry
from trainings.certificates import (
    ending_operations,
    operations,
    print_operations,
    print_queries,
    print_views,
    queries,
    writes,
)
from trainings.certificates.models import Certificate, PrintRun
from trainings.certificates.print_rules import (
    NoneChosen,
    NoTablesToOrderBy,
    NotDrawn,
    Order,
    PrintChoice,
)
from trainings.certificates.rules import EndReason, Kind
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.people.models import IdentityRead
from trainings.printing.paper_rules import BackDocument, PaperDocument, SheetDocument
from trainings.printing.rules import Failure, Reason
from trainings.registrations.models import Registration
from trainings.seating import operations as seating
from trainings.seating import writes as table_writes
from trainings.seating.rules import Layout, Place


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pages that were joined last."""
    found: list[bytes] = []

    def join(parts: Iterable[bytes], *_: str) -> bytes:
        found[:] = parts
        return b"%PDF joined"

    monkeypatch.setattr(print_operations.joining, "join", join)
    return found


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[PaperDocument]:
    """What was drawn beside the certificates."""
    found: list[PaperDocument] = []

    def draw_all(papers: Iterable[PaperDocument]) -> list[bytes]:
        fresh = list(papers)
        found.extend(fresh)
        return [f"%PDF {type(paper).__name__}".encode() for paper in fresh]

    monkeypatch.setattr(print_operations.warm, "draw_all", draw_all)
    return found


@pytest.fixture
def lead(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Viewer:
    monkeypatch.setattr(operations, "workers", lambda: Paper())
    return factories.account(Role.ORGANISER, agency="IOM", name=("Olga", "Muster"))


@pytest.fixture
def course_id(lead: Viewer) -> str:
    """Three graduates: Ana of Peru, María José and D’Angelo of Bolivia."""
    made = graduates.course_of()
    ana = graduates.holder(made, "Ana")
    with transaction() as session:
        row = session.scalars(
            select(Registration)
            .where(Registration.person_id == ana.person_id)
            .execution_options(scope="operation")
        ).one()
        row.country = "AR"
    operations.issue_for_course(made, lead)
    operations.render(made)
    db.session.remove()
    return made


def _ready(course_id: str) -> dict[str, Certificate]:
    rows = print_queries.printable(courses.by_id(course_id), scope="operation")
    names = {"Ana": "Ana", "María José": "María", "D’Angelo": "D’Angelo"}
    persons = {key: graduates.holder(course_id, given).person_id for key, given in names.items()}
    return {key: next(row for row in rows if row.person_id == persons[key]) for key in names}


def _order(joined: list[bytes]) -> list[str]:
    names = ("Ana", "María José", "D’Angelo")
    return [next(name for name in names if name.encode() in page) for page in joined]


def _runs() -> list[PrintRun]:
    db.session.remove()
    return list(db.session.scalars(select(PrintRun).order_by(PrintRun.at)))


def test_all_lie_in_order_of_name(course_id: str, lead: Viewer, joined: list[bytes]) -> None:
    print_operations.print_file(course_id, PrintChoice(), lead)
    assert _order(joined) == ["Ana", "María José", "D’Angelo"]


def test_or_of_country(course_id: str, lead: Viewer, joined: list[bytes]) -> None:
    with transaction() as session:
        for row in session.scalars(select(Registration).execution_options(scope="operation")):
            row.country = "PE" if row.country == "AR" else "BO"
    print_operations.print_file(course_id, PrintChoice(order=Order.COUNTRY), lead)
    assert _order(joined) == ["María José", "D’Angelo", "Ana"]


def _registrations(course_id: str) -> dict[str, str]:
    """The registrations of the three, by given name."""
    return {
        given: db.session.scalars(
            select(Registration.id)
            .where(
                Registration.course_id == course_id,
                Registration.person_id == graduates.holder(course_id, given).person_id,
            )
            .execution_options(scope="operation")
        ).one()
        for given in ("Ana", "María José", "D’Angelo")
    }


def _sit(course_id: str, lead: Viewer) -> None:
    """D’Angelo at table 1, Ana behind at place 2 of table 2; María José has no place."""
    keys = _registrations(course_id)
    seating.set_tables(course_id, Layout(2, 3), lead)
    with transaction() as session:
        table_writes.free_all(session, course_id)
        table_writes.give(
            session, course_id, {keys["D’Angelo"]: Place(1, 3), keys["Ana"]: Place(2, 2)}
        )


def test_or_of_country_then_function_then_name(
    course_id: str, lead: Viewer, joined: list[bytes]
) -> None:
    keys = _registrations(course_id)
    with transaction() as session:
        for given, country, function in (
            ("Ana", "BO", "judge"), ("María José", "BO", "police"), ("D’Angelo", "AR", "judge"),
        ):  # fmt: skip
            row = session.get_one(
                Registration, keys[given], execution_options={"scope": "operation"}
            )
            row.country, row.function = country, function
    print_operations.print_file(course_id, PrintChoice(order=Order.COUNTRY), lead)
    assert _order(joined) == ["D’Angelo", "María José", "Ana"], "police stands before judges"


def test_or_of_table_and_place_who_has_none_last(
    course_id: str, lead: Viewer, joined: list[bytes], drawn: list[PaperDocument]
) -> None:
    _sit(course_id, lead)
    choice = PrintChoice(order=Order.TABLE, check_sheet=True)
    print_operations.print_file(course_id, choice, lead)
    assert _order(joined[:3]) == ["D’Angelo", "Ana", "María José"]
    (sheet,) = drawn
    assert isinstance(sheet, SheetDocument)
    assert [row[3] for row in sheet.tables[0].rows] == ["1, 3", "2, 2", ""]
    assert sheet.columns[3].title == "Table, place"
    (run,) = _runs()
    assert run.ordering is Order.TABLE
    assert run.certificates == [_ready(course_id)[name].id
                                for name in ("D’Angelo", "Ana", "María José")]  # fmt: skip


def test_the_check_sheet_of_another_order_says_the_table_too(
    course_id: str, lead: Viewer, joined: list[bytes], drawn: list[PaperDocument]
) -> None:
    _sit(course_id, lead)
    print_operations.print_file(course_id, PrintChoice(check_sheet=True), lead)
    (sheet,) = drawn
    assert isinstance(sheet, SheetDocument)
    assert [row[3] for row in sheet.tables[0].rows] == ["2, 2", "", "1, 3"]


def test_without_tables_that_order_is_refused_and_not_offered(
    course_id: str, lead: Viewer, client: FlaskClient, joined: list[bytes]
) -> None:
    with pytest.raises(NoTablesToOrderBy):
        print_operations.print_file(course_id, PrintChoice(order=Order.TABLE), lead)
    assert _runs() == []
    factories.sign_in(client, lead)
    url = "/courses/BUE26/certificates/print"
    page = client.get(url).get_data(as_text=True)
    assert 'value="table"' not in page
    assert "once people have places at tables" in page and "/courses/BUE26/tables" in page
    sent = {"certificates": [_ready(course_id)["Ana"].id], "order": "table"}
    assert "so choose another order" in client.post(url, data=sent).get_data(as_text=True)
    _sit(course_id, lead)
    page = client.get(url).get_data(as_text=True)
    assert 'value="table"' in page and "once people have places" not in page
    assert client.post(url, data=sent).mimetype == "application/pdf"
    assert "By table, then place" in client.get(url).get_data(as_text=True)


def test_parts_of_a_large_course_are_cut_in_the_wished_order(
    course_id: str, lead: Viewer, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sit(course_id, lead)
    monkeypatch.setattr(print_views, "MOST", 1)
    factories.sign_in(client, lead)
    serials = {name: row.serial for name, row in _ready(course_id).items()}
    for order, names in (
        ("name", ("Ana", "María José", "D’Angelo")),
        ("table", ("D’Angelo", "Ana", "María José")),
        ("nonsense", ("Ana", "María José", "D’Angelo")),
    ):
        for number, name in enumerate(names, 1):
            url = f"/courses/BUE26/certificates/print?order={order}&page={number}"
            page = client.get(url).get_data(as_text=True)
            assert [one for one in serials if serials[one] in page] == [name]
            assert "In parts of 1, in this order:" in page


def test_only_the_chosen_are_printed(course_id: str, lead: Viewer, joined: list[bytes]) -> None:
    ana = _ready(course_id)["Ana"]
    chosen = frozenset({ana.id, "of-another-course"})
    print_operations.print_file(course_id, PrintChoice(chosen=chosen), lead)
    assert _order(joined) == ["Ana"]
    (run,) = _runs()
    assert run.certificates == [ana.id]


def test_nothing_chosen_is_refused(course_id: str, lead: Viewer) -> None:
    for chosen in (frozenset(), frozenset({"of-another-course"})):
        with pytest.raises(NoneChosen):
            print_operations.print_file(course_id, PrintChoice(chosen=chosen), lead)
    assert _runs() == []


def test_each_is_followed_by_its_back_and_the_sheet_comes_last(
    course_id: str, lead: Viewer, joined: list[bytes], drawn: list[PaperDocument]
) -> None:
    print_operations.print_file(course_id, PrintChoice(back=True, check_sheet=True), lead)
    backs = [page == b"%PDF BackDocument" for page in joined]
    assert backs == [False, True, False, True, False, True, False]
    assert joined[-1] == b"%PDF SheetDocument"
    back, sheet = drawn[0], drawn[-1]
    assert isinstance(back, BackDocument)
    assert back.language == "es"  # as the certificate, whatever the printer of it reads
    assert back.serial == _ready(course_id)["Ana"].serial
    assert back.serial.encode() in joined[0]
    assert [module.hours for module in back.modules] == ["8 h"]
    assert isinstance(sheet, SheetDocument)
    assert sheet.wording.confidential
    assert "Olga Muster" in sheet.wording.printed
    (table,) = sheet.tables
    assert [row[1] for row in table.rows] == [
        "Álvarez, Ana", "Núñez de la Peña, María José", "O'Higgins Quispe, D’Angelo",
    ]  # fmt: skip
    assert table.rows[0][2:] == ("Argentina", back.serial)


def test_a_back_that_cannot_be_drawn_is_said(
    course_id: str, lead: Viewer, joined: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = [b"%PDF", Failure(Reason.DOES_NOT_FIT), b"%PDF"]
    monkeypatch.setattr(print_operations.warm, "draw_all", lambda _: failing)
    with pytest.raises(NotDrawn):
        print_operations.print_file(course_id, PrintChoice(back=True), lead)


def test_a_run_is_kept_in_run_list_trail_and_read_log(
    course_id: str, lead: Viewer, joined: list[bytes]
) -> None:
    print_operations.print_file(course_id, PrintChoice(order=Order.COUNTRY), lead)
    (run,) = _runs()
    assert (run.by, run.ordering, run.back, run.check_sheet) == (
        lead.account_id, Order.COUNTRY, False, False,
    )  # fmt: skip
    assert len(run.certificates) == 3
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "certificate.print")
    ).one()
    assert entry.details == {
        "kind": "completion", "number": 3, "order": "country", "back": False, "check_sheet": False,
    }  # fmt: skip
    assert "Muster" not in json.dumps(entry.details)
    (read,) = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "print"))
    assert len(read.persons) == 3
    assert read.by == lead.account_id


def test_the_stored_file_of_one_can_be_looked_at(course_id: str, lead: Viewer) -> None:
    ana = _ready(course_id)["Ana"]
    pdf, serial = print_operations.one_file(course_id, ana.id, lead)
    assert serial == ana.serial
    assert pdf == print_operations.content(ana)
    assert _runs() == [], "a look prints nothing"
    (read,) = db.session.scalars(
        select(IdentityRead).where(IdentityRead.purpose == "certificate file")
    )
    assert read.persons == [ana.person_id]


def test_one_is_printed_again(course_id: str, client: FlaskClient, joined: list[bytes]) -> None:
    ana = _ready(course_id)["Ana"]
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=course_id))
    page = client.get("/courses/BUE26/certificates/print").get_data(as_text=True)
    assert f'form="alone" name="certificates" value="{ana.id}"' in page
    sent = {"certificates": ana.id, "order": "name"}
    assert client.post("/courses/BUE26/certificates/print", data=sent).mimetype == "application/pdf"
    assert _order(joined) == ["Ana"]
    assert [run.certificates for run in _runs()] == [[ana.id]]


def test_a_revoked_or_erased_one_is_not_printed(
    course_id: str, lead: Viewer, joined: list[bytes]
) -> None:
    rows = _ready(course_id)
    ending_operations.revoke(course_id, rows["Ana"].id, EndReason.MISTAKE, "", lead)
    with transaction() as session:
        writes.forget_person(session, rows["D’Angelo"].person_id or "")
    print_operations.print_file(course_id, PrintChoice(), lead)
    assert _order(joined) == ["María José"]


def test_a_trainer_prints_the_course_they_gave_and_no_other(
    course_id: str, joined: list[bytes]
) -> None:
    elsewhere = factories.account(Role.TRAINER, course_id=factories.course("LIM27"))
    with pytest.raises(NotFound):
        print_operations.print_file(course_id, PrintChoice(), elsewhere)
    here = factories.account(Role.TRAINER, course_id=course_id)
    print_operations.print_file(course_id, PrintChoice(), here)
    assert len(joined) == 3


def test_the_page_prints_what_is_ticked_and_lists_the_runs(
    course_id: str, client: FlaskClient, joined: list[bytes]
) -> None:
    rows = _ready(course_id)
    trainer = factories.account(Role.TRAINER, course_id=course_id, name=("Iris", "Docente"))
    factories.sign_in(client, trainer)
    page = client.get("/courses/BUE26/certificates/print").get_data(as_text=True)
    assert page.count(" checked") >= 3
    assert "Print runs so far" not in page
    sent = {"certificates": [rows["Ana"].id, rows["María José"].id], "order": "name"}
    for _turn in range(2):  # the printer jammed: the same form may be sent again
        answer = client.post("/courses/BUE26/certificates/print", data=sent)
        assert answer.mimetype == "application/pdf"
        assert _order(joined) == ["Ana", "María José"]
    page = client.get("/courses/BUE26/certificates/print").get_data(as_text=True)
    assert "Print runs so far" in page
    assert page.count("Iris Docente") >= 2


def test_without_a_tick_the_page_says_what_to_do(course_id: str, client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=course_id))
    answer = client.post("/courses/BUE26/certificates/print", data={"order": "country"})
    assert answer.status_code == 200
    body = answer.get_data(as_text=True)
    assert "Choose at least one certificate to print." in body
    assert 'value="country" checked' in body or 'checked id="order-1"' in body


def test_before_anything_is_issued_the_page_says_what_it_is_for(
    lead: Viewer, client: FlaskClient
) -> None:
    graduates.course_of(code="NEW26")
    factories.sign_in(client, lead)
    page = client.get("/courses/NEW26/certificates/print")
    assert "Nothing to print yet" in page.get_data(as_text=True)


def test_each_kind_is_printed_by_itself(
    lead: Viewer, client: FlaskClient, paper: Paper, joined: list[bytes]
) -> None:
    course_id = graduates.course_of(graduates.NAMES[:2])
    for kind in (Kind.COMPLETION, Kind.ATTENDANCE):
        operations.issue_for_course(course_id, lead, kind)
        operations.render(course_id)
        print_operations.print_file(course_id, PrintChoice(kind), lead)
    kinds = {
        tuple(
            db.session.scalars(
                select(Certificate.kind)
                .where(Certificate.id.in_(run.certificates))
                .execution_options(scope="operation")
            )
        )
        for run in _runs()
    }
    assert kinds == {(Kind.COMPLETION,) * 2, (Kind.ATTENDANCE,) * 2}
    assert queries.progress(course_id, Kind.ATTENDANCE) == (2, 0, 2)
    assert queries.progress(course_id, Kind.TRAINER) == (0, 0, 0)
    factories.sign_in(client, lead)
    page = client.get("/courses/BUE26/certificates/print?kind=trainer").get_data(as_text=True)
    assert "Nothing to print yet" in page
    page = client.get("/courses/BUE26/certificates?kind=attendance").get_data(as_text=True)
    assert "certificates.pdf?kind=attendance" in page
    assert client.get("/courses/BUE26/certificates/print?kind=x").status_code == 404
