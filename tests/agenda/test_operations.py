"""Sessions: added, changed, assigned, removed; what is refused and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import select

from tests import counting, factories, teaching
from trainings.agenda import clash_rules, operations, queries, rules, writes
from trainings.agenda.models import AgendaSession, Assignment
from trainings.agenda.rules import SessionKind
from trainings.attendance.models import AttendanceMark
from trainings.audit.models import AuditEntry
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound, Refusal
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseMove, CourseState
from trainings.desk import move_operations
from trainings.people.models import IdentityRead
from trainings.rosters import operations as rosters


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def sessions(course: str) -> list[AgendaSession]:
    db.session.expire_all()
    return list(queries.sessions_of(course))


def test_kept_with_local_and_universal_time(by: Viewer) -> None:
    course, module, room = factories.course(), teaching.module(), teaching.room()
    teaching.teach(course, module)
    giver = teaching.course_trainer(course, teaching.trainer(by), by)
    data = teaching.slot(
        course, "09:30", "11:10", module_id=module, room_id=room, trainers=(giver,), day=1
    )
    key = operations.add_session(course, data, by)
    (row,) = sessions(course)
    assert (row.id, row.kind, row.minutes) == (key, SessionKind.MODULE, 100)
    assert (row.day, row.starts_utc.hour) == (teaching.session_day(course) + timedelta(1), 12)
    assert row.room is not None and row.room.name == "Sala A"
    assert [one.course_trainer_id for one in row.assignments] == [giver]
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.object_id == key).order_by(AuditEntry.number)
    ).all()
    assert acts == ["session.add"]


def test_changed_and_removed(by: Viewer) -> None:
    course = factories.course()
    key = operations.add_session(course, teaching.slot(course), by)
    operations.change_session(
        course, key, teaching.slot(course, "14:00", "15:00", new_room="Aula"), by
    )
    (row,) = sessions(course)
    assert (f"{row.starts_at:%H:%M}", row.minutes, row.room and row.room.name) == (
        "14:00",
        60,
        "Aula",
    )
    operations.change_session(
        course, key, teaching.slot(course, "14:30", "15:00", new_room="aula"), by
    )
    assert sessions(course)[0].room_id == row.room_id, "the same room, whatever its case"
    operations.remove_session(course, key, by)
    assert sessions(course) == []


def test_a_session_has_languages_of_its_own_and_keeps_them(by: Viewer) -> None:
    course = factories.course()
    said = {"languages": ("en",), "interpreted": ("es", "pt_BR")}
    key = operations.add_session(course, teaching.slot(course), by)
    operations.change_session(course, key, teaching.slot(course, **said), by)
    operations.change_session(course, key, teaching.slot(course), by)
    operations.undo(course, by)
    (row,) = sessions(course)
    assert (row.languages, row.interpreted) == (["en"], ["es", "pt_BR"])
    assert rules.speech_words(row.languages, row.interpreted) == (
        "in English, interpreted into Spanish and Portuguese (Brazil)"
    )
    copied = factories.course("TWO27")
    with transaction() as session:
        writes.copy_agenda(session, course, copied, 0)
    assert [one.languages for one in sessions(copied)] == [["en"]]


def test_a_trainer_leads_helps_or_observes(by: Viewer) -> None:
    course = factories.course()
    lead, co, seer = (teaching.course_trainer(course, teaching.trainer(by), by) for _ in range(3))
    roles = {"trainers": (lead,), "co_trainers": (co,), "observers": (seer,)}
    key = operations.add_session(course, teaching.slot(course, **roles), by)

    def kept() -> dict[str, str]:
        (row,) = sessions(course)
        return {one.course_trainer_id: one.role for one in row.assignments}

    assert kept() == {lead: "lead", co: "co", seer: "observer"}
    assert queries.sessions_by_trainer(course) == {lead: 1, co: 1}, "who observes gives nothing"
    assert queries.minutes_by_trainer(course) == {lead: 90, co: 90}
    with pytest.raises(clash_rules.TrainerBusy):
        operations.add_session(course, teaching.slot(course, trainers=(seer,)), by)
    turned = {"trainers": (co,), "co_trainers": (lead,)}
    operations.change_session(course, key, teaching.slot(course, **turned), by)
    assert kept() == {co: "lead", lead: "co"}
    operations.undo(course, by)
    assert kept() == {lead: "lead", co: "co", seer: "observer"}


def test_of_two_entries_that_become_one_the_role_of_the_one_that_stays(by: Viewer) -> None:
    course = factories.course()
    goes, stays = (teaching.course_trainer(course, teaching.trainer(by), by) for _ in range(2))
    both = teaching.slot(course, co_trainers=(goes,), observers=(stays,))
    alone = teaching.slot(course, "11:00", "12:00", co_trainers=(goes,))
    operations.add_session(course, both, by)
    operations.add_session(course, alone, by)
    with transaction() as session:
        writes.reassign(session, goes, stays, course)
    first, second = sessions(course)
    assert [(one.course_trainer_id, one.role) for one in first.assignments] == [(stays, "observer")]
    assert [(one.course_trainer_id, one.role) for one in second.assignments] == [(stays, "co")]
    operations.undo(course, by)
    assert len(sessions(course)) == 1, "the act names the one that stays, in their role"


def test_a_change_asks_the_database_little(by: Viewer) -> None:
    """What a change stands on is read once, under the locks; the fullest change there is."""
    course, module, room = factories.course(), teaching.module(), teaching.room()
    teaching.teach(course, module)
    given = {"module_id": module, "room_id": room}
    first, second = (teaching.course_trainer(course, teaching.trainer(by), by) for _ in range(2))
    key = operations.add_session(course, teaching.slot(course, **given, trainers=(first,)), by)
    later = teaching.slot(course, "10:00", "11:30", **given, trainers=(first, second))
    with counting.statements() as sent:
        operations.change_session(course, key, later, by)
    assert len(sent) <= 13, "\n".join(sent)
    (row,) = sessions(course)
    assert {one.course_trainer_id for one in row.assignments} == {first, second}


REFUSED: list[tuple[dict[str, Any], type[Refusal], str | None]] = [
    ({"start": "10:00", "end": "10:00"}, rules.EndsBeforeStart, "ends_at"),
    ({"start": "11:00", "end": "10:00"}, rules.EndsBeforeStart, "ends_at"),
    ({"day": 4}, rules.OutsideCourse, "starts_at"),
    ({"day": -1}, rules.OutsideCourse, "starts_at"),
    ({"kind": SessionKind.MODULE}, rules.ModuleMissing, "module_id"),
    ({"module_id": "nothing"}, rules.ModuleMissing, "module_id"),
    ({"titles": {"en": ""}}, rules.TitleMissing, "titles"),
    ({"room_id": "nothing"}, rules.RoomUnknown, "room_id"),
    ({"trainers": ("nobody",)}, rules.TrainerNotAsked, "trainers"),
    ({"trainers": ("one",), "observers": ("one",)}, rules.TwoRoles, "trainers"),
]


@pytest.mark.parametrize(("values", "refusal", "field"), REFUSED)
def test_refused_with_the_field_named_and_nothing_kept(
    app: Flask, values: dict[str, Any], refusal: type[Refusal], field: str | None
) -> None:
    by, course = factories.account(Role.ORGANISER, agency="IOM"), factories.course()
    with pytest.raises(refusal) as refused:
        operations.add_session(course, teaching.slot(course, **values), by)
    assert refused.value.field == field
    assert str(refused.value)
    assert sessions(course) == []


def test_a_module_of_another_course_or_a_room_of_another_venue_is_refused(app: Flask) -> None:
    by, course = factories.account(Role.ORGANISER, agency="IOM"), factories.course()
    other = teaching.module()
    with pytest.raises(rules.ModuleMissing):
        operations.add_session(course, teaching.slot(course, module_id=other), by)
    room = teaching.room(venue="Another house")
    with pytest.raises(rules.RoomUnknown):
        operations.add_session(course, teaching.slot(course, room_id=room), by)


@pytest.mark.parametrize(
    ("day", "start", "refusal"),
    [
        (date(2027, 3, 28), "02:30", rules.TimeDoesNotExist),
        (date(2027, 10, 31), "02:30", rules.TimeExistsTwice),
    ],
)
def test_a_time_that_is_missing_or_comes_twice_is_refused(
    app: Flask, day: date, start: str, refusal: type[Refusal]
) -> None:
    by = factories.account(Role.ORGANISER, agency="IOM")
    course = factories.course(zone="Europe/Vienna", starts_on=day, ends_on=day)
    with pytest.raises(refusal):
        operations.add_session(course, teaching.slot(course, start, "05:00"), by)
    assert sessions(course) == []


def test_a_room_is_not_needed_twice(by: Viewer) -> None:
    course, room = factories.course(), teaching.room()
    operations.add_session(course, teaching.slot(course, "09:00", "10:30", room_id=room), by)
    operations.add_session(course, teaching.slot(course, "10:30", "11:00", room_id=room), by)
    with pytest.raises(clash_rules.RoomBusy) as refused:
        operations.add_session(course, teaching.slot(course, "10:00", "12:00", room_id=room), by)
    sentence = str(refused.value)
    assert "Sala A" in sentence and "Session at 09:00" in sentence and "10:30" in sentence
    assert len(sessions(course)) == 2


def test_a_trainer_is_not_needed_twice_and_is_named(by: Viewer) -> None:
    course = factories.course()
    giver = teaching.course_trainer(course, teaching.trainer(by, name=("Ruth", "Choque")), by)
    first = operations.add_session(course, teaching.slot(course, trainers=(giver,)), by)
    second = operations.add_session(course, teaching.slot(course, "10:00", "11:00"), by)
    later = teaching.slot(course, "10:00", "11:00", trainers=(giver,))
    with pytest.raises(clash_rules.TrainerBusy) as refused:
        operations.change_session(course, second, later, by)
    assert "Ruth Choque" in str(refused.value) and "Session at 09:00" in str(refused.value)
    db.session.close()  # it saw the tables as they were before the name was opened
    reads = db.session.scalars(select(IdentityRead)).all()
    assert {read.purpose for read in reads} == {"agenda"}
    assert {read.by for read in reads} == {by.account_id}
    operations.change_session(course, first, teaching.slot(course), by)
    operations.change_session(course, second, later, by)
    assert [len(row.assignments) for row in sessions(course)] == [0, 1]


def test_another_course_is_named_only_to_those_who_may_see_it(by: Viewer) -> None:
    theirs = factories.account(Role.ORGANISER, agency="INTERPOL")
    hidden = factories.course("HID27", lead="INTERPOL", agencies=("INTERPOL",))
    course, room = factories.course("BUE27"), teaching.room()
    trainer = teaching.trainer(by)
    elsewhere = teaching.course_trainer(hidden, trainer, theirs)
    here = teaching.course_trainer(course, trainer, by)
    operations.add_session(
        hidden, teaching.slot(hidden, room_id=room, trainers=(elsewhere,)), theirs
    )
    with pytest.raises(clash_rules.RoomBusyElsewhere) as refused:
        operations.add_session(course, teaching.slot(course, room_id=room), by)
    assert "by another course" in str(refused.value)
    assert "Session at" not in str(refused.value)
    with pytest.raises(clash_rules.TrainerBusyElsewhere) as refused:
        operations.add_session(course, teaching.slot(course, trainers=(here,)), by)
    assert "Session at" not in str(refused.value) and "Ruth Choque" in str(refused.value)
    move_operations.move_course(theirs, "HID27", CourseMove.CANCEL, "No donor.")
    operations.add_session(course, teaching.slot(course, room_id=room, trainers=(here,)), by)


def test_who_declined_is_neither_assigned_nor_busy(by: Viewer) -> None:
    course = factories.course()
    trainer = teaching.trainer(by)
    giver = teaching.course_trainer(course, trainer, by)
    operations.add_session(course, teaching.slot(course, trainers=(giver,)), by)
    rosters.withdraw_invitation(giver, by)
    assert db.session.scalars(select(Assignment)).all() == []
    with pytest.raises(rules.TrainerNotAsked):
        operations.add_session(
            course, teaching.slot(course, "15:00", "16:00", trainers=(giver,)), by
        )


def _acts(course: str, key: str, by: Viewer) -> list[Callable[[], object]]:
    data = teaching.slot(course, "16:00", "17:00")
    return [
        lambda: operations.add_session(course, data, by),
        lambda: operations.change_session(course, key, data, by),
        lambda: operations.remove_session(course, key, by),
    ]


def test_only_organisers_of_the_course_plan_it(app: Flask) -> None:
    by, course = factories.account(Role.ORGANISER, agency="IOM"), factories.course()
    key = operations.add_session(course, teaching.slot(course), by)
    other = factories.course("OTH27", lead="INTERPOL", agencies=("INTERPOL",))
    strangers = [
        factories.account(Role.ORGANISER, course_id=other),
        factories.account(Role.TRAINER, course_id=course),
        factories.account(Role.FOCAL_POINT, country="AR"),
        factories.account(Role.ADMINISTRATOR),
        factories.account(),
    ]
    for stranger in strangers:
        for act in _acts(course, key, stranger):
            with pytest.raises(NotFound):
                act()
    assert [row.id for row in sessions(course)] == [key]
    partner = factories.account(Role.ORGANISER, agency="UNODC")
    operations.change_session(course, key, teaching.slot(course), partner)


@pytest.mark.parametrize("state", [CourseState.COMPLETED, CourseState.CANCELLED])
def test_the_agenda_of_an_ended_course_stays(app: Flask, state: CourseState) -> None:
    by, course = factories.account(Role.ORGANISER, agency="IOM"), factories.course()
    key = operations.add_session(course, teaching.slot(course), by)
    with transaction() as session:
        session.get_one(Course, course).state = state
    for act in _acts(course, key, by):
        with pytest.raises(rules.AgendaClosed):
            act()


def test_a_session_with_marks_is_not_removed(by: Viewer) -> None:
    course = factories.course()
    key = operations.add_session(course, teaching.slot(course), by)
    registration = teaching.participant(course)
    with transaction() as session:
        session.add(
            AttendanceMark(
                session_id=key,
                registration_id=registration,
                mark="late",
                at=sessions(course)[0].starts_utc,
            )
        )
    with pytest.raises(rules.MarksTaken):
        operations.remove_session(course, key, by)
    assert len(sessions(course)) == 1


def test_the_minutes_that_count(by: Viewer) -> None:
    course, module = factories.course(), teaching.module()
    teaching.teach(course, module)
    giver = teaching.course_trainer(course, teaching.trainer(by), by)
    for data in (
        teaching.slot(course, "09:00", "10:40", module_id=module, trainers=(giver,)),
        teaching.slot(course, "10:40", "11:00", kind=SessionKind.BREAK),
        teaching.slot(course, "11:00", "11:30", kind=SessionKind.TEST),
        teaching.slot(course, "11:30", "12:00", kind=SessionKind.TEST, module_id=module),
        teaching.slot(course, "12:00", "12:30"),
    ):
        operations.add_session(course, data, by)
    assert queries.planned_minutes(course) == 160
    assert queries.minutes_by_module(course) == {module: 130}
    assert queries.minutes_by_trainer(course) == {giver: 100}
    assert replace(data, titles={}).titles == {}
