"""Tables on both databases: set, seated, moved, freed; who may; what is refused; what is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.tables.rooms import Hall
from trainings.audit.models import AuditEntry
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.registrations.rules import State
from trainings.tables import operations, queries
from trainings.tables.models import TablePlace
from trainings.tables.rules import (
    Choice,
    Layout,
    NobodyToSeat,
    NoSuchPlace,
    NoSuchRoom,
    NoTables,
    Place,
    PlaceTaken,
    RoomFull,
    TooFewPlaces,
)


@pytest.fixture
def hall(each_app: Flask) -> Hall:
    return Hall()


def test_the_first_time_everybody_is_seated(hall: Hall) -> None:
    assert hall.set(3, 4) == 0
    places = hall.places()
    assert len(places) == 10
    sizes = [sum(place.table == table for place in places.values()) for table in (1, 2, 3)]
    assert sorted(sizes) == [3, 3, 4]
    assert queries.numbers(hall.course) == (Layout(3, 4), 10, 10)


def test_later_each_keeps_the_place_that_is_still_there(hall: Hall) -> None:
    hall.set(5, 2)
    before = hall.places()
    lost = hall.set(3, 4)
    after = hall.places()
    assert lost == 4
    assert after == {number: place for number, place in before.items() if place.table <= 3}
    assert operations.seat_those_without(hall.course, hall.by) == 4
    assert {number: hall.places()[number] for number in after} == after
    assert len(hall.places()) == 10
    assert operations.seat_those_without(hall.course, hall.by) == 0


@pytest.mark.parametrize(
    ("layout", "refusal"),
    [
        (Layout(0, 8), NoSuchRoom),
        (Layout(101, 1), NoSuchRoom),
        (Layout(8, 0), NoSuchRoom),
        (Layout(1, 61), NoSuchRoom),
        (Layout(-2, -8), NoSuchRoom),
        (Layout(3, 3), TooFewPlaces),
    ],
)
def test_a_room_too_small_or_beyond_reason_is_refused(
    hall: Hall, layout: Layout, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        operations.set_tables(hall.course, layout, hall.by)
    assert queries.layout(hall.course) is None
    assert hall.places() == {}


def test_who_comes_late_has_no_place_and_who_withdraws_frees_one(hall: Hall) -> None:
    hall.set(3, 4)
    gone = hall.number(hall.keys[0])
    freed = hall.places()[gone]
    hall.leave(hall.keys[0])
    assert gone not in hall.places()
    late = hall.number(hall.confirm(77))
    assert late not in hall.places()
    assert queries.numbers(hall.course)[1:] == (10, 9)
    kept = hall.places()
    operations.move(hall.course, late, Choice(freed), hall.by)
    assert hall.places() == kept | {late: freed}
    assert db.session.get(TablePlace, hall.keys[0]) is None


def test_no_more_are_seated_than_places_are_free(hall: Hall) -> None:
    hall.set(5, 2)
    hall.confirm(20)
    hall.confirm(21)
    for act in (operations.seat_those_without, operations.seat_anew):
        with pytest.raises(RoomFull):
            act(hall.course, hall.by)
    assert len(hall.places()) == 10
    with pytest.raises(TooFewPlaces) as refused:
        hall.set(2, 5)
    assert "10 places (2 × 5), but 12 people" in str(refused.value)


def test_everybody_anew_throws_away_hand_work_and_nothing_else(hall: Hall) -> None:
    hall.set(3, 4)
    first = hall.places()
    one, other = hall.at(Place(1, 1)), hall.at(Place(2, 1))
    operations.move(hall.course, one, Choice(Place(2, 1), other), hall.by)
    assert hall.places() != first
    assert operations.seat_anew(hall.course, hall.by) == 10
    assert hall.places() == first


def test_a_move_to_a_free_place_and_back(hall: Hall) -> None:
    hall.set(3, 6)
    before = hall.places()
    one = hall.at(Place(1, 1))
    back = operations.move(hall.course, one, Choice(Place(3, 6)), hall.by)
    assert hall.places() == before | {one: Place(3, 6)}
    assert back is not None
    operations.move(hall.course, back.number, back.choice, hall.by)
    assert hall.places() == before


def test_a_swap_and_back(hall: Hall) -> None:
    hall.set(3, 4)
    before = hall.places()
    one, other = hall.at(Place(1, 1)), hall.at(Place(2, 2))
    back = operations.move(hall.course, one, Choice(Place(2, 2), other), hall.by)
    assert hall.places() == before | {one: Place(2, 2), other: Place(1, 1)}
    assert back is not None
    operations.move(hall.course, back.number, back.choice, hall.by)
    assert hall.places() == before


def test_who_has_none_takes_the_place_of_another_and_back(hall: Hall) -> None:
    hall.set(3, 4)
    late = hall.number(hall.confirm(50))
    before = hall.places()
    other = hall.at(Place(2, 2))
    back = operations.move(hall.course, late, Choice(Place(2, 2), other), hall.by)
    assert late in hall.places() and other not in hall.places()
    assert back is not None
    operations.move(hall.course, back.number, back.choice, hall.by)
    assert hall.places() == before


def test_a_place_is_taken_away_and_given_back(hall: Hall) -> None:
    hall.set(3, 4)
    before = hall.places()
    one = hall.at(Place(1, 1))
    back = operations.move(hall.course, one, Choice(None), hall.by)
    assert hall.places() == {number: place for number, place in before.items() if number != one}
    assert back is not None
    operations.move(hall.course, back.number, back.choice, hall.by)
    assert hall.places() == before
    assert operations.move(hall.course, one, Choice(Place(1, 1)), hall.by) is None, "there already"


def test_a_place_given_meanwhile_is_refused(hall: Hall) -> None:
    """Free when one looked, or somebody else's: nothing is changed by what one did not see."""
    hall.set(3, 4)
    one, other, third = hall.at(Place(1, 1)), hall.at(Place(2, 2)), hall.at(Place(3, 3))
    before = hall.places()
    free = next(Place(table, 4) for table in (1, 2, 3) if not hall.at(Place(table, 4)))
    for choice in (Choice(Place(2, 2)), Choice(Place(2, 2), third), Choice(free, other)):
        with pytest.raises(PlaceTaken) as refused:
            operations.move(hall.course, one, choice, hall.by)
        assert f"Table {choice.place and choice.place.table}, place" in str(refused.value)
    for place in (Place(4, 1), Place(1, 5)):
        with pytest.raises(NoSuchPlace):
            operations.move(hall.course, one, Choice(place), hall.by)
    assert hall.places() == before


