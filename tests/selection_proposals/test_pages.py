"""The page of a proposed selection, from the minima to the sheet of the decision."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from tests.selection.desk import named
from tests.selection_proposals.desk import PAGE, Desk, kept
from trainings.core.db import db
from trainings.people.models import IdentityRead
from trainings.saved_views import operations as saved_views
from trainings.selection_proposals import operations
from trainings.selection_proposals.models import SelectionDecision


@pytest.fixture
def client(each_app: Flask, desk: Desk) -> FlaskClient:
    """The organiser of the course, signed in."""
    found = each_app.test_client()
    factories.sign_in(found, desk.by)
    return found


def reads(purpose: str) -> list[list[str]]:
    db.session.close()
    statement = select(IdentityRead.persons).where(IdentityRead.purpose == purpose)
    return list(db.session.scalars(statement))


def test_the_page_from_the_minima_to_the_decision(client: FlaskClient, desk: Desk) -> None:
    named(desk.numbers["third"], "Rosa", "Tercera")
    page = client.get(PAGE).text
    assert "Women, at least" in page and "Judge, at least" in page
    refused = client.post(PAGE, data={"of_women": "many", "of_judge": "1"}).text
    assert "Enter a whole number, or a share in percent." in refused and 'value="many"' in refused
    assert client.post(PAGE, data={"of_women": "30%", "of_judge": "1"}).status_code == 303
    waiting = client.get(PAGE).text
    assert "Looking for a selection" in waiting and "http-equiv" in waiting
    assert "Seconds: " in client.get(f"{PAGE}/progress").text
    found = kept()
    assert found is not None
    operations.look(found.id)
    assert client.get(f"{PAGE}/progress").headers["HX-Refresh"] == "true"
    page = client.get(PAGE).text
    assert "3 candidates proposed" in page and "Tercera, Rosa" in page
    assert "You asked for: women: at least 30%; Judge: at least 1." in page
    assert "Accept and offer 3 seats" in page and "nobody has been told" in page
    assert "0 → <b>1</b>" in page and 'value="30%"' in page
    assert len(reads("registrations.chosen")[0]) == 5, "whoever is shown was read"
    done = client.post(f"{PAGE}/accept")
    assert done.status_code == 303 and done.headers["Location"].endswith("#decisions")
    page = client.get(PAGE).text
    assert "3 seats offered." in page and "Decision sheet (PDF)" in page and "Ada Ejemplo" in page


def test_a_question_is_asked_and_answered_on_the_page(client: FlaskClient, desk: Desk) -> None:
    desk.propose()
    number = desk.numbers["third"]
    assert "What would have to change?" in client.get(PAGE).text
    assert (
        client.post(f"{PAGE}/wonder", data={"number": number}).headers["Location"].endswith(number)
    )
    page = client.get(PAGE).text
    assert "Being worked out" in page and "Questions answered: 0 of 1" in page
    assert "Questions answered: 0 of 1" in client.get(f"{PAGE}/progress").text
    found = kept()
    assert found is not None
    proposal = found.id
    key = acting.registration(number).id
    db.session.close()
    operations.answer(proposal, key)
    assert client.get(f"{PAGE}/progress").headers["HX-Refresh"] == "true"
    assert "Would be taken if one more seat were kept for Bolivia, Judge." in client.get(PAGE).text
    assert client.post(f"{PAGE}/wonder", data={"number": "R-NOBODY"}).status_code == 404


def test_what_conflicts_and_what_is_outdated_is_said(client: FlaskClient, desk: Desk) -> None:
    desk.propose(judge="12")
    assert "Judge: at least 12. Possible: Judge: at least 3" in client.get(PAGE).text
    desk.propose()
    acting.standing(desk.course, acting.State.ENDORSED, country="PE", priority=1)
    page = client.get(PAGE).text
    assert "Candidates or seats have changed since." in page and "Accept and offer" not in page
    client.post(f"{PAGE}/accept")
    assert "Nothing was changed now" in client.get(PAGE).text
    assert client.post(f"{PAGE}/discard").status_code == 303 and kept() is None


def test_the_sheet_of_a_decision_names_who_decided_and_everyone_with_why(
    client: FlaskClient, desk: Desk, each_app: Flask
) -> None:
    for name in desk.numbers:
        named(desk.numbers[name], "Rosa", f"Prueba {name.title()}")
    desk.propose(women="30%")
    operations.accept(desk.course, desk.by)
    decision = db.session.scalars(select(SelectionDecision.id)).one()
    db.session.close()
    answer = client.post(f"/courses/BUE27/selection/decisions/{decision}.pdf")
    assert answer.mimetype == "application/pdf"
    text = text_of(answer.data)
    for words in (
        "Decision sheet",
        "Decided by Ada Ejemplo",
        "women: at least 30%",
        "Prueba Third, Rosa",
        "Candidates not taken",
        "No. 3 on the list of Bolivia.",
        "Ada Ejemplo, who decided",
        "Confidential",
    ):
        assert words in text, words
    assert len(reads("decision sheet")[0]) == 6
    assert client.post("/courses/BUE27/selection/decisions/none.pdf").status_code == 404


def text_of(pdf: bytes) -> str:
    """The text of a PDF, in one line."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        pages = [
            document[number].get_textpage().get_text_range() for number in range(len(document))
        ]
    assert len(pikepdf.open(io.BytesIO(pdf)).pages) == len(pages)
    return " ".join(" ".join(pages).split())


