"""The pictures of the guides, taken of the demo: TRAININGS_PICTURES=1 writes them anew."""

from __future__ import annotations

import io
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pikepdf
import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.house import House
from tests.journeys.visitor import DESK, PHONE, Visitor, take
from tests.verification.forging import scanned
from trainings.demo import queries

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("TRAININGS_PICTURES"), reason="writes docs/pictures"),
]

PAST, NEXT = "/courses/BUE01", "/courses/BUE02"
SENT = (  # an agenda as a trainer might paste it
    "Day\tTime\tSession\tRoom\n"
    "1\t17:30-18:00\tVisit to the archive\tLibrary\n"
    "2\t17:30-18:00\tFilm\tRooms 1, 2\n"
    "3\t17:30 (30 min)\tCoffee\t\n"
)
NOMINATED = (  # a list of candidates as an authority might send it
    "NÓMINA DE POSTULANTES\n"
    "N.º\tNombre completo\tCargo\tSexo (F/M)\tFecha de nacimiento\tCorreo\tInstitución\n"
    "1\tTeresa Aruquipa Mamani\tJueza de instrucción\tF\t14/03/1981\tt.aruquipa@nomina.example.bo"
    "\tTribunal Departamental\n"
    "2\tHugo Villca\tFiscal de materia\tM\t02/11/1979\th.villca@nomina.example.bo\tFiscalía\n"
    "3\tJuan Carlos Poma\tPolicía\tM\t25/07/1985\tj.poma@nomina.example.bo\tDivisión Trata\n"
    "4\tNelly Copa\tPerito\tF\t31/02/1984\tn.copa@nomina.example.bo\tLaboratorio\n"
    "5\tPor designar\tJuez\n"
)
VERDICTS = {
    "genuine": "This certificate is genuine",
    "altered": "This file was altered",
    "superseded": "This certificate was superseded",
    "revoked": "This certificate is no longer valid",
    "number": "This is not the file that was issued",
    "not-ours": "This file is not ours",
    "print-run": "This is a print file",
}


def enter(demo: House, browser: Browser, role: str, width: int = DESK) -> Visitor:
    """Somebody of the demo, signed in, reading English."""
    visitor = Visitor(demo, browser, "en", width)
    visitor.goto(demo.links[role])
    visitor.enter()
    if visitor.page.locator("html").get_attribute("lang") != "en":
        visitor.page.set_viewport_size({"width": DESK, "height": 900})
        visitor.speak()
        visitor.page.set_viewport_size({"width": width, "height": 900})
    return visitor


def test_pictures_of_the_guides(demo: House, browser: Browser, tmp_path: Path) -> None:
    files = organising(demo, browser)
    nominating(demo, browser)
    certificate, check = taking_part(demo, browser)
    teaching(demo, browser)
    administering(demo, browser)
    checking(demo, browser, certificate, check, files, tmp_path)


def test_pictures_of_an_erasure(demo: House, browser: Browser) -> None:
    officer = enter(demo, browser, "Data protection officer")
    take(officer, "officer-find", "/privacy/erasure", 620)
    gone = queries.data("people")["past"][1]
    officer.fill(sought=f"{gone['given']} {gone['family']}")
    officer.press("Find")
    take(officer, "officer-erase", height=1240)
    word = officer.page.locator("label[for=typed]").inner_text().rpartition(": ")[2]
    officer.page.get_by_label("The person asked for it").check()
    officer.fill(typed=word)
    officer.press("Erase this person")
    take(officer, "officer-receipt", height=820)
    officer.context.close()


