"""What a start page costs: the same, however many people there are."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import counting, factories
from tests.asking import page
from tests.home.pages import ROLES, inside, sign_in
from tests.registrations import acting
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses.rules import Visibility
from trainings.home import queries
from trainings.registrations.rules import State


def test_the_organisers_page_costs_the_same_for_each_course(
    app: Flask, client: FlaskClient, statements: list[str]
) -> None:
    first = factories.course("AAA27")
    acting.share_out(first, {("BO", "judge"): 3})
    sign_in(client, Role.ORGANISER, agency="IOM")

    def cost() -> int:
        db.session.close()
        statements.clear()
        page(client)
        return len(statements)

    one = cost()
    for _each in range(3):
        acting.standing(first, State.CONFIRMED)
        acting.standing(first, State.ENDORSED)
    assert cost() == one, "more people cost nothing"
    steps = []
    for code in ("BBB27", "CCC27", "DDD27"):
        acting.share_out(factories.course(code), {("BO", "judge"): 3})
        steps.append(cost())
    assert steps[1] - steps[0] == steps[2] - steps[1] == steps[0] - one
    assert steps[0] - one <= 5, "statements for each course that is shown"
    for number in range(6):
        factories.course(f"MOR{number}")
    more = cost()
    factories.course("LAST27", starts_in=300)
    assert cost() == more, "no more courses are shown than six"


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.ANALYST, Role.ADMINISTRATOR], ids=str)
def test_other_start_pages_do_not_cost_more_with_more_people(
    app: Flask, client: FlaskClient, statements: list[str], role: Role
) -> None:
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 9})
    sign_in(client, role, **ROLES[role])
    page(client)  # what is asked for once in the life of a process
    costs = []
    for _each in range(2):
        acting.standing(course, State.CONFIRMED)
        db.session.close()
        statements.clear()
        page(client)
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert costs[0] <= 14, statements


def test_the_first_page_of_visitors_is_cheap(
    app: Flask, client: FlaskClient, statements: list[str]
) -> None:
    for number in range(4):
        factories.course(f"PUB{number}", visibility=Visibility.PUBLIC)
    db.session.close()
    statements.clear()
    assert inside(page(client)).count("See the course") == 4
    assert len(statements) <= 2, statements


def test_an_index_leads_to_whether_anybody_attended(each_app: Flask) -> None:
    """Where an equal course was asked for, PostgreSQL joined with all who ever attended any."""
    for code in ("BUE27", "OTHER27"):
        course = factories.course(code, capacity=300)
        acting.share_out(course, {("BO", "judge"): 300})
        acting.crowd(course, State.ATTENDED, 300)
    viewer = acting.organiser()
    tables = ("registration", "certificate", "course")
    plan = counting.plans(lambda: queries.without_certificates(viewer), *tables)
    assert "ix_registration" in plan and "ix_certificate_course" in plan, plan
    assert "HashAggregate" not in plan and "Semi Join" not in plan, plan
