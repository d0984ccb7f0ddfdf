"""The pages of tables, through the client, without script."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.tables.rooms import Hall
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.people import queries as people
from trainings.people.models import IdentityRead
from trainings.tables import operations, queries, sitter_queries
from trainings.tables.queries import Participant
from trainings.tables.rules import Choice, Layout, Place, written

URL = "/courses/BUE27/tables"


class Visit:
    """A hall, and somebody who looks at its pages."""

    def __init__(self, client: FlaskClient, people: int = 10) -> None:
        self.hall, self.client = Hall(people), client
        self.enter(self.hall.by)

    def enter(self, viewer: Viewer) -> None:
        factories.sign_in(self.client, viewer)

    def page(self, query: str = "") -> str:
        return html.unescape(self.client.get(f"{URL}{query}").get_data(as_text=True))

    def post(self, path: str, **data: str) -> str:
        answer = self.client.post(f"{URL}{path}", data=data, follow_redirects=True)
        return html.unescape(answer.get_data(as_text=True))

    def own(self, key: str) -> str:
        """The page of a registration, as its participant sees it."""
        answer = self.client.get(f"/my/registrations/{self.hall.number(key)}")
        assert answer.status_code == 200
        return html.unescape(answer.get_data(as_text=True))


@pytest.fixture
def visit(app: Flask, client: FlaskClient) -> Visit:
    return Visit(client)


def row(page: str, number: str) -> str:
    """One person's row of the page."""
    found = re.search(rf'<li id="{number}".*?</li>', page, re.DOTALL)
    assert found is not None, f"{number} is not on the page"
    return found[0]


def test_before_anyone_confirmed_the_page_says_what_it_is_for(
    client: FlaskClient, app: Flask
) -> None:
    page = Visit(client, 0).page()
    assert "Nobody to seat yet" in page
    assert "Set up tables" not in page


def test_with_one_button_everybody_sits(visit: Visit) -> None:
    page = visit.page()
    assert "10 people have confirmed." in page
    assert 'name="tables" ' in page and 'value="2"' in page, "8 places a table are offered"
    page = visit.post("/room", tables="3", places="4")
    assert "The tables have been set up." in page
    assert page.count('class="sitter"') == 10
    assert "10 of 10 people" in page
    assert "Table 3" in page and "Table 4" not in page
    assert page.count("fewest possible") == 2


@pytest.mark.parametrize(
    ("tables", "places", "said"),
    [
        ("2", "4", "That gives 8 places (2 × 4), but 10 people have confirmed."),
        ("0", "4", "Choose 1 to 100 tables"),
        ("many", "4", "Enter a whole number in digits."),
        ("", "", "Enter a whole number in digits."),
        ("99999999999999999999", "4", "This number is too large."),
    ],
)
def test_a_wrong_number_is_said_and_kept(visit: Visit, tables: str, places: str, said: str) -> None:
    page = visit.post("/room", tables=tables, places=places)
    assert said in page
    assert f'value="{tables}"' in page
    assert visit.hall.places() == {}


def test_a_trainer_sees_and_changes_nothing(visit: Visit) -> None:
    visit.enter(visit.hall.trainer)
    assert "Once the organisers have set up the tables" in visit.page()
    visit.hall.set(3, 4)
    number = visit.hall.number(visit.hall.keys[0])
    page = visit.page(f"?move={number}")
    assert "Family000, Given000" in row(page, number)
    assert "Argentina · Police" in row(page, number)
    for word in ("<select", "Move", "Reseat everyone", "Change tables"):
        assert word not in page