def test_removed_tables_leave_nothing_behind(hall: Hall) -> None:
    hall.set(3, 4)
    hall.leave(hall.keys[0])
    operations.remove_tables(hall.course, hall.by)
    assert queries.numbers(hall.course) == (None, 9, 0)
    assert db.session.scalars(select(TablePlace)).all() == []


def _acts(hall: Hall, by: Viewer) -> list[Callable[[], object]]:
    one = hall.number(hall.keys[0])
    return [
        lambda: hall.set(4, 4, by),
        lambda: operations.seat_those_without(hall.course, by),
        lambda: operations.seat_anew(hall.course, by),
        lambda: operations.move(hall.course, one, Choice(None), by),
        lambda: operations.remove_tables(hall.course, by),
    ]


def test_organisers_of_every_agency_of_the_course_and_nobody_else(hall: Hall) -> None:
    hall.set(3, 4)
    before = hall.places()
    elsewhere = factories.course("OTH27", lead="UNODC", agencies=("UNODC",))
    for stranger in (
        hall.trainer,
        factories.account(Role.ORGANISER, course_id=elsewhere),
        factories.account(Role.FOCAL_POINT, country="BO"),
        factories.account(Role.DATA_PROTECTION),
        factories.account(Role.ADMINISTRATOR),
        factories.account(),
        Viewer(),
    ):
        for act in _acts(hall, stranger):
            with pytest.raises(NotFound):
                act()
    assert hall.places() == before
    for organiser in (
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.ORGANISER, course_id=hall.course),
    ):
        for act in _acts(hall, organiser):
            act()


def test_people_of_another_course_and_who_did_not_confirm_have_no_place(hall: Hall) -> None:
    hall.set(3, 4)
    other = Hall(2, code="OTH27")
    offered = hall.number(hall.confirm(9, state=State.OFFERED))
    for number in (other.number(other.keys[0]), offered, "R-NOBODY"):
        with pytest.raises(NotFound):
            operations.move(hall.course, number, Choice(Place(3, 4)), hall.by)


def test_a_course_without_tables_or_people_says_so(hall: Hall) -> None:
    one = hall.number(hall.keys[0])
    for act in (
        lambda: operations.seat_those_without(hall.course, hall.by),
        lambda: operations.seat_anew(hall.course, hall.by),
        lambda: operations.move(hall.course, one, Choice(Place(1, 1)), hall.by),
        lambda: operations.remove_tables(hall.course, hall.by),
    ):
        with pytest.raises(NoTables):
            act()
    empty = factories.course("NEW27")
    with pytest.raises(NobodyToSeat):
        operations.set_tables(empty, Layout(3, 4), hall.by)


def test_each_act_is_in_the_trail_and_names_nobody(hall: Hall) -> None:
    hall.set(3, 4)
    one, other = hall.at(Place(1, 1)), hall.at(Place(2, 2))
    operations.move(hall.course, one, Choice(Place(2, 2), other), hall.by)
    operations.move(hall.course, other, Choice(None), hall.by)
    operations.seat_those_without(hall.course, hall.by)
    operations.seat_anew(hall.course, hall.by)
    db.session.remove()
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act.startswith("tables.")).order_by(AuditEntry.number)
    ).all()
    assert [(entry.act, entry.details) for entry in entries] == [
        ("tables.set", {"tables": 3, "places": 4, "seated": 10, "lost": 0}),
        ("tables.move", {"number": one, "before": [1, 1], "after": [2, 2], "other": other}),
        ("tables.move", {"number": other, "before": [1, 1], "after": None, "other": None}),
        ("tables.seat", {"number": 1}),
        ("tables.anew", {"number": 10}),
    ]
    assert {entry.by for entry in entries} == {hall.by.account_id}
