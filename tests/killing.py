"""A served installation under load whose processes are killed: when it answers, what is kept."""

import http.client
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from tests import factories, postbox
from tests.postbox import Postbox
from tests.registrations import acting
from tests.running import Running, answering
from tests.visitor import Browser
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.mail.models import OutboxMail
from trainings.registrations.models import Registration

CODE, COUNTRIES = "KILL27", ("BO", "PE", "CO", "EC")
NEW = f"/courses/{CODE}/nominations/new"
AGENDA = f"/courses/{CODE}/agenda.pdf"
WEB, WEBS, JOBS, RENDERER = "web worker", "both web workers", "job worker", "renderer"
GOES_ON = 5  # acts between two kills
DEADLINE = 120.0  # seconds after which something is wrong
KEEPER = (sys.executable, "-m", "trainings.serving.keeper")
LOST = (OSError, http.client.HTTPException)


@dataclass
class Seen:
    """What the people at their browsers saw."""

    acknowledged: list[str] = field(default_factory=list)  # addresses of who was nominated
    answer_lost: list[str] = field(default_factory=list)  # … and kept, without a word of it
    refused: list[str] = field(default_factory=list)  # what nobody should see
    drawn: int = 0

    @property
    def acts(self) -> int:
        return len(self.acknowledged) + len(self.answer_lost)


class Load:
    """Focal points who nominate one after the other, and somebody who prints the agenda."""

    def __init__(self, app: Flask, url: str, visitors: dict[str, str]) -> None:
        self.seen = Seen()
        self._app, self._url = app, url
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._print if who == "" else self._nominate, args=(who, token))
            for who, token in visitors.items()
        ]

    @contextmanager
    def at_work(self) -> Iterator[Seen]:
        """Everybody acts until the block ends, and finishes what is begun."""
        for thread in self._threads:
            thread.start()
        try:
            yield self.seen
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join(DEADLINE)

    def _nominate(self, country: str, token: str) -> None:
        browser, number = Browser(self._url, 30, session_id=token), 0
        while not self._over.is_set():
            number += 1
            mail = f"{country.lower()}{number}@unit.example"
            until(lambda one=mail: self._nominated(browser, country, one))
        browser.close()

    def _nominated(self, browser: Browser, country: str, mail: str) -> bool:
        try:
            browser.get(NEW)
            if browser.status != 200:
                return self._strange(browser, "the form")
            page = browser.post(
                NEW,
                given_name="Rosa",
                family_name=f"Ejemplo {mail.partition('@')[0]}",
                mail=mail,
                country=country,
                function="judge",
                language="es",
                unit="Court",
            )
        except LOST:
            self._over.wait(0.05)
            return False
        if browser.status == 303:
            self.seen.acknowledged.append(mail)
        elif b"already has a registration" in page:
            self.seen.answer_lost.append(mail)
        else:
            return self._strange(browser, "the act")
        return True

    def _print(self, _who: str, token: str) -> None:
        browser = Browser(self._url, 30, session_id=token)
        while not self._over.is_set():
            try:
                page = browser.get(AGENDA)
            except LOST:
                self._over.wait(0.05)  # who waits must not slow down what starts
                continue
            if browser.status == 200 and page.startswith(b"%PDF"):
                self.seen.drawn += 1
            else:
                self._strange(browser, "the agenda")
        browser.close()

    def _strange(self, browser: Browser, what: str) -> bool:
        self.seen.refused.append(f"{what}: {browser.status}")
        return False


