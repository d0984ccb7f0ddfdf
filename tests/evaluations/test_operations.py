"""Giving an evaluation: once, without a name, and shown only with four others."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests import factories
from tests.evaluations import evaluating
from trainings.audit.models import AuditEntry
from trainings.core import clock, sealed
from trainings.core.db import db, new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.evaluations import operations, queries, rules
from trainings.evaluations.models import EvaluationAnswer, EvaluationGiven, EvaluationSummary
from trainings.evaluations.rules import Question, Statement
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.rules import Reason
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


def test_it_counts_once_and_says_so(each_app: Flask) -> None:
    course_id = evaluating.course(2)
    (number, who), _other = evaluating.people(course_id)
    operations.give(number, evaluating.answers(5, "The map"), who)
    with pytest.raises(rules.GivenAlready):
        operations.give(number, evaluating.answers(1), who)
    db.session.close()
    assert queries.numbers(course_id) == (2, 1, 1)
    (kept,) = queries.hidden(course_id)
    assert queries.opened(kept).texts == {Question.FIRST_USE: "The map"}
    assert set(queries.opened(kept).ratings.values()) == {5}


def test_nobody_gives_somebody_elses(each_app: Flask) -> None:
    course_id = evaluating.course(2)
    (number, _who), (_number, other) = evaluating.people(course_id)
    for viewer in (other, factories.account()):
        with pytest.raises(NotFound):
            operations.give(number, evaluating.answers(), viewer)
    with pytest.raises(NotFound):
        operations.give("R-NOBODY", evaluating.answers(), other)
    db.session.close()
    assert queries.numbers(course_id) == (2, 0, 0)


def _set(course_id: str, **values: object) -> None:
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(Course, course_id), name, value)


def test_it_is_refused_before_its_day_where_none_is_asked_and_to_who_did_not_come(
    each_app: Flask,
) -> None:
    course_id = evaluating.course(1)
    ((number, who),) = evaluating.people(course_id)
    today = clock.today("America/Argentina/Buenos_Aires")
    _set(course_id, ends_on=today + timedelta(days=1))
    with pytest.raises(rules.NotYet):
        operations.give(number, evaluating.answers(), who)
    _set(course_id, ends_on=today, needs_evaluation=False)
    with pytest.raises(rules.NotAsked):
        operations.give(number, evaluating.answers(), who)
    _set(course_id, needs_evaluation=True)
    with transaction() as session:
        row = session.scalars(select(Registration).execution_options(scope="operation")).one()
        row.state = State.NO_SHOW
    with pytest.raises(rules.NotOfTheCourse):
        operations.give(number, evaluating.answers(), who)
    with transaction() as session:
        row = session.scalars(select(Registration).execution_options(scope="operation")).one()
        row.state = State.CONFIRMED
    operations.give(number, evaluating.answers(), who)


def test_the_last_day_is_that_of_the_courses_zone(each_app: Flask) -> None:
    course_id = evaluating.course(1, zone="Pacific/Kiritimati")
    ((number, who),) = evaluating.people(course_id)
    ahead = clock.today("Pacific/Kiritimati")
    _set(course_id, ends_on=ahead, zone="Pacific/Pago_Pago")  # a day behind, always
    with pytest.raises(rules.NotYet):
        operations.give(number, evaluating.answers(), who)
    _set(course_id, zone="Pacific/Kiritimati")
    operations.give(number, evaluating.answers(), who)


def test_answers_are_shown_five_at_a_time(each_app: Flask) -> None:
    course_id = evaluating.course(12)
    elsewhere = evaluating.course(4, "LIM26")
    evaluating.give(elsewhere, 4)
    seen = []
    for place in range(12):
        evaluating.give(course_id, 1, place)
        found = queries.numbers(course_id)
        assert found.given == place + 1
        assert found.hidden + len(queries.shown_so_far(course_id)) == place + 1, "none is lost"
        seen.append(len(queries.shown_so_far(course_id)))
    assert seen == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10]
    texts = rules.sayings(queries.shown_so_far(course_id), Question.FIRST_USE)
    assert texts == sorted(f"First use {n}" for n in range(10)), "every one is whole"
    assert queries.shown_so_far(elsewhere) == [], "another course's do not help"
    assert queries.summary(elsewhere).shown == 0


def test_what_is_shown_is_summarised_once_and_not_read_again(
    each_app: Flask, statements: list[str]
) -> None:
    course_id = evaluating.course(15)
    for place, (number, who) in enumerate(evaluating.people(course_id)[:12]):
        operations.give(number, evaluating.answers(place % 3 + 1, "x" * (place % 2)), who)
    db.session.close()
    for kept in (True, False):  # those of before summaries were kept are read
        if not kept:
            with transaction() as session:
                session.delete(session.get_one(EvaluationSummary, course_id))
        statements.clear()
        found = queries.summary(course_id)
        assert len(statements) == (1 if kept else 2)
        assert found == rules.summary(queries.shown_so_far(course_id))
        assert (found.shown, found.wrote) == (10, {Question.FIRST_USE: 5, Question.CHANGE: 0})
        assert [list(one.counts) for one in found.tallies] == [[4, 3, 3, 0, 0]] * len(Statement)
        db.session.close()
    evaluating.give(course_id, 3, 12)
    found = queries.summary(course_id)
    assert found.shown == 15, "those of before are in it as well"
    assert found == rules.summary(queries.shown_so_far(course_id))
    row = db.session.get_one(EvaluationSummary, course_id)
    assert b"ratings" not in row.counts and b"first_use" not in row.counts


@pytest.mark.parametrize("size", [5, 10])
def test_between_two_looks_at_a_page_five_people_change(each_app: Flask, size: int) -> None:
    course_id = evaluating.course(30)
    with transaction() as session:  # as they were kept before: keys of five lie anywhere
        for number in range(20):
            key, said = new_key(), {"ratings": {}, "texts": {"first_use": f"Before {number}"}}
            sealed_said = sealed.seal(json.dumps(said), f"evaluation_answer|answers|{key}")
            row = EvaluationAnswer(id=key, course_id=course_id, answers=sealed_said, shown=True)
            session.add(row)
    seen: list[dict[int, set[str]]] = []
    for begun in range(0, 30, 5):
        evaluating.give(course_id, 5, begun)
        pages = {page: queries.shown(course_id, page, size) for page in range(1, 50 // size + 1)}
        seen.append(
            {page: set(rules.sayings(some, Question.FIRST_USE)) for page, some in pages.items()}
        )
    for earlier, later in pairwise(seen):
        changed = [
            (len(one - later[page]), len(later[page] - one)) for page, one in earlier.items()
        ]
        assert {number % 5 for pair in changed for number in pair} == {0}, changed


def test_nothing_kept_says_who_gave_which(each_app: Flask) -> None:
    course_id = evaluating.course(6)
    before = set(db.session.scalars(select(EvaluationAnswer.id)))
    keys: list[set[str]] = []
    for place in range(6):
        evaluating.give(course_id, 1, place)
        keys.append(set(db.session.scalars(select(EvaluationAnswer.id))))
    assert before == set()
    assert not keys[3] & keys[4], "the five that are shown are others than those that waited"
    assert len(keys[5]) == 6
    assert [one.name for one in EvaluationGiven.__table__.columns] == ["registration_id"]
    assert {one.name for one in EvaluationAnswer.__table__.columns} == {
        "id",
        "course_id",
        "answers",
        "shown",
    }
    trail = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "evaluation.give").order_by(AuditEntry.number)
    ).all()
    assert len(trail) == 6, "the trail counts them"
    people = evaluating.people(course_id)
    known = {part for number, who in people for part in (number, who.account_id, who.person_id)}
    known |= set(db.session.scalars(select(EvaluationGiven.registration_id))) | keys[5]
    for entry in trail:
        assert (entry.by, entry.object_id, entry.details) == (None, course_id, {})
    assert course_id not in known


def test_sqlite_keeps_no_order_of_writing(app: Flask) -> None:
    for table in ("evaluation_given", "evaluation_answer"):
        with pytest.raises(Exception, match="rowid"):
            db.session.execute(text(f"SELECT rowid FROM {table}"))
        db.session.rollback()


def test_ratings_and_words_are_sealed(app: Flask) -> None:
    course_id = evaluating.course(5)
    for number, who in evaluating.people(course_id):
        operations.give(number, evaluating.answers(5, "Wiretaps of Cochabamba"), who)
    db.session.close()
    for row in db.session.scalars(select(EvaluationAnswer)):
        assert b"Cochabamba" not in row.answers
        assert b"ratings" not in row.answers
    for path in app.extensions["settings"].instance.rglob("*"):
        if path.is_file():
            assert b"Cochabamba" not in path.read_bytes(), path


def test_who_is_erased_leaves_an_evaluation_that_names_nobody(each_app: Flask) -> None:
    course_id = evaluating.course(5)
    evaluating.give(course_id, 5)
    number, who = evaluating.people(course_id)[0]
    officer = factories.account(Role.DATA_PROTECTION)
    privacy.erase(who.person_id or "", Reason.ASKED, number, officer)
    db.session.close()
    assert queries.numbers(course_id) == (5, 5, 0)
    assert len(queries.shown_so_far(course_id)) == 5
    with pytest.raises(NotFound):
        operations.give(number, evaluating.answers(), who)
