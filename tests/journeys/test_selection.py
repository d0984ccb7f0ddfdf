"""From five authorities' files to the hotel's list, in Spanish, as an organiser works."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pyrage import passphrase as pyrage
from sqlalchemy import select

from tests import factories
from tests.journeys.conftest import Welcome
from tests.journeys.house import House
from tests.journeys.visitor import PHONE, Visitor, take
from tests.registrations import acting
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.people import reading
from trainings.people.models import Function
from trainings.people.sealed_rules import Identity
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.spreadsheets import inspector

pytestmark = pytest.mark.browser

PASSWORD = "nine quiet herons at dawn"
ORGANISER, SECOND = "organiser@iom.example", "organiser@interpol.example"
COURSE = "/courses/BUE27"
INPUTS = Path(__file__).parent.parent / "nominations_import" / "inputs"
FILES = {
    "AR": "argentina.xlsx",
    "BO": "bolivia.xlsx",
    "BR": "brasil.csv",
    "CO": "colombia.ods",
    "EC": "ecuador.xls",
}
NAMES = {"police": "Policía", "prosecutor": "Fiscal", "judge": "Jueza o juez"}
OFFER_DAYS = 7


def test_from_five_files_to_the_list_of_the_hotel(house: House, welcome: Welcome) -> None:
    begin(house)
    organiser = welcome("es")
    organiser.sign_in(ORGANISER, PASSWORD)
    for country in FILES:
        nominate(organiser, country)
    finish_the_questions(organiser)
    assert counted(house) == {State.ENDORSED: 43}
    propose(organiser)
    adjust(organiser)
    assert counted(house) == {State.ENDORSED: 31, State.OFFERED: 12}
    mails = [one.mail for one in people(house, State.OFFERED).values()]
    spanish = [mail for mail in mails if not mail.endswith(".br")]
    for place, mail in enumerate(spanish[:3]):
        confirm(welcome("es", width=PHONE), mail, picture=place == 0)
    confirmed = people(house, State.CONFIRMED)
    assert len(confirmed) == 3
    expire(house)
    assert counted(house)[State.EXPIRED] == 9
    organiser.sign_in(ORGANISER, PASSWORD)
    leaving, *staying = confirmed
    replace(organiser, leaving)
    after = counted(house)
    assert (after[State.WITHDRAWN], after[State.CONFIRMED], after[State.OFFERED]) == (1, 2, 1)
    listed = take_out(organiser, welcome("es"))
    about, rows = (sheet["rows"] for sheet in inspector.sheets(listed))
    assert ["Sacada por", "Rut Ejemplo"] in about and ["Filas", "2"] in about
    assert sorted(row[0] for row in rows[2:]) == sorted(
        confirmed[one].family_name for one in staying
    )


def begin(house: House) -> None:
    """An open course whose organisers select without a separate endorsement."""
    assert house.app is not None
    with house.app.app_context():
        for mail, agency, name in (
            (ORGANISER, "IOM", ("Rut", "Ejemplo")),
            (SECOND, "INTERPOL", ("Teo", "Muestra")),
        ):
            who = factories.account(Role.ORGANISER, agency=agency, mail=mail, name=name)
            factories.set_password(who, PASSWORD)
            with transaction() as session:
                for code, name in NAMES.items():
                    session.get_one(Function, code).names = {"en": code, "es": name}
        course = factories.course(capacity=12, offer_days=OFFER_DAYS)
        acting.share_out(course, dict.fromkeys(((one, None) for one in FILES), 2))


def counted(house: House) -> dict[State, int]:
    """How many stand in which state."""
    assert house.app is not None
    with house.app.app_context():
        found = db.session.scalars(
            select(Registration.state).execution_options(scope="operation")
        ).all()
    return {state: found.count(state) for state in State if state in found}


def people(house: House, state: State) -> dict[str, Identity]:
    """Who stands in a state, by the number of the registration."""
    assert house.app is not None
    with house.app.app_context():
        rows = db.session.execute(
            select(Registration.number, Registration.person_id)
            .where(Registration.state == state)
            .order_by(Registration.number)
            .execution_options(scope="operation")
        ).all()
        names = reading.opened([row.person_id for row in rows])
    return {row.number: names[row.person_id] for row in rows}


def nominate(organiser: Visitor, country: str) -> None:
    """Read the file of a country, and nominate all that it says for certain."""
    organiser.goto(f"{COURSE}/nominations/import")
    organiser.page.locator('main [name="country"]').select_option(country)
    organiser.page.locator('main [name="file"]').set_input_files(INPUTS / FILES[country])
    organiser.button("Show what it says").click()  # sent with a bar; the answer takes the page
    expect(organiser.button("Nominate the ticked candidates")).to_be_visible()
    if country == "BO":
        take(organiser, "selection-1-file", height=1000)
    organiser.press("Nominate the ticked candidates")


def finish_the_questions(organiser: Visitor) -> None:
    """Complete the row that only lacked what was misspelt; drop the others."""
    page = organiser.page
    organiser.goto(f"{COURSE}/nominations/import")
    take(organiser, "selection-2-questions", height=760)
    rows = page.locator("#waiting tbody tr")
    for left in range(rows.count(), 0, -1):
        expect(rows).to_have_count(left)
        misspelt = "sin-arroba" in rows.first.inner_text()
        with page.expect_navigation():
            rows.first.locator("a.name").click()
        if misspelt:
            organiser.fill(mail="prueba.solis@nomina.example.ec", given_name="Prueba")
            page.locator('main [name="function"]').select_option("police")
            take(organiser, "selection-3-finished", height=1000)
            organiser.press("Nominate")
        else:
            organiser.press("Drop this row")
        organiser.goto(f"{COURSE}/nominations/import")
    expect(rows).to_have_count(0)


def propose(organiser: Visitor) -> None:
    """Ask for a selection of which two in five are women, and look at it."""
    organiser.goto(f"{COURSE}/selection/proposal")
    organiser.fill(of_women="40%", of_judge="3")
    organiser.press("Propose a selection")
    expect(organiser.link("Change who is taken")).to_be_visible(timeout=60_000)
    take(organiser, "selection-4-proposed", height=1640)


def adjust(organiser: Visitor) -> None:
    """Take somebody else instead of one who was proposed; all of them are offered a seat."""
    page = organiser.page
    organiser.follow("Change who is taken")
    ticked = page.locator("[data-row-check]:checked")
    expect(ticked).to_have_count(12)
    country = ticked.last.locator("xpath=ancestor::tr/td[2]").inner_text()
    others = page.locator("tr", has=page.get_by_role("cell", name=country, exact=True))
    for box in (ticked.last, others.locator("[data-row-check]:not(:checked)").first):
        with page.expect_response(f"**{COURSE}/selection/table"):
            box.set_checked(not box.is_checked())
    expect(ticked).to_have_count(12)
    take(organiser, "selection-5-adjusted", height=1240)
    organiser.press("Select chosen candidates")
    take(organiser, "selection-6-offered", height=900)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def confirm(candidate: Visitor, mail: str, picture: bool) -> None:
    """Follow the link of the email on a telephone, and confirm the seat."""
    deadline = time.monotonic() + 60
    candidate.goto("/outbox")
    rows = candidate.page.get_by_role("row").filter(has_text=mail)
    while "plaza" not in rows.first.inner_text():  # the offer is not there yet
        assert time.monotonic() < deadline, rows.all_inner_texts()
        candidate.goto("/outbox")
    candidate.mailed_link(mail)
    if picture:
        take(candidate, "selection-7-confirmed", height=844)
    candidate.press("Confirm my seat")


def expire(house: House) -> None:
    """The days of the offers go by; the worker ends those that nobody answered."""
    house.later(days=OFFER_DAYS + 1)
    deadline = time.monotonic() + 60
    while State.OFFERED in counted(house):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def replace(organiser: Visitor, number: str) -> None:
    """Somebody who confirmed cannot come: their seat goes to whom the organiser names."""
    page = organiser.page
    organiser.goto(f"{COURSE}/registrations/{number}")
    organiser.follow("Withdraw registration")
    page.get_by_role("combobox", name=organiser.say("Who gets the seat")).click()
    page.get_by_role("option").filter(has_text="con una oferta inmediata").first.click()
    organiser.fill(reason="Enfermedad")
    take(organiser, "selection-8-replaced", height=900)
    organiser.press("Withdraw registration")
    organiser.reads("The registration has been withdrawn.")


def take_out(organiser: Visitor, second: Visitor) -> bytes:
    """The list of the hotel, with a column that a second organiser has to approve; opened."""
    organiser.goto(f"{COURSE}/lists/rooming")
    organiser.page.locator('main [name="purpose"]').select_option("hotel")
    organiser.fill(words="Habitaciones para quienes vienen; la usa la recepción del hotel.")
    organiser.tick("columns", "document")
    organiser.fill(reason="El hotel debe registrar el documento de cada huésped.")
    take(organiser, "selection-9-asked", height=1640)
    organiser.press("Ask for the list")
    request = organiser.at
    second.sign_in(SECOND, PASSWORD)
    second.goto(request)
    take(second, "selection-10-approved", height=900)
    second.press("Approve the list")
    organiser.goto(request)
    organiser.press("Make the file")
    secret = organiser.page.locator(".passphrase").inner_text()
    take(organiser, "selection-11-list", height=900)
    with organiser.page.expect_download() as waiting:
        organiser.link("Get the file").click()
    return pyrage.decrypt(Path(waiting.value.path()).read_bytes(), secret)
