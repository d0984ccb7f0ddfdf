"""The answers to a course's questions in its lists: rooms and flights, columns, filters."""

from __future__ import annotations

import io
import re
from datetime import date
from itertools import zip_longest

import pytest
from flask import Flask

from tests import counting, factories
from tests.exports import taking
from tests.exports.taking import rows
from tests.materials import making
from tests.questions import asking
from tests.registrations import acting
from tests.selection.desk import named
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.exports import operations, people_queries, registration_queries
from trainings.exports import queries as requests
from trainings.exports.request_rules import ColumnReasonMissing
from trainings.exports.rules import Column, Listing
from trainings.questions import answer_operations, queries
from trainings.questions import operations as questions
from trainings.questions.answer_rules import Typed
from trainings.questions.rules import QuestionKind, SeenBy
from trainings.questions.usual_rules import Usual, UsualSet
from trainings.uploads.rules import Upload

C = Column
pytestmark = pytest.mark.usefixtures("quick")


def test_rooms_and_flights_are_filled_from_what_people_answered(each_app: Flask) -> None:
    house = taking.house(2)
    added = questions.add_usual(house.course_id, list(UsualSet), house.by)
    assert added == len(Usual)
    keys = {one.usual: one.id for one in queries.questions(house.course_id)}
    given = {
        Usual.ARRIVES: Typed(date(2027, 2, 1)),
        Usual.LEAVES: Typed(date(2027, 2, 5)),
        Usual.ARRIVES_BY: Typed("=LA 2401"),
        Usual.DIET: Typed(["1", "4"]),
        Usual.PASSPORT: Typed("P0001"),
    }
    asking.answer_as(house.numbers[0], {keys[one]: typed for one, typed in given.items()})
    _told, listed = rows(house.made(Listing.ROOMING))
    head, *people = listed[1:]
    lines = [dict(zip_longest(head, row)) for row in people]
    assert [one["Arrives on"] for one in lines] == [["day", "2027-02-01"], None]
    assert [one["Nights"] for one in lines] == [4.0, None]
    assert lines[0]["Arrival flight"] == "=LA 2401" and "Passport number" not in head
    file = house.made(
        Listing.ROOMING, columns=(C.FAMILY_NAME, C.DIET, C.PASSPORT), reason="The border asks"
    )
    _told, listed = rows(file)
    assert listed[1] == ["Family name", "Food", "Passport number"]
    assert listed[2][1:] == ["Vegetarian, Halal", "P0001"]


def test_a_passport_number_needs_a_second_organiser(each_app: Flask) -> None:
    house = taking.house(1)
    number = house.ask(Listing.ROOMING, columns=(C.FAMILY_NAME, C.PASSPORT), reason="Visas")
    assert taking.request(number).second
    number = house.ask(Listing.ROOMING, columns=(C.FAMILY_NAME, C.DIET), reason="Kitchen")
    assert not taking.request(number).second
    questions.add_usual(house.course_id, [UsualSet.PASSPORT], house.by)
    course = courses.course_by_id(house.by, queries.READ, house.course_id)
    asked = registration_queries.answer_columns(house.by, course, Listing.CANDIDATES)
    number = house.ask(columns=asked[:1], reason="Visas")
    assert taking.request(number).second, "under whatever name it leaves"
    number = house.ask(columns=asked[1:], reason="Visas")
    assert not taking.request(number).second
    assert registration_queries.answer_columns(house.by, course, Listing.ROOMING) == ()


def test_questions_of_the_course_are_columns_that_need_a_reason(each_app: Flask) -> None:
    house = taking.house(2)
    key = questions.add(house.course_id, asking.asking(titles={"en": "Blood group"}), house.by)
    file = questions.add(house.course_id, asking.asking(QuestionKind.FILE), house.by)
    asking.answer_as(house.numbers[0], {key: Typed("0+")})
    course = courses.course_by_id(house.by, queries.READ, house.course_id)
    found = registration_queries.answer_columns(house.by, course, Listing.CANDIDATES)
    assert [one.question_id for one in found] == [key, file]
    column = found[0]
    assert column.label == "Blood group"
    with pytest.raises(ColumnReasonMissing):
        house.ask(columns=(C.NUMBER, column))
    _told, listed = rows(house.made(columns=(C.NUMBER, column), reason="For the nurse"))
    assert listed[1] == ["Number", "Blood group"]
    assert [row[1:] for row in listed[2:]] == [["0+"], []]
    number = house.ask(columns=(C.NUMBER, column), reason="For the nurse")
    questions.remove(house.course_id, key, house.by, answered=1)
    (columns,) = requests.columns_of([taking.request(number)]).values()
    assert [str(one.label) for one in columns] == ["Number", "removed question"]
    operations.make(house.course_id, number, house.by)


