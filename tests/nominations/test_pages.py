"""The candidates of a country, a page at a time: ranks go on, and moving goes beyond a page."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.asking import page
from tests.registrations import acting
from trainings.registrations import page_queries
from trainings.registrations.rules import State

OWN = "/courses/BUE27/nominations"


@pytest.fixture
def ranked(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Five candidates of Bolivia in their order, and three who were decided; two on a page."""
    monkeypatch.setattr(page_queries, "PAGE", 2)
    course = factories.course(capacity=6, separate_endorsement=True)
    factories.sign_in(client, acting.focal_point("BO"))
    for rank in range(5):
        acting.standing(course, State.NOMINATED, priority=rank + 1)
    for _ in range(3):
        acting.standing(course, State.REJECTED)
    acting.standing(course, State.NOMINATED, country="PE")
    return [number for at in (1, 2, 3) for number in order(client, at)]


def order(client: FlaskClient, at: int = 1) -> list[str]:
    return re.findall(r'id="up-(R-\w+)"', page(client, f"{OWN}?page={at}"))


def test_ranks_go_on_from_page_to_page(client: FlaskClient, ranked: list[str]) -> None:
    assert len(set(ranked)) == 5
    second = page(client, f"{OWN}?page=2")
    assert re.findall(r'data-label="Priority"[^>]*>(\d+)<', second) == ["3", "4"]
    assert f'data-rank-after="{ranked[4]}"' in second
    assert "data-rank-after" not in page(client, f"{OWN}?page=3")
    assert order(client, 99) == ranked[4:]


def test_who_is_dragged_to_the_end_of_a_page_comes_before_the_next(
    client: FlaskClient, ranked: list[str]
) -> None:
    client.post(f"{OWN}/order?page=1", data={"place": f"{ranked[0]} {ranked[2]}"})
    assert order(client) == [ranked[1], ranked[0]]
    client.post(f"{OWN}/order?page=2", data={"up": ranked[2]})
    assert order(client) == [ranked[1], ranked[2]]


def test_the_decided_have_pages_of_their_own(client: FlaskClient, ranked: list[str]) -> None:
    text = page(client, f"{OWN}?page=2&decided=2")
    assert "decided=1" in text and "page=2" in text
    assert order(client, 2) == ranked[2:4]
