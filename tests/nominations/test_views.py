"""A focal point's pages: nominate, order, endorse, correct; and nobody else's candidates."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories
from tests.asking import asked_about, follow, page
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import db
from trainings.courses.rules import CourseState
from trainings.mail.models import OutboxMail
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

OWN = "/courses/BUE27/nominations"
PERSON = {
    "given_name": "Ana",
    "family_name": "Quispe",
    "mail": "ana@court.example",
    "country": "BO",
    "function": "judge",
    "language": "es",
    "sex": "F",
    "unit": "Court",
    "born": "1980-02-01",
}


@pytest.fixture
def course(client: FlaskClient) -> str:
    """A course with separate endorsement, with Bolivia's focal point signed in."""
    made = factories.course(capacity=6, separate_endorsement=True)
    acting.share_out(made, {("BO", "judge"): 2, ("BO", None): 1, ("PE", "judge"): 1})
    factories.sign_in(client, acting.focal_point("BO"))
    return made


def everyone() -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(Registration)) or 0


def mails(event: str) -> int:
    db.session.close()
    statement = select(func.count()).select_from(OutboxMail).where(OutboxMail.event == event)
    return db.session.scalar(statement) or 0


def order(client: FlaskClient) -> list[str]:
    return re.findall(r'id="up-(R-\w+)"', page(client, OWN))


def test_the_first_step_is_offered_and_the_seats_are_told(client: FlaskClient, course: str) -> None:
    acting.standing(course, State.CONFIRMED)
    acting.standing(course, State.CONFIRMED, country="PE")
    text = page(client, OWN)
    assert f"{OWN}/new" in text and "Seats for Bolivia" in text and "Seats for Peru" not in text
    seats = text.partition("Seats for Bolivia")[2]
    assert re.findall(r"\b(\d+/\d+)\b", seats) == ["1/2", "0/1"]
    assert "2 seats open to all countries are free." in text


def test_a_candidate_is_nominated_once(client: FlaskClient, course: str) -> None:
    done = follow(client, f"{OWN}/new", **PERSON, form_token="t")
    assert "Nominated as R-" in done and "Quispe, Ana" in done
    assert "This was already done. Nothing was done twice." in follow(
        client, f"{OWN}/new", **PERSON, form_token="t"
    )
    assert "already has a registration" in follow(client, f"{OWN}/new", **PERSON)
    assert everyone() == 1 and mails("registration_nominated") == 1


def test_bad_input_is_refused_beside_its_field_and_kept(client: FlaskClient, course: str) -> None:
    for change, sentence in (
        ({"given_name": "", "family_name": " "}, "Enter the name."),
        ({"family_name": "A\u202eB"}, "hidden character"),
        ({"mail": "ana"}, "Enter the full email address, such as name@example.org."),
        ({"function": ""}, "Choose the function."),
        ({"country": "PE"}, "Choose the country."),
        ({"born": "2035-01-01"}, "date of birth"),
        ({"unit": "x" * 400}, "too long"),
    ):
        text = follow(client, f"{OWN}/new", **{**PERSON, **change})
        assert sentence in text and "There is a problem" in text, sentence
        assert 'value="Court"' in text or "unit" in change
    assert everyone() == 0


def test_the_same_mail_is_a_question(client: FlaskClient, course: str) -> None:
    follow(client, f"{OWN}/new", **PERSON)
    other = {**PERSON, "given_name": "Luz", "family_name": "Ibarra"}
    asked = follow(client, f"{OWN}/new", **other)
    assert "Someone else is registered with this email address. If the" in asked
    assert 'name="another"' in asked and everyone() == 1
    assert 'name="another"' not in page(client, f"{OWN}/new")
    answer = {"another": "y", "asked_about": asked_about(asked)}
    assert "Nominated as" in follow(client, f"{OWN}/new", **other, **answer)


def test_the_same_name_is_a_question_that_names_who_it_may_be(
    client: FlaskClient, course: str
) -> None:
    follow(client, f"{OWN}/new", **PERSON)
    again = {**PERSON, "mail": "other@court.example"}
    asked = follow(client, f"{OWN}/new", **again)
    name = f"{PERSON['given_name']} {PERSON['family_name']}"
    assert "Someone with this name is registered with another email address." in asked
    assert f"Registered so far: {name} ({asked_about(asked)})" in asked and everyone() == 1
    late = {**again, "another": "y", "asked_about": "R-NOBODY"}
    assert "Someone with this name is registered" in follow(client, f"{OWN}/new", **late)
    answer = {"another": "y", "asked_about": asked_about(asked)}
    assert "Nominated as" in follow(client, f"{OWN}/new", **again, **answer)
    shown = page(client, f"{OWN}/{asked_about(asked)}")
    assert "Maybe the same person" in shown and shown.count(name) > 1


