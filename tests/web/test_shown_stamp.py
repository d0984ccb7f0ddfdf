"""The stamp of what visitors are shown changes with it, whatever statement changes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from flask import Flask
from sqlalchemy import Connection, Executable, delete, insert, select, text, update

from tests import counting, factories, teaching
from tests.web import shown
from trainings.accounts.models import Agency
from trainings.agencies import operations as agencies
from trainings.agencies.operations import FunctionFacts
from trainings.core import clock
from trainings.core.db import Base, db, new_key, transaction
from trainings.core.i18n import speaking
from trainings.core.permissions import Permission, Role
from trainings.core.shown import ASKED
from trainings.courses import queries as course_queries
from trainings.courses.models import Course, CourseAgency, CourseModule, Module, Programme
from trainings.courses.rules import Visibility
from trainings.people import queries as people
from trainings.people.models import Function

READ = re.compile(r'(?:FROM|JOIN)\s+"?(\w+)')
CHANGES = {"INSERT", "UPDATE", "DELETE"}


def course(code: str = "BUE27") -> str:
    made = factories.course(code, visibility=Visibility.PUBLIC)
    teaching.teach(made, teaching.module(f"of-{code.lower()}"))
    return made


def test_every_table_that_visitors_pages_read_is_watched(each_app: Flask) -> None:
    course()
    shown.pages(each_app)
    client = each_app.test_client()
    with counting.statements() as sent:
        for path in shown.PAGES:
            assert client.get(path).status_code == 200
    read = {table for statement in sent for table in READ.findall(statement)} - {"shown_stamp"}
    assert {"course", "agency", "function", "module"} <= read
    missing = {(table, change) for table in read for change in CHANGES} - shown.watched()
    assert not missing, "make triggers for them in a migration, as 0020 does"


def rows() -> dict[type[Base], dict[str, Any]]:
    """A new row of each table, in an order in which they can be added."""
    of_course = db.session.execute(select(Course.__table__)).mappings().first()
    assert of_course is not None
    agency, module, made = new_key(), new_key(), new_key()
    titles = {"en": "New"}
    found: dict[type[Base], dict[str, Any]] = {
        Agency: {
            "id": agency,
            "code": "NEW",
            "position": 9,
            "short_names": titles,
            "names": titles,
            "colour": "#000000",
        },
        Function: {"code": "new", "position": 9, "names": titles, "hints": titles},
        Programme: {"id": new_key(), "code": "new", "titles": titles, "texts": titles},
        Module: {
            "id": module,
            "code": "new",
            "titles": titles,
            "objectives": {},
            "exploitation": [],
        },
        Course: {**of_course, "id": made, "code": "NEW27"},
        CourseAgency: {"course_id": made, "agency_id": agency, "position": 0},
        CourseModule: {"course_id": made, "module_id": module, "position": 0},
    }
    db.session.rollback()
    return found


def steps() -> Iterator[tuple[str, Executable]]:
    """Each change of each table as one plain statement, which no session sees."""
    made = rows()
    for model, values in made.items():
        yield f"insert {model.__tablename__}", insert(model).values(values)
    for model, values in reversed(made.items()):
        name, value = next(iter(values.items()))
        where = model.__table__.c[name] == value
        yield f"update {model.__tablename__}", update(model).where(where).values({name: value})
        yield f"delete {model.__tablename__}", delete(model).where(where)


def write(statement: Executable) -> None:
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(statement)


def test_each_statement_on_each_table_changes_the_stamp(each_app: Flask) -> None:
    course()
    tables = set()
    for what, statement in list(steps()):
        before = shown.now()
        write(statement)
        assert shown.now().stamp != before.stamp, what
        tables.add(what.split()[1])
    assert tables == {table for table, _change in shown.watched()}


def test_without_the_triggers_none_does(each_app: Flask) -> None:
    course()
    shown.watch_no_more()
    before = shown.now()
    for _what, statement in list(steps()):
        write(statement)
    assert shown.now().stamp == before.stamp


def test_what_is_taken_back_changes_nothing_and_what_no_visitor_sees_neither(
    each_app: Flask,
) -> None:
    course()
    before = shown.now()
    with pytest.raises(RuntimeError), transaction() as session:
        session.execute(update(Course).values(city="Lima"))
        session.flush()
        raise RuntimeError
    factories.account()
    assert shown.now().stamp == before.stamp


def test_a_stamp_never_comes_again(each_app: Flask) -> None:
    """A database put back from a copy and changed otherwise must not look as it did before."""
    course()
    seen = set()
    for _ in range(20):
        write(update(Course).values(city="Lima"))
        seen.add(shown.now().stamp)
    assert len(seen) == 20


@pytest.mark.postgresql
def test_two_courses_are_changed_at_once(request: pytest.FixtureRequest) -> None:
    """The stamp is changed at the commit: until then nobody waits for it, so no circle closes."""
    app: Flask = request.getfixturevalue("shared")("postgresql")
    with app.app_context():
        ids = [course("ONE27"), course("TWO27")]
        _change_two(ids)
        db.session.remove()


def _change_two(ids: list[str]) -> None:
    def change(connection: Connection, course_id: str) -> None:
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(update(Course).where(Course.id == course_id).values(city="Lima"))

    with db.engine.connect() as one, db.engine.connect() as two:
        first = one.begin()
        change(one, ids[0])
        second = two.begin()
        change(two, ids[1])  # had the first one the stamp, this would wait for its end
        before = shown.now()
        second.commit()
        between = shown.now()
        first.commit()
        assert len({before.stamp, between.stamp, shown.now().stamp}) == 3


def test_days_begin_at_quarters_of_an_hour_everywhere() -> None:
    """So that in a quarter of an hour time alone changes no page that tells days."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for week in range(0, 10 * 52, 4):
            offset = (start + timedelta(weeks=week)).astimezone(zone).utcoffset()
            assert offset is not None
            assert offset.total_seconds() % (15 * 60) == 0, name
    ends = clock.end_of(date(2026, 9, 5), "America/Santiago")  # no midnight that day
    assert (int(ends.timestamp()) + 1) % (15 * 60) == 0


def test_names_of_functions_are_looked_up_once_until_one_changes(each_app: Flask) -> None:
    factories.course("HERE27")
    lead = factories.account(Role.ORGANISER, agency="IOM")

    def asked(language: str, act: Callable[[], object] = dict) -> list[str]:
        db.session.close()
        with counting.statements() as sent, speaking(language):
            act()
            people.function_names()
        return sent

    def opened() -> Course:
        return course_queries.course_for(lead, Permission.COURSE_WORK, "HERE27")

    with each_app.test_request_context():
        assert [len(asked("en")), len(asked("en")), len(asked("es"))] == [2, 1, 2]
        assert asked("en", opened) == asked("en", opened)
        assert not any("FROM function" in one for one in asked("es", opened))
        assert not any(one == ASKED for one in asked("es", opened)), "it comes with the course"
        agencies.change_function(
            "judge", FunctionFacts({"en": "Justice", "es": "Justicia"}, {}, 0), by="x" * 22
        )
        for language, name in (("en", "Justice"), ("es", "Justicia")):
            assert any("FROM function" in one for one in asked(language, opened))
            db.session.close()
            with speaking(language):
                assert people.function_names()["judge"] == name
        found = people.function_names()
        found.clear()
        assert people.function_names(), "what one page does with it is not the next one's"
