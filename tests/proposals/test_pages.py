"""A timetable is asked for, found by the worker, looked at, and accepted or not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, racing, teaching
from tests.proposals.problems import DAY
from tests.scheduling.conftest import Table, table  # noqa: F401 (a fixture)
from trainings.agenda import act_queries, clash_queries, queries
from trainings.agenda import operations as agenda
from trainings.agenda.models import AgendaAct
from trainings.agenda.rules import SessionKind
from trainings.availability import operations as availability
from trainings.availability.rules import Period, PeriodKind
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.jobs.models import Job
from trainings.proposals import operations
from trainings.proposals.models import TimetableProposal
from trainings.proposals.rules import (
    WEIGHED,
    BeingSearched,
    NoProposal,
    NothingFound,
    NothingToPropose,
    Outdated,
    SearchState,
    Wish,
)
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.scheduling import operations as timetable

PAGE = "/courses/BUE27/agenda/proposal"
NAMES = {False: {"en": "Break"}, True: {"en": "Lunch"}}
WEIGHTS = dict.fromkeys(WEIGHED, 1)


def ask(table: Table, by: Viewer | None = None) -> str:  # noqa: F811
    """Ask for what the table's course has to schedule; gives the proposal's id."""
    db.session.close()
    course = table.loaded()
    days = [course.starts_on, course.ends_on]
    operations.ask(table.course, days, DAY, WEIGHTS, by or table.by)
    found = kept()
    assert found is not None
    db.session.close()
    return found.id


def kept() -> TimetableProposal | None:
    db.session.close()
    return db.session.scalars(select(TimetableProposal)).one_or_none()


def test_asked_found_accepted_and_undone(each_app: Flask, table: Table) -> None:  # noqa: F811
    before = table.entries()
    key = ask(table)
    assert db.session.scalars(select(Job.task)).all().count("proposals.look") == 1
    operations.look(key)
    found = kept()
    assert found is not None and found.standing is SearchState.FOUND and len(found.placed) == 1
    assert table.entries() == before, "nothing changes until somebody accepts"
    operations.accept(table.course, NAMES, table.by)
    assert kept() is None
    after = table.entries()
    new = [entry for name, entry in after.items() if name not in before]
    taught = [entry for entry in new if entry.kind is SessionKind.MODULE]
    assert [entry.module_id for entry in taught] == [table.law]
    assert taught[0].room_id and len(taught[0].trainers) == 1
    assert {entry.kind for entry in new} == {SessionKind.MODULE, SessionKind.BREAK}
    assert {name: after[name] for name in before} == before, "what stands stays"
    agenda.undo(table.course, table.by)
    assert table.entries() == before


def test_a_session_that_waits_keeps_its_name_and_id(each_app: Flask, table: Table) -> None:  # noqa: F811
    timetable.unschedule(table.course, table.shown(table.noon), table.by)
    operations.look(ask(table))
    operations.accept(table.course, NAMES, table.by)
    entry = table.entries()[table.noon]
    assert entry.day is not None and entry.titles == {"en": "Court"}


def test_a_day_with_breaks_of_its_own_keeps_them(app: Flask, table: Table) -> None:  # noqa: F811
    """What was taken off such a day goes back between its breaks."""
    timetable.unschedule(table.course, table.shown(table.morning, table.noon), table.by)
    course = table.loaded()
    operations.ask(table.course, [course.starts_on], DAY, WEIGHTS, table.by)
    found = kept()
    assert found is not None
    operations.look(found.id)
    operations.accept(table.course, NAMES, table.by)
    entries = table.entries()
    assert {table.span(table.morning), table.span(table.noon)} >= {"09:00-10:30"}
    breaks = [entry for entry in entries.values() if entry.kind is SessionKind.BREAK]
    assert len(breaks) == 1
    spans = sorted((one.start, one.end) for one in entries.values() if one.start and one.end)
    assert all(one[1] <= other[0] for one, other in pairwise(spans)), spans


def test_what_changed_since_makes_it_outdated(each_app: Flask, table: Table) -> None:  # noqa: F811
    operations.look(ask(table))
    timetable.move(table.course, table.shown(table.noon), table.at("14:00"), table.by)
    before = table.entries()
    with pytest.raises(Outdated):
        operations.accept(table.course, NAMES, table.by)
    assert table.entries() == before and kept() is not None


def test_a_trainer_who_is_not_available_is_not_proposed(each_app: Flask, table: Table) -> None:  # noqa: F811
    course = table.loaded()
    away = Period(PeriodKind.AWAY, course.starts_on, course.ends_on, course.zone)
    trainer = db.session.get_one(Trainer, db.session.get_one(CourseTrainer, table.ruth).trainer_id)
    ruth = Viewer(account_id=trainer.account_id, person_id=trainer.person_id)
    db.session.close()
    availability.add_period(away, ruth)
    operations.look(ask(table))
    operations.accept(table.course, NAMES, table.by)
    given = [one for one in table.entries().values() if one.module_id == table.law]
    assert [one.trainers for one in given] == [(table.luis,)]


def test_while_one_is_looked_for_there_is_no_other(each_app: Flask, table: Table) -> None:  # noqa: F811
    key = ask(table)
    with pytest.raises(BeingSearched):
        ask(table)
    operations.discard(table.course, table.by)
    operations.look(key)  # the worker comes too late
    assert kept() is None
    ask(table)


def test_nothing_found_is_kept_as_an_answer(
    each_app: Flask,
    table: Table,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_given: object) -> None:
        raise NothingFound

    key = ask(table)
    monkeypatch.setattr(operations, "propose", none)
    operations.look(key)
    found = kept()
    assert found is not None and found.standing is SearchState.NONE
    with pytest.raises(NoProposal):
        operations.accept(table.course, NAMES, table.by)


def test_a_course_with_everything_on_a_day_has_nothing_to_propose(each_app: Flask) -> None:
    by, course = factories.account(Role.ORGANISER, agency="IOM"), factories.course()
    day = teaching.session_day(course)
    with pytest.raises(NothingToPropose):
        operations.ask(course, [day], DAY, WEIGHTS, by)


def test_two_accept_and_it_is_there_once(
    each_app: Flask,
    table: Table,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operations.look(ask(table))
    other = table.colleague()
    acts: list[Callable[[], object]] = [
        lambda: operations.accept(table.course, NAMES, table.by),
        lambda: operations.accept(table.course, NAMES, other),
    ]
    answers = racing.both_look(each_app, monkeypatch, operations, "_found", acts)
    assert sum(isinstance(one, NoProposal) for one in answers) == 1, answers
    taught = [one for one in table.entries().values() if one.module_id == table.law]
    assert len(taught) == 1


def test_without_the_lock_neither_is_told(
    each_app: Flask,
    table: Table,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operations.look(ask(table))
    other = table.colleague()
    racing.take_locks_off(monkeypatch, courses, rosters, clash_queries)
    acts: list[Callable[[], object]] = [
        lambda: operations.accept(table.course, NAMES, table.by),
        lambda: operations.accept(table.course, NAMES, other),
    ]
    answers = racing.both_look(each_app, monkeypatch, operations, "_found", acts)
    assert not any(isinstance(one, NoProposal) for one in answers), answers


def test_the_pages_from_the_form_to_the_agenda(each_app: Flask, table: Table) -> None:  # noqa: F811
    client = each_app.test_client()
    factories.sign_in(client, table.by)
    page = client.get(PAGE).text
    assert "Looks for times, rooms and trainers" in page
    course = table.loaded()
    typed = {
        "days": [course.starts_on.isoformat(), course.ends_on.isoformat()],
        "starts_at": "09:00",
        "ends_at": "17:00",
        "length": "90",
        "pause": "15",
        "lunch_at": "12:30",
        "lunch": "60",
        "order": "3",
        "morning": "1",
        "days_alike": "1",
        "room_changes": "0",
        "agencies": "1",
    }
    db.session.close()
    refused = client.post(PAGE, data={**typed, "ends_at": "09:10"}).text
    assert "No session fits between 09:00 and 09:10" in refused and 'value="09:10"' in refused
    assert client.post(PAGE, data=typed).status_code == 303
    waiting = client.get(PAGE).text
    assert "Looking for a timetable" in waiting and "http-equiv" in waiting
    assert "Seconds: " in client.get(f"{PAGE}/progress").text
    found = kept()
    assert found is not None and found.weights[str(Wish.ORDER)] == 3
    operations.look(found.id)
    assert client.get(f"{PAGE}/progress").headers["HX-Refresh"] == "true"
    page = client.get(PAGE).text
    assert "1 session proposed" in page and "Module law" in page and "Proposed" in page
    client.set_cookie("language", "es")
    assert "Module law" in client.get(PAGE).text and "outdated" not in client.get(PAGE).text
    assert client.post(f"{PAGE}/accept").headers["Location"].endswith("/courses/BUE27/agenda")
    kinds = db.session.scalars(select(AgendaAct.kind).order_by(AgendaAct.number)).all()
    assert kinds[-1] == "propose"
    assert client.post(f"{PAGE}/discard").status_code == 303


def test_all_of_a_course_is_proposed_and_accepted(each_app: Flask) -> None:
    by, course = factories.account(Role.ORGANISER, agency="IOM"), factories.course()
    modules = [teaching.module(f"m{number}") for number in range(6)]
    teaching.teach(course, *modules)
    for name in ("Sala A", "Sala B"):
        teaching.room(name)
    for number in range(4):
        made = teaching.trainer(by, name=("T", f"No{number}"), module_ids=tuple(modules))
        teaching.course_trainer(course, made, by)
    loaded = courses.by_id(course)
    days = [loaded.starts_on, loaded.ends_on]
    db.session.close()
    operations.ask(course, days, DAY, WEIGHTS, by)
    found = kept()
    assert found is not None
    key = found.id
    db.session.close()
    operations.look(key)
    operations.accept(course, NAMES, by)
    rows = queries.sessions_of(course)
    assert {row.module_id for row in rows if row.module_id} == set(modules)
    assert all(row.room_id and row.assignments for row in rows if row.module_id)
    assert act_queries.waiting(course) == []
