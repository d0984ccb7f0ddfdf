"""Acts on a timetable: what they make of it, what is refused, and how each is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests import counting, factories, teaching
from tests.scheduling.conftest import Table
from trainings.agenda import act_queries
from trainings.agenda import operations as agenda
from trainings.agenda.act_rules import ChangedSince, NothingToRedo, NothingToUndo
from trainings.agenda.clash_rules import RoomBusy, RoomBusyElsewhere, TrainerBusyElsewhere
from trainings.agenda.rules import (
    AgendaClosed,
    MarksTaken,
    OutsideCourse,
    RoomUnknown,
    SessionKind,
    TimeDoesNotExist,
    TooShort,
    TrainerNotAsked,
)
from trainings.attendance.models import AttendanceMark
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.rosters import queries as rosters
from trainings.rosters.rules import TrainerRole
from trainings.scheduling import operations, queries
from trainings.scheduling.frame_rules import Frame
from trainings.scheduling.rules import ChangedMeanwhile, NothingThere, SameSession

NAMES = {False: {"en": "Break"}, True: {"en": "Lunch"}}


def test_moved_with_another_room_and_trainer_in_one_act(table: Table) -> None:
    done = operations.move(
        table.course,
        table.shown(table.morning),
        table.at("14:00", 1),
        table.by,
        room=table.side,
        add=[table.luis],
        release=[table.ruth],
    )
    entry = table.entries()[table.morning]
    assert table.span(table.morning) == f"{table.day + timedelta(1):%d} 14:00-15:30"
    assert (entry.room_id, entry.trainers) == (table.side, (table.luis,))
    assert done.versions == {table.morning: 2}
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.object_id == table.morning).order_by("number")
    ).all()
    assert acts == ["session.add", "session.change"]


def test_a_role_is_given_and_kept_through_other_acts(table: Table) -> None:
    shown = table.shown(table.morning)
    added = {"add": [table.luis], "role": TrainerRole.OBSERVER}
    operations.assign(table.course, shown, table.by, **added)  # type: ignore[arg-type]
    assert table.entries()[table.morning].roles == {table.luis: "observer"}
    assert table.entries()[table.morning].giving == (table.ruth,)
    operations.unschedule(table.course, table.shown(table.morning), table.by)
    assert table.entries()[table.morning].roles == {table.luis: "observer"}
    operations.move(table.course, table.shown(table.morning), table.at("14:00", 1), table.by)
    assert table.entries()[table.morning].roles == {table.luis: "observer"}
    added = {"add": [table.luis], "role": TrainerRole.LEAD}
    operations.assign(table.course, table.shown(table.morning), table.by, **added)  # type: ignore[arg-type]
    assert table.entries()[table.morning].roles == {}
    release = {"release": [table.luis]}
    operations.assign(table.course, table.shown(table.morning), table.by, **release)  # type: ignore[arg-type]
    assert table.entries()[table.morning].trainers == (table.ruth,)


def test_a_room_is_named_that_was_not_on_the_list(table: Table) -> None:
    for name in ("Sala de mapas", "SALA DE MAPAS"):
        shown = table.shown(table.morning, table.noon)
        operations.assign(table.course, shown, table.by, new_room=name)
    rooms = {room.id: room.name for room in queries.plan(table.loaded()).rooms}
    entries = table.entries()
    assert rooms[entries[table.morning].room_id or ""] == "Sala de mapas"
    assert entries[table.morning].room_id == entries[table.noon].room_id
    assert list(rooms.values()).count("Sala de mapas") == 1, "whatever its case"
    operations.assign(table.course, table.shown(table.morning), table.by, room="")
    assert table.entries()[table.morning].room_id is None


def test_several_move_by_as_much(table: Table) -> None:
    shown = table.shown(table.morning, table.pause, table.noon)
    operations.move(table.course, shown, table.at("09:20", 2), table.by)
    day = f"{table.day + timedelta(2):%d}"
    assert [table.span(key) for key in shown] == [
        f"{day} 09:20-10:50",
        f"{day} 10:50-11:05",
        f"{day} 11:05-12:35",
    ]


def test_an_act_sent_twice_is_done_once(table: Table) -> None:
    shown = table.shown(table.morning)
    first = operations.move(table.course, shown, table.at("13:00"), table.by)
    again = operations.move(table.course, shown, table.at("13:00"), table.by)
    assert again.versions == first.versions
    assert again.act is None


def test_whoever_comes_second_is_told_and_nothing_is_lost(table: Table) -> None:
    shown = table.shown(table.morning)
    operations.move(table.course, shown, table.at("13:00"), table.by)
    with pytest.raises(ChangedMeanwhile):
        operations.move(table.course, shown, table.at("15:00"), table.colleague())
    assert table.span(table.morning) == "13:00-14:30"


def refused(table: Table, wanted: str) -> Callable[[], Any]:
    shown = table.shown(table.morning)
    at = table.at
    acts: dict[str, Callable[[], Any]] = {
        "room": lambda: operations.move(
            table.course, shown, at("10:00"), table.by, room=table.side
        ),
        "outside": lambda: operations.move(table.course, shown, at("09:00", 9), table.by),
        "short": lambda: operations.resize(table.course, shown, at("09:00"), at("09:03"), table.by),
        "venue": lambda: operations.assign(
            table.course, shown, table.by, room=teaching.room("Far", "Elsewhere")
        ),
        "no room": lambda: operations.assign(table.course, shown, table.by, room="nothing"),
        "trainer": lambda: operations.assign(table.course, shown, table.by, add=["nobody"]),
        "swap": lambda: operations.swap(table.course, shown, table.by),
        "gone": lambda: operations.move(table.course, {"nothing": 1}, at("09:00"), table.by),
        "none": lambda: operations.unschedule(table.course, {}, table.by),
        "right": lambda: operations.unschedule(
            table.course, shown, factories.account(Role.TRAINER, course_id=table.course)
        ),
    }
    return acts[wanted]


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ("room", RoomBusy),
        ("outside", OutsideCourse),
        ("short", TooShort),
        ("venue", RoomUnknown),
        ("no room", RoomUnknown),
        ("trainer", TrainerNotAsked),
        ("swap", SameSession),
        ("gone", NotFound),
        ("none", NothingThere),
        ("right", NotFound),
    ],
)
def test_refused_and_left_as_it_was(table: Table, wanted: str, refusal: type[Exception]) -> None:
    act = refused(table, wanted)
    before = table.entries()
    with pytest.raises(refusal):
        act()
    assert table.entries() == before


@pytest.mark.parametrize(
    ("start", "end", "refusal"),
    [
        ("02:30", "03:30", TimeDoesNotExist),  # clocks go forward at 2:00
        ("01:30", "02:30", TimeDoesNotExist),
        ("01:00", "03:00", None),
        ("23:00", "23:59", None),
        ("00:00", "00:05", None),
    ],
)
def test_on_a_day_whose_clock_changes(
    table: Table, start: str, end: str, refusal: type[Exception] | None
) -> None:
    change = date(2027, 3, 28)
    with transaction() as session:
        course = session.get_one(Course, table.course)
        course.zone, course.starts_on = "Europe/Berlin", change
        course.ends_on = change + timedelta(3)
    shown = table.shown(table.noon)
    begins, ends = (datetime.combine(change, time.fromisoformat(one)) for one in (start, end))
    if refusal is None:
        operations.resize(table.course, shown, begins, ends, table.by)
        assert table.span(table.noon).endswith(f"{start}-{end}")
    else:
        with pytest.raises(refusal):
            operations.resize(table.course, shown, begins, ends, table.by)


def test_a_course_that_is_over_keeps_its_agenda(table: Table) -> None:
    shown = table.shown(table.morning)
    with transaction() as session:
        session.get_one(Course, table.course).state = CourseState.COMPLETED
    for act in (
        lambda: operations.unschedule(table.course, shown, table.by),
        lambda: agenda.undo(table.course, table.by),
        lambda: operations.plan_module(table.course, table.module, 60, table.by),
    ):
        with pytest.raises(AgendaClosed):
            act()


def test_what_other_courses_need_is_refused_without_saying_where(table: Table) -> None:
    other = factories.course("ELSE27", lead="UNODC", agencies=("UNODC",))
    theirs = factories.account(Role.ORGANISER, agency="UNODC")
    trainer = rosters.course_trainer_of(table.course, table.ruth).trainer_id
    giver = teaching.course_trainer(other, trainer, theirs)
    agenda.add_session(
        other, teaching.slot(other, "14:00", "15:00", trainers=(giver,), room_id=table.hall), theirs
    )
    with pytest.raises((TrainerBusyElsewhere, RoomBusyElsewhere)) as refused:
        operations.move(table.course, table.shown(table.morning), table.at("14:30"), table.by)
    assert "ELSE27" not in str(refused.value)
    db.session.close()
    plan = queries.plan(table.loaded())
    assert [one.starts.hour for one in plan.trainers_taken[table.ruth]] == [14]
    assert [one.starts.hour for one in plan.rooms_taken[table.hall]] == [14]


def test_taken_off_its_day_it_waits_with_room_and_trainers_and_comes_back(table: Table) -> None:
    operations.unschedule(table.course, table.shown(table.morning), table.by)
    entry = table.entries()[table.morning]
    assert (entry.day, entry.room_id, entry.trainers) == (None, table.hall, (table.ruth,))
    assert [one.key for one in queries.to_schedule(queries.plan(table.loaded()))] == [
        table.morning,
        None,
    ]
    operations.move(table.course, table.shown(table.morning), table.at("15:00"), table.by)
    assert table.span(table.morning) == "15:00-16:30"
    assert table.entries()[table.morning].trainers == (table.ruth,)


def test_what_is_marked_stays(table: Table) -> None:
    registration = teaching.participant(table.course)
    with transaction() as session:
        session.add(
            AttendanceMark(
                session_id=table.morning, registration_id=registration, mark="late", at=clock.now()
            )
        )
    for act in (operations.remove, operations.unschedule):
        with pytest.raises(MarksTaken):
            act(table.course, table.shown(table.morning), table.by)
    assert table.span(table.morning) == "09:00-10:30"


def test_duplicate_split_swap_shift(table: Table) -> None:
    done = operations.duplicate(table.course, table.shown(table.noon), table.at("14:00"), table.by)
    (copy,) = done.entries
    assert table.span(copy) == "14:00-15:30"
    (waits,) = operations.duplicate(table.course, table.shown(table.noon), None, table.by).entries
    assert table.span(waits) == "waits"
    done = operations.split(table.course, table.shown(copy), time(14, 30), table.by)
    second = next(key for key in done.entries if key != copy)
    assert (table.span(copy), table.span(second)) == ("14:00-14:30", "14:30-15:30")
    operations.swap(table.course, table.shown(copy, second), table.by)
    assert (table.span(copy), table.span(second)) == ("15:00-15:30", "14:00-15:00")
    operations.shift(table.course, table.day, time(10, 40), 15, table.by)
    assert [table.span(key) for key in (table.morning, table.noon, copy)] == [
        "09:00-10:30",
        "11:00-12:30",
        "15:15-15:45",
    ]


def test_breaks_are_copied_and_days_laid_out(table: Table) -> None:
    days = [table.day + timedelta(number) for number in range(3)]
    operations.copy_breaks(table.course, table.day, days, table.by)
    pauses = [entry for entry in table.entries().values() if entry.kind is SessionKind.BREAK]
    assert sorted(entry.day for entry in pauses if entry.day) == days
    operations.plan_module(table.course, table.law, 200, table.by)
    frame = Frame(time(9), time(17), 90, 15, time(12, 30), 60)
    operations.lay_out(table.course, [days[1]], frame, True, NAMES, table.by)
    laid = [entry for entry in table.entries().values() if entry.day == days[1]]
    assert sum(entry.minutes for entry in laid if entry.module_id == table.law) == 200
    assert {"en": "Lunch"} in [entry.titles for entry in laid]
    assert queries.to_schedule(queries.plan(table.loaded())) == []


def test_each_undoes_their_own_and_no_more(table: Table) -> None:
    other = table.colleague()
    operations.move(table.course, table.shown(table.morning), table.at("13:00"), table.by)
    operations.move(table.course, table.shown(table.noon), table.at("15:00"), other)
    agenda.undo(table.course, table.by)
    assert (table.span(table.morning), table.span(table.noon)) == ("09:00-10:30", "15:00-16:30")
    agenda.undo(table.course, other)
    assert table.span(table.noon) == "10:45-12:15"
    with pytest.raises(NothingToUndo):
        agenda.undo(table.course, other)
    agenda.redo(table.course, other)
    assert table.span(table.noon) == "15:00-16:30"
    with pytest.raises(NothingToRedo):
        agenda.redo(table.course, other)


def test_undo_goes_back_through_acts_and_redo_forth_until_something_else_is_done(
    table: Table,
) -> None:
    for start in ("13:00", "14:00", "15:00"):
        operations.move(table.course, table.shown(table.morning), table.at(start), table.by)
    agenda.undo(table.course, table.by)
    agenda.undo(table.course, table.by)
    assert table.span(table.morning) == "13:00-14:30"
    agenda.redo(table.course, table.by)
    assert table.span(table.morning) == "14:00-15:30"
    operations.unschedule(table.course, table.shown(table.noon), table.by)
    with pytest.raises(NothingToRedo):
        agenda.redo(table.course, table.by)
    agenda.undo(table.course, table.by)
    agenda.undo(table.course, table.by)
    assert (table.span(table.noon), table.span(table.morning)) == ("10:45-12:15", "13:00-14:30")


def test_what_somebody_changed_since_is_not_undone_over_them(table: Table) -> None:
    operations.move(table.course, table.shown(table.noon), table.at("13:00"), table.by)
    operations.name(table.course, table.shown(table.noon), "en", "Trial", table.colleague())
    with pytest.raises(ChangedSince) as refused:
        agenda.undo(table.course, table.by)
    assert "Trial" in str(refused.value)
    assert table.span(table.noon) == "13:00-14:30"


def test_undo_asks_again_whether_the_place_is_free(table: Table) -> None:
    operations.move(table.course, table.shown(table.noon), table.at("13:00"), table.by)
    taken = teaching.slot(table.course, "11:00", "12:00", room_id=table.side)
    agenda.add_session(table.course, taken, table.colleague())
    with pytest.raises(RoomBusy):
        agenda.undo(table.course, table.by)


def test_a_removed_session_comes_back_as_it_was(table: Table) -> None:
    before = table.entries()[table.morning]
    operations.remove(table.course, table.shown(table.morning), table.by)
    assert table.morning not in table.entries()
    agenda.undo(table.course, table.by)
    assert table.entries()[table.morning] == before


def test_a_move_asks_the_database_little(table: Table) -> None:
    """Rights and trail aside (two and three statements), at most eight."""
    for one in range(40):
        at = teaching.slot(table.course, "18:00", "18:30", day=one % 4)
        agenda.add_session(table.course, at, table.by)
    shown = table.shown(table.morning)
    with counting.statements() as sent:
        operations.move(table.course, shown, table.at("13:00"), table.by)
    assert len(sent) <= 2 + 3 + 8, "\n".join(sent)


def test_the_state_changes_with_every_act_and_answer(table: Table) -> None:
    def state() -> str:
        db.session.close()
        return act_queries.state(table.loaded())

    seen = {state()}
    operations.move(table.course, table.shown(table.morning), table.at("13:00"), table.by)
    seen.add(state())
    agenda.undo(table.course, table.by)
    seen.add(state())
    with transaction() as session:
        session.get_one(Course, table.course).ends_on += timedelta(1)
    seen.add(state())
    assert len(seen) == 4
