"""The screen in a browser: each moment of a course, both shapes of screen, and a lost network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests import browsing, factories, teaching
from trainings.agenda import operations as agenda
from trainings.core import clock
from trainings.core.permissions import Role
from trainings.screens import operations

pytestmark = pytest.mark.browser

SHAPES = {"across": (1920, 1080), "upright": (1080, 1920)}
HALF_A_MINUTE = 31_000


@pytest.fixture(params=list(SHAPES))
def screen(client: FlaskClient, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = SHAPES[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": height}, timezone_id="Asia/Tokyo"
    )
    page = context.new_page()
    browsing.serve(client, page)
    yield page
    context.close()


def link(languages: tuple[str, ...] = ("es",), **values: object) -> tuple[str, datetime]:
    """A course of two days with parallel sessions; gives its screen, and its first midnight."""
    by = factories.account(Role.ORGANISER, agency="IOM")
    titles = {"en": "Course", "es": "Curso para investigadores de la trata de personas"}
    course = factories.course(titles=titles, **values)
    ruth = teaching.course_trainer(course, teaching.trainer(by), by)
    for day, start, end, title, room in (
        (0, "09:00", "10:30", "Apertura", "Aula Magna"),
        (0, "11:00", "12:30", "Seguir el dinero: investigación financiera", "Aula Magna"),
        (0, "11:00", "12:30", "Entrevista a víctimas", "Sala B"),
        (1, "09:00", "10:30", "Simulación de audiencia", "Sala de juicios"),
    ):
        data = teaching.slot(
            course,
            start,
            end,
            day=day,
            titles={"en": f"{title} (en)", "es": title},
            new_room=room,
            trainers=(ruth,) if room == "Aula Magna" else (),
        )
        agenda.add_session(course, data, by)
    teaching.publish(course, by)
    token = operations.make_link(course, languages, by)
    midnight = datetime.combine(
        teaching.session_day(course), datetime.min.time(), ZoneInfo(factories.ZONE)
    )
    return f"{browsing.HOUSE}/screen/{token}", midnight


def look(page: Page, address: str, at: datetime) -> None:
    """Open the screen at a moment, by the clocks of the server and of the computer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: at.astimezone(UTC))
        page.clock.install(time=at)
        page.goto(address)


@pytest.mark.parametrize(
    ("hours", "there", "not_there"),
    [
        (-30, ["El curso aún no ha comenzado.", "A continuación:", "Apertura"], ["Ahora"]),
        (8, ["En este momento no hay ninguna sesión.", "Apertura"], ["Simulación"]),
        (9.5, ["Ahora", "Apertura", "Ruth Choque", "A continuación", "11:00"], ["Simulación"]),
        (11.5, ["Seguir el dinero", "Entrevista a víctimas", "Sala B"], ["Apertura"]),
        (20, ["Por hoy, esto es todo.", "Simulación"], ["Apertura"]),
        (60, ["El curso ha terminado."], ["Apertura"]),
    ],
)
def test_each_moment_of_a_course(
    screen: Page, hours: float, there: list[str], not_there: list[str]
) -> None:
    address, midnight = link()
    look(screen, address, midnight + timedelta(hours=hours))
    main = screen.get_by_role("main")
    for words in there:
        expect(main).to_contain_text(words)
    for words in not_there:
        expect(main).not_to_contain_text(words)
    size = screen.evaluate(
        "[document.documentElement.scrollWidth > innerWidth,"
        " document.documentElement.scrollHeight > innerHeight]"
    )
    assert size == [False, False]


def test_it_says_since_when_the_network_is_gone_and_goes_on(screen: Page) -> None:
    address, midnight = link()
    look(screen, address, midnight + timedelta(hours=10, minutes=29))
    lost = screen.locator("[data-lost]")
    expect(lost).to_be_hidden()
    screen.route("**/agenda?*", lambda route: route.abort())
    screen.clock.run_for(HALF_A_MINUTE)
    expect(lost).to_have_text("Sin conexión desde las 10:29: la agenda puede haber cambiado.")
    expect(screen.get_by_role("main")).to_contain_text("Apertura")
    screen.clock.run_for(HALF_A_MINUTE)
    expect(screen.get_by_role("main")).not_to_contain_text("Apertura")  # it is half past ten
    expect(screen.locator("[data-clock]")).to_have_text("10:30")
    screen.unroute("**/agenda?*")
    screen.clock.run_for(HALF_A_MINUTE)
    expect(lost).to_be_hidden()


def test_languages_take_turns(screen: Page) -> None:
    address, midnight = link(("en", "es"))
    look(screen, address, midnight + timedelta(hours=9, minutes=30))
    main = screen.get_by_role("main")
    expect(main).to_contain_text("Apertura (en)")
    screen.clock.run_for(20_000)
    expect(main).to_contain_text("Ahora")
    expect(main).not_to_contain_text("(en)")
    assert screen.evaluate("document.documentElement.lang") == "es"


def test_a_link_that_was_switched_off_says_so(screen: Page) -> None:
    address, midnight = link()
    look(screen, address, midnight + timedelta(hours=9, minutes=30))
    screen.route("**/agenda?*", lambda route: route.fulfill(status=404, body=""))
    screen.clock.run_for(HALF_A_MINUTE)
    expect(screen.get_by_role("main")).to_have_text(
        "Este enlace ya no sirve. La organización puede crear uno nuevo."
    )


def test_a_crowded_day_fits_in_smaller_letters(screen: Page) -> None:
    by = factories.account(Role.ORGANISER, agency="IOM")
    course = factories.course(titles={"es": "Curso conjunto para investigadores y fiscales " * 3})
    for number in range(8):
        for start, end in (("09:00", "10:30"), ("11:00", "12:30")):
            data = teaching.slot(
                course,
                start,
                end,
                titles={"es": f"Taller {number}: entrevista a víctimas con traducción simultánea"},
                new_room=f"Sala de reuniones número {number} del segundo piso",
            )
            agenda.add_session(course, data, by)
    teaching.publish(course, by)
    address = f"{browsing.HOUSE}/screen/{operations.make_link(course, ['es'], by)}"
    midnight = datetime.combine(
        teaching.session_day(course), datetime.min.time(), ZoneInfo(factories.ZONE)
    )
    look(screen, address, midnight + timedelta(hours=9, minutes=30))
    expect(screen.get_by_text("Taller 7")).to_be_visible()
    assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_bars_the_way(screen: Page) -> None:
    address, midnight = link()
    look(screen, address, midnight + timedelta(hours=9, minutes=30))
    expect(screen.get_by_role("main")).to_contain_text("Apertura")
    assert browsing.barriers(screen) == []