def test_pictures_of_the_directory(demo: House, browser: Browser) -> None:
    graduate = enter(demo, browser, "Participant with a certificate", PHONE)
    take(graduate, "participant-consent", "/directory/consent", 1300)
    take(graduate, "participant-directory", "/directory?function=prosecutor", 1300)
    take(graduate, "participant-contacts", "/directory/contacts", 1300)
    with graduate.page.expect_navigation():
        graduate.page.locator('main a[href*="/directory/contacts/"]').first.click()
    take(graduate, "participant-contact", height=1300)
    with graduate.page.expect_navigation():
        graduate.page.get_by_role("link", name="Report abuse").click()
    graduate.fill(words="Asks for names of victims.")
    graduate.press("Report and end the contact")
    organiser = enter(demo, browser, "Organiser (IOM, leads)")
    take(organiser, "organiser-directory", "/directory/fields", 900)
    officer = enter(demo, browser, "Data protection officer")
    take(officer, "officer-directory", "/directory/reports", 760)
    for one in (graduate, organiser, officer):
        one.context.close()


def organising(demo: House, browser: Browser) -> dict[str, bytes]:
    """The organiser's pages; gives files of certificates that are not what they were."""
    organiser = enter(demo, browser, "Organiser (IOM, leads)")
    take(organiser, "organiser-home", "/")
    take(organiser, "course", f"{NEXT}/desk", 1000)
    take(organiser, "organiser-plan", "/courses/new", 620)
    take(organiser, "organiser-seats", f"{NEXT}/seats", 1000)
    organiser.goto(f"{NEXT}/agenda")
    organiser.page.locator(".session-in").first.click()
    take(organiser, "organiser-agenda", height=1240)
    proposing(organiser)
    organiser.goto(f"{NEXT}/agenda/import")
    organiser.fill(pasted=SENT)
    organiser.press("Show what it says")
    take(organiser, "organiser-agenda-import", height=1240)
    take(organiser, "organiser-trainers", f"{NEXT}/trainers", 700)
    take(organiser, "organiser-checklist", f"{NEXT}/moves/close_registration", 760)
    take(organiser, "organiser-questions", f"{NEXT}/questions", 980)
    take(organiser, "organiser-answers", f"{NEXT}/answers", 980)
    organiser.goto(f"{NEXT}/registrations?state=endorsed")
    boxes = organiser.page.locator("[data-row-check]")
    for box in range(2):
        boxes.nth(box).check()
    take(organiser, "organiser-candidates", height=980)
    organiser.press("Select chosen candidates")
    take(organiser, "organiser-decide", height=760)
    take(organiser, "organiser-tables", f"{PAST}/tables", 1000)
    organiser.goto(f"{PAST}/certificates/look")
    organiser.page.get_by_label("Formal, in two languages side by side").check()
    organiser.page.get_by_label("Second language").select_option("en")
    expect(organiser.page.get_by_role("img", name="Sample")).to_have_attribute(
        "alt", re.compile("two languages"), timeout=60_000
    )
    organiser.page.wait_for_load_state("networkidle")
    take(organiser, "organiser-look", height=980)
    organiser.goto(f"{PAST}/certificates")
    ready = organiser.page.get_by_text("Certificates ready: 57 of 57")
    expect(ready).to_be_visible(timeout=120_000)
    take(organiser, "organiser-certificates", f"{PAST}/certificates", 900)
    take(organiser, "organiser-print", f"{PAST}/certificates/print", 900)
    take(organiser, "organiser-evaluation", f"{PAST}/evaluation", 900)
    take(organiser, "organiser-papers", f"{PAST}/papers", 900)
    take(organiser, "organiser-signatures", f"{PAST}/signatures", 760)
    files = ended(organiser)
    organiser.context.close()
    return files


def proposing(organiser: Visitor) -> None:
    """A proposal for a day whose sessions were taken off; then they are put back."""
    page = organiser.page
    organiser.goto(f"{NEXT}/agenda")
    page.locator(".session-in").first.click()
    page.get_by_role("button", name="Choose all of its day").click()
    page.get_by_role("button", name="Take it off its day").click()
    expect(page.locator("[data-status]")).to_have_text("All saved")
    organiser.goto(f"{NEXT}/agenda/proposal")
    organiser.press("Propose a timetable")
    expect(page.get_by_text("sessions proposed")).to_be_visible(timeout=60_000)
    take(organiser, "organiser-timetable-proposal", height=1240)
    organiser.press("Discard it")
    organiser.goto(f"{NEXT}/agenda")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-status]")).to_have_text("All saved")


