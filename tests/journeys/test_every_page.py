"""Every page that a role of the demo can reach by its links: whole, wide enough, no way barred."""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException

from tests.browsing import NIGHTLY, STILL, barriers
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
AGAIN = 2  # further links to pages of a kind that was looked at: are they there?
FACTS = """() => {
    const hrefs = [...document.querySelectorAll("a[href]")].map(one => one.getAttribute("href"));
    return {
        language: document.documentElement.lang,
        headings: document.querySelectorAll("h1").length,
        title: document.title,
        hrefs,
        nowhere: hrefs.filter(href => href[0] === "#" && !document.getElementById(href.slice(1))),
        over: document.documentElement.scrollWidth - innerWidth,
    };
}"""
OVER = "document.documentElement.scrollWidth - innerWidth"
# Of rows, items and options built alike, three are looked at: axe looks at each word of a page.
ALIKE = """() => {
    const named = one => one.className.baseVal ?? one.className;
    const shape = one => `${one.tagName}.${named(one)}(${[...one.children].map(shape)})`;
    for (const all of document.querySelectorAll("tbody, ul, ol, select, .cards")) {
        const seen = {};
        for (const one of [...all.children]) {
            const built = shape(one);
            seen[built] = (seen[built] ?? 0) + 1;
            if (seen[built] > 3) one.remove();
        }
    }
}"""


@pytest.fixture(scope="session")
def looked_into(run_folder: Path) -> Path:
    """Where the kinds of pages are noted that axe has seen, whoever of this run was there first."""
    folder = run_folder / "looked-into"
    folder.mkdir(exist_ok=True)
    return folder


class Walk:
    """One role's way through the house, breadth first from the start page."""

    def __init__(self, visitor: Visitor, looked_into: Path) -> None:
        self.looked_into = looked_into
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
            if times == 1 and not path.split("?")[0].endswith((".pdf", ".ics", ".xlsx")):
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
        facts = self.page.evaluate(FACTS)
        if facts["language"] != self.visitor.language.replace("_", "-"):
            self.fault(f"speaks {facts['language']}")
        if facts["headings"] != 1:
            self.fault(f"{facts['headings']} main headings")
        if len(facts["title"]) < 4:
            self.fault("no title")
        for href in facts["nowhere"]:
            self.fault(f"{href} leads nowhere")
        self.wide(DESK, facts["over"])
        self.resize(PHONE)
        self.wide(PHONE, self.page.evaluate(OVER))
        if self.first(kind):
            self.look_into()
        else:
            self.resize(DESK)
        self.gather(facts["hrefs"])

    def resize(self, width: int) -> None:
        """Each time, the whole page is laid out anew."""
        self.page.set_viewport_size({"width": width, "height": 900})

    def wide(self, width: int, over: int) -> None:
        if over > 0:
            self.fault(f"{over} px too wide at {width}")

    def look_into(self) -> None:
        """What bars the way: on a phone by day, on a desk by night, where the next page opens."""
        self.page.evaluate(ALIKE)
        for found in barriers(self.page):
            self.fault(f"at {PHONE}: {found}")
        self.resize(DESK)
        self.page.emulate_media(color_scheme="dark")
        self.page.evaluate(STILL)
        # all else is found once for both widths, but for the frame
        for found in barriers(self.page, **({} if len(self.looked) == 1 else NIGHTLY)):
            self.fault(f"at {DESK} by night: {found}")
        self.page.emulate_media(color_scheme="light")

    def first(self, kind: str) -> bool:
        """Whether nobody has looked into such a page, in whatever process of this run."""
        try:
            (self.looked_into / kind).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def gather(self, hrefs: list[str]) -> None:
        for href in hrefs:
            path = urldefrag(href.removeprefix(self.house.url)).url
            if path.startswith("/") and path not in self.seen:
                self.seen.add(path)
                self.waiting.append(path)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
def test_every_page_is_whole(demo: House, browser: Browser, looked_into: Path, role: str) -> None:
    visitor = Visitor(demo, browser, ROLES[role])
    if role:
        visitor.goto(demo.links[role])
        visitor.enter()
        visitor.speak()
    walk = Walk(visitor, looked_into)
    walk.go()
    visitor.context.close()
    assert walk.faults == []
    print(len(walk.looked), "kinds of pages,", len(walk.seen), "links")
