"""Lists in which nobody is named: had at once, with who took them, and recorded."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.evaluations import evaluating
from tests.exports import taking
from tests.exports.taking import CODE, LISTS, House, rows, texts
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.exports import operations
from trainings.exports.request_rules import NobodyInIt, NoResultsYet
from trainings.exports.rules import FileKind, Listing
from trainings.exports.table_rules import donor_table
from trainings.people.models import IdentityRead
from trainings.registrations.rules import State
from trainings.spreadsheets import inspector


@pytest.fixture
def house(each_app: Flask) -> House:
    return taking.house()


@pytest.fixture
def client(house: House, each_app: Flask) -> FlaskClient:
    found = each_app.test_client()
    factories.sign_in(found, house.by)
    return found


def test_countries_and_functions_without_numbers_or_names(house: House) -> None:
    acting.crowd(house.course_id, State.ENDORSED, 1, groups=(("UY", "police"),))
    file = operations.take(house.course_id, Listing.COUNTRIES, FileKind.XLSX, house.by)
    told, listed = rows(file)
    assert listed == [
        ["Country", "Functions"],
        ["Argentina", "Prosecutor"],
        ["Bolivia", "Judge"],
        ["Peru", "Police"],
    ]
    assert told["Taken out by"] == "Ada Ejemplo" and "Course for investigators" in told["Course"]
    assert told["When"].endswith("(Buenos Aires time)") and told["Rows"] == "3"
    assert file.name == f"countries-{CODE}.xlsx"
    db.session.close()
    assert not db.session.scalars(select(IdentityRead)).all(), "nobody was read"


def test_the_donors_table_counts_and_adds_up(house: House) -> None:
    file = operations.take(house.course_id, Listing.DONOR, FileKind.CSV, house.by)
    found = texts(file)
    assert found["List.csv"][1:] == [
        ["Argentina", "Prosecutor", "0", "0", "0", "1", "1"],
        ["Bolivia", "Judge", "0", "0", "0", "1", "1"],
        ["Peru", "Police", "0", "0", "0", "1", "1"],
        ["Total", "", "0", "0", "0", "3", "3"],
    ]
    assert ["Taken out by", "Ada Ejemplo"] in found["About this list.csv"]
    assert "Ejemplo 0" not in str(found)


def test_the_sexes_stand_in_their_columns(app: Flask) -> None:
    with app.test_request_context():
        table = donor_table([("Peru", "Judge", "F", 2), ("Peru", "Judge", None, 1)])
        assert table.rows == [["Peru", "Judge", 2, 0, 0, 1, 3], ["Total", "", 2, 0, 0, 1, 3]]


def test_seats_add_up_to_the_course(house: House) -> None:
    file = operations.take(house.course_id, Listing.SEATS, FileKind.XLSX, house.by)
    _told, listed = rows(file)
    assert listed[0][:5] == ["Country", "Function", "Seats", "Offered", "Confirmed"]
    assert listed[-1] == ["Total", "", 60, 0, 3, 0, 57, 0, 0]
    assert ["Bolivia", "Judge", 2, 0, 0, 0, 2, 0, 0] in listed


def test_an_empty_list_and_too_few_answers_are_refused(each_app: Flask) -> None:
    house = taking.house(0)
    for listing in (Listing.COUNTRIES, Listing.DONOR, Listing.AGENDA):
        with pytest.raises(NobodyInIt):
            operations.take(house.course_id, listing, FileKind.XLSX, house.by)
    with pytest.raises(NoResultsYet):
        operations.take(house.course_id, Listing.EVALUATION, FileKind.XLSX, house.by)


def test_an_evaluation_leaves_from_five_answers_on_and_without_texts(app: Flask) -> None:
    course_id = evaluating.course(6)
    by = factories.account(Role.ORGANISER, agency="IOM")
    evaluating.give(course_id, 4)
    with pytest.raises(NoResultsYet):
        operations.take(course_id, Listing.EVALUATION, FileKind.XLSX, by)
    evaluating.give(course_id, 1, 4)
    _told, listed = rows(operations.take(course_id, Listing.EVALUATION, FileKind.XLSX, by))
    assert listed[1] == ["What I learnt is useful in my daily work.", 1, 1, 1, 1, 1, 5, "3.0"]
    assert "First use" not in str(listed)


def test_one_click_gives_the_file_and_is_in_the_trail(house: House, client: FlaskClient) -> None:
    page = client.get(LISTS).text
    assert "Table for the donor" in page and "Rooms and flights" in page
    answer = client.post(f"{LISTS}/donor/take", data={"kind": "csv"})
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="donor-{CODE}.zip"'
    db.session.close()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "list.take")).one()
    assert entry.by == house.by.account_id
    assert entry.details == {"listing": "donor", "kind": "csv", "rows": 4}


def test_a_refusal_is_said_on_the_page(house: House, client: FlaskClient) -> None:
    answer = client.post(f"{LISTS}/agenda/take", data={"kind": "xlsx"}, follow_redirects=True)
    assert "This list is empty" in answer.text
    assert client.post(f"{LISTS}/donor/take", data={"kind": "pdf"}).status_code == 404
    assert client.post(f"{LISTS}/candidates/take", data={"kind": "csv"}).status_code == 404
    assert client.get(f"{LISTS}/donor").status_code == 404
    assert client.get(f"{LISTS}/nothing").status_code == 404


def test_who_only_teaches_takes_what_they_see(house: House, each_app: Flask) -> None:
    trainer = factories.account(Role.TRAINER, course_id=house.course_id)
    client = each_app.test_client()
    factories.sign_in(client, trainer)
    page = client.get(LISTS).text
    assert "Attendance" in page and "Table for the donor" not in page
    assert client.post(f"{LISTS}/donor/take", data={"kind": "csv"}).status_code == 404


def test_a_title_that_looks_like_a_formula_stays_a_text(house: House) -> None:
    with transaction() as session:
        session.get_one(Course, house.course_id).titles = {"en": "=1+1"}
    file = operations.take(house.course_id, Listing.DONOR, FileKind.CSV, house.by)
    assert ["Course", f"'=1+1 ({CODE})"] in texts(file)["About this list.csv"]
    file = operations.take(house.course_id, Listing.DONOR, FileKind.XLSX, house.by)
    assert inspector.sheets(file.content)[0]["rows"][2][1] == f"=1+1 ({CODE})"
