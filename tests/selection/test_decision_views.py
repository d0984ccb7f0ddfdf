"""The organiser decides: select, reject, take back, order the reserve."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests import factories
from tests.asking import follow, page
from tests.registrations import acting
from tests.selection.desk import DESK, mails
from trainings.core.db import db
from trainings.courses import queries as courses
from trainings.registrations import listing_queries
from trainings.registrations.rules import State
from trainings.seats import reserve_rules, waiting_queries


def test_a_selection_is_foreseen_asked_once_and_told_in_words(
    client: FlaskClient, course: str
) -> None:
    numbers = [acting.standing(course, State.ENDORSED, priority=n)[0] for n in range(4)]
    numbers += [acting.standing(course, State.NOMINATED)[0]]
    asked = client.post(f"{DESK}/choose", data={"act": "select", "numbers": numbers})
    assert asked.status_code == 303
    text = page(client, asked.location)
    assert "Select 4 candidates" in text and "Offer 3 seats, 1 on the reserve list" in text
    assert "This is not possible for one of the chosen candidates, who" in text
    assert mails("registration_offer") == 0
    shown = re.findall(r'name="numbers" value="(R-\w+)"', text)
    assert sorted(shown) == sorted(numbers[:4])
    done = follow(client, asked.location, numbers=shown, form_token="one")
    assert "3 offered, 1 on the reserve list." in done
    assert mails("registration_offer") == 3
    again = follow(client, asked.location, numbers=shown, form_token="one")
    assert "This was already done. Nothing was done twice." in again
    assert mails("registration_offer") == 3


def test_a_selection_says_which_seat_each_takes_and_what_that_leaves(client: FlaskClient) -> None:
    made = factories.course("ROOM7", capacity=3)
    factories.sign_in(client, acting.organiser())
    acting.share_out(made, {("BO", None): 1, (None, "judge"): 1})
    factories.sign_in(client, acting.organiser())
    people = [("judge", 1), ("judge", 2), ("police", 3), ("police", 4)]
    numbers = [
        acting.standing(made, State.ENDORSED, function=function, priority=rank)[0]
        for function, rank in people
    ]
    wanted = "&".join(f"number={number}" for number in numbers)
    text = page(client, f"/courses/ROOM7/registrations/decide?act=select&{wanted}")
    rows = [
        re.sub(r"<[^>]+>|\s+", " ", text.split(number)[-1].split("</tr>")[0]) for number in numbers
    ]
    assert "Bolivia, any function" in rows[0] and "None left there" in rows[0]
    assert "any country, Judge" in rows[1] and "None left there" in rows[1]
    assert "any country, any function" in rows[2]
    assert "Reserve" in rows[3] and "left there" not in rows[3]
    acting.standing(made, State.CONFIRMED, function="judge")  # sits on Bolivia's seat
    db.session.close()
    text = page(client, f"/courses/ROOM7/registrations/decide?act=select&number={numbers[2]}")
    assert "Somebody moves from there to" not in text  # an open seat is free without


def test_a_selection_says_who_makes_room(client: FlaskClient) -> None:
    made = factories.course("ROOM8", capacity=3)
    factories.sign_in(client, acting.organiser())
    acting.share_out(made, {("BO", None): 1, (None, "judge"): 2})
    acting.standing(made, State.CONFIRMED, function="judge")
    number, _ = acting.standing(made, State.ENDORSED, function="police")
    text = page(client, f"/courses/ROOM8/registrations/decide?act=select&number={number}")
    row = " ".join(re.sub(r"<[^>]+>", " ", text.split(number)[-1].split("</tr>")[0]).split())
    assert "Bolivia, any function" in row
    assert "Someone who sits there moves to: any country, Judge. One left there" in row


def test_what_changed_meanwhile_is_refused_and_shown(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.ENDORSED)
    other, _ = acting.standing(course, State.CONFIRMED)
    url = f"{DESK}/decide?act=select&number={number}&number={other}"
    text = follow(client, url, numbers=[number, other])
    assert "Only an endorsed application can be selected. This one is “" in text
    assert acting.state(number) is State.ENDORSED


def test_nobody_chosen_is_said(client: FlaskClient, course: str) -> None:
    assert "Choose at least one" in follow(client, f"{DESK}/choose", act="select")
    assert client.get(f"{DESK}/decide").status_code == 303


def test_a_rejection_needs_a_reason_and_can_be_taken_back(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.ENDORSED)
    url = f"{DESK}/decide?act=reject&number={number}"
    assert "Give a reason." in follow(client, url, numbers=[number])
    assert "One candidate rejected." in follow(client, url, numbers=[number], reason="Too late")
    assert "Too late" in page(client, f"{DESK}/{number}")
    url = f"{DESK}/decide?act=reconsider&number={number}"
    assert "One rejection undone." in follow(client, url, numbers=[number])
    assert acting.state(number) is State.ENDORSED


def test_a_selection_is_taken_back_and_the_seat_goes_on(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.OFFERED)
    url = f"{DESK}/decide?act=unselect&number={number}"
    assert "Seats that become free are offered" in page(client, url)
    assert "One selection undone." in follow(client, url, numbers=[number])
    assert acting.state(number) is State.ENDORSED


def test_the_reserve_is_ordered_by_hand(client: FlaskClient, course: str) -> None:
    numbers = [acting.standing(course, State.RESERVE)[0] for _ in range(3)]

    def order() -> list[str]:
        found = re.findall(r'id="up-(R-\w+)"', page(client, "/courses/BUE27/reserve"))
        assert sorted(found) == sorted(numbers)
        return found

    one, two, three = order()
    follow(client, "/courses/BUE27/reserve", up=three)
    assert order() == [one, three, two]
    follow(client, "/courses/BUE27/reserve", down=one)
    assert order() == [three, one, two]
    follow(client, "/courses/BUE27/reserve", first=two)
    assert order() == [two, three, one]
    for nothing in ({"up": two}, {"down": one}, {"up": "R-NOBODY"}, {}):
        follow(client, "/courses/BUE27/reserve", **nothing)
        assert order() == [two, three, one]
    pills = re.findall(r"Reserve no\. (\d)", page(client, "/courses/BUE27/reserve"))
    assert pills == ["1", "2", "3"]


def test_the_place_shown_is_the_one_the_rules_give(each_app: object) -> None:
    """The list counts places in SQL, the engine in Python."""
    made = factories.course()
    for country in ("BO", "PE"):
        for rank, place in ((2, None), (None, None), (1, 2), (3, 1)):
            acting.standing(
                made, State.RESERVE, country=country, priority=rank, reserve_place=place
            )
    rows = listing_queries.listing(acting.organiser(), courses.by_id(made)).rows
    shown = {row.id: row.reserve_no for row in rows}
    assert shown == reserve_rules.places(waiting_queries.waiting(made))
    assert sorted(place or 0 for place in shown.values()) == [1, 1, 2, 2, 3, 3, 4, 4]
