"""A course with a module, two rooms, a trainer and three sessions, for acts on its timetable."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from tests import factories, teaching
from trainings.agenda import act_queries
from trainings.agenda import operations as agenda
from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import SessionKind
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.scheduling import queries


class Table:
    """A course of four days: morning, noon and evening on its first day."""

    def __init__(self) -> None:
        self.by = factories.account(Role.ORGANISER, agency="IOM")
        self.course = factories.course()
        self.module, self.law = teaching.module(), teaching.module("law")
        teaching.teach(self.course, self.module, self.law)
        self.hall, self.side = teaching.room(), teaching.room("Sala B")
        self.ruth = teaching.course_trainer(self.course, teaching.trainer(self.by), self.by)
        self.luis = teaching.course_trainer(
            self.course, teaching.trainer(self.by, name=("Luis", "Paz")), self.by
        )
        self.morning = self.add(
            "09:00", "10:30", module_id=self.module, room_id=self.hall, trainers=(self.ruth,)
        )
        self.pause = self.add("10:30", "10:45", kind=SessionKind.BREAK, titles={"en": "Coffee"})
        self.noon = self.add("10:45", "12:15", titles={"en": "Court"}, room_id=self.side)

    @property
    def day(self) -> date:
        return teaching.session_day(self.course)

    def add(self, start: str, end: str, **values: object) -> str:
        data = teaching.slot(self.course, start, end, **values)
        return agenda.add_session(self.course, data, self.by)

    def at(self, start: str, day: int = 0) -> datetime:
        return datetime.combine(self.day + timedelta(day), time.fromisoformat(start))

    def entries(self) -> dict[str, Entry]:
        db.session.close()
        course = courses.by_id(self.course)
        return queries.plan(course).entries

    def shown(self, *keys: str) -> dict[str, int]:
        """The versions of sessions as a page shows them now."""
        db.session.close()
        rows = act_queries.rows(self.course, keys)
        return {key: rows[key].version for key in keys}

    def span(self, key: str) -> str:
        entry = self.entries()[key]
        if entry.start is None or entry.end is None:
            return "waits"
        return f"{entry.start:%d %H:%M}-{entry.end:%H:%M}".replace(f"{self.day:%d} ", "")

    def loaded(self) -> Course:
        return courses.by_id(self.course)

    def colleague(self) -> Viewer:
        return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def table(each_app: Flask) -> Table:
    return Table()
