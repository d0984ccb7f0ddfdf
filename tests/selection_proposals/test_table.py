"""The dense table at any size: the database orders and counts what the rules would."""

from __future__ import annotations

import pytest

from tests import factories
from tests.registrations import acting
from tests.selection_proposals.desk import Desk, unit
from trainings.candidate_reviews import queries as reviews
from trainings.candidate_reviews.models import CandidateReview
from trainings.candidate_reviews.rules import Reading
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.registrations.listing_rules import Filters
from trainings.registrations.rules import State
from trainings.selection_proposals import balance_rules, queries, table_queries
from trainings.selection_proposals.balance_rules import Tally
from trainings.selection_proposals.rules import FIRST, UNIT, WOMEN, TableSort


def course_of(desk: Desk) -> Course:
    db.session.close()
    return courses.by_id(desk.course)


def order(desk: Desk, sort: str = "", size: int = 100, page: int = 1) -> list[str]:
    """The candidates of a page, by their names in the desk."""
    names = {number: name for name, number in desk.numbers.items()}
    found = table_queries.listed(course_of(desk), desk.by, Filters(), sort, page, size)
    return [names[number] for number in found.numbers]


@pytest.mark.usefixtures("each_app")
def test_who_has_a_seat_is_counted_as_one_by_one(desk: Desk) -> None:
    taken = [
        acting.standing(desk.course, State.CONFIRMED, sex="F"),
        acting.standing(desk.course, State.OFFERED, country="AR", function="police", sex="M"),
    ]
    unit(taken[0][0], "Fiscalía  3")
    earlier = factories.course("OLD26", starts_in=-400)
    acting.share_out(earlier, {})
    person = taken[0][1].person_id or ""
    acting.add_registration(earlier, person, State.ATTENDED, "BO", "judge")
    course = course_of(desk)
    problem = queries.problem_of(course, {}, desk.by)
    one_by_one = balance_rules.tally(problem.seated)
    assert one_by_one.traits == {WOMEN: 1, FIRST: 1} and one_by_one.number == 2
    assert table_queries.seated(course, desk.by, 0) == one_by_one
    ids = [acting.registration(number).id for number, _person in taken]
    assert table_queries.first_timers(course, desk.by, ids) == {ids[1]}


@pytest.mark.usefixtures("each_app")
def test_the_ticked_count_as_the_eligible_do(desk: Desk) -> None:
    unit(desk.numbers["first"], "Fiscalía  3")
    course = course_of(desk)
    problem = queries.problem_of(course, {}, desk.by)
    found = table_queries.ticked(course, desk.by, list(desk.numbers.values()))
    assert found[0].number in (desk.numbers["first"], desk.numbers["officer"])
    assert balance_rules.tally(one.traits for one in found) == balance_rules.tally(problem.eligible)
    ids = [one.id for one in problem.eligible]
    assert table_queries.ticked(course, desk.by, ids=ids) == found
    assert table_queries.ticked(course, desk.by) == []


@pytest.mark.usefixtures("each_app")
def test_of_many_it_is_counted_only_what_a_minimum_asks_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, _person = acting.standing(desk.course, State.CONFIRMED)
    unit(number, "Fiscalía 3")
    course, nobody = course_of(desk), balance_rules.tally([])
    monkeypatch.setattr(table_queries, "FEW", 1)

    def labels(found: Tally) -> set[str]:
        return {one.label for one in balance_rules.lines(found, nobody, {}, {})}

    few = table_queries.seated(course, desk.by, 0)
    many = table_queries.seated(course, desk.by, 1)
    units = table_queries.seated(course, desk.by, 1, {UNIT})
    first = table_queries.seated(course, desk.by, 1, {FIRST})
    assert few.teams == units.teams == {("BO", "fiscalia 3"): 1}
    assert many.teams is None and first.teams is None
    assert few.traits == first.traits == {WOMEN: 0, FIRST: 1}
    assert many.traits == units.traits == {WOMEN: 0}
    assert labels(few) - labels(many) == {"Most of one unit", "Taking part for the first time"}
    assert labels(few) - labels(units) == {"Taking part for the first time"}


@pytest.mark.usefixtures("each_app")
def test_the_table_is_in_order_of_countries_and_of_their_lists(desk: Desk) -> None:
    whole = ["officer", "colleague", "first", "second", "third"]
    assert order(desk) == whole
    assert [order(desk, size=2, page=page) for page in (1, 2, 3)] == [
        whole[:2],
        whole[2:4],
        whole[4:],
    ]
    desk.numbers["offered"], _person = acting.standing(
        desk.course, State.OFFERED, country="AR", function="police"
    )
    assert order(desk) == [*whole, "offered"], "the endorsed come first"


@pytest.mark.usefixtures("each_app")
def test_the_table_is_ordered_by_what_readers_thought(desk: Desk) -> None:
    readers = [
        factories.account(Role.ORGANISER, agency="IOM", mail=f"r{place}@iom.example").account_id
        for place in range(2)
    ]
    scores = {"second": (4, 5), "third": (1, 4), "first": (3, None), "officer": (3,)}
    keys = {name: acting.registration(desk.numbers[name]).id for name in scores}
    with transaction() as session:
        for name, given in scores.items():
            for reader, score in zip(readers, given, strict=False):
                session.add(
                    CandidateReview(
                        id=new_key(),
                        course_id=desk.course,
                        registration_id=keys[name],
                        account_id=reader,
                        score=score,
                    )
                )
    totals = {
        row[0]: (row[1], bool(row[2])) for row in db.session.execute(reviews.totals(desk.course))
    }
    kept: dict[str, Reading] = reviews.readings(desk.course)
    assert totals == {key: (one.total, one.far) for key, one in kept.items()}
    assert sorted(one.total or 0 for one in kept.values()) == [0, 0, 5, 9]
    assert order(desk, TableSort.SCORE)[:2] == ["second", "third"]
    assert order(desk, TableSort.FAR)[:2] == ["third", "second"]
    assert order(desk, TableSort.UNREAD)[-2:] == ["second", "third"]
