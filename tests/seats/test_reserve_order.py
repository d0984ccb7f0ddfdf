"""The reserve list has one order, whether Python or SQL puts people into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.core.db import db, transaction
from trainings.core.permissions import Permission
from trainings.courses.models import Course
from trainings.registrations import page_queries
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.seats import reserve_rules, waiting_queries

PEOPLE = 6
MONDAY = datetime(2027, 3, 1, 12, tzinfo=UTC)

some = st.none() | st.integers(1, 3)  # few values, so that many are equal
moments = st.integers(0, 2).map(lambda hours: MONDAY + timedelta(hours=hours))
one = st.fixed_dictionaries(
    {
        "reserve_place": some,
        "priority": some,
        "selected_at": st.none() | moments,
        "state_at": moments,
        "country": st.sampled_from(["BO", "PE"]),
        "function": st.sampled_from(["judge", "police"]),
    }
)


def test_sql_and_python_agree_on_order_and_places(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_queries, "PAGE", PEOPLE // 2)  # places go on from page to page
    course_id = factories.course(capacity=1)
    organiser = acting.organiser()
    for _ in range(PEOPLE):
        acting.standing(course_id, State.RESERVE)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(one, min_size=PEOPLE, max_size=PEOPLE))
    def agrees(drawn: list[dict[str, object]]) -> None:
        with transaction() as session:
            rows = session.scalars(
                select(Registration)
                .where(Registration.course_id == course_id)
                .order_by(Registration.id)
                .execution_options(scope="operation")
            ).all()
            for row, values in zip(rows, drawn, strict=True):
                for name, value in values.items():
                    setattr(row, name, value)
        db.session.close()
        course = db.session.get_one(Course, course_id)
        by_sql = [
            row
            for page in (1, 2)
            for row in page_queries.in_reserve(
                organiser, course, page, permission=Permission.REGISTRATION_SELECT
            ).rows
        ]
        waiting = waiting_queries.waiting(course_id)
        by_python = reserve_rules.in_order(waiting)
        assert [row.id for row in by_sql] == [found.id for found in by_python]
        assert {row.id: row.reserve_no for row in by_sql} == reserve_rules.places(waiting)

    agrees()
