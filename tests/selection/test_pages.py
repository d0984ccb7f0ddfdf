"""The reserve list and the changes that wait, a page at a time."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.asking import page
from tests.registrations import acting
from trainings.registrations import page_queries
from trainings.registrations.rules import State

RESERVE = "/courses/BUE27/reserve"


@pytest.fixture
def waiting(client: FlaskClient, course: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Five people on the reserve list, in their order; two on a page."""
    monkeypatch.setattr(page_queries, "PAGE", 2)
    for _ in range(5):
        acting.standing(course, State.RESERVE)
    return [number for at in (1, 2, 3) for number in numbers(client, at)]


def numbers(client: FlaskClient, at: int = 1) -> list[str]:
    return re.findall(r'id="up-(R-\w+)"', page(client, f"{RESERVE}?page={at}"))


def test_the_reserve_list_goes_on(client: FlaskClient, waiting: list[str]) -> None:
    assert len(set(waiting)) == 5
    second = page(client, f"{RESERVE}?page=2")
    assert re.findall(r'data-label="Place"[^>]*>(\d+)<', second) == ["3", "4"]
    assert 'aria-label="Pages"' in second
    assert numbers(client, 99) == waiting[4:], "a page beyond the last is the last"


def test_moving_goes_beyond_the_page_and_comes_back_to_it(
    client: FlaskClient, waiting: list[str]
) -> None:
    one = waiting[2]
    answer = client.post(f"{RESERVE}?page=2", data={"up": one})
    assert answer.location == f"{RESERVE}?page=2"
    assert numbers(client) == [waiting[0], one]
    client.post(f"{RESERVE}?page=3", data={"first": waiting[4]})
    assert numbers(client)[0] == waiting[4]


def test_only_the_first_and_last_of_all_cannot_move_on(
    client: FlaskClient, waiting: list[str]
) -> None:
    def stuck(at: int) -> list[str]:
        text = page(client, f"{RESERVE}?page={at}")
        return [
            f"{step} {number}"
            for step, number, rest in re.findall(r'id="(up|down)-(R-\w+)"([^>]*)>', text)
            if "aria-disabled" in rest
        ]

    assert stuck(1) == [f"up {waiting[0]}"]
    assert stuck(2) == []
    assert stuck(3) == [f"down {waiting[4]}"]
