"""Somebody in front of a browser, who reads the pages in their language."""

from __future__ import annotations

import io
import os
import re
import time
from typing import Any

from flask_babel import gettext, ngettext, pgettext
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.journeys.house import House
from trainings.core.config import ROOT
from trainings.core.i18n import country_name, speaking

PICTURES = ROOT / "docs" / "pictures"
LARGEST = 150_000  # bytes

LOCALES = {"en": "en-GB", "es": "es-AR", "fr": "fr-FR", "pt_BR": "pt-BR"}
PHONE, DESK = 390, 1280
# A page that answers with an error on purpose is not a fault of the pages.
_EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Visitor:
    """A person with a browser of their own."""

    def __init__(
        self, house: House, browser: Browser, language: str = "en", width: int = DESK, **more: Any
    ) -> None:
        self.house, self.language = house, language
        height = 844 if width == PHONE else 900
        self.context = browser.new_context(
            locale=LOCALES[language],
            viewport={"width": width, "height": height},
            base_url=house.url,
            accept_downloads=True,
            reduced_motion="reduce",
            **more,
        )
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self._read: set[str] = set()  # mails
        self.page.on("console", lambda one: self._complain(one.type, one.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.at}: {error}"))
        self.page.on("response", self._broken)

    @property
    def at(self) -> str:
        """The path of the page that is open."""
        return self.page.url.removeprefix(self.house.url)

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not _EXPECTED.match(text):
            self.complaints.append(f"{self.at}: {text}")

    def _broken(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.url}: {response.status}")

    # -- words ------------------------------------------------------------------------------

    def say(self, message: str, **values: Any) -> str:
        """A message of the house as this person reads it."""
        assert self.house.app is not None
        with self.house.app.app_context(), speaking(self.language):
            return str(gettext(message, **values))

    def count(self, one: str, many: str, number: int) -> str:
        """A message with a number as this person reads it."""
        assert self.house.app is not None
        with self.house.app.app_context(), speaking(self.language):
            return str(ngettext(one, many, number, difference=number))

    def country(self, code: str) -> str:
        """A country's name as this person reads it."""
        return country_name(code, self.language)

    # -- acts -------------------------------------------------------------------------------

    def goto(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)

    def button(self, message: str, **values: Any) -> Locator:
        """A button by what it says."""
        return self.page.get_by_role("button", name=self.say(message, **values), exact=True)

    def link(self, message: str, **values: Any) -> Locator:
        """A link by what it says."""
        words = self.say(message, **values)
        return self.page.get_by_role("main").get_by_role("link", name=words, exact=True)

    def press(self, message: str, **values: Any) -> None:
        """Press a button that leads to another page."""
        with self.page.expect_navigation():
            self.button(message, **values).first.click()

    def follow(self, message: str, **values: Any) -> None:
        """Follow a link."""
        with self.page.expect_navigation():
            self.link(message, **values).first.click()

    def tab(self, message: str) -> None:
        """Open a part of the course by its tab, whatever number stands beside its word."""
        tabs = self.page.get_by_role("navigation", name=self.say("Parts of the course"))
        with self.page.expect_navigation():
            tabs.get_by_role("link", name=self.say(message)).click()

    def fill(self, **fields: str) -> None:
        """Type into fields, given by name."""
        for name, text in fields.items():
            self.page.locator(f'main [name="{name}"]').fill(text)

    def tick(self, name: str, *values: str) -> None:
        """Tick choices of one question, given by value (all there are when none is given)."""
        for value in values or ("",):
            chosen = f'[name="{name}"][value="{value}"]' if value else f'[name="{name}"]'
            self.page.locator(f"main input{chosen}").check()

    def search(self, label: str, *names: str) -> None:
        """Choose in a long list by typing."""
        box = self.page.get_by_role("combobox", name=self.say(label))
        for name in names:
            box.click()
            box.press_sequentially(name)
            self.page.get_by_role("option", name=name, exact=True).click()
            expect(box).to_have_value("")
            box.press("Escape")

    def reads(self, message: str, **values: Any) -> None:
        """The page says this somewhere."""
        text = self.say(message, **values)
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()

    def mail(self, to: str) -> None:
        """Open the newest mail to an address, once there is a new one, and follow its link."""
        deadline = time.monotonic() + 60
        while True:
            self.goto("/outbox")
            row = self.page.get_by_role("row").filter(has_text=to).first
            path = row.get_by_role("link").get_attribute("href")
            assert path is not None
            if path not in self._read:
                break
            assert time.monotonic() < deadline, f"no new mail to {to}"
        self._read.add(path)
        self.goto(path)
        with self.page.expect_navigation():
            self.page.locator(f'main a[href^="{self.house.url}/"]').first.click()

    def enter(self) -> None:
        """Confirm a mailed sign-in link: the only button of its page."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button").first.click()

    def sign_in(self, mail: str, password: str) -> None:
        """Sign in as staff do."""
        self.goto("/sign-in")
        self.fill(mail=mail, password=password)
        self.press("Sign in")

    def mailed_link(self, to: str) -> None:
        """Open the newest mail to an address, and follow its link.

        It signs one in with a button; who is signed in already is on the page at once.
        """
        self.mail(to)
        if "/sign-in/link/" in self.page.url:
            self.enter()

    def key(self, name: str, letter: str) -> str:
        """The letter of the keyboard that does something in this person's language."""
        assert self.house.app is not None
        with self.house.app.app_context(), speaking(self.language):
            return str(pgettext(name, letter)).lower()

    def ask_for_link(self, mail: str) -> None:
        """Sign in without a password: ask for a link and open it."""
        self.goto("/sign-in/link")
        self.fill(mail=mail)
        self.press("Email me a link")
        self.mailed_link(mail)

    def speak(self) -> None:
        """Choose one's language by the menu at the top of the page."""
        menu = self.page.locator("details", has=self.page.locator('button[name="language"]')).last
        menu.locator("summary").click()
        with self.page.expect_navigation():
            menu.locator(f'button[value="{self.language}"]').click()


def take(visitor: Visitor, name: str, path: str = "", height: int = 900, part: str = "") -> None:
    """A picture of a page, or of one part of it, small enough to be read with the text.

    For the guides: only where TRAININGS_PICTURES asks for them.
    """
    if not os.environ.get("TRAININGS_PICTURES"):
        return
    page = visitor.page
    if path:
        visitor.goto(path)
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})  # type: ignore[index]
    page.evaluate("document.fonts.ready")
    shot = page.locator(part).first.screenshot() if part else page.screenshot()
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    small = picture.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    target = PICTURES / f"{name}.png"
    small.save(target, optimize=True)
    assert target.stat().st_size <= LARGEST, name
