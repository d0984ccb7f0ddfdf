"""The timetable of a course with 200 sessions: opened, moved in, asked whether it changed.

And a proposal for a smaller one.
"""

import itertools
import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text

from benchmarks.installation import Bare, database
from benchmarks.rows import Row
from benchmarks.turns import INSERT, LOOP, PAGE, compared, in_turns, loop, plain
from tests import factories, teaching
from tests.proposals.problems import DAY, SHORT
from tests.proposals.problems import course as problem_of
from trainings.agenda import operations as agenda
from trainings.agenda.models import AgendaSession, Booking
from trainings.agenda.rules import SessionData, SessionKind
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.proposals import operations as proposing
from trainings.proposals.rules import Problem, check_no_clash
from trainings.serving import forking

TITLE = "Timetable: a course of 200 sessions"
OPENED = {"SQLite": 80.0, "PostgreSQL": 38.0}  # in bare pages, at most
ASKED = {"SQLite": 3.4, "PostgreSQL": 2.0}
MOVED = 32.0  # in bare inserts, at most
SESSIONS, DAYS, ROOMS = 200, 10, 10
COURSES = 5  # that are proposed
CROWD = 1000  # other courses in the same rooms, with the same trainers
ADDRESS = "/courses/BUE27/agenda"


def rows() -> Iterator[Row]:
    """Milliseconds at the application, on both databases, in turns with a bare page or form."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        for kind in ("SQLite", "PostgreSQL"):
            with database(kind, Path(folder)) as url:
                yield from measured(Bare(Path(folder) / kind, url).app, kind)
    yield from proposals()


def proposals() -> Iterator[Row]:
    """Seconds of proposals for courses made at random, with time for all sessions and without."""
    seed = random.SystemRandom().randrange(10**6)
    proposing.propose(problem_of(seed, sessions=4), 20)  # loads the solver
    yield Row(
        f"each of {COURSES} courses: 30 sessions, 4 days, 4 rooms, 12 trainers", f"seed {seed}", ""
    )
    for what, frame in (("32 places", SHORT), ("16 places, two at a time", DAY)):
        problems = iter([problem_of(seed + number, frame=frame) for number in range(COURSES + 1)])

        def propose(problems: Iterator[Problem] = problems) -> None:
            problem = next(problems)
            found = proposing.propose(problem, 20)
            assert len(found.placed) == 30 and check_no_clash(problem, found.placed) == []

        taken, plainly = in_turns(propose, loop, turns=COURSES, each=1)
        yield compared(f"proposed in {what}", taken, plainly, LOOP, 200, "≤ 5 s")


def measured(app: Flask, kind: str) -> Iterator[Row]:
    """The rows of one database."""
    forking.settle()  # as a web worker does
    with app.app_context(), ExitStack() as stack:
        stack.callback(db.engine.dispose)
        keys = course()
        client = app.test_client()
        factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    plan = client.get(f"{ADDRESS}/plan").get_json()
    versions = {one["id"]: one["version"] for one in plan["sessions"]}
    day, times = plan["days"][0]["day"], itertools.cycle(("14:00", "16:30"))

    def move() -> None:
        key = keys[0]
        fields = {"session": key, "version": versions[key], "day": day, "start": next(times)}
        answer = client.post(
            f"{ADDRESS}/acts/move", data=fields, headers={"Accept": "application/json"}
        )
        versions[key] += 1
        assert answer.status_code == 200, answer.get_data(as_text=True)

    with plain(app) as bare:
        opened, page = in_turns(lambda: opening(client), bare.page, each=5)
        yield compared(f"open, page and plan, {kind}", opened, page, PAGE, OPENED[kind], "≤ 150 ms")
        moved, insert = in_turns(move, bare.insert)
        yield compared(f"move one, {kind}", moved, insert, INSERT, MOVED, "≤ 30 ms")
        state = client.get(f"{ADDRESS}/plan").get_json()["state"]
        asked, page = in_turns(lambda: client.get(f"{ADDRESS}/plan?state={state}"), bare.page)
        yield compared(f"ask whether it changed, {kind}", asked, page, PAGE, ASKED[kind])
        with app.app_context():
            crowd()
        moved, insert = in_turns(move, bare.insert)
        what = f"move one beside {CROWD:,} courses, {kind}"
        yield compared(what, moved, insert, INSERT, MOVED, "≤ 30 ms")


def crowd() -> None:
    """Other courses that used the same rooms and trainers before, 16 sessions each."""
    with transaction() as session:
        one = session.execute(select(AgendaSession.__table__).limit(1)).mappings().one()
        needs = session.scalars(select(Booking.resource_id).distinct()).all()
        course = session.execute(select(Course.__table__).limit(1)).mappings().one()
        courses = [{**course, "id": new_key(), "code": f"C{n}"} for n in range(CROWD)]
        session.execute(insert(Course.__table__), courses)
        slots: list[dict[str, object]] = []
        for number, of in enumerate(courses):
            for place in range(16):
                starts = one["starts_utc"] - timedelta(hours=48 + 2 * (16 * number + place))
                times = {"starts_utc": starts, "ends_utc": starts + timedelta(hours=1)}
                slots.append({**one, "id": new_key(), "course_id": of["id"], **times})
        session.execute(insert(AgendaSession.__table__), slots)
        booked = [
            {
                "session_id": slot["id"],
                "resource_id": one,
                "starts_utc": slot["starts_utc"],
                "ends_utc": slot["ends_utc"],
            }
            for slot in slots
            for one in needs[:4]
        ]
        session.execute(insert(Booking.__table__), booked)
    with db.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def opening(client: FlaskClient) -> None:
    """The page and what its editor asks for."""
    for path in (ADDRESS, f"{ADDRESS}/plan?names=1"):
        assert client.get(path).status_code == 200


def course() -> list[str]:
    """Two hundred sessions on ten days in ten rooms, with twelve trainers; gives their ids."""
    by = factories.account(Role.ORGANISER, agency="IOM")
    starts = clock.today(factories.ZONE) + timedelta(days=60)
    made = factories.course(starts_on=starts, ends_on=starts + timedelta(days=DAYS))
    rooms = [teaching.room(f"Room {number}") for number in range(ROOMS)]
    givers = [
        teaching.course_trainer(made, teaching.trainer(by, name=("Trainer", f"No{number}")), by)
        for number in range(12)
    ]
    data: dict[int, SessionData] = {}
    for number in range(SESSIONS):
        day, place = number % DAYS, number // DAYS
        start = f"{9 + place // ROOMS * 2:02d}:00"
        data[number] = teaching.slot(
            made,
            start,
            f"{10 + place // ROOMS * 2:02d}:30",
            day=day,
            kind=SessionKind.TEST,
            room_id=rooms[place % ROOMS],
            trainers=(givers[place % ROOMS],),
        )
    return agenda.add_sessions(made, data, by)
