"""Where a course asks for its evaluation, who has not given theirs earns no certificate yet."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import asking, factories
from tests.certificates.paper import Paper
from tests.evaluations import evaluating
from trainings.audit.writes import record
from trainings.certificates import listing_queries, operations, standing_queries
from trainings.certificates.rules import NoneEarned
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.register.models import Certificate
from trainings.register.rules import Kind

HERE = "/courses/BUE26/certificates"


def holders() -> set[str]:
    db.session.close()
    return set(
        db.session.scalars(select(Certificate.person_id).execution_options(scope="operation"))
    )


def test_issuing_leaves_out_who_has_not_given_it(lead: Viewer, paper: Paper) -> None:
    course_id = evaluating.course(3)
    with pytest.raises(NoneEarned):
        operations.issue_for_course(course_id, lead)
    evaluating.give(course_id, 2)
    course = courses.by_id(course_id)
    for kind in (Kind.COMPLETION, Kind.ATTENDANCE):
        assert listing_queries.fresh_of(course, kind, scope="operation") == 2
    everyone = standing_queries.standings(course, scope="operation")
    assert sorted(one.facts.evaluation_given or False for one in everyone) == [False, True, True]
    operations.issue_for_course(course_id, lead)
    gave = {who.person_id for _number, who in evaluating.people(course_id)[:2]}
    assert holders() == gave
    evaluating.give(course_id, 1, 2)
    operations.issue_for_course(course_id, lead)
    assert len(holders()) == 3


def test_one_of_a_long_list_is_looked_at_alike(lead: Viewer) -> None:
    course_id = evaluating.course(2)
    evaluating.give(course_id, 1)
    course = courses.by_id(course_id)
    found = [
        standing_queries.of_number(course, number, scope="operation").facts.evaluation_given
        for number, _who in evaluating.people(course_id)
    ]
    assert found == [True, False]


def test_where_none_is_asked_for_nothing_is_asked(lead: Viewer) -> None:
    course_id = evaluating.course(2, needs_evaluation=False)
    course = courses.by_id(course_id)
    found = standing_queries.standings(course, scope="operation")
    assert [one.facts.evaluation_given for one in found] == [None, None]
    assert listing_queries.fresh_of(course, Kind.COMPLETION, scope="operation") == 2


def test_the_list_says_what_is_lacking_and_costs_one_statement_more(
    app: Flask, client: FlaskClient, statements: list[str]
) -> None:
    course_id = evaluating.course(4)
    other = evaluating.course(4, "LIM26", needs_evaluation=False)
    evaluating.give(course_id, 1)
    with transaction() as session:
        for one in (course_id, other):
            record(session, "course.change", "course", one, by=None, course_id=one)
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    costs = []
    for code in ("BUE26", "LIM26"):
        db.session.close()
        statements.clear()
        page = asking.page(client, f"/courses/{code}/certificates")
        costs.append(len(statements))
        lacking = page.count("Has not completed the evaluation")
        assert lacking == (3 if code == "BUE26" else 0)
        assert "Request an exception" not in page, "an exception is from the hours"
    assert costs[0] == costs[1] + 1
