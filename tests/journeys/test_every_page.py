"""Every page that a role of the demo can reach by its links: whole, wide enough, no way barred."""

from __future__ import annotations

import os
from collections import deque
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException

from tests.journeys.house import House
from tests.journeys.visitor import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser

ROLES = {
    "": "es",
    "Organiser (IOM, leads)": "es",
    "Organiser (UNODC)": "fr",
    "National focal point (Bolivia)": "es",
    "Trainer (IOM)": "pt_BR",
    "Participant with a certificate": "es",
    "Candidate with an offer of a seat": "pt_BR",
    "Analyst": "en",
    "Data protection officer": "en",
    "Administrator": "fr",
}
# Each role speaks one; TRAININGS_WALK=fr lets all of them speak that, so that each page is looked
# at in it.
if spoken := os.environ.get("TRAININGS_WALK"):
    ROLES = dict.fromkeys(ROLES, spoken)
AGAIN = 4  # further links to pages of a kind that was looked at: are they there?
_axed: set[str] = set()  # kinds of pages that axe has seen, whoever was there first


class Walk:
    """One role's way through the house, breadth first from the start page."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page, self.house = visitor, visitor.page, visitor.house
        self.faults: list[str] = []
        self.looked: dict[str, int] = {}
        self.seen: set[str] = {"/"}
        self.waiting: deque[str] = deque(["/"])

    def kind(self, path: str) -> str | None:
        """The name of the page behind a path; none where nothing can be got there."""
        assert self.house.app is not None
        try:
            adapter = self.house.app.url_map.bind("localhost")
            return str(adapter.match(urlsplit(path).path, method="GET")[0])
        except HTTPException:
            return None

    def fault(self, words: str) -> None:
        self.faults.append(f"{self.visitor.at}: {words}")

    def go(self) -> None:
        while self.waiting:
            path = self.waiting.popleft()
            kind = self.kind(path)
            if kind is None:
                self.faults.append(f"{path}: a link to nothing")
                continue
            times = self.looked[kind] = self.looked.get(kind, 0) + 1
            if times == 1 and not path.split("?")[0].endswith((".pdf", ".ics")):
                self.look(path, kind)
            elif times <= 1 + AGAIN:
                answer = self.visitor.context.request.get(path)
                if answer.status >= 400:
                    self.faults.append(f"{path}: {answer.status}")
        self.faults += self.visitor.complaints

    def look(self, path: str, kind: str) -> None:
        answer = self.page.goto(path)
        if answer is None or answer.status >= 400:
            self.fault(f"{answer and answer.status}, from {path}")
            return
        language = self.page.locator("html").get_attribute("lang")
        if language != self.visitor.language.replace("_", "-"):
            self.fault(f"speaks {language}")
        if self.page.locator("h1").count() != 1:
            self.fault(f"{self.page.locator('h1').count()} main headings")
        if len(self.page.title()) < 4:
            self.fault("no title")
        for width in (PHONE, DESK):
            self.page.set_viewport_size({"width": width, "height": 900})
            over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                self.fault(f"{over} px too wide at {width}")
            if f"{kind} {width}" not in _axed:
                _axed.add(f"{kind} {width}")
                for found in Axe().run(self.page).response["violations"]:
                    self.fault(f"at {width}: {found['id']}: {found['nodes'][0]['html'][:160]}")
        if f"{kind} by night" not in _axed:
            _axed.add(f"{kind} by night")
            self.by_night()
        self.gather()

    def by_night(self) -> None:
        """The dark colours: all that is read can be read."""
        self.page.emulate_media(color_scheme="dark")
        self.page.wait_for_function("document.getAnimations().length === 0")
        contrast = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
        for found in Axe().run(self.page, options=contrast).response["violations"]:
            for node in found["nodes"]:
                self.fault(f"by night: {node['html'][:160]} {node['any'][0]['message'][:160]}")
        self.page.emulate_media(color_scheme="light")

    def gather(self) -> None:
        hrefs = self.page.eval_on_selector_all(
            "a[href]", "all => all.map(one => one.getAttribute('href'))"
        )
        for href in hrefs:
            path = urldefrag(href.removeprefix(self.house.url)).url
            if path.startswith("/") and path not in self.seen:
                self.seen.add(path)
                self.waiting.append(path)
            elif href.startswith("#") and not self.page.locator(f'[id="{href[1:]}"]').count():
                self.fault(f"{href} leads nowhere")


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
def test_every_page_is_whole(demo: House, browser: Browser, role: str) -> None:
    visitor = Visitor(demo, browser, ROLES[role])
    if role:
        visitor.goto(demo.links[role])
        visitor.enter()
        visitor.speak()
    walk = Walk(visitor)
    walk.go()
    visitor.context.close()
    assert walk.faults == []
    print(len(walk.looked), "kinds of pages,", len(walk.seen), "links")