def test_the_table_shows_some_and_keeps_the_ticks_of_the_others(
    client: FlaskClient, desk: Desk
) -> None:
    table = "/courses/BUE27/selection/table"
    ticks = {"numbers": [desk.numbers[name] for name in ("first", "officer")]}
    found = client.post(table, data={**ticks, "country": "AR"}).text
    assert found.count("data-row-check") == 2 and found.count(" checked") == 1
    assert "One ticked candidate is not shown and stays ticked." in found
    assert f'type="hidden" name="numbers" value="{desk.numbers["first"]}"' in found
    assert "2 candidates get a seat." in found, "what both make is shown"
    none = client.post(table, data={**ticks, "country": "AR", "function": "judge"}).text
    assert "No candidate in this course matches these filters." in none
    assert "2 ticked candidates are not shown and stay ticked." in none
    again = client.post(table, data={**ticks, "country": "AR", "everyone": "yes"}).text
    assert again.count("data-row-check") == 5 and again.count(" checked") == 2
    assert 'value="AR" selected' not in again and "Show all" not in again


def test_a_saved_view_narrows_the_table_down(client: FlaskClient, desk: Desk) -> None:
    table = "/courses/BUE27/selection/table"
    assert "Saved view" not in client.get(table).text
    saved_views.save(desk.course, "Bolivia first", False, {"country": "BO"}, by=desk.by)
    page = client.get(table).text
    value, name = re.findall(r'<option value="([^"]{22})">(Bolivia first)<', page)[0]
    found = client.post(table, data={"view": value}).text
    assert found.count("data-row-check") == 3 and f"selected>{name}" in found
    both = client.post(table, data={"view": value, "function": "police"}).text
    assert "No candidate in this course matches these filters." in both
    assert client.post(table, data={"view": "x" * 22}).text.count("data-row-check") == 5


def test_the_table_follows_each_tick_and_names_nobody_for_it(
    client: FlaskClient, desk: Desk
) -> None:
    desk.propose(women="60%")
    table = "/courses/BUE27/selection/table"
    page = client.get(table).text
    assert page.count("data-row-check") == 5 and "Nobody is ticked." in page
    before = len(reads("registrations.chosen"))
    ticks = {"numbers": [desk.numbers[name] for name in ("first", "second", "third", "officer")]}
    made = client.post(table, data=ticks, headers={"HX-Request": "true"}).text
    assert "3 candidates get a seat. One goes on the reserve list" in made
    assert "women: at least 60%" in made and "not kept" in made and "<html" not in made
    assert len(reads("registrations.chosen")) == before, "a tick is no look at anybody"
    whole = client.post(table, data=ticks).text  # without script
    assert whole.count(" checked") == 4 and "3 candidates get a seat." in whole
    proposed = client.get(f"{table}?proposed=yes").text
    assert proposed.count(" checked") == 3
    assert set(desk.states().values()) == {"endorsed"}, "nothing is saved"
    chosen = client.post("/courses/BUE27/registrations/choose", data={**ticks, "act": "select"})
    assert "/registrations/decide?act=select" in chosen.headers["Location"]
