"""A calendar feed of 200 sessions, from the request to the answer: whole, and unchanged (304)."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from benchmarks.installation import Bare, database
from benchmarks.rows import Row
from benchmarks.turns import PAGE, compared, in_turns, plain
from tests import factories, teaching
from tests.counting import statements
from trainings.agenda import operations as agenda
from trainings.calendars import operations
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.registrations.models import Registration
from trainings.scheduling import operations as scheduling
from trainings.serving import forking

TITLE = "Calendars: a feed of 200 sessions"
DAYS, A_DAY, REMOVED = 10, 20, 20
WHOLE = {"SQLite": 20.0, "PostgreSQL": 8.5}  # in bare pages, at most
SAME = {"SQLite": 3.6, "PostgreSQL": 1.8}


def rows() -> Iterator[Row]:
    """Milliseconds and statements of a fetch, on both databases, in turns with a bare page."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        for kind in ("SQLite", "PostgreSQL"):
            with database(kind, Path(folder)) as url:
                yield from measured(Bare(Path(folder) / kind, url).app, kind)


def measured(app: Flask, kind: str) -> Iterator[Row]:
    """The rows of one database."""
    with app.app_context(), ExitStack() as stack:
        stack.callback(db.engine.dispose)
        address = f"/calendar/{subscribed()}.ics"
    client = app.test_client(use_cookies=False)
    forking.settle()  # as a web worker does
    first = client.get(address)
    assert first.text.count("BEGIN:VEVENT") == DAYS * A_DAY + 1 + REMOVED, first.status
    with app.app_context(), statements() as sent:
        client.get(address)
    kept = {"If-None-Match": first.headers["ETag"]}
    assert client.get(address, headers=kept).status_code == 304
    with plain(app) as bare:
        whole, same, page = in_turns(
            lambda: client.get(address), lambda: client.get(address, headers=kept), bare.page
        )
    yield compared(f"the whole feed, {kind}", whole, page, PAGE, WHOLE[kind], "≤ 40 ms")
    yield compared(f"unchanged (304), {kind}", same, page, PAGE, SAME[kind], "≤ 5 ms")
    yield Row(f"SQL statements, {kind}", str(len(sent)), "≤ 5")


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
