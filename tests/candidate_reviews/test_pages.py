"""The pages of readers and organisers: what each sees, and that each look at a name is logged."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.candidate_reviews.desk import READERS, READING, Desk
from tests.registrations import acting
from tests.selection.desk import named
from trainings.candidate_reviews import operations
from trainings.candidate_reviews.rules import Shown
from trainings.core.db import db
from trainings.desk import queries as desk_queries
from trainings.people.models import IdentityRead
from trainings.selection import operations as selection


@pytest.fixture
def clients(each_app: Flask, desk: Desk) -> tuple[FlaskClient, FlaskClient, FlaskClient]:
    """The organiser and the two readers, signed in."""
    named(desk.numbers[0], "Rosa", "Primera")
    found = []
    for who in (desk.by, *desk.readers):
        client = each_app.test_client()
        factories.sign_in(client, who)
        found.append(client)
    return found[0], found[1], found[2]


def reads(purpose: str) -> list[list[str]]:
    db.session.close()
    statement = select(IdentityRead.persons).where(IdentityRead.purpose == purpose)
    return list(db.session.scalars(statement))


Clients = tuple[FlaskClient, FlaskClient, FlaskClient]


def test_from_naming_readers_to_both_scores(desk: Desk, clients: Clients) -> None:
    organiser, uma, dora = clients
    page = organiser.get(READERS).text
    assert "Uma Lectora" in page and "Share out candidates" in page
    shared = organiser.post(f"{READERS}/share")
    assert shared.status_code == 303
    page = organiser.get(READERS).text
    assert "2 candidates were given readers." in page
    assert "Uma Lectora; Dora Lectora" in page or "Dora Lectora; Uma Lectora" in page
    assert "Primera" not in page, "who has not read is told without names of candidates"
    page = uma.get(READING).text
    assert "Primera, Rosa" in page and "Not read yet" in page
    assert len(reads("candidate reading")[0]) == 2
    one = f"{READING}/{desk.numbers[0]}"
    assert "Choose a score from 1 to 5." in uma.post(one, data={"note": "Kept"}).text
    assert uma.post(one, data={"score": "5", "note": "Leads her unit"}).status_code == 303
    assert "Leads her unit" in uma.get(one).text
    assert "Leads her unit" not in dora.get(one).text, "blind until both are in"
    both = f"{READERS}/{desk.numbers[0]}"
    assert "Leads her unit" not in organiser.get(both).text
    assert dora.post(one, data={"score": "3", "note": "Too early"}).status_code == 303
    for page in (dora.get(one).text, uma.get(one).text):
        assert "Leads her unit" in page and "Too early" in page and "To be talked over" in page
    page = organiser.get(both).text
    assert "Mean score: 4 of 5" in page and "Too early" in page and "Uma Lectora" in page
    table = organiser.get("/courses/BUE27/selection/table").text
    assert "To be talked over" in table and "not read by both" in table


def test_the_table_sorts_by_score_and_keeps_the_ticks(desk: Desk, clients: Clients) -> None:
    organiser, _uma, _dora = clients
    desk.share()
    for candidate, score in ((0, 2), (1, 5)):
        for reader in (0, 1):
            desk.score(reader, score, candidate=candidate)
    table = "/courses/BUE27/selection/table"
    page = organiser.post(table, data={"sort": "score", "numbers": [desk.numbers[0]]}).text
    assert page.index(f'value="{desk.numbers[1]}"') < page.index(f'value="{desk.numbers[0]}"')
    assert page.count(" checked") == 1
    page = organiser.get(table).text
    assert page.index(f'value="{desk.numbers[0]}"') < page.index(f'value="{desk.numbers[1]}"')


def test_a_reader_sees_what_the_course_lets_them(desk: Desk, clients: Clients) -> None:
    _organiser, uma, _dora = clients
    accounts = [one.account_id or "" for one in desk.readers]
    operations.set_readers(desk.course, accounts, [Shown.RANK], desk.by)
    desk.share()
    page = uma.get(READING).text
    assert "Primera" not in page and desk.numbers[0] in page and "Priority" in page
    assert "Primera" not in uma.get(f"{READING}/{desk.numbers[0]}").text
    assert reads("candidate reading") == [], "nothing was opened"


def test_who_does_not_read_has_no_such_page(each_app: Flask, desk: Desk, clients: Clients) -> None:
    organiser, uma, _dora = clients
    desk.share()
    assert organiser.get(READING).status_code == 404
    assert organiser.get(f"{READING}/{desk.numbers[0]}").status_code == 404
    assert uma.get(f"{READING}/R-NOBODY").status_code == 404
    assert organiser.get(f"{READERS}/R-NOBODY").status_code == 404
    assert "Candidates to read" in uma.get("/courses/BUE27/desk").text
    assert "Candidates to read" not in organiser.get("/courses/BUE27/desk").text


def test_once_the_selection_has_begun_the_page_says_so(desk: Desk, clients: Clients) -> None:
    organiser, uma, _dora = clients
    desk.share()
    desk.score(0, 4, "Kept as it is", candidate=1)
    selection.select(desk.course, [desk.numbers[0]], desk.by)
    page = uma.get(f"{READING}/{desk.numbers[1]}").text
    assert "no longer change" in page and "Kept as it is" in page and "Save score" not in page
    posted = uma.post(f"{READING}/{desk.numbers[1]}", data={"score": "1"})
    assert "The selection has begun." in posted.text
    assert "The selection has begun." in organiser.get(READERS).text
    assert acting.state(desk.numbers[0]) == "offered"


def test_a_reader_who_must_not_read_is_told(desk: Desk, clients: Clients) -> None:
    organiser, _uma, _dora = clients
    operations.set_readers(desk.course, [], (), desk.by)
    page = organiser.post(f"{READERS}/share", follow_redirects=True).text
    assert "Name at least two readers first." in page and "Nobody reads candidates yet" in page
    refused = organiser.post(READERS, data={"readers": "nobody"}).text
    assert "Readers are people with a staff account" in refused


def test_the_tab_counts_what_is_left_to_read_no_further_than_it_says(
    desk: Desk, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.share()
    reader = desk.readers[0].account_id
    assert desk_queries.numbers(desk.course, reader).to_read == 2
    desk.score(0, 4)
    assert desk_queries.numbers(desk.course, reader).to_read == 1
    assert "Candidates to read" in clients[1].get(READING).text
    desk.score(1, 4)
    monkeypatch.setattr(desk_queries, "MOST_SHOWN", 0)
    assert desk_queries.numbers(desk.course, desk.readers[1].account_id).to_read == 1
    desk.score(1, 4, candidate=1)
    assert desk_queries.numbers(desk.course, desk.readers[1].account_id).to_read == 0