def test_one_is_moved_by_a_select_in_the_row_and_back_by_undo(visit: Visit) -> None:
    visit.hall.set(3, 4)
    before = visit.hall.places()
    one, other = visit.hall.at(Place(1, 1)), visit.hall.at(Place(2, 2))
    assert "<select" not in visit.page()
    page = visit.page(f"?move={one}")
    assert page.count("<select") == 1
    options = dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', row(page, one)))
    assert len(options) == 13, "twelve places, or none"
    assert options[written(Choice(Place(2, 2), other))].startswith(
        "Table 2, place 2: swap with Family"
    )
    page = visit.post(f"/{one}", to=written(Choice(Place(2, 2), other)))
    assert visit.hall.places() == before | {one: Place(2, 2), other: Place(1, 1)}
    found = re.search(r'name="to" value="([^"]+)">Undo', row(page, one))
    assert found is not None
    visit.post(f"/{one}", to=found[1])
    assert visit.hall.places() == before


def test_a_place_taken_meanwhile_is_said_and_nothing_moves(visit: Visit) -> None:
    visit.hall.set(3, 6)
    one, other = visit.hall.at(Place(1, 1)), visit.hall.at(Place(2, 2))
    operations.move(visit.hall.course, other, Choice(Place(3, 6)), visit.hall.by)
    before = visit.hall.places()
    page = visit.post(f"/{one}", to="3-6")
    assert "Table 3, place 6 was given to someone else while you were choosing" in page
    for wrong in ("", "3", "0-0", "3-7", "1-1-R-", "x" * 3000, "3-6-R-' OR 1"):
        assert "no such place" in visit.post(f"/{one}", to=wrong) or wrong == "3-6-R-' OR 1"
    assert visit.hall.places() == before


def test_who_confirms_late_is_listed_with_a_place_to_suggest(visit: Visit) -> None:
    visit.hall.set(3, 4)
    late = visit.hall.number(visit.hall.confirm(77))
    page = visit.page()
    assert "No place yet" in page and "10 of 11 people" in page
    assert page.index("No place yet") < page.index('id="table-1"')
    page = visit.page(f"?move={late}")
    assert re.search(r'<option value="\d-\d" selected>', row(page, late)), "a free place"
    assert "instead of Family" in row(page, late)
    page = visit.post("/seat")
    assert "1 person now has a place." in page
    assert "No place yet" not in page
    assert "Everyone already has a place." in visit.post("/seat")


def test_the_course_page_says_how_many_have_no_place(visit: Visit) -> None:
    words = "People without a place at a table"
    for act, there in (
        (lambda: None, False),  # no tables, nothing missing
        (lambda: visit.hall.set(3, 4), False),
        (lambda: (visit.hall.confirm(77), factories.act(visit.hall.course)), True),
        (lambda: operations.seat_those_without(visit.hall.course, visit.hall.by), False),
    ):
        act()
        page = visit.client.get("/courses/BUE27/desk").get_data(as_text=True)
        assert (words in page) is there


def test_seating_everybody_anew_asks_once(visit: Visit) -> None:
    visit.hall.set(3, 4)
    first = visit.hall.places()
    one, other = visit.hall.at(Place(1, 1)), visit.hall.at(Place(2, 2))
    operations.move(visit.hall.course, one, Choice(Place(2, 2), other), visit.hall.by)
    page = html.unescape(visit.client.get(f"{URL}/anew").get_data(as_text=True))
    assert "Anything arranged by hand is lost and cannot be restored." in page
    assert visit.hall.places() != first, "asking changes nothing"
    assert "10 people reseated." in visit.post("/anew")
    assert visit.hall.places() == first


def test_tables_are_removed_after_asking(visit: Visit) -> None:
    visit.hall.set(3, 4)
    page = html.unescape(visit.client.get(f"{URL}/remove").get_data(as_text=True))
    assert "10 people lose their place at a table" in page
    assert "The tables have been removed." in visit.post("/remove")
    assert visit.hall.places() == {}
    assert "Set up tables and seat everyone" in visit.page()
    assert "no tables yet" in visit.post("/seat")


def test_a_smaller_room_says_how_many_lost_their_place(visit: Visit) -> None:
    visit.hall.set(5, 2)
    page = visit.post("/room", tables="3", places="4")
    assert "4 people sat at places that no longer exist." in page
    assert "6 of 10 people" in page


