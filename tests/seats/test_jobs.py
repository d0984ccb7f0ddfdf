"""The jobs of offers and seats, run by the worker as it runs them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import db
from trainings.jobs import operations as jobs
from trainings.jobs.models import Job
from trainings.mail.models import OutboxMail
from trainings.registrations.rules import State
from trainings.seats import answer_operations
from trainings.selection import operations as selection_operations
from trainings.wiring import TASKS


def work() -> None:
    """Run what is due of the domain's jobs, each twice: a worker may die after its work."""
    db.session.close()
    due = db.session.scalars(
        select(Job).where(Job.run_at <= clock.now(), Job.task.startswith("registrations."))
    ).all()
    payloads = [(job.task, job.payload) for job in due]
    db.session.close()
    for task, payload in payloads:
        TASKS[task](**payload)
        TASKS[task](**payload)


def sent(event: str) -> int:
    db.session.close()
    return len(db.session.scalars(select(OutboxMail).where(OutboxMail.event == event)).all())


def test_an_unanswered_offer_is_reminded_twice_then_goes_to_the_next(each_app: Flask) -> None:
    course = factories.course(capacity=1, offer_days=7)
    first, _ = acting.standing(course, State.ENDORSED, priority=1)
    second, _ = acting.standing(course, State.ENDORSED, priority=2)
    selection_operations.select(course, [first, second], acting.organiser())
    seen = []
    for day in range(1, 9):
        with clock.shifted(timedelta(days=day)):
            work()
        seen.append((sent("registration_reminder"), acting.state(first), acting.state(second)))
    assert seen[3][0] == 0 and seen[4][0] in (0, 1)
    assert seen[6][:2] == (2, State.OFFERED)
    assert seen[7] == (2, State.EXPIRED, State.OFFERED)
    assert sent("registration_expired") == 1 and acting.seats_taken(course) == 1


def test_nobody_is_reminded_of_what_they_answered(each_app: Flask) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.ENDORSED)
    selection_operations.select(course, [number], acting.organiser())
    answer_operations.accept(number, person)
    with clock.shifted(timedelta(days=9)):
        work()
    assert sent("registration_reminder") == 0 and acting.state(number) is State.CONFIRMED


def test_the_worker_knows_the_tasks_and_finishes_them(app: Flask) -> None:
    course = factories.course(release_on=clock.today(factories.ZONE))
    acting.share_out(course, {("BO", None): 2})
    number, _ = acting.standing(course, State.ENDORSED)
    selection_operations.select(course, [number], acting.organiser())
    with clock.shifted(timedelta(days=9)):
        while jobs.run_next(current_app.extensions["work"].tasks):
            pass
    db.session.close()
    ours = db.session.scalars(select(Job).where(Job.task.startswith("registrations."))).all()
    assert {job.task for job in ours} >= {"registrations.expire", "registrations.release"}
    assert {job.state for job in ours} == {"done"}
    assert acting.state(number) is State.EXPIRED
    TASKS["registrations.promote"](course_id=course)
