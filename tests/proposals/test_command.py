"""``flask agenda propose``: a timetable as JSON from what stands in the database; no change."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests import factories, teaching
from tests.demo import template
from tests.scheduling.conftest import Table, table  # noqa: F401 (a fixture)
from trainings.agenda import operations as agenda_operations
from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaAct
from trainings.agenda.rules import SessionKind
from trainings.attendance.models import AttendanceMark
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.scheduling import operations as timetable


def asked(app: Flask, code: str, *more: str) -> dict[str, Any]:
    run = app.test_cli_runner().invoke(
        args=["agenda", "propose", "--course", code, "--dry-run", *more]
    )
    assert run.exit_code == 0, run.output
    found: dict[str, Any] = json.loads(run.output)
    assert found["clashes"] == []
    return found


def code_of(course_id: str) -> str:
    return courses.by_id(course_id).code


def test_what_waits_is_proposed_around_what_stands(each_app: Flask, table: Table) -> None:  # noqa: F811
    code = code_of(table.course)
    before = table.entries()
    found = asked(each_app, code)
    assert [one["title"] for one in found["sessions"]] == ["Module law"]
    (one,) = found["sessions"]
    assert set(one) >= {"day", "start", "end", "room", "trainers"}
    assert one["room"] == "Sala A" and len(one["trainers"]) == 1
    assert table.entries() == before and found["kept"] == 2
    stands = [(entry.start, entry.end) for entry in before.values()]
    begins = f"{one['day']}T{one['start']}:00"
    assert all(not start.isoformat() <= begins < end.isoformat() for start, end in stands)  # type: ignore[union-attr]


def test_a_course_without_anything_gets_an_empty_proposal(each_app: Flask) -> None:
    found = asked(each_app, code_of(factories.course()))
    assert found["sessions"] == [] and found["unmet"] == []


def test_a_trainer_in_another_course_is_not_free(each_app: Flask) -> None:
    by = factories.account(Role.ORGANISER, agency="IOM")
    one, other = factories.course(), factories.course("OTH27")
    module = teaching.module()
    ruth = teaching.trainer(by, module_ids=(module,))
    luis = teaching.trainer(by, name=("Luis", "Paz"), module_ids=(module,))
    teaching.teach(one, module)
    for who in (ruth, luis):
        teaching.course_trainer(one, who, by)
    there = teaching.course_trainer(other, ruth, by)
    days = (teaching.session_day(one), teaching.session_day(other))
    assert days[0] == days[1]
    for day in range(4):
        data = teaching.slot(other, "08:00", "20:00", day=day, trainers=(there,))
        agenda_operations.add_session(other, data, by)
    (session,) = asked(each_app, code_of(one))["sessions"]
    db.session.close()
    assert session["trainers"] != [] and ruth not in session["trainers"]


def test_no_course_is_named(app: Flask) -> None:
    run = app.test_cli_runner().invoke(args=["agenda", "propose", "--course", "NONE9", "--dry-run"])
    assert run.exit_code == 1 and "there is no course NONE9" in run.output
    run = app.test_cli_runner().invoke(args=["agenda", "propose", "--course", "NONE9"])
    assert run.exit_code == 2  # what changes something is not there


def test_the_demos_own_agenda_stripped_bare(demo_template: Path, tmp_path: Path) -> None:
    app = template.copied(demo_template, tmp_path, "http://trainings.example")
    with app.app_context():
        course = courses.by_code("BUE02")
        by = factories.account(Role.ORGANISER, agency="IOM")
        rows = agenda.sessions_of(course.id)
        assert not db.session.scalar(
            select(func.count())
            .select_from(AttendanceMark)
            .where(AttendanceMark.session_id.in_([row.id for row in rows]))
        )
        breaks = {row.id: row.version for row in rows if row.kind is SessionKind.BREAK}
        rest = {row.id: row.version for row in rows if row.kind is not SessionKind.BREAK}
        db.session.close()
        timetable.remove(course.id, breaks, by)
        timetable.unschedule(course.id, rest, by)
        acts = db.session.scalar(select(func.count()).select_from(AgendaAct))
        db.session.close()
        found = asked(app, "BUE02")
        assert acts == db.session.scalar(select(func.count()).select_from(AgendaAct))
        db.session.close()
        db.engine.dispose()
    assert len(found["sessions"]) == len(rest)
    unmet = {one["wish"] for one in found["unmet"]}
    assert not unmet & {"placed", "room", "alone", "trainer"}, found["unmet"]


def test_the_web_application_never_loads_the_solver() -> None:
    code = "import sys, trainings.app; print([m for m in ('highspy', 'numpy') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