def test_of_a_file_a_list_says_that_it_was_sent(each_app: Flask) -> None:
    house = taking.house(2)
    file = questions.add(
        house.course_id, asking.asking(QuestionKind.FILE, titles={"en": "Letter"}), house.by
    )
    upload = Upload("Letter of Ana.pdf", io.BytesIO(making.PDF))
    person_id = acting.registration(house.numbers[0]).person_id
    answer_operations.send_file(house.numbers[0], file, upload, Viewer(person_id=person_id))
    course = courses.course_by_id(house.by, queries.READ, house.course_id)
    (column,) = registration_queries.answer_columns(house.by, course, Listing.CANDIDATES)
    _told, listed = rows(house.made(columns=(C.NUMBER, column), reason="For the embassy"))
    assert listed[1] == ["Number", "Letter"]
    assert [row[1:] for row in listed[2:]] == [["File sent"], []], "never its name"


def test_answers_for_the_lead_agency_leave_with_nobody_else(each_app: Flask) -> None:
    house = taking.house(1)
    lead = asking.asking(titles={"en": "Illness"}, seen_by=SeenBy.LEAD)
    key = questions.add(house.course_id, lead, house.by)
    questions.add_usual(house.course_id, [UsualSet.PASSPORT], house.by)
    course = courses.course_by_id(house.by, queries.READ, house.course_id)
    (only,) = registration_queries.answer_columns(house.by, course, Listing.ROOMING)
    assert only.question_id == key
    assert registration_queries.answer_columns(house.second, course, Listing.ROOMING) == ()
    assert registration_queries.answer_columns(house.by, course, Listing.DOOR) == ()
    (passport,) = (
        one.id for one in queries.questions(house.course_id) if one.usual is Usual.PASSPORT
    )
    asking.answer_as(house.numbers[0], {passport: Typed("P0001")})
    for who, there in ((house.by, "P0001"), (house.second, None)):
        table, _ids = people_queries.table(Listing.ROOMING, course, who, [C.PASSPORT], {})
        assert list(table.rows) == [[there]]


def test_a_list_narrowed_down_by_an_answer_is_taken_out_so(each_app: Flask) -> None:
    house = taking.house(2)
    key = questions.add(house.course_id, asking.asking(QuestionKind.ONE), house.by)
    asking.answer_as(house.numbers[0], {key: Typed("1")})
    filters = {"answer": f"{key}.1"}
    _told, listed = rows(house.made(columns=(C.NUMBER,), filters=filters))
    assert [row[0] for row in listed[2:]] == [house.numbers[0]]


def test_answers_of_many_take_no_more_statements(each_app: Flask) -> None:
    found = []
    for people in (2, 20):
        house = taking.house(people, code=f"MANY{people}")
        key = questions.add(house.course_id, asking.asking(), house.by)
        for number in house.numbers:
            asking.answer_as(number, {key: Typed("0+")})
        course = courses.course_by_id(house.by, queries.READ, house.course_id)
        columns = (
            C.NUMBER,
            *registration_queries.answer_columns(house.by, course, Listing.CANDIDATES),
        )
        with counting.statements() as sent:
            table, _ids = people_queries.table(Listing.CANDIDATES, course, house.by, columns, {})
            assert [row[1] for row in table.rows] == ["0+"] * people
        found.append(len(sent))
    assert found[0] == found[1]


def test_a_list_that_was_searched_is_taken_out_so(each_app: Flask) -> None:
    house = taking.house(3)
    named(house.numbers[1], "Ñusta", "Tomada")
    client = each_app.test_client()
    factories.sign_in(client, house.by)
    found = client.post(
        "/courses/BUE27/registrations/find", data={"text": "tomada"}, follow_redirects=True
    )
    address = re.findall(r'href="(/courses/[^"]*/lists/candidates[^"]*)"', found.text)[0]
    assert "q=" in address and "omada" not in address, "a name stands in no address"
    page = client.get(address.replace("&amp;", "&")).text
    assert "only who was searched for" in page and "One person" in page
    for words, who in (("tomada", [1]), (house.numbers[2], [2]), ("nobody of that name", [])):
        filters = {"text": words}
        course = courses.course_by_id(house.by, queries.READ, house.course_id)
        listed = people_queries.persons(Listing.CANDIDATES, course, house.by, filters)
        assert listed == {acting.registration(house.numbers[one]).person_id for one in who}
    _told, listed = rows(house.made(columns=(C.NUMBER,), filters={"text": "ÑUSTA"}))
    assert [row[0] for row in listed[2:]] == [house.numbers[1]]