def test_candidates_are_put_in_order_in_place(client: FlaskClient, course: str) -> None:
    for place in range(3):
        person = {**PERSON, "given_name": "Eva", "family_name": f"F{'abc'[place]}"}
        follow(client, f"{OWN}/new", **{**person, "mail": f"{place}@court.example"})
    one, two, three = order(client)
    follow(client, f"{OWN}/order", up=three)
    assert order(client) == [one, three, two]
    follow(client, f"{OWN}/order", down=one)
    assert order(client) == [three, one, two]
    assert acting.registration(three).priority == 1
    foreign, _ = acting.standing(course, State.NOMINATED, country="PE")
    follow(client, f"{OWN}/order", up=foreign)
    assert acting.registration(foreign).priority is None
    assert order(client) == [three, one, two]
    follow(client, f"{OWN}/order", place=f"{two} {three}")
    assert order(client) == [two, three, one], "dragged before another"
    follow(client, f"{OWN}/order", place=f"{two} -")
    assert order(client) == [three, one, two], "dragged to the end"
    follow(client, f"{OWN}/order", place=f"{foreign} {three}")
    assert acting.registration(foreign).priority is None
    listed = page(client, OWN)
    assert listed.count("data-rank-handle") == 3 and "data-rank-send" in listed


def test_another_candidate_is_entered_right_after_one(client: FlaskClient, course: str) -> None:
    assert "Nominate and enter another" in page(client, f"{OWN}/new")
    sent = client.post(f"{OWN}/new", data={**PERSON, "and_next": "yes"})
    assert sent.status_code == 303 and "/nominations/new?" in sent.location
    text = page(client, sent.location)
    assert "Nominated as R-" in text and 'selected value="judge"' in text
    assert "Quispe" not in text and everyone() == 1
    refused = client.post(
        f"{OWN}/new", data={**PERSON, "family_name": "", "given_name": "", "and_next": "yes"}
    )
    assert refused.status_code == 200 and everyone() == 1


def test_where_no_separate_act_is_wanted_a_nominee_is_endorsed_at_once(client: FlaskClient) -> None:
    factories.course(separate_endorsement=False)
    factories.sign_in(client, acting.focal_point("BO"))
    follow(client, f"{OWN}/new", **PERSON)
    (number,) = order(client)
    assert acting.state(number) is State.ENDORSED


def test_endorsing_says_first_what_it_does(client: FlaskClient, course: str) -> None:
    numbers = [acting.standing(course, State.NOMINATED)[0] for _ in range(2)]
    asked = client.post(f"{OWN}/choose", data={"act": "endorse", "numbers": numbers})
    text = page(client, asked.location)
    assert "Endorse 2 candidates" in text and mails("registration_endorsed") == 0
    done = follow(client, asked.location, numbers=numbers, form_token="e")
    assert "2 candidates endorsed." in done and mails("registration_endorsed") == 2
    again = follow(client, asked.location, numbers=numbers, form_token="e")
    assert "This was already done. Nothing was done twice." in again


def test_an_endorsement_is_taken_back_until_the_organiser_decides(
    client: FlaskClient, course: str
) -> None:
    number, _ = acting.standing(course, State.ENDORSED)
    waits, _ = acting.standing(course, State.NOMINATED)
    asked = client.post(f"{OWN}/choose", data={"act": "recall", "numbers": [number, waits]})
    text = page(client, asked.location)
    assert "Undo the endorsement of one candidate" in text and "gets an email" in text
    assert "This is not possible for one of the chosen" in text
    assert acting.state(number) is State.ENDORSED and mails("registration_recalled") == 0
    assert "One endorsement undone." in follow(client, asked.location, numbers=[number])
    assert acting.state(number) is State.NOMINATED and mails("registration_recalled") == 1
    decided, _ = acting.standing(course, State.OFFERED)
    recall = f"{OWN}/decide?act=recall&number={decided}"
    assert "not possible for any of the chosen" in follow(client, recall, numbers=[decided])
    assert acting.state(decided) is State.OFFERED
    assert "Choose at least one" in follow(client, f"{OWN}/choose", act="recall")


def test_the_page_of_a_candidate_leads_to_undoing_the_endorsement(
    client: FlaskClient, course: str
) -> None:
    number, _ = acting.standing(course, State.ENDORSED)
    recall = f"{OWN}/decide?act=recall&number={number}"
    assert recall.replace("&", "&amp;") in page(client, f"{OWN}/{number}")
    assert "Undo the endorsement" in page(client, recall)


def test_own_candidates_are_rejected_before_endorsement_only(
    client: FlaskClient, course: str
) -> None:
    number, _ = acting.standing(course, State.NOMINATED)
    url = f"{OWN}/decide?act=reject&number={number}"
    assert "Give a reason." in follow(client, url, numbers=[number])
    assert "One candidate rejected." in follow(client, url, numbers=[number], reason="Moved away")
    endorsed, _ = acting.standing(course, State.ENDORSED)
    url = f"{OWN}/decide?act=reject&number={endorsed}"
    assert "This step is not possible for any of the chosen candidates." in page_after(client, url)
    follow(client, url, numbers=[endorsed], reason="No")
    assert acting.state(endorsed) is State.ENDORSED
    assert client.get(f"{OWN}/decide?act=select&number={endorsed}").status_code == 404


