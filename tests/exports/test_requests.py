"""Lists with names: asked for, approved by another, encrypted, logged, gone after a day (S5)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from pyrage import passphrase as pyrage
from sqlalchemy import select, update

from tests import counting, factories
from tests.exports import taking
from tests.exports.taking import House, details, reads, request, rows
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.core import clock, config
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course, CourseAgency
from trainings.exports import age, operations, people_queries
from trainings.exports import request_rules as rules
from trainings.exports.models import ExportRequest
from trainings.exports.request_rules import RequestState
from trainings.exports.rules import OFFERS, Column, FileKind, Listing
from trainings.exports.writes import forget_in_lists
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.sealed_rules import ReadLogDown
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

C = Column


@pytest.fixture
def house(each_app: Flask) -> House:
    return taking.house()


def test_from_the_question_to_the_encrypted_file(app: Flask) -> None:
    house = taking.house()
    number = house.ask(Listing.ROOMING)
    assert number.startswith("L-") and request(number).state is RequestState.OPEN
    secret = operations.make(house.course_id, number, house.by)
    assert secret is not None and len(secret) == 29
    assert reads(Listing.ROOMING) == [], "nothing has left the house yet"
    file = operations.fetch(house.course_id, number, house.by)
    assert file.name == f"rooming-{taking.CODE}-{number}.xlsx.age"
    assert b"Ejemplo" not in file.content and file.content.startswith(b"age-encryption.org/v1")
    with pytest.raises(Exception, match="ecrypt"):
        pyrage.decrypt(file.content, "another")
    opened = operations.File(pyrage.decrypt(file.content, secret), "", "")
    told, listed = rows(opened)
    assert listed[0][0].startswith(f"Confidential. Request {number}, taken out by Ada Ejemplo on ")
    assert listed[1][:5] == ["Family name", "Given name", "Country", "Function", "Sex"]
    assert [row[0] for row in listed[2:]] == ["Ejemplo 0", "Ejemplo 1", "Ejemplo 2"]
    assert told["Request"] == number and told["Taken out by"] == "Ada Ejemplo"
    assert told["What for"] == "Hotel: rooms and meals · Rooms at the hotel"
    (read,) = reads(Listing.ROOMING)
    assert len(read) == 3
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.act.like("list.%")).order_by(AuditEntry.number)
    ).all()
    assert acts == ["list.ask", "list.make"]


@pytest.mark.usefixtures("quick")
def test_nothing_of_it_lies_in_clear_on_the_disk(house: House, each_app: Flask) -> None:
    number = house.ask(plain=True, receiver="Hotel Sol", plain_reason="Old computer")
    operations.make(house.course_id, number, house.by)
    content = operations.fetch(house.course_id, number, house.by).content
    assert b"Ejemplo 1" in _unpacked(content)
    kept = [one for one in config.settings().files.rglob("*") if one.is_file()]
    assert len(kept) == 1 and content[:8] not in kept[0].read_bytes()
    with db.engine.connect() as connection:
        row = connection.execute(select(ExportRequest.__table__)).one()
    assert b"Hotel Sol" not in repr(row).encode() and "Old computer" not in repr(row)


def _unpacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


@pytest.mark.usefixtures("quick")
def test_many_people_need_another_organiser(each_app: Flask) -> None:
    house = taking.house(26)
    number = house.ask(Listing.DOOR)
    assert request(number).state is RequestState.WAITING
    with pytest.raises(rules.NotApproved):
        operations.make(house.course_id, number, house.by)
    with pytest.raises(rules.OwnRequest):
        operations.decide(number, True, house.by)
    operations.decide(number, True, house.second)
    with pytest.raises(rules.NotWaiting):
        operations.decide(number, False, house.second)
    assert operations.make(house.course_id, number, house.by)
    assert len(reads(Listing.DOOR)) == 0
    operations.fetch(house.course_id, number, house.by)
    assert [len(one) for one in reads(Listing.DOOR)] == [26]


@pytest.mark.usefixtures("quick")
def test_whoever_may_approve_is_emailed_that_a_list_waits(app: Flask) -> None:
    house = taking.house(rules.ALONE + 1)
    number = house.ask()
    told = factories.mails("list_asked")
    second = house.second.person_id or ""
    assert [one.recipient for one in told] == [reading.opened([second])[second].mail]
    assert f"/courses/BUE27/lists/requests/{number}" in told[0].body
    assert f"{rules.ALONE + 1} people" in told[0].body


def test_what_needs_nobody_else_is_told_to_nobody(house: House) -> None:
    house.ask()
    assert factories.mails("list_asked") == []


def test_many_small_lists_are_a_large_one(each_app: Flask) -> None:
    house = taking.house(30)
    first = house.ask(filters={"country": "BO"})
    again = house.ask(filters={"country": "BO"})
    more = house.ask(filters={"country": "PE"})
    last = house.ask(filters={"country": "AR"})
    assert [request(one).second for one in (first, again, more, last)] == [0, 0, 0, 1]
    assert not request(house.ask(filters={"country": "AR"}, by=house.second)).second
    with clock.shifted(timedelta(days=1, seconds=1)):
        assert not request(house.ask(filters={"country": "AR"})).second


@pytest.mark.usefixtures("quick")
def test_a_document_number_needs_the_second_and_a_reason(house: House) -> None:
    details(house.numbers[0], document="AB 123", born="1980-02-03", phone="+591 2 22")
    columns = (C.NAME, C.PHONE, C.BORN, C.DOCUMENT)
    with pytest.raises(rules.ColumnReasonMissing, match="Phone, Date of birth, Document number"):
        house.ask(columns=columns)
    number = house.ask(columns=columns, reason="The embassy wants them")
    assert request(number).second
    officer = factories.account(Role.DATA_PROTECTION)
    operations.decide(number, True, officer, officer=True)
    file = house.made(columns=columns, reason="The embassy wants them")
    _told, listed = rows(file)
    assert ["Ejemplo 0, Rosa", "+591 2 22", ["day", "1980-02-03"], "AB 123"] in listed


@pytest.mark.usefixtures("quick")
def test_who_may_decide(each_app: Flask) -> None:
    house = taking.house(26)
    number = house.ask()
    strangers = [
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.TRAINER, course_id=house.course_id),
        factories.account(Role.ADMINISTRATOR),
        factories.account(Role.FOCAL_POINT, country="BO"),
    ]
    for who in strangers:
        for officer in (False, True):
            with pytest.raises(NotFound):
                operations.decide(number, True, who, officer=officer)
    with pytest.raises(NotFound):
        operations.decide("L-NOTHING", True, house.second)
    operations.decide(number, False, house.second)
    assert request(number).state is RequestState.REFUSED
    with pytest.raises(rules.NotApproved):
        operations.make(house.course_id, number, house.by)


@pytest.mark.usefixtures("quick")
def test_only_who_asked_makes_and_fetches(house: House) -> None:
    number = house.ask()
    for act in (operations.make, operations.fetch):
        with pytest.raises(NotFound):
            act(house.course_id, number, house.second)
    with pytest.raises(rules.NotMade):
        operations.fetch(house.course_id, number, house.by)


def _loses_the_course(house: House) -> None:
    with transaction() as session:
        session.execute(
            update(CourseAgency)
            .where(CourseAgency.course_id == house.course_id)
            .where(CourseAgency.agency_id == factories.agency_id("INTERPOL"))
            .values(agreed_at=None)
        )


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("act", [operations.make, operations.fetch])
def test_the_right_is_asked_for_again(
    house: House, act: Callable[[str, str, Viewer], object]
) -> None:
    number = house.ask(by=house.second)
    operations.make(house.course_id, number, house.second)
    _loses_the_course(house)
    with pytest.raises(NotFound):
        act(house.course_id, number, house.second)
    assert reads(Listing.CANDIDATES) == []


@pytest.mark.usefixtures("quick")
def test_who_lost_the_right_while_the_file_was_encrypted_gets_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = house.ask(by=house.second)

    def slow(content: bytes, _passphrase: str) -> bytes:
        _loses_the_course(house)
        return content

    monkeypatch.setattr(age, "locked", slow)
    with pytest.raises(NotFound):
        operations.make(house.course_id, number, house.second)
    assert request(number).file_name is None
    assert not [one for one in config.settings().files.rglob("*") if one.is_file()]


@pytest.mark.usefixtures("quick")
def test_no_log_no_file(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number = house.ask()
    operations.make(house.course_id, number, house.by)

    def down(*_given: object, **_named: object) -> None:
        raise ReadLogDown

    monkeypatch.setattr(reading, "log", down)
    with pytest.raises(ReadLogDown):
        operations.fetch(house.course_id, number, house.by)


@pytest.mark.usefixtures("quick")
def test_the_link_ends_after_a_day_and_the_file_is_gone(house: House) -> None:
    number = house.ask(filters={"country": "BO"})
    operations.make(house.course_id, number, house.by)
    with clock.shifted(timedelta(hours=23)):
        operations.clear()
        operations.fetch(house.course_id, number, house.by)
    with clock.shifted(timedelta(hours=24)):
        for act in (operations.make, operations.fetch):
            with pytest.raises(rules.RequestEnded):
                act(house.course_id, number, house.by)
        operations.clear()
        row = request(number)
        assert row.state is RequestState.ENDED and not row.persons
        assert row.file_name is row.data_key is row.filters is None
    assert not [one for one in config.settings().files.rglob("*") if one.is_file()]
    with clock.shifted(timedelta(days=366)):
        operations.clear()
    assert db.session.scalars(select(ExportRequest)).all() == []


@pytest.mark.usefixtures("quick")
def test_made_again_there_is_one_file_with_another_passphrase(house: House) -> None:
    number = house.ask()
    first = operations.make(house.course_id, number, house.by)
    assert operations.make(house.course_id, number, house.by) != first
    assert len([one for one in config.settings().files.rglob("*") if one.is_file()]) == 1


@pytest.mark.usefixtures("quick")
def test_a_request_that_nobody_approves_ends_after_a_week(each_app: Flask) -> None:
    house = taking.house(26)
    number = house.ask()
    with clock.shifted(timedelta(days=7)), pytest.raises(rules.NotWaiting):
        operations.decide(number, True, house.second)


@pytest.mark.usefixtures("quick")
def test_more_people_than_were_asked_for_are_not_given(house: House) -> None:
    number = house.ask()
    acting.crowd(house.course_id, State.ENDORSED, 1)
    with pytest.raises(rules.MoreThanAsked, match="4 people in this list now, and 3 were asked"):
        operations.make(house.course_id, number, house.by)


@pytest.mark.usefixtures("quick")
def test_who_was_erased_or_left_since_is_not_handed_out(house: House) -> None:
    number = house.ask(Listing.DOOR)
    operations.make(house.course_id, number, house.by)
    with transaction() as session:
        session.execute(
            update(Registration)
            .where(Registration.number == house.numbers[0])
            .values(state=State.WITHDRAWN, block_id=None, seat_no=None)
            .execution_options(scope="operation")
        )
    with pytest.raises(rules.ListChanged):
        operations.fetch(house.course_id, number, house.by)
    assert reads(Listing.DOOR) == []
    operations.make(house.course_id, number, house.by)
    operations.fetch(house.course_id, number, house.by)
    with transaction() as session:
        key = request(number).persons[0]
        session.execute(update(Person).where(Person.id == key).values(erased_at=clock.now()))
    with pytest.raises(rules.ListChanged):
        operations.fetch(house.course_id, number, house.by)


@pytest.mark.usefixtures("quick")
def test_erasing_somebody_removes_the_files_they_stand_in(house: House) -> None:
    numbers = [house.ask(Listing.DOOR), house.ask(filters={"country": "BO"})]
    for number in numbers:
        operations.make(house.course_id, number, house.by)
    (bolivian,) = request(numbers[1]).persons
    other = min({*request(numbers[0]).persons} - {bolivian})
    with transaction() as session:
        forget_in_lists(session, other)
    assert [request(one).file_name is None for one in numbers] == [True, False]
    assert len([one for one in config.settings().files.rglob("*") if one.is_file()]) == 1
    with transaction() as session:
        forget_in_lists(session, bolivian)
    assert request(numbers[1]).persons == [] and request(numbers[1]).data_key is None


def test_nobody_asks_for_a_list_of_nobody_or_one_beyond_their_reach(each_app: Flask) -> None:
    house = taking.house(0)
    with pytest.raises(rules.NobodyInIt):
        house.ask()
    with pytest.raises(NotFound):
        house.ask(by=factories.account(Role.ORGANISER, agency="UNODC"))
    with pytest.raises(NotFound):
        house.ask(by=factories.account(Role.TRAINER, course_id=house.course_id))
    with pytest.raises(NotFound):
        house.ask(Listing.DONOR, columns=(C.NAME,))


@pytest.mark.usefixtures("quick")
def test_the_filters_of_the_page_hold_for_the_file(house: House) -> None:
    acting.crowd(house.course_id, State.ENDORSED, 2, groups=(("BO", "police"),))
    _told, listed = rows(house.made(filters={"country": "BO", "state": "undecided"}))
    assert len(listed) == 4 and {row[3] for row in listed[2:]} == {"Police"}
    _told, listed = rows(house.made(filters={"country": "BO", "function": "judge"}))
    assert len(listed) == 3
    _told, listed = rows(house.made(filters={"seats": "any-any"}))
    assert len(listed) == 5
    _told, listed = rows(house.made(kind=FileKind.XLSX, filters={"state": "no such"}))
    assert len(listed) == 7


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("listing", [one for one in Listing if OFFERS[one].names])
def test_all_columns_take_as_many_statements_for_few_as_for_many(
    each_app: Flask, listing: Listing
) -> None:
    house = taking.house(3, state=State.RESERVE if listing is Listing.RESERVE else State.CONFIRMED)

    def sent() -> int:
        people.function_names()
        course = db.session.get_one(Course, house.course_id)
        with counting.statements() as found:
            columns = OFFERS[listing].columns
            table, _ids = people_queries.table(listing, course, house.by, columns, {})
            assert len(list(table.rows)) == table.number
        db.session.close()
        return len(found)

    few = sent()
    acting.crowd(
        house.course_id,
        State.RESERVE if listing is Listing.RESERVE else State.ENDORSED,
        30,
        groups=(("BO", "judge"), ("PE", "police")),
    )
    assert sent() == few <= 12
