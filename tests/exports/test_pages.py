"""The pages of lists with names: ask, approve, make, fetch; and the officer's."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.asking import page
from tests.exports import taking
from tests.exports.taking import LISTS, House, details, reads, request
from tests.registrations import acting
from trainings.accounts.models import WebSession
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.exports import operations
from trainings.exports.models import ExportRequest
from trainings.exports.rules import Listing
from trainings.registrations.rules import State

pytestmark = pytest.mark.usefixtures("quick")
ASKED = {"kind": "xlsx", "purpose": "hotel", "words": "Rooms", "columns": ["name", "country"]}


def signed_in(app: Flask, who: Viewer) -> FlaskClient:
    found = app.test_client()
    factories.sign_in(found, who)
    return found


def number_of(address: str) -> str:
    return address.rpartition("/")[2]


def test_from_the_form_to_the_file(app: Flask) -> None:
    house = taking.house()
    client = signed_in(app, house.by)
    page = client.get(f"{LISTS}/candidates").text
    assert "3 people are on this list." in page
    ticked = re.findall(r'<input checked[^>]*name="columns"[^>]*value="(\w+)"', page)
    assert ticked == ["number", "name", "country", "function", "state"]
    page = client.get(f"{LISTS}/candidates?all=yes").text
    ticked = re.findall(r'<input checked[^>]*name="columns"[^>]*value="(\w+)"', page)
    assert "mail" in ticked and not {"phone", "born", "document", "needs"} & set(ticked)
    answer = client.post(f"{LISTS}/candidates", data=ASKED)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = client.get(address).text
    assert "Make the file" in page and "Get the file" not in page and "Rooms" in page
    made = client.post(f"{address}/make").text
    (secret,) = re.findall(r"<output[^>]*>([^<]+)</output>", made)
    assert "only this once" in made and len(secret) == 29
    page = client.get(address).text
    assert secret not in page and "Get the file" in page and "age format" in page
    assert reads(Listing.CANDIDATES) == []
    file = client.get(f"{address}/file")
    assert file.data.startswith(b"locked:") and secret.encode() in file.data
    name = f"candidates-{taking.CODE}-{number_of(address)}.xlsx.age"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert file.headers["Cache-Control"] == "no-store"
    assert [len(one) for one in reads(Listing.CANDIDATES)] == [3]
    assert number_of(address) in client.get(LISTS).text


def test_what_is_missing_is_said_beside_its_field(app: Flask) -> None:
    house = taking.house()
    client = signed_in(app, house.by)
    data = {**ASKED, "words": "", "plain": "y", "columns": ["name", "born"]}
    page = client.post(f"{LISTS}/candidates", data=data).text
    for sentence in (
        "Say in a few words what the list is for",
        "Say why you need: Date of birth.",
        "Name the person or office that receives the file.",
        "Say why the receiver cannot open an encrypted file.",
    ):
        assert sentence in page
    page = client.post(f"{LISTS}/candidates", data={**ASKED, "purpose": "", "words": ""}).text
    assert "Choose what the list is for." in page and "Say in a few words what" in page
    assert "optional" not in page.partition("What is it for?")[2].partition("</label>")[0]
    page = client.post(f"{LISTS}/candidates", data={**ASKED, "columns": []}).text
    assert "Choose at least one column." in page and "checked" in page
    db.session.close()
    assert db.session.scalars(select(ExportRequest)).all() == []


def test_a_column_that_the_list_does_not_have_is_refused(app: Flask) -> None:
    house = taking.house()
    client = signed_in(app, house.by)
    answer = client.post(f"{LISTS}/door", data={**ASKED, "columns": ["name", "born"]})
    assert answer.status_code == 200


def test_a_second_organiser_decides_on_the_page(app: Flask) -> None:
    house = taking.house(26)
    one, other = signed_in(app, house.by), signed_in(app, house.second)
    assert "more than 25 people" in one.get(f"{LISTS}/candidates").text
    address = one.post(f"{LISTS}/candidates", data=ASKED).headers["Location"]
    page = one.get(address).text
    assert "has to approve it" in page and "Approve the list" not in page
    assert one.post(f"{address}/make", follow_redirects=True).text.count("once another person")
    assert "yourself" in one.post(f"{address}/approve", follow_redirects=True).text
    page = other.get(address).text
    assert "Approve the list" in page and "Make the file" not in page
    assert "has been approved" in other.post(f"{address}/approve", follow_redirects=True).text
    assert other.post(f"{address}/make").status_code == 404
    assert other.get(f"{address}/file").status_code == 404
    assert "Write the passphrase down now" in one.post(f"{address}/make").text


def test_the_officer_sees_plain_files_and_decides(app: Flask) -> None:
    house = taking.house()
    details(house.numbers[0], document="AB 123")
    officer = signed_in(app, factories.account(Role.DATA_PROTECTION))
    assert "No list was asked for yet" in officer.get("/privacy/lists").text
    client = signed_in(app, house.by)
    data = {**ASKED, "plain": "y", "receiver": "Hotel Sol", "plain_reason": "Old computer"}
    data |= {"columns": ["name", "document"], "reason": "Police register"}
    address = client.post(f"{LISTS}/candidates", data=data).headers["Location"]
    page = officer.get("/privacy/lists").text
    for words in ("Hotel Sol", "Old computer", "Police register", "Document number", "Ada Ejemplo"):
        assert words in page
    assert "AB 123" not in page and "Ejemplo 0" not in page
    decided = officer.post(
        f"/privacy/lists/{number_of(address)}/approve", follow_redirects=True
    ).text
    assert "The list has been approved." in decided
    made = client.post(f"{address}/make").text
    assert "Write the passphrase" not in made
    file = client.get(f"{address}/file")
    assert file.data.startswith(b"PK") and file.headers["Content-Disposition"].endswith('.xlsx"')
    assert request(number_of(address)).plain


@pytest.mark.parametrize("act", ["", "/make", "/approve"])
def test_only_soon_after_signing_in(app: Flask, act: str) -> None:
    house = taking.house()
    number = house.ask()
    client = signed_in(app, house.by)
    with transaction() as session:
        for one in session.scalars(select(WebSession)):
            one.confirmed_at = clock.now() - taking.LONG_AGO
    path = f"{LISTS}/requests/{number}{act}" if act else f"{LISTS}/candidates"
    answer = client.post(path, data=ASKED)
    assert answer.status_code == 303 and "/sign-in?" in answer.headers["Location"]
    assert request(number).file_name is None


def test_the_filters_are_there_again_after_signing_in_again(app: Flask) -> None:
    house = taking.house()
    client = signed_in(app, house.by)
    with transaction() as session:
        for one in session.scalars(select(WebSession)):
            one.confirmed_at = clock.now() - taking.LONG_AGO
    for act in (client.get, client.post):
        asked = act(f"{LISTS}/candidates?country=BO&state=endorsed").headers["Location"]
        back = parse_qs(urlsplit(asked).query)["next"]
        assert back == [f"{LISTS}/candidates?country=BO&state=endorsed"]


def test_the_filters_of_the_list_go_along(app: Flask) -> None:
    house = taking.house()
    acting.crowd(house.course_id, State.ENDORSED, 2, groups=(("BO", "judge"),))
    client = signed_in(app, house.by)
    page = client.get(f"/courses/{taking.CODE}/registrations?country=BO&state=endorsed").text
    way = f"{LISTS}/candidates?country=BO&amp;state=endorsed"
    assert way in page or f"{LISTS}/candidates?state=endorsed&amp;country=BO" in page
    page = client.get(f"{LISTS}/candidates?country=BO&state=endorsed").text
    assert "2 people are on this list." in page and "Only: Bolivia · Endorsed." in page
    address = client.post(f"{LISTS}/candidates?country=BO&state=endorsed", data=ASKED).headers[
        "Location"
    ]
    assert request(number_of(address)).people == 2
    assert "Candidates (Bolivia · Endorsed)" in client.get(address).text


@pytest.mark.parametrize(
    ("page", "listing"),
    [
        ("registrations", "candidates"),
        ("reserve", "reserve"),
        ("attendance", "attendance"),
        ("trainers", "trainers"),
        ("certificates", "certificates"),
        ("mail", "mails"),
    ],
)
def test_each_list_leads_to_its_file(app: Flask, page: str, listing: str) -> None:
    house = taking.house()
    found = signed_in(app, house.by).get(f"/courses/{taking.CODE}/{page}").text
    assert f'href="{LISTS}/{listing}' in found


def test_the_overview_leads_to_all_lists(app: Flask) -> None:
    house = taking.house()
    found = signed_in(app, house.by).get(f"/courses/{taking.CODE}/desk").text
    assert f'href="{LISTS}"' in found


def test_trainers_certificates_and_mails(app: Flask) -> None:
    house: House = taking.teaching_house()
    _told, listed = taking.rows(house.made(Listing.TRAINERS))
    assert listed[1] == ["Name", "Status", "Agency", "Duty station", "Languages"]
    assert listed[2][:3] == ["Docente, Tea", "Accepted", "IOM"]
    _told, listed = taking.rows(house.made(Listing.MAILS))
    assert {row[0] for row in listed[2:]} == {"Docente, Tea"} and len(listed) > 2


def test_focal_points_take_out_their_own_candidates_and_no_others(app: Flask) -> None:
    house = taking.house(4)
    focal = acting.focal_point("BO")
    client = app.test_client()
    factories.sign_in(client, focal)
    assert "/lists/nominations" in page(client, f"/courses/{taking.CODE}/nominations")
    body = page(client, LISTS)
    assert "Candidates of my country" in body and "List for the door" not in body
    assert 'name="reason"' not in page(client, f"{LISTS}/nominations")
    for other in ("candidates", "rooming", "trainers", "reserve"):
        page(client, f"{LISTS}/{other}", 404)
        with pytest.raises(NotFound):
            house.ask(Listing(other), by=focal)
    plain = {"plain": True, "receiver": "The ministry", "plain_reason": "No program"}
    number = house.ask(Listing.NOMINATIONS, by=focal, **plain)
    assert not taking.request(number).second
    operations.make(house.course_id, number, focal)
    _told, listed = taking.rows(operations.fetch(house.course_id, number, focal))
    assert {row[0] for row in listed[2:]} == {house.numbers[0], house.numbers[3]}
    (seen,) = taking.reads(Listing.NOMINATIONS)
    assert len(seen) == 2
    assert "L-" in page(client, LISTS), "what was asked for is found again"
    with pytest.raises(NotFound):
        operations.make(house.course_id, house.ask(), focal)
