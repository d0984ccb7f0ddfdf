"""A calendar feed of 200 sessions, from the request to the answer: whole, and unchanged (304)."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks.installation import Bare, database
from benchmarks.rows import Row
from tests import factories, teaching
from tests.counting import statements
from trainings.agenda import operations as agenda
from trainings.calendars import operations
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.registrations.models import Registration
from trainings.scheduling import operations as scheduling

TITLE = "Calendars: a feed of 200 sessions"
DAYS, A_DAY, REMOVED, ROUNDS = 10, 20, 20, 60


def rows() -> Iterator[Row]:
    """Milliseconds and statements of a fetch, on both databases."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        for kind in ("SQLite", "PostgreSQL"):
            with database(kind, Path(folder)) as url:
                whole, unchanged, asked = measure(Path(folder) / kind, url)
            yield Row(f"the whole feed, {kind} (median)", f"{middle(whole):.1f} ms", "≤ 40 ms")
            yield Row(f"the whole feed, {kind} (19 of 20)", f"{slow(whole):.1f} ms")
            yield Row(f"unchanged (304), {kind} (median)", f"{middle(unchanged):.1f} ms", "≤ 5 ms")
            yield Row(f"SQL statements, {kind}", str(asked), "≤ 5")


def middle(times: list[float]) -> float:
    """The median."""
    return statistics.median(times)


def slow(times: list[float]) -> float:
    """What 19 of 20 do not exceed."""
    return statistics.quantiles(times, n=20)[-1]


def measure(instance: Path, url: str) -> tuple[list[float], list[float], int]:
    """The milliseconds of each fetch, whole and unchanged, and the statements of one."""
    app = Bare(instance, url).app
    with app.app_context(), ExitStack() as stack:
        stack.callback(db.engine.dispose)
        address = f"/calendar/{subscribed()}.ics"
    client = app.test_client(use_cookies=False)
    first = client.get(address)
    assert first.text.count("BEGIN:VEVENT") == DAYS * A_DAY + 1 + REMOVED, first.status
    with app.app_context(), statements() as sent:
        client.get(address)
    kept = {"If-None-Match": first.headers["ETag"]}
    times: dict[int, list[float]] = {200: [], 304: []}
    for headers, status in ((None, 200), (kept, 304)):
        for _round in range(ROUNDS):
            begun = time.perf_counter()
            answer = client.get(address, headers=headers)
            times[status].append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == status
    return times[200], times[304], len(sent)


def subscribed() -> str:
    """The secret of a participant's link; of 220 sessions published, 20 were removed since."""
    by = factories.account(Role.ORGANISER, agency="IOM")
    today = factories.clock.today(factories.ZONE)
    course = factories.course(
        starts_on=today + timedelta(days=60), ends_on=today + timedelta(days=59 + DAYS)
    )
    goes = []
    for number in range(DAYS * A_DAY + REMOVED):
        day, slot = divmod(number, A_DAY + REMOVED // DAYS)
        start, end = (
            f"{8 + slot // 3:02}:{slot % 3 * 20:02}",
            f"{8 + slot // 3:02}:{slot % 3 * 20 + 15:02}",
        )
        key = agenda.add_session(course, teaching.slot(course, start, end, day=day), by)
        if slot >= A_DAY:
            goes.append(key)
    teaching.publish(course, by)
    for key in goes:
        scheduling.remove(course, {key: 1}, by)
    teaching.publish(course, by)
    person = db.session.scalar(
        select(Registration.person_id)
        .where(Registration.id == teaching.participant(course))
        .execution_options(scope="own")
    )
    return operations.make_link(teaching.account_of(str(person)))
