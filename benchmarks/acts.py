"""How long an act on a whole course holds the write lock: 10,000 people, on SQLite."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from benchmarks.installation import Bare
from benchmarks.rows import Row
from tests import factories, teaching
from tests.planning.test_settings import place
from tests.questions.asking import asking
from tests.registrations import acting
from trainings.agenda import operations as agenda
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.course_mails import message_operations, queue_operations
from trainings.course_mails.message_operations import Message
from trainings.course_mails.message_rules import MessageTo
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseMove, CourseState
from trainings.desk import move_operations
from trainings.mailings import operations as mailings
from trainings.mailings.models import Mailing
from trainings.networks import operations as networks
from trainings.networks.rules import WaveKind
from trainings.planning import setting_operations
from trainings.planning.section_rules import Section
from trainings.questions import answer_operations
from trainings.questions import operations as questions
from trainings.registrations.listing_rules import Step
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.rules import State
from trainings.seats import writes as seats
from trainings.selection import name_operations
from trainings.selection import operations as selection
from trainings.serving import forking

TITLE = "Acts on a whole course"
PEOPLE = int(os.environ.get("ACTS_PEOPLE", "10000"))
AIM = "≤ 2 s"
LONG = timedelta(days=40)
Act = Callable[[], object]


def rows() -> Iterator[Row]:
    """Seconds of the longest transaction of each act; each has a course of its own."""
    for name, before, prepared in ACTS:
        with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
            app = Bare(Path(folder) / "instance").app
            with app.test_request_context("/"):
                by = acting.organiser()
                course = factories.course("BUE27", starts_in=20)
                make_room(course)
                acting.crowd(course, before, PEOPLE)
                act = prepared(course, by)
                db.session.remove()
                forking.settle()  # as a web worker does
                with longest() as spans:
                    act()
                yield Row(f"{name}, {PEOPLE:,} people", f"{max(spans):.2f} s", AIM)
                db.session.remove()
                db.engine.dispose()


def make_room(course: str) -> None:
    """Seats for all, in the block that is open to everyone."""
    acting.share_out(course, {})
    with transaction() as session:
        session.get_one(Course, course).capacity = PEOPLE + 10
        for block in session.scalars(
            select(SeatBlock).where(SeatBlock.course_id == course, SeatBlock.country.is_(None))
        ):
            block.seats = PEOPLE + 10


@contextmanager
def longest() -> Iterator[list[float]]:
    """How long each transaction that writes took meanwhile, in seconds."""
    spans: list[float] = []
    begun: list[float] = []

    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("write"):
            begun.append(time.perf_counter())

    def end(_connection: Any) -> None:
        if begun:
            spans.append(time.perf_counter() - begun.pop())

    listeners = [("begin", begin), ("commit", end), ("rollback", end)]
    for name, listener in listeners:
        event.listen(db.engine, name, listener)
    try:
        yield spans
    finally:
        for name, listener in listeners:
            event.remove(db.engine, name, listener)


def message(course: str, by: Viewer) -> Act:
    """An organiser writes to all who confirmed."""
    said = Message(MessageTo(), {"en": "About {code}"}, {"en": "Dear {name}"})
    return lambda: message_operations.send(course, said, by)


def portion(course: str, by: Viewer) -> Act:
    """The worker writes 500 of these emails."""
    message(course, by)()
    key = db.session.scalars(select(Mailing.id)).one()
    return lambda: mailings.write_on(key)


def hold(course: str, by: Viewer) -> Act:
    """All emails of the course that wait are put on hold."""
    message(course, by)()
    key = db.session.scalars(select(Mailing.id)).one()
    while (row := db.session.get(Mailing, key)) and row.written < row.total:
        mailings.write_on(key)
    return lambda: queue_operations.hold_all(course, by)


def let_go(course: str, by: Viewer) -> Act:
    """All that are on hold are sent."""
    hold(course, by)()
    return lambda: queue_operations.release_all(course, by)


def cancel(_course: str, by: Viewer) -> Act:
    """The course does not take place."""
    return lambda: move_operations.move_course(by, "BUE27", CourseMove.CANCEL, "A flood")


def move(_course: str, by: Viewer) -> Act:
    """The course moves to another place."""
    values = place(venue="Elsewhere")
    asked = setting_operations.change_section(by, "BUE27", Section.PLACE, values, agreed="")
    mark = asked.mark if asked else ""
    return lambda: setting_operations.change_section(
        by, "BUE27", Section.PLACE, values, agreed=mark
    )


def publish(course: str, by: Viewer) -> Act:
    """The agenda is published."""
    agenda.add_session(course, teaching.slot(course), by)
    return lambda: teaching.publish(course, by)


def names(course: str, by: Viewer) -> Act:
    """All are reminded to confirm their name."""
    return lambda: name_operations.remind(course, by)


def answers(course: str, by: Viewer) -> Act:
    """All are reminded of answers that are missing."""
    questions.add(course, asking(), by)
    return lambda: answer_operations.chase(course, by)


def wave(course: str, by: Viewer) -> Act:
    """All are asked about their working contacts."""
    return lambda: networks.send(course, WaveKind.START, by)


def complete(_course: str, by: Viewer) -> Act:
    """The course is over: who came has attended, all others have not."""
    with transaction() as session:
        course = session.scalars(select(Course)).one()
        course.state = CourseState.RUNNING
        course.starts_on, course.ends_on = course.starts_on - LONG, course.ends_on - LONG
    return lambda: move_operations.move_course(by, "BUE27", CourseMove.COMPLETE)


def choose(course: str, by: Viewer) -> Act:
    """All are selected at once, as when a proposed selection is accepted."""
    numbers = db.session.scalars(
        select(Registration.number)
        .where(Registration.course_id == course)
        .execution_options(scope="operation")
    ).all()
    return lambda: selection.select(course, numbers, by)


def offers(course: str, _by: Viewer) -> Act:
    """All of a reserve list are offered a seat."""

    def fill() -> None:
        with transaction() as session:
            seats.fill_seats(session, courses.course_for_update(course))

    return fill


def first_move(course: str, by: Viewer) -> Act:
    """Somebody is moved on the reserve list by hand, for the first time."""
    number = acting.reserve(course)[-1]
    return lambda: selection.move_on_reserve(course, number, Step.FIRST, by)


def later_move(course: str, by: Viewer) -> Act:
    """Somebody is moved once everyone has a place."""
    first_move(course, by)()
    number = acting.reserve(course)[PEOPLE // 2]
    return lambda: selection.move_on_reserve(course, number, Step.UP, by)


ACTS: tuple[tuple[str, State, Callable[[str, Viewer], Act]], ...] = (
    ("a message to all", State.CONFIRMED, message),
    ("… 500 of its emails, by the worker", State.CONFIRMED, portion),
    ("the course is moved", State.CONFIRMED, move),
    ("the agenda is published", State.CONFIRMED, publish),
    ("all are reminded of their name", State.CONFIRMED, names),
    ("all are reminded of answers", State.CONFIRMED, answers),
    ("all are asked about contacts", State.CONFIRMED, wave),
    ("all emails of the course are held", State.CONFIRMED, hold),
    ("… are let go", State.CONFIRMED, let_go),
    ("the course is completed", State.CONFIRMED, complete),
    ("all are selected", State.ENDORSED, choose),
    ("the course is cancelled", State.CONFIRMED, cancel),
    ("all of the reserve list are offered a seat", State.RESERVE, offers),
    ("somebody is moved on the reserve list, first", State.RESERVE, first_move),
    ("… later", State.RESERVE, later_move),
)