def ended(organiser: Visitor) -> dict[str, bytes]:
    """One certificate revoked, one corrected, and a print file of two."""
    page, files = organiser.page, {}
    organiser.goto(f"{PAST}/certificates/print")
    rows = [box.get_attribute("value") or "" for box in page.locator("[data-row-check]").all()]
    printed = page.request.post(
        f"{PAST}/certificates/print",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": page.url},
        data=urlencode(
            [
                ("csrf_token", page.locator("main [name=csrf_token]").first.get_attribute("value")),
                ("order", "name"),
                ("certificates", rows[0]),
                ("certificates", rows[1]),
            ]
        ),
    )
    files["print-run"] = printed.body()
    for key, row, act in (("revoked", rows[-1], "revoke"), ("superseded", rows[-2], "correct")):
        files[key] = page.request.get(f"{PAST}/certificates/{row}.pdf").body()
        organiser.goto(f"{PAST}/certificates/{row}/{act}")
        page.locator("main input[type=radio]").first.check()
        with page.expect_navigation():
            page.locator("main form button[type=submit]").last.click()
    assert all(content.startswith(b"%PDF") for content in files.values())
    return files


def nominating(demo: House, browser: Browser) -> None:
    focal = enter(demo, browser, "National focal point (Bolivia)")
    take(focal, "focal-point-home", "/", 640)
    take(focal, "focal-point-nominate", f"{NEXT}/nominations/new", 900)
    focal.goto(f"{NEXT}/nominations/import")
    focal.fill(pasted=NOMINATED)
    focal.press("Show what it says")
    take(focal, "focal-point-list", height=1240)
    another = enter(demo, browser, "National focal point (Uruguay)")
    take(another, "focal-point-candidates", f"{NEXT}/nominations", 760)
    for one in (focal, another):
        one.context.close()


def taking_part(demo: House, browser: Browser) -> tuple[bytes, str]:
    """The candidate's pages, then the graduate's; gives the certificate and its check page."""
    nobody = Visitor(demo, browser, "en", PHONE)
    take(nobody, "participant-course", NEXT, 844)
    take(nobody, "participant-apply", f"{NEXT}/apply", 620)
    candidate = enter(demo, browser, "Candidate with an offer of a seat", PHONE)
    candidate.goto("/my/registrations")
    with candidate.page.expect_navigation():
        candidate.page.locator('main a[href*="/my/registrations/R-"]').first.click()
    take(candidate, "participant-offer", height=844)
    candidate.press("Confirm my seat")
    candidate.goto(candidate.at.removesuffix("/name") + "/name")
    take(candidate, "participant-name", height=844)
    candidate.goto(candidate.at.removesuffix("/name") + "/questions")
    take(candidate, "participant-questions", height=844)
    graduate = enter(demo, browser, "Participant with a certificate", PHONE)
    take(graduate, "participant-certificate", "/my/certificates", 620)
    with graduate.page.expect_download() as waiting:
        graduate.link("Download certificate (PDF)").click()
    check = graduate.link("See the check page").get_attribute("href")
    assert check is not None
    content = Path(waiting.value.path()).read_bytes()
    for one in (nobody, candidate, graduate):
        one.context.close()
    return content, check


def teaching(demo: House, browser: Browser) -> None:
    trainer = enter(demo, browser, "Trainer (IOM)", PHONE)
    take(trainer, "trainer-home", "/", 844)
    take(trainer, "trainer-sessions", "/my/sessions", 844)
    take(trainer, "trainer-service", "/my/service", 1000)
    trainer.goto("/my/availability")
    day = datetime.now(UTC).date() + timedelta(days=9)
    trainer.fill(first=day.isoformat(), last=(day + timedelta(days=11)).isoformat())
    trainer.press("Save period")
    take(trainer, "trainer-availability", height=1100)
    trainer.goto(f"{PAST}/attendance")
    with trainer.page.expect_navigation():
        marked = trainer.page.locator("#sessions tr").filter(has_text="60/60", visible=True)
        marked.locator("a").first.click()
    take(trainer, "trainer-attendance", height=844)
    take(trainer, "trainer-certificates", f"{PAST}/certificates", 844)
    trainer.context.close()


