"""No request lets others leave the house one after the other (S5)."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from flask import Flask
from sqlalchemy import update

from tests.exports import taking
from tests.exports.taking import request
from tests.registrations import acting
from trainings.core.db import transaction
from trainings.exports import operations
from trainings.exports import request_rules as rules
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


def _move(numbers: Collection[str], state: State) -> None:
    """The filters of a request find these people in another state from now on."""
    with transaction() as session:
        session.execute(
            update(Registration)
            .where(Registration.number.in_(numbers))
            .values(state=state)
            .execution_options(scope="operation")
        )


@pytest.mark.usefixtures("quick")
def test_a_request_gives_no_others_one_after_the_other(each_app: Flask) -> None:
    house = taking.house(20, state=State.ENDORSED)
    more = acting.crowd(house.course_id, State.NOMINATED, 20)
    number, again = (house.ask(filters={"state": "endorsed"}) for _ in range(2))
    operations.make(house.course_id, number, house.by)
    operations.fetch(house.course_id, number, house.by)
    _move(house.numbers, State.WITHDRAWN)
    _move(more, State.ENDORSED)
    for one in (number, again):
        with pytest.raises(rules.OthersThanAsked):
            operations.make(house.course_id, one, house.by)
    _move(more[1:], State.NOMINATED)  # one more is no more than one may take out alone
    operations.make(house.course_id, number, house.by)
    assert len(request(number).persons) == 1
    _move(more[1:6], State.ENDORSED)
    assert request(house.ask(filters={"state": "endorsed"})).second, "the first twenty count"


@pytest.mark.usefixtures("quick")
def test_an_approval_is_for_one_list(each_app: Flask) -> None:
    house = taking.house(26, state=State.ENDORSED)
    more = acting.crowd(house.course_id, State.NOMINATED, 26)
    number = house.ask(filters={"state": "endorsed"})
    operations.decide(number, True, house.second)
    _move(house.numbers[:1], State.WITHDRAWN)
    _move(more[:1], State.ENDORSED)  # who came instead of somebody is what was approved
    operations.make(house.course_id, number, house.by)
    _move(house.numbers[:2], State.WITHDRAWN)
    operations.make(house.course_id, number, house.by)
    _move(more[1:2], State.ENDORSED)
    with pytest.raises(rules.OthersThanAsked):
        operations.make(house.course_id, number, house.by)
