"""One course through the pages, from the call for candidates to a certificate that is checked."""

from __future__ import annotations

import io
import os
import re
import subprocess
import unicodedata
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Download, expect

from tests import factories
from tests.journeys.conftest import Welcome
from tests.journeys.house import House
from tests.journeys.organising import (
    AHEAD,
    PUBLIC,
    TRAINER,
    add_sessions,
    invite_a_trainer,
    issue,
    move,
    plan,
    select,
    share_out_and_publish,
)
from tests.journeys.visitor import PHONE, Visitor
from trainings.core.permissions import Role

pytestmark = pytest.mark.browser

PASSWORD = "nine quiet herons at dawn"
ORGANISER, FOCAL = "organiser@iom.example", "focal@bo.example"
JUDGE, OFFICER = "judge@bo.example", "officer@bo.example"
JUDGE_PRINTED, OFFICER_PRINTED = "Jueza Zoé Quispe Ñahui", "Abel Condori"


# Spanish is walked each time; TRAININGS_JOURNEY="en es fr pt_BR" walks in those that it names.
WALKED = os.environ.get("TRAININGS_JOURNEY", "es").split()


@pytest.mark.parametrize("language", WALKED)
def test_from_the_call_to_a_checked_certificate(
    house: House, welcome: Welcome, tmp_path: Path, language: str
) -> None:
    staff(house)
    organiser, focal, trainer = welcome(language), welcome(language), welcome(language, width=PHONE)
    judge, officer = welcome(language, width=PHONE), welcome(language, width=PHONE)
    organiser.sign_in(ORGANISER, PASSWORD)
    plan(organiser)
    share_out_and_publish(organiser)
    nominate(focal)
    complete_details(judge)
    apply(officer)
    endorse(focal)
    select(organiser)
    confirm(judge, JUDGE, JUDGE_PRINTED)
    confirm(officer, OFFICER, OFFICER_PRINTED)
    invite_a_trainer(organiser)
    accept(trainer)
    add_sessions(organiser)
    move(organiser, "close_registration", "Registration is closed.")

    house.later(days=AHEAD + 1)  # the last day has come; whoever was signed in is so no more
    organiser.sign_in(ORGANISER, PASSWORD)
    move(organiser, "start", "The course has started.")
    trainer.ask_for_link(TRAINER)
    take_attendance(trainer)
    move(organiser, "complete", "The course has been completed.")
    issue(organiser)
    print_all(trainer)
    certificate, link = download(judge)
    check(welcome(language, width=PHONE), certificate, link, tmp_path)


def staff(house: House) -> None:
    """An organiser of IOM and Bolivia's focal point, as an administrator would have let in."""
    assert house.app is not None
    with house.app.app_context():
        organiser = factories.account(
            Role.ORGANISER, mail=ORGANISER, name=("Rut", "Ejemplo"), agency="IOM"
        )
        focal = factories.account(
            Role.FOCAL_POINT, mail=FOCAL, name=("Teo", "Muestra"), country="BO"
        )
        for one in (organiser, focal):
            factories.set_password(one, PASSWORD)


def nominate(focal: Visitor) -> None:
    """The focal point, called by mail, nominates a judge."""
    focal.goto("/outbox")
    expect(focal.page.get_by_role("row").filter(has_text=FOCAL)).to_have_count(1)
    focal.sign_in(FOCAL, PASSWORD)
    focal.page.get_by_role("main").get_by_role("link", name=re.compile("Evidence|Pruebas")).click()
    focal.follow("Nominate a candidate")
    focal.fill(family_name="Quispe", given_name="Zoe", mail=JUDGE)
    focal.page.locator('main [name="function"]').select_option("judge")
    focal.page.locator('main [name="language"]').select_option(focal.language)
    focal.press("Nominate")
    expect(focal.page.get_by_role("main")).to_contain_text("Quispe")


def complete_details(judge: Visitor) -> None:
    """The nominated judge opens the mailed link and writes the rest."""
    judge.mailed_link(JUDGE)
    judge.follow("Complete my details")
    judge.fill(family_name="Quispe Ñahui")
    judge.press("Continue")
    judge.fill(unit="Tribunal de Sentencia 4.º")
    judge.press("Continue")
    judge.press("Continue")
    judge.tick("notice")
    judge.press("Continue")
    judge.press("Send my details")
    judge.reads("We have received your details")


def apply(officer: Visitor) -> None:
    """A police officer applies by himself: mail first, then one thing a page."""
    officer.goto(PUBLIC)
    expect(officer.page.get_by_role("main")).not_to_contain_text("Escuela de Jueces")
    officer.page.locator('main a[href*="/apply"]').first.click()
    officer.fill(mail=OFFICER)
    officer.press("Send me the link")
    officer.mailed_link(OFFICER)
    officer.tick("function", "police")
    officer.press("Continue")
    officer.search("Country where you work", officer.country("BO"))
    officer.press("Continue")
    officer.press("Continue")  # nothing typed: the page says what is missing
    expect(officer.page.get_by_role("alert")).to_be_focused()
    officer.fill(given_name="Abel", family_name="Condori")
    officer.press("Continue")
    officer.fill(unit="División Trata y Tráfico")
    officer.press("Continue")
    officer.press("Continue")
    officer.tick("notice")
    officer.press("Continue")
    officer.press("Send my application")
    officer.reads("Your application has been sent")