def administering(demo: House, browser: Browser) -> None:
    administrator = enter(demo, browser, "Administrator")
    take(administrator, "administrator-home", "/", 640)
    take(administrator, "administrator-staff", "/staff", 800)
    take(administrator, "administrator-invite", "/staff/invite", 800)
    take(administrator, "administrator-health", "/health", 800)
    administrator.context.close()


def empty() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return out.getvalue()


def checking(
    demo: House,
    browser: Browser,
    certificate: bytes,
    check: str,
    files: dict[str, bytes],
    folder: Path,
) -> None:
    stranger = Visitor(demo, browser, "en", PHONE)
    take(stranger, "verifier-start", "/verify", 900)
    stranger.goto(check)
    take(stranger, "verifier-compare", height=844)
    stranger.fill(name="Somebody Else")
    stranger.press("Compare the name")
    take(stranger, "verifier-name", height=844)
    files |= {
        "genuine": certificate,
        "altered": certificate[:-9] + b"?" + certificate[-8:],
        "number": scanned(certificate),
        "not-ours": empty(),
    }
    for verdict, content in files.items():
        dropped = folder / "dropped.pdf"
        dropped.write_bytes(content)
        stranger.goto("/verify")
        stranger.page.locator('input[type="file"]').set_input_files(dropped)
        stranger.press("Check the file")
        expect(stranger.page.locator(".verdict")).to_contain_text(VERDICTS[verdict])
        take(stranger, f"verifier-{verdict}", height=420)
    stranger.context.close()


def test_picture_of_a_proposed_selection(demo: House, browser: Browser) -> None:
    """Last, because some selections are undone so that there is something to propose."""
    organiser = enter(demo, browser, "Organiser (IOM, leads)")
    organiser.goto(f"{NEXT}/registrations?state=offered")
    boxes = organiser.page.locator("[data-row-check]")
    for box in range(8):
        boxes.nth(box).check()
    organiser.press("Undo selection")
    organiser.page.get_by_role("button", name=re.compile("Undo .* selections")).click()
    organiser.goto(f"{NEXT}/selection/proposal")
    organiser.fill(of_women="40%", of_judge="5")
    organiser.press("Propose a selection")
    expect(organiser.page.get_by_text("Accept and offer")).to_be_visible(timeout=60_000)
    take(organiser, "organiser-proposal", height=1640)
    organiser.context.close()


def test_pictures_of_a_programme(demo: House, browser: Browser) -> None:
    organiser = enter(demo, browser, "Organiser (IOM, leads)")
    take(organiser, "organiser-programme", "/programmes/SPARTACUS", 1240)
    organiser.goto(f"{NEXT}/lessons")
    organiser.page.get_by_role("link", name=re.compile("Change answer")).first.click()
    organiser.page.wait_for_selector("main input[type=radio]")
    take(organiser, "organiser-lesson", height=760)
    organiser.context.close()


def test_pictures_of_a_network(demo: House, browser: Browser) -> None:
    organiser = enter(demo, browser, "Organiser (IOM, leads)")
    take(organiser, "organiser-network", f"{PAST}/network?wave=three", 1640)
    organiser.goto(f"{PAST}/network/six/send")
    organiser.press("Ask now: %(wave)s", wave="6 months later")
    attended = [one for one in queries.data("people")["past"] if one["becomes"] == "attended"]
    participant = Visitor(demo, browser, "en", PHONE)
    participant.mailed_link(attended[3]["email"])
    if participant.page.locator("html").get_attribute("lang") != "en":
        participant.page.set_viewport_size({"width": DESK, "height": 900})
        participant.speak()
        participant.page.set_viewport_size({"width": PHONE, "height": 900})
    take(participant, "participant-network", height=1300)
    for one in (organiser, participant):
        one.context.close()