def test_a_long_table_is_drawn_with_two_sides(visit: Visit) -> None:
    visit.hall.set(1, 20)
    page = visit.page()
    assert "table-plan-long" in page
    assert page.count('class="chair taken"') == 10
    assert page.count('class="chair"') == 10


def test_an_address_that_was_made_up_shows_no_button(visit: Visit) -> None:
    visit.hall.set(3, 4)
    one = visit.hall.at(Place(1, 1))
    for query in (
        "?move=R-NOBODY",
        f"?moved={one}&whom=R-NOBODY&back=1-2",
        "?moved=R-X&whom=R-X&back=1-2",
        f"?moved={one}&whom={one}&back=%3Cscript%3E",
    ):
        page = visit.page(query)
        assert "Undo" not in page and "script>" not in page.split("<main")[1].split("</main")[0]


def test_the_look_is_logged_once_and_each_page_asks_little(
    visit: Visit, statements: list[str]
) -> None:
    visit.hall.set(3, 4)
    people.function_names()
    counts = []
    for _people in (10, 40):
        db.session.remove()
        statements.clear()
        visit.page()
        counts.append(len(statements))
        for number in range(30):
            visit.hall.confirm(100 + number)
        visit.hall.set(10, 8)
        operations.seat_those_without(visit.hall.course, visit.hall.by)
    assert counts[0] == counts[1] <= 15, counts
    db.session.remove()
    looks = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "tables")).all()
    assert sorted(len(one.persons) for one in looks) == [10, 40]
    assert {one.by for one in looks} == {visit.hall.by.account_id}


def test_five_hundred_people_are_seen_some_tables_at_a_time(
    app: Flask, client: FlaskClient
) -> None:
    visit = Visit(client, 500)
    visit.hall.set(63, 8)
    page = visit.page()
    assert page.count('class="sitter"') == 12 * 8
    assert page.count("hx-get") < 200 and "page=6" in page
    last = visit.client.get("/courses/BUE27/tables?page=6").text
    assert 0 < last.count('class="sitter"') <= 12 * 8 and "Table 63" in last
    assert visit.client.get("/courses/BUE27/tables?page=99").text.count("Table 63") > 0
    assert len(page) < 150_000


def test_strangers_find_nothing(visit: Visit) -> None:
    visit.hall.set(3, 4)
    for stranger in (
        factories.account(Role.FOCAL_POINT, country="BO"),
        factories.account(Role.ADMINISTRATOR),
        factories.account(Role.ORGANISER, agency="UNODC"),
    ):
        visit.enter(stranger)
        status = visit.client.get(URL).status_code
        assert status == (200 if stranger.grants[0].role is Role.ORGANISER else 404)


def test_participants_see_their_own_place_and_nobody_elses(visit: Visit) -> None:
    hall = visit.hall
    holders = {key: hall.holder(key) for key in hall.keys[:2]}
    for key, holder in holders.items():
        visit.enter(holder)
        assert "Your place" not in visit.own(key), "there are no tables yet"
    hall.set()
    for key, holder in holders.items():
        place = hall.places()[hall.number(key)]
        visit.enter(holder)
        shown = visit.own(key)
        assert shown.count(f"Table {place.table}, place {place.number}") == 1
        assert "may still change" in shown
    (first, me), (second, _other) = holders.items()
    assert queries.own_place(me, second) is None
    hall.leave(first)
    visit.enter(me)
    assert "Your place" not in visit.own(first)


def test_a_room_made_smaller_while_the_page_is_read_is_shown_as_far_as_it_is_known() -> None:
    who = Participant("id", "R-AAAAAA", "person", "BO", "judge", Place(3, 1))
    (first, second) = sitter_queries.tables(
        Layout(2, 4),
        [sitter_queries.Sitter(who, "Ana Rojas", "Rojas, Ana", "")],
        sitter_queries.part_of(Layout(2, 4), 1),
    )
    assert not first.sitters and not second.sitters