def endorse(focal: Visitor) -> None:
    """The focal point endorses the officer; the judge counts as endorsed by the nomination."""
    focal.goto(f"{PUBLIC}/nominations")
    row = focal.page.get_by_role("row").filter(has_text="Condori")
    row.get_by_role("checkbox").check()
    focal.press("Endorse chosen candidates")
    with focal.page.expect_navigation():
        focal.page.locator("main form button[type=submit]").click()
    expect(focal.page.get_by_role("row").filter(has_text="Condori")).to_contain_text(
        focal.say("waiting for the organisers to decide")
    )


def confirm(person: Visitor, mail: str, printed: str) -> None:
    """The offer comes by mail; its link leads to the seat, with the name that will be printed."""
    person.mailed_link(mail)
    shown_name = person.page.locator('main p:has(a[href$="/name"]) b').inner_text()
    person.press("Confirm my seat")
    person.reads("Your seat is confirmed.")
    if shown_name != printed:
        change_name(person, printed)
    for shown in (printed, "Escuela de Jueces"):
        expect(person.page.get_by_role("main")).to_contain_text(shown)


def change_name(person: Visitor, printed: str) -> None:
    """Write the name for the certificate as they want it, and look at it before confirming."""
    person.page.locator('main a[href$="/name"]').first.click()
    person.fill(printed_name=printed)
    person.tick("language", person.language)
    person.press("Show how it looks")
    expect(person.page.locator(".printed-name")).to_have_text(printed)
    person.press("Confirm this name")


def accept(trainer: Visitor) -> None:
    """The trainer accepts by the mailed link."""
    trainer.mailed_link(TRAINER)
    trainer.press("Accept invitation")
    trainer.reads("You are teaching on this course")


def take_attendance(trainer: Visitor) -> None:
    """Both sessions are marked by the keys that the page names; each mark is saved at once."""
    present, late = (trainer.key("key for present", "P"), trainer.key("key for late", "L"))
    for number, letters in enumerate((present + present, present + late)):
        trainer.goto(f"{PUBLIC}/attendance")
        sessions = trainer.page.locator('#sessions a[href*="/attendance/"]')
        expect(sessions).to_have_count(2)
        with trainer.page.expect_navigation():
            sessions.nth(number).click()
        trainer.page.locator("[data-presence] input[type=radio]").first.focus()
        for count, letter in enumerate(letters, 1):
            trainer.page.keyboard.press(letter)
            expect(trainer.page.locator("#marked")).to_have_text(str(count))


def print_all(trainer: Visitor) -> None:
    """One PDF of all, in order of name."""
    trainer.goto(f"{PUBLIC}/certificates")
    form = trainer.button("Print certificates").locator("xpath=ancestor::form")
    answer = trainer.context.request.post(
        form.get_attribute("action") or "",
        form={"csrf_token": form.locator("[name=csrf_token]").get_attribute("value") or ""},
        headers={"Referer": trainer.page.url},
    )  # the browser's own viewer of PDFs hands nothing out
    assert answer.ok
    with pikepdf.open(io.BytesIO(answer.body())) as printed:
        assert len(printed.pages) == 2
    words = text_of(answer.body())
    assert -1 < words.find(OFFICER_PRINTED) < words.find(JUDGE_PRINTED)


def download(judge: Visitor) -> tuple[bytes, str]:
    """The judge, told by mail, downloads her certificate; gives it and its check page."""
    judge.mailed_link(JUDGE)
    with judge.page.expect_download() as waiting:
        judge.link("Download certificate (PDF)").click()
    saved: Download = waiting.value
    link = judge.link("See the check page").get_attribute("href")
    assert link is not None
    return Path(saved.path()).read_bytes(), link


def check(stranger: Visitor, certificate: bytes, link: str, folder: Path) -> None:
    """A stranger scans the code, types the name, drops the file, drops a changed one."""
    assert stranger.house.url.removeprefix("http://") in text_of(certificate)
    stranger.goto(link)
    stranger.reads("This number is ours: now compare")
    expect(stranger.page.get_by_role("main")).not_to_contain_text("Quispe")
    stranger.fill(name="Zoé Quispe Mamani")
    stranger.press("Compare the name")
    stranger.reads("The name does not match")
    stranger.fill(name="jueza zoe QUISPE ñahui")
    stranger.press("Compare the name")
    stranger.reads("This certificate is genuine")

    middle = len(certificate) // 2
    altered = certificate[:middle] + bytes([certificate[middle] ^ 1]) + certificate[middle + 1 :]
    for content, verdict in (
        (certificate, "This certificate is genuine"),
        (altered, "This file was altered"),
    ):
        dropped = folder / "dropped.pdf"
        dropped.write_bytes(content)
        stranger.goto("/verify")
        stranger.page.locator('input[type="file"]').set_input_files(dropped)
        stranger.press("Check the file")
        stranger.reads(verdict)


def text_of(pdf: bytes) -> str:
    """The words of a PDF, page after page."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return unicodedata.normalize("NFC", done.stdout.decode())
