"""Print files: what lies in them, in which order, and that every run is kept."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from tests import factories
from tests.certificates.pages import reading_of
from tests.certificates.printing import order_of, ready, registrations_of, runs, sit
from trainings.audit.models import AuditEntry
from trainings.certificates import revocation_operations
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.people.models import IdentityRead
from trainings.print_room import operations as print_operations
from trainings.print_room.rules import NoneChosen, NotDrawn, Order, Position, PrintChoice
from trainings.printing.paper_rules import BackDocument, PaperDocument, SheetDocument
from trainings.printing.rules import Failure, Reason
from trainings.register import writes
from trainings.register.models import Certificate
from trainings.register.rules import EndReason
from trainings.registrations.models import Registration


def test_all_lie_in_order_of_name(graduated: str, olga: Viewer, joined: list[bytes]) -> None:
    print_operations.print_file(graduated, PrintChoice(), olga)
    assert order_of(joined) == ["Ana", "María José", "D’Angelo"]


def test_or_of_country(graduated: str, olga: Viewer, joined: list[bytes]) -> None:
    with transaction() as session:
        for row in session.scalars(select(Registration).execution_options(scope="operation")):
            row.country = "PE" if row.country == "AR" else "BO"
    print_operations.print_file(graduated, PrintChoice(order=Order.COUNTRY), olga)
    assert order_of(joined) == ["María José", "D’Angelo", "Ana"]


def test_or_of_country_then_function_then_name(
    graduated: str, olga: Viewer, joined: list[bytes]
) -> None:
    keys = registrations_of(graduated)
    with transaction() as session:
        for given, country, function in (
            ("Ana", "BO", "judge"),
            ("María José", "BO", "police"),
            ("D’Angelo", "AR", "judge"),
        ):
            row = session.get_one(
                Registration, keys[given], execution_options={"scope": "operation"}
            )
            row.country, row.function = country, function
    print_operations.print_file(graduated, PrintChoice(order=Order.COUNTRY), olga)
    assert order_of(joined) == ["D’Angelo", "María José", "Ana"], "police stands before judges"


def test_or_of_table_and_place_who_has_none_last(
    graduated: str, olga: Viewer, joined: list[bytes], drawn: list[PaperDocument]
) -> None:
    sit(graduated, olga)
    choice = PrintChoice(order=Order.TABLE, check_sheet=True)
    print_operations.print_file(graduated, choice, olga)
    assert order_of(joined[:3]) == ["D’Angelo", "Ana", "María José"]
    (sheet,) = drawn
    assert isinstance(sheet, SheetDocument)
    assert [row[3] for row in sheet.tables[0].rows] == ["1, 3", "2, 2", ""]
    assert sheet.columns[3].title == "Table, place"
    (run,) = runs()
    assert run.ordering is Order.TABLE
    assert set(run.certificates) == {row.id for row in ready(graduated).values()}


def test_what_is_kept_of_a_run_does_not_tell_the_order_of_names(
    graduated: str, olga: Viewer, joined: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    backwards = sorted(ready(graduated).items(), key=lambda pair: pair[1].id, reverse=True)
    serials = [row.serial for _name, row in backwards]
    monkeypatch.setattr(Position, "key", lambda self, _order: serials.index(self.tie))
    print_operations.print_file(graduated, PrintChoice(), olga)
    assert order_of(joined) == [name for name, _row in backwards]
    (run,) = runs()
    assert run.certificates == sorted(row.id for _name, row in backwards)


def test_the_check_sheet_of_another_order_says_the_table_too(
    graduated: str, olga: Viewer, joined: list[bytes], drawn: list[PaperDocument]
) -> None:
    sit(graduated, olga)
    print_operations.print_file(graduated, PrintChoice(check_sheet=True), olga)
    (sheet,) = drawn
    assert isinstance(sheet, SheetDocument)
    assert [row[3] for row in sheet.tables[0].rows] == ["2, 2", "", "1, 3"]


def test_only_the_chosen_are_printed(graduated: str, olga: Viewer, joined: list[bytes]) -> None:
    ana = ready(graduated)["Ana"]
    chosen = frozenset({ana.id, "of-another-course"})
    print_operations.print_file(graduated, PrintChoice(chosen=chosen), olga)
    assert order_of(joined) == ["Ana"]
    (run,) = runs()
    assert run.certificates == [ana.id]


def test_of_what_is_not_chosen_nothing_is_read(
    graduated: str, olga: Viewer, joined: list[bytes]
) -> None:
    chosen = frozenset({ready(graduated)["Ana"].id})
    with reading_of(Certificate) as read:
        print_operations.print_file(graduated, PrintChoice(chosen=chosen), olga)
    assert len(read) == 1


def test_backs_of_many_take_no_more_statements_than_one(
    graduated: str,
    olga: Viewer,
    joined: list[bytes],
    drawn: list[PaperDocument],
    statements: list[str],
) -> None:
    everyone = [row.id for row in ready(graduated).values()]
    costs = []
    for chosen in (everyone[:1], everyone):
        db.session.remove()
        statements.clear()
        choice = PrintChoice(chosen=frozenset(chosen), back=True)
        print_operations.print_file(graduated, choice, olga)
        costs.append(len(statements))
    assert costs[0] == costs[1], statements


def test_nothing_chosen_is_refused(graduated: str, olga: Viewer) -> None:
    for chosen in (frozenset(), frozenset({"of-another-course"})):
        with pytest.raises(NoneChosen):
            print_operations.print_file(graduated, PrintChoice(chosen=chosen), olga)
    assert runs() == []


def test_each_is_followed_by_its_back_and_the_sheet_comes_last(
    graduated: str, olga: Viewer, joined: list[bytes], drawn: list[PaperDocument]
) -> None:
    print_operations.print_file(graduated, PrintChoice(back=True, check_sheet=True), olga)
    backs = [page == b"%PDF BackDocument" for page in joined]
    assert backs == [False, True, False, True, False, True, False]
    assert joined[-1] == b"%PDF SheetDocument"
    back, sheet = drawn[0], drawn[-1]
    assert isinstance(back, BackDocument)
    assert back.language == "es"  # as the certificate, whatever the printer of it reads
    assert back.serial == ready(graduated)["Ana"].serial
    assert back.serial.encode() in joined[0]
    assert [module.hours for module in back.modules] == ["8 h"]
    assert isinstance(sheet, SheetDocument)
    assert sheet.wording.confidential
    assert "Olga Muster" in sheet.wording.printed
    (table,) = sheet.tables
    assert [row[1] for row in table.rows] == [
        "Álvarez, Ana",
        "Núñez de la Peña, María José",
        "O'Higgins Quispe, D’Angelo",
    ]
    assert table.rows[0][2:] == ("Argentina", back.serial)


def test_a_back_that_cannot_be_drawn_is_said(
    graduated: str, olga: Viewer, joined: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = [b"%PDF", Failure(Reason.DOES_NOT_FIT), b"%PDF"]
    monkeypatch.setattr(print_operations.cage, "draw_all", lambda _: failing)
    with pytest.raises(NotDrawn):
        print_operations.print_file(graduated, PrintChoice(back=True), olga)


def test_a_run_is_kept_in_run_list_trail_and_read_log(
    graduated: str, olga: Viewer, joined: list[bytes]
) -> None:
    print_operations.print_file(graduated, PrintChoice(order=Order.COUNTRY), olga)
    (run,) = runs()
    assert (run.by, run.ordering, run.back, run.check_sheet) == (
        olga.account_id,
        Order.COUNTRY,
        False,
        False,
    )
    assert len(run.certificates) == 3
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "certificate.print")
    ).one()
    assert entry.details == {
        "kind": "completion",
        "number": 3,
        "order": "country",
        "back": False,
        "check_sheet": False,
    }
    assert "Muster" not in json.dumps(entry.details)
    (read,) = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "print"))
    assert len(read.persons) == 3
    assert read.by == olga.account_id


def test_the_stored_file_of_one_can_be_looked_at(graduated: str, olga: Viewer) -> None:
    ana = ready(graduated)["Ana"]
    pdf, serial = print_operations.one_file(graduated, ana.id, olga)
    assert serial == ana.serial
    assert pdf == print_operations.content(ana)
    assert runs() == [], "a look prints nothing"
    (read,) = db.session.scalars(
        select(IdentityRead).where(IdentityRead.purpose == "certificate file")
    )
    assert read.persons == [ana.person_id]


def test_a_revoked_or_erased_one_is_not_printed(
    graduated: str, olga: Viewer, joined: list[bytes]
) -> None:
    rows = ready(graduated)
    revocation_operations.revoke(graduated, rows["Ana"].id, EndReason.MISTAKE, "", olga)
    with transaction() as session:
        writes.forget_person(session, rows["D’Angelo"].person_id or "")
    print_operations.print_file(graduated, PrintChoice(), olga)
    assert order_of(joined) == ["María José"]


def test_a_trainer_prints_the_course_they_gave_and_no_other(
    graduated: str, joined: list[bytes]
) -> None:
    elsewhere = factories.account(Role.TRAINER, course_id=factories.course("LIM27"))
    with pytest.raises(NotFound):
        print_operations.print_file(graduated, PrintChoice(), elsewhere)
    here = factories.account(Role.TRAINER, course_id=graduated)
    print_operations.print_file(graduated, PrintChoice(), here)
    assert len(joined) == 3
