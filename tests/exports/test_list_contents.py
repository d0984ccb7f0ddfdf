"""What stands in the lists with names, column by column."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import teaching
from tests.exports import taking
from tests.exports.taking import details, rows, texts
from tests.register import kept
from tests.registrations import acting
from trainings.agenda import operations as agenda
from trainings.agenda.rules import SessionKind
from trainings.attendance.models import AttendanceMark
from trainings.attendance.rules import Mark
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.exports.rules import OFFERS, Column, FileKind, Listing
from trainings.people.models import Person
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

C = Column
pytestmark = pytest.mark.usefixtures("quick")


def test_attendance_has_a_column_for_each_session(each_app: Flask) -> None:
    house = taking.house(2)
    keys = [acting.registration(number).id for number in house.numbers]
    db.session.close()
    exam = teaching.slot(house.course_id, kind=SessionKind.TEST, titles={"en": "=Exam"})
    session_id = agenda.add_session(house.course_id, exam, house.by)
    pause = teaching.slot(house.course_id, "11:00", "11:30", kind=SessionKind.BREAK)
    agenda.add_session(house.course_id, pause, house.by)
    with transaction() as session:
        for key, mark in zip(keys, (Mark.PRESENT, Mark.ABSENT), strict=True):
            given = AttendanceMark(session_id=session_id, registration_id=key, mark=mark)
            given.at = clock.now()
            session.add(given)
    _told, listed = rows(house.made(Listing.ATTENDANCE))
    head, *people = listed[1:]
    assert head[:4] == ["Name", "Country", "Function", "Share of the planned hours, in percent"]
    assert len(head) == 5 and head[4].endswith(" 09:00 =Exam")
    assert people == [
        ["Ejemplo 0, Rosa", "Bolivia", "Judge", 100.0, "Present"],
        ["Ejemplo 1, Rosa", "Peru", "Police", 0.0, "Absent"],
    ]


def test_the_reserve_list_stands_in_its_order_with_places(each_app: Flask) -> None:
    house = taking.house(3, state=State.RESERVE)
    with transaction() as session:
        last = session.get_one(Registration, _key(house.numbers[0]))
        last.reserve_place = 9
        session.get_one(Registration, _key(house.numbers[2])).reserve_place = 1
    _told, listed = rows(house.made(Listing.RESERVE))
    assert [row[1] for row in listed[2:]] == [
        "Ejemplo 2, Rosa",
        "Ejemplo 0, Rosa",
        "Ejemplo 1, Rosa",
    ]
    assert {row[-1] for row in listed[2:]} == {1.0}, "each is the first of their group"
    _told, listed = rows(house.made(Listing.CANDIDATES))
    assert {row[4] for row in listed[2:]} == {"Reserve no. 1"}


def _key(number: str) -> str:
    found = acting.registration(number).id
    db.session.close()
    return found


def test_all_columns_of_the_candidates_as_text(each_app: Flask) -> None:
    house = taking.house(1)
    given = {"document": "=AB 12", "born": "1980-02-03", "phone": "+59122", "needs": "@ramp"}
    details(house.numbers[0], unit="Court 1", **given)
    file = house.made(
        kind=FileKind.CSV, columns=OFFERS[Listing.CANDIDATES].columns, reason="The ministry asked"
    )
    assert file.name.endswith(".zip")
    found = texts(file)
    (mark,), head, row = found["List.csv"]
    assert mark.startswith("Confidential. Request L-")
    line = dict(zip(head, row, strict=True))
    assert line["Family name"] == "Ejemplo 0" and line["Given name"] == "Rosa"
    assert line["Document number"] == "'=AB 12" and line["Phone"] == "'+59122"
    assert line["Needs (food, access, interpreting)"] == "'@ramp"
    assert line["Date of birth"] == "1980-02-03" and line["Unit"] == "Court 1"
    assert line["Email address"].endswith("@crowd.example")
    assert ["Why these columns", "The ministry asked"] in found["About this list.csv"]
    assert ["Receiver", "Hotel"] in found["About this list.csv"]


def test_who_was_erased_is_in_no_list(each_app: Flask) -> None:
    house = taking.house(2)
    with transaction() as session:
        found = session.get_one(Registration, _key(house.numbers[0]))
        person = session.get_one(Person, found.person_id)
        person.erased_at = clock.now()
    _told, listed = rows(house.made(Listing.DOOR))
    assert [row[0] for row in listed[2:]] == ["Ejemplo 1"]


def test_certificates_with_serial_and_status(app: Flask) -> None:
    house = taking.house(0)
    number, who = acting.standing(house.course_id, State.CONFIRMED)
    kept.certificate(house.course_id, _key(number), who)
    _told, listed = rows(house.made(Listing.CERTIFICATES))
    assert listed[1] == ["Name", "Country", "Status", "Kind", "Serial number"]
    (row,) = listed[2:]
    assert row[0].startswith("Ejemplo") and row[1] == "Bolivia" and row[4]