def page_after(client: FlaskClient, path: str) -> str:
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def test_details_are_corrected_until_they_are_the_persons(client: FlaskClient, course: str) -> None:
    follow(client, f"{OWN}/new", **PERSON)
    (number,) = order(client)
    assert 'value="Quispe"' in page(client, f"{OWN}/{number}/edit")
    changed = {**PERSON, "family_name": "Quispe Mamani"}
    assert "Quispe Mamani" in follow(client, f"{OWN}/{number}/edit", **changed)
    theirs, _ = acting.standing(course, State.NOMINATED, complete=True)
    assert f"{theirs}/edit" not in page(client, f"{OWN}/{theirs}")
    refused = follow(client, f"{OWN}/{theirs}/edit", **{**PERSON, "mail": "new@court.example"})
    assert "only they can change them" in refused
    text = follow(client, f"{OWN}/{number}/mail", mail="right@court.example")
    assert (
        "The address has been corrected, and we have sent an email" in text
        and "right@court.example" in text
    )


def test_outside_the_days_of_registration_nobody_is_nominated(client: FlaskClient) -> None:
    yesterday = clock.today(factories.ZONE) - timedelta(days=1)
    made = factories.course(registration_closes_on=yesterday, registration_opens_on=yesterday)
    factories.sign_in(client, acting.focal_point("BO"))
    acting.end(made, CourseState.REGISTRATION_CLOSED)
    text = page(client, OWN)
    assert "Registration for this course has closed." in text and f"{OWN}/new" not in text
    assert "has closed" in page(client, f"{OWN}/new")
    assert "has closed" in follow(client, f"{OWN}/new", **PERSON) and everyone() == 0


def pages_of(number: str) -> list[str]:
    return [
        f"{OWN}/{number}",
        f"{OWN}/{number}/edit",
        f"{OWN}/{number}/mail",
        f"{OWN}/decide?act=endorse&number={number}",
    ]


@pytest.mark.parametrize("functions", [(), ("police",)])
def test_whose_country_or_function_it_is_not_finds_nothing(
    client: FlaskClient, course: str, functions: tuple[str, ...]
) -> None:
    country = "BO" if functions else "PE"
    number, _ = acting.standing(course, State.NOMINATED)
    factories.sign_in(client, acting.focal_point(country, functions))
    assert number not in page(client, OWN)
    for path in pages_of(number):
        hidden = page(client, path, 404).replace(number, "R-NOBODY")
        assert hidden == page(client, path.replace(number, "R-NOBODY"), 404), path
    for path, data in (
        (f"{OWN}/decide?act=endorse&number={number}", {"numbers": [number]}),
        (f"{OWN}/decide?act=recall&number={number}", {"numbers": [number]}),
        (f"{OWN}/{number}/edit", {**PERSON, "country": country}),
        (f"{OWN}/{number}/mail", {"mail": "x@y.example"}),
    ):
        assert client.post(path, data=data).status_code == 404, path
    assert acting.state(number) is State.NOMINATED


def test_a_country_not_invited_and_a_draft_are_not_there(client: FlaskClient, course: str) -> None:
    factories.sign_in(client, acting.focal_point("ES"))
    assert client.get(OWN).status_code == 404
    factories.course("DRAFT", state=CourseState.DRAFT)
    factories.sign_in(client, acting.focal_point("BO"))
    assert client.get("/courses/DRAFT/nominations").status_code == 404


def test_the_page_takes_few_statements_however_many_they_are(
    client: FlaskClient, course: str, statements: list[str]
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            acting.standing(course, State.NOMINATED)
        acting.standing(course, State.RESERVE)
        page(client, OWN)
        statements.clear()
        page(client, OWN)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 13, statements


def test_one_of_theirs_is_withdrawn_or_replaced_and_told_why(
    client: FlaskClient, course: str
) -> None:
    number, _ = acting.standing(course, State.CONFIRMED)
    other, _ = acting.standing(course, State.ENDORSED)
    foreign, _ = acting.standing(course, State.ENDORSED, country="PE")
    url = f"{OWN}/{number}/withdraw"
    assert f'href="{url}"' in page(client, f"{OWN}/{number}")
    text = page(client, url)
    assert "Held for Bolivia, Judge until" in text and other in text and foreign not in text
    assert "You cannot undo this." in text and "with the reason" in text
    assert "Give a reason." in follow(client, url, seat_to="held")
    assert client.post(url, data={"reason": "Ill", "seat_to": foreign}).status_code == 404
    assert acting.state(number) is State.CONFIRMED
    done = follow(client, url, seat_to="held", reason="Ill", form_token="w")
    assert "The registration has been withdrawn." in done
    assert "already done" in follow(client, url, seat_to="held", reason="Ill", form_token="w")
    assert "A seat is held for Bolivia, Judge until" in page(client, OWN)
    give = f"{OWN}/decide?act=replace&number={other}"
    assert give.replace("&", "&amp;") in page(client, f"{OWN}/{other}")
    assert "Offer a held seat" in page(client, give)
    assert "One seat offered." in follow(client, give, numbers=[other])
    assert acting.state(other) is State.OFFERED
    assert "A seat is held" not in page(client, OWN)
