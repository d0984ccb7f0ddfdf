"""Two hundred people for sixty seats at the same moment, on a course that places at once."""

import http.client
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from sqlalchemy import select

from benchmarks.installation import Bare, database
from tests import factories
from tests.registrations import acting
from trainings.accounts.models import Account
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.participants import apply_operations
from trainings.participants.apply_rules import ALL
from trainings.registrations.models import Registration

TITLE = "The last seat: 200 send their application at once for 60 seats"
CLIENTS, SEATS, ROUNDS = 200, 60, 3
COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")


def rows() -> Iterator[tuple[str, str, str]]:
    """Seats given and applications a second through the web server, on both databases."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        for kind in ("SQLite", "PostgreSQL"):
            with database(kind, Path(folder)) as url:
                here = Bare(Path(folder) / kind, url)
                rates, seats = measure(here)
            given = ", ".join(map(str, seats))
            yield f"seats given in {ROUNDS} rounds, {kind}", given, f"exactly {SEATS}"
            yield f"applications a second, {kind}", f"{sorted(rates)[ROUNDS // 2]:.0f}", "≥ 100"


def measure(here: Bare) -> tuple[list[float], list[int]]:
    """The rates and the seats given of each round."""
    rates: list[float] = []
    seats: list[int] = []
    with here.app.app_context(), here.served() as server:
        people = [factories.account(staff=False, name=("", "")) for _ in range(CLIENTS)]
        for number in range(ROUNDS):
            code = f"RUSH{number}"
            course = acting.at_once(code, capacity=SEATS)
            acting.share_out(course, {(country, None): 5 for country in COUNTRIES})
            clients = [
                Client(here, server.url, code, course, who, place)
                for place, who in enumerate(people)
            ]
            rates.append(CLIENTS / rush(clients))
            seats.append(seated(course))
        db.session.remove()
        db.engine.dispose()
    return rates, seats


class Client:
    """Somebody who has answered everything and has the last page open."""

    def __init__(
        self, here: Bare, url: str, code: str, course: str, who: Viewer, place: int
    ) -> None:
        country = COUNTRIES[place % len(COUNTRIES)]
        answers = {
            "given_name": "Rosa",
            "family_name": f"Ejemplo {place}",
            "country": country,
            "function": "judge",
            "unit": "Court",
            "notice": True,
            **{f"_{step}": True for step in ALL},
        }
        apply_operations.save_draft(course, answers, who)
        browser = here.app.test_client()
        factories.sign_in(browser, who)
        cookie = browser.get_cookie("session_id")
        assert cookie is not None and db.session.get(Account, who.account_id)
        db.session.close()
        self.path = f"/courses/{code}/apply/check"
        self.cookies = f"session_id={cookie.value}"
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.connection.request("GET", self.path, headers={"Cookie": self.cookies})
        answer = self.connection.getresponse()
        page = answer.read().decode()
        assert answer.status == 200, (answer.status, answer.getheader("Location"))
        for header in answer.headers.get_all("Set-Cookie") or []:
            self.cookies += "; " + header.partition(";")[0]
        self.form = urlencode(
            {
                found["name"]: found["value"]
                for found in re.finditer(
                    r'name="(?P<name>csrf_token|form_token)"[^>]*?value="(?P<value>[^"]*)"', page
                )
            }
        )
        self.status = 0

    def send(self, gate: threading.Barrier) -> None:
        """Send the application when all are ready."""
        gate.wait()
        self.connection.request(
            "POST",
            self.path,
            self.form,
            {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = self.connection.getresponse()
        answer.read()
        self.status = answer.status
        self.connection.close()


def rush(clients: list[Client]) -> float:
    """The seconds until all of them, sending at once, have their answer."""
    gate = threading.Barrier(len(clients) + 1)
    threads = [threading.Thread(target=client.send, args=(gate,)) for client in clients]
    for thread in threads:
        thread.start()
    gate.wait()
    begun = time.monotonic()
    for thread in threads:
        thread.join()
    taken = time.monotonic() - begun
    answers = Counter(client.status for client in clients)
    assert answers == {303: len(clients)}, answers
    return taken


def seated(course: str) -> int:
    """How many hold a seat in the course."""
    db.session.close()
    found = db.session.scalars(
        select(Registration.id)
        .where(Registration.course_id == course, Registration.block_id.is_not(None))
        .execution_options(scope="job")
    )
    return len(found.all())
