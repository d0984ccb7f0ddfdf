"""People who send their application to a served installation, many at the same moment."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from flask import Flask

from tests import factories
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.participants import apply_operations
from trainings.participants.apply_rules import ALL

TOKENS = re.compile(r'name="(?P<name>csrf_token|form_token)"[^>]*?value="(?P<value>[^"]*)"')
NUMBER = re.compile(r"R-[0-9A-Z]{6}")
TRIES = 40  # while a worker that died is missing


@dataclass
class Applicant:
    """Somebody who has answered everything and has the last page of the application open."""

    url: str
    code: str
    country: str
    cookies: str
    form: str = ""
    number: str = ""  # of the registration, once it is acknowledged
    sent: float = 0.0  # when they first pressed, by the monotonic clock
    acknowledged: float = 0.0
    statuses: list[int] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/courses/{self.code}/apply/check"

    def open(self) -> None:
        """Look at the last page, whose button sends the application."""
        status, page, _ = self._ask("GET", self.path)
        assert status == 200, status
        self.form = _tokens(page)

    def send(self) -> None:
        """Press the button; who gets no answer presses again."""
        self.sent = self.sent or time.monotonic()
        _status, _page, where = self._ask("POST", self.path, self.form)
        found = NUMBER.search(where)
        while found is None and where:  # sent by the other press meanwhile: the page leads on to it
            _status, _page, where = self._ask("GET", urlsplit(where).path)
            found = NUMBER.search(where)
        if found is not None and not self.number:
            self.acknowledged = time.monotonic()
            self.number = found[0]

    def withdraw(self) -> None:
        """Withdraw at once, by the form of one's own page."""
        path = f"/my/registrations/{self.number}/withdraw"
        _status, page, _ = self._ask("GET", path)
        self._ask("POST", path, _tokens(page))

    def _ask(self, method: str, path: str, form: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        for _ in range(TRIES):
            connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=120)
            try:
                connection.request(method, path, form, headers)
                answer = connection.getresponse()
                page = answer.read().decode(errors="replace")
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)  # the worker died with the answer: the person tries again
                continue
            finally:
                connection.close()
            self.statuses.append(answer.status)
            for header in answer.headers.get_all("Set-Cookie") or []:
                self.cookies += "; " + header.partition(";")[0]
            return answer.status, page, answer.getheader("Location") or ""
        raise TimeoutError(path)


def _tokens(page: str) -> str:
    return urlencode({found["name"]: found["value"] for found in TOKENS.finditer(page)})


def applicant(app: Flask, url: str, code: str, course: str, who: Viewer, country: str) -> Applicant:
    """Somebody who is signed in and has answered all questions but has not sent them."""
    answers = {
        "given_name": "Rosa",
        "family_name": f"Ejemplo {who.account_id}",
        "country": country,
        "function": "judge",
        "unit": "Court",
        "notice": True,
        **{f"_{step}": True for step in ALL},
    }
    apply_operations.save_draft(course, answers, who)
    browser = app.test_client()
    factories.sign_in(browser, who)
    cookie = browser.get_cookie("session_id")
    assert cookie is not None
    db.session.close()
    return Applicant(url, code, country, f"session_id={cookie.value}")


def all_at_once(acts: Sequence[Callable[[], object]], threads: int) -> float:
    """Do all acts from so many threads that begin together; gives the seconds it took."""
    gate = threading.Barrier(threads)

    def run(place: int) -> None:
        if place < threads:
            gate.wait()
        acts[place]()

    begun = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(len(acts))))
    return time.monotonic() - begun
