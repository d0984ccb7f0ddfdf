"""What an organiser does to a course, page after page."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor
from trainings.core import clock

ZONE = "America/La_Paz"
CODE = "LPB-TRY"
DESK, PUBLIC = f"/courses/{CODE}/desk", f"/courses/{CODE}"
AHEAD = 40  # days until the course
TRAINER = "trainer@iom.example"


def plan(organiser: Visitor) -> None:
    """A module of the house, then a course from nothing."""
    organiser.goto("/modules/new")
    organiser.fill(
        code="interviews",
        title_en="Interviews that do no harm",
        title_es="Entrevistas que no hacen daño",
    )
    organiser.press("Save module")
    organiser.goto("/")
    organiser.follow("Plan a course")
    organiser.press("Continue")

    organiser.fill(title_en="Evidence without harm", title_es="Pruebas sin daño", code=CODE)
    organiser.page.get_by_label("IOM").check()
    organiser.page.get_by_label("INTERPOL").check()
    organiser.tick("module_ids")
    organiser.tick("languages", "es")
    organiser.press("Save and continue")

    starts = clock.today(ZONE) + timedelta(days=AHEAD)
    organiser.search("Country", organiser.country("BO"))
    organiser.fill(
        city="La Paz",
        venue="Escuela de Jueces",
        starts_on=starts.isoformat(),
        ends_on=(starts + timedelta(days=1)).isoformat(),
    )
    organiser.press("Save and continue")

    organiser.tick("visibility", "public")
    organiser.press("Save and continue")

    organiser.tick("functions", "police", "prosecutor", "judge")
    organiser.search("Countries", organiser.country("BO"), organiser.country("PE"))
    organiser.fill(capacity="4")
    organiser.press("Save and continue")

    organiser.fill(
        threshold="80",
        contact="course@iom.example",
        signatory0_title_en="Regional Director",
        signatory0_title_es="Dirección Regional",
    )
    organiser.page.locator('main [name="signatory0_agency"]').select_option(label="IOM")
    organiser.press("Save and continue")
    organiser.press("Create course")
    organiser.reads("The course has been created as a draft. No candidate has been told yet.")


def share_out_and_publish(organiser: Visitor) -> None:
    """Two seats for Bolivia by function, the rest open; then the call goes out."""
    organiser.tab("Seats")
    bolivia = organiser.page.get_by_role("row", name=organiser.country("BO"))
    bolivia.get_by_role("textbox", name="Judge").click()  # selects the 0, so that 1 replaces it
    organiser.page.keyboard.type("1")
    expect(bolivia.get_by_role("textbox", name="Judge")).to_have_value("1")
    bolivia.get_by_role("textbox", name="Police").fill("1")
    status = organiser.page.locator("#matrix-state")
    over = organiser.count(
        "That is %(difference)s seat too many.", "That is %(difference)s seats too many.", 2
    )
    expect(status).to_contain_text(over)
    everyone = organiser.page.get_by_role("row", name=organiser.say("Open to all countries"))
    organiser.page.locator("#rest").select_option("seats_any_any")
    expect(everyone.get_by_role("textbox").last).to_have_value("2")
    expect(status).to_contain_text(organiser.say("None is left to allocate."))
    organiser.press("Save seats")
    move(organiser, "publish", "The course has been published.")


def move(organiser: Visitor, name: str, done: str) -> None:
    """Move the course on from its page, past the checklist."""
    organiser.goto(DESK)
    with organiser.page.expect_navigation():
        organiser.page.locator(f'main a[href$="/moves/{name}"]').first.click()
    with organiser.page.expect_navigation():
        organiser.page.locator("main form button[type=submit]").click()
    organiser.reads(done)


def select(organiser: Visitor) -> None:
    """The organiser selects both at once and reads before what it will do."""
    organiser.goto(DESK)
    organiser.follow("Select candidates")
    organiser.page.get_by_label(organiser.say("Choose all")).check()
    organiser.press("Select chosen candidates")
    with organiser.page.expect_navigation():
        organiser.page.locator("main form button[type=submit]").click()
    organiser.goto(f"{PUBLIC}/registrations?state=offered")
    expect(organiser.page.locator("[data-row-check]")).to_have_count(2)


def invite_a_trainer(organiser: Visitor) -> None:
    """A new trainer goes on the roster and is invited to the course."""
    organiser.goto("/trainers/new")
    organiser.fill(given_name="Nora", family_name="Prueba", mail=TRAINER, station_city="La Paz")
    organiser.page.get_by_label("IOM").check()
    organiser.search("Country", organiser.country("BO"))
    organiser.tick("languages", organiser.language)
    organiser.tick("module_ids")
    organiser.press("Add trainer")
    organiser.goto(DESK)
    organiser.tab("Trainers")
    organiser.follow("Invite trainers")
    organiser.page.get_by_role("row").filter(has_text="Prueba").get_by_role("checkbox").check()
    organiser.press("Invite by email")
    expect(organiser.page.get_by_role("row").filter(has_text="Prueba")).to_be_visible()


def add_sessions(organiser: Visitor) -> None:
    """Two sessions with a pause between them; the same trainer at the same time is refused."""
    for starts, ends, kind in (
        ("09:00", "10:30", "module"),
        ("10:30", "10:45", "break"),
        ("10:00", "12:00", "module"),
    ):
        organiser.goto(f"{PUBLIC}/agenda/new")
        organiser.page.locator('main [name="day"]').select_option(index=1)
        organiser.fill(starts_at=starts, ends_at=ends)
        organiser.tick("kind", kind)
        if kind == "module":
            organiser.page.locator('main [name="module_id"]').select_option(index=1)
            organiser.tick("trainers")
        organiser.press("Add session")
    problem = organiser.page.get_by_role("alert")
    expect(problem).to_contain_text("Nora Prueba")
    organiser.fill(starts_at="10:45")
    organiser.press("Add session")
    expect(problem).to_have_count(0)


def issue(organiser: Visitor) -> None:
    """One click issues all; the bar counts until the files are there."""
    organiser.goto(DESK)
    organiser.tab("Certificates")
    words = organiser.count("Issue %(num)s certificate", "Issue %(num)s certificates", 2)
    with organiser.page.expect_navigation():
        organiser.page.get_by_role("button", name=words).click()
    ready = organiser.say(
        "%(label)s: %(done)s of %(total)s",
        label=organiser.say("Certificates ready"),
        done=2,
        total=2,
    )
    expect(organiser.page.get_by_text(ready)).to_be_visible(timeout=60_000)