def until(holds: Callable[[], object]) -> float:
    """Return as soon as it holds, with the seconds that took; fails after two minutes."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < DEADLINE
        time.sleep(0.05)  # looking through all processes must not slow down what starts
    return time.monotonic() - begun


def prepare(app: Flask) -> dict[str, str]:
    """A course, the focal points of four countries and an organiser, all signed in."""
    factories.course(CODE)
    people: dict[str, Viewer] = {country: acting.focal_point(country) for country in COUNTRIES}
    people[""] = acting.organiser()
    tokens: dict[str, str] = {}
    for who, one in people.items():
        client = app.test_client()
        factories.sign_in(client, one)
        cookie = client.get_cookie("session_id")
        assert cookie is not None
        tokens[who] = cookie.value
    db.session.remove()
    return tokens


def answers(url: str) -> bool:
    """Whether a page that reads the database is shown to somebody new."""
    browser = Browser(url, 5)
    try:
        browser.get("/courses")
    except LOST:
        return False
    finally:
        browser.close()
    return browser.status == 200


class Site:
    """The keeper with all its parts, and a post box as its mail server."""

    def __init__(self, app: Flask, keys: Path, box: Postbox) -> None:
        settings = app.extensions["settings"]
        self.folder: Path = settings.instance
        self._settings = {
            "TRAININGS_KEYS": str(keys),
            "DATABASE_URL": settings.database_url,
            **box.settings,
        }
        self.running = Running(self.folder, *KEEPER, **self._settings)

    def answers(self) -> bool:
        """Whether a page that reads the database is shown to somebody new."""
        return answers(self.running.url)

    def until_answered(self, patience: float) -> tuple[float, float]:
        """Seconds until it answers, and those of a plain start beside it, if it is late by then."""
        late, took = threading.Timer(patience, lambda: took.append(self._plain_start())), []
        late.start()
        seconds = until(self.answers)
        late.cancel()
        late.join(DEADLINE)
        return seconds, sum(took)

    def _plain_start(self) -> float:
        """Seconds until two web workers answer that are started beside this site's.

        They serve the same data under another name, so that nobody takes them for this site's.
        """
        with tempfile.TemporaryDirectory(prefix="trainings-twin-") as place:
            folder = Path(place, "data")
            folder.symlink_to(self.folder)
            twin = Running(folder, *KEEPER, "web", **self._settings)
            try:
                return until(lambda: answers(twin.url))
            finally:
                twin.end()

    def pids(self, part: str) -> list[int]:
        """The processes of a part."""
        if part == RENDERER:
            return self._renderers()
        if part == JOBS:
            return self.running.left(b"jobs run")
        return answering(self.running.port)

    def _renderers(self) -> list[int]:
        """They know nothing of the installation but the folder of its typefaces."""
        fonts = str(self.folder / "fonts").encode()
        found: list[int] = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if b"trainings.printing.worker" in command and fonts in command:
                found.append(int(folder.name))
        return found

    def kill(self, part: str, chance: random.Random) -> None:
        """SIGKILL a part, as soon as it is there."""
        wanted = 2 if part == WEBS else 1
        until(lambda: len(self.pids(part)) >= wanted)
        found = self.pids(part)
        for pid in found if part == WEBS else [chance.choice(found)]:
            os.kill(pid, signal.SIGKILL)

    def back(self, part: str, before: set[int], seen: Seen, patience: float) -> tuple[float, float]:
        """The same, after a kill; returns once the part works again, too."""
        drawn = seen.drawn
        seconds = self.until_answered(patience)
        if part == RENDERER:
            until(lambda: seen.drawn > drawn)
        else:
            until(lambda: set(self.pids(part)) - before)
        return seconds


def faults(site: Site, seen: Seen, box: Postbox, kills_of_jobs: int) -> list[str]:
    """What was lost, doubled, or shown that should not be, in words."""
    found = [f"shown: {one}" for one in seen.refused]
    promised = Counter(seen.acknowledged + seen.answer_lost)
    people = db.session.execute(
        select(Registration.person_id, func.count())
        .group_by(Registration.person_id)
        .execution_options(scope="job")
    ).all()
    found += [f"{person} is registered {times} times" for person, times in people if times > 1]
    if len(people) != len(promised):
        found.append(f"{len(people)} registered, {len(promised)} promised")
    written = db.session.scalars(select(OutboxMail.state)).all()
    if len(written) != len(promised) or set(written) - {"sent"}:
        found.append(f"{len(written)} emails written: {Counter(map(str, written))}")
    taken = [(str(mail["To"]), str(mail["Message-ID"])) for mail in box.mails]
    for address, times in Counter(address for address, _ in set(taken)).items():
        if times != 1 or address not in promised:
            found.append(f"{address}: {times} emails")
    if {address for address, _ in taken} != set(promised):
        found.append(f"{len({address for address, _ in taken})} of {len(promised)} were told")
    # What the mail server took in the moment its sender was killed is sent again, as the same.
    if len(taken) - len(set(taken)) > kills_of_jobs:
        found.append(f"{len(taken) - len(set(taken))} emails were sent again")
    db.session.remove()
    return found


def sent(number: int) -> bool:
    """Whether so many emails have left the outbox."""
    db.session.remove()
    states = db.session.scalars(select(OutboxMail.state)).all()
    return len(states) == number and set(states) == {"sent"}


@dataclass
class Outcome:
    """What came of killing: seconds until the site answered each time, and what is wrong.

    ``plain``: how long a start of two web workers took beside each that was late, otherwise 0.
    """

    start: float
    back: list[tuple[str, float]]
    plain: list[float]
    seen: Seen
    again: int
    faults: list[str]


def kill_each(
    app: Flask,
    keys: Path,
    parts: list[str],
    chance: random.Random,
    before_the_end: Callable[[], object] = lambda: None,
    patience: float = DEADLINE,
) -> Outcome:
    """Serve the app, kill the parts one after the other under load, and compare.

    If the site does not answer within ``patience`` seconds, a plain start is timed beside it.
    """
    visitors, back, plain = prepare(app), [], []
    with postbox.opened() as box:
        site = Site(app, keys, box)
        try:
            start = until(site.answers)
            with Load(app, site.running.url, visitors).at_work() as seen:
                for part in parts:
                    goal = seen.acts + GOES_ON
                    until(lambda: seen.acts >= goal)  # noqa: B023 (called at once)
                    before = set(site.pids(part))
                    site.kill(part, chance)
                    seconds, beside = site.back(part, before, seen, patience)
                    back.append((part, seconds))
                    plain.append(beside)
            before_the_end()
            until(lambda: sent(seen.acts))
            found = faults(site, seen, box, parts.count(JOBS))
            again = len(box.mails) - len({str(mail["Message-ID"]) for mail in box.mails})
        finally:
            site.running.end()
    return Outcome(start, back, plain, seen, again, found)
