"""A course's moves from state to state: conditions, consequences, who may, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, teaching
from tests.planning import answers as planning
from tests.registrations import acting
from trainings.agenda import operations as agenda
from trainings.attendance.models import AttendanceMark
from trainings.attendance.rules import Mark
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.rules import CourseMove, CourseState, MoveRefused
from trainings.desk import move_operations
from trainings.desk.checklist_rules import ConditionsUnmet
from trainings.desk.rules import PlannedInTemplate
from trainings.jobs.models import Job
from trainings.planning import creation_operations
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


def organiser(agency: str = "IOM") -> Viewer:
    return factories.account(Role.ORGANISER, agency=agency)


def state_of(code: str = "BUE27") -> CourseState:
    db.session.close()
    return courses.by_code(code).state


def states(course_id: str) -> list[State]:
    db.session.close()
    return sorted(
        db.session.scalars(
            select(Registration.state)
            .where(Registration.course_id == course_id)
            .execution_options(scope="operation")
        )
    )


def mark(session_id: str, registration_id: str, how: Mark) -> None:
    with transaction() as session:
        session.add(
            AttendanceMark(
                session_id=session_id, registration_id=registration_id, mark=how, at=clock.now()
            )
        )


def test_publishing_calls_for_candidates(each_app: Flask) -> None:
    viewer = organiser()
    course_id = creation_operations.create_course(viewer, planning.values())
    factories.account(Role.FOCAL_POINT, country="BO", mail="bolivia@focal.example")
    factories.account(Role.FOCAL_POINT, country="DE", mail="germany@focal.example")
    factories.account(
        Role.FOCAL_POINT, country="PE", functions=["prosecutor"], mail="peru@focal.example"
    )

    after = move_operations.move_course(viewer, "LIM28", CourseMove.PUBLISH)

    assert after is CourseState.PUBLISHED
    assert [one.recipient for one in factories.mails("course_published")] == [
        "bolivia@focal.example"
    ]
    due = db.session.scalars(select(Job.task)).all()
    assert "registrations.release" in due
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "course.publish")).one()
    assert (entry.course_id, entry.by) == (course_id, viewer.account_id)


def test_what_is_open_on_the_checklist_stands_in_the_way(each_app: Flask) -> None:
    factories.course(state=CourseState.DRAFT, starts_in=-1)
    with pytest.raises(ConditionsUnmet):
        move_operations.move_course(organiser(), "BUE27", CourseMove.PUBLISH)
    assert state_of() is CourseState.DRAFT
    assert not factories.mails()


def test_a_move_begins_where_it_begins(each_app: Flask) -> None:
    factories.course()
    for move in (CourseMove.PUBLISH, CourseMove.START, CourseMove.COMPLETE, CourseMove.REOPEN):
        with pytest.raises(MoveRefused):
            move_operations.move_course(organiser(), "BUE27", move)
    assert state_of() is CourseState.PUBLISHED


@pytest.mark.parametrize("move", list(CourseMove))
def test_only_the_lead_moves_a_course(app: Flask, move: CourseMove) -> None:
    course_id = factories.course()
    for viewer in (
        organiser("UNODC"),
        factories.account(Role.TRAINER, course_id=course_id),
        factories.account(Role.FOCAL_POINT, country="BO"),
    ):
        with pytest.raises(NotFound):
            move_operations.move_course(viewer, "BUE27", move, "reason")
    assert state_of() is CourseState.PUBLISHED


def test_registration_closes_and_opens_again(each_app: Flask) -> None:
    factories.course()
    viewer = organiser()
    move_operations.move_course(viewer, "BUE27", CourseMove.CLOSE_REGISTRATION)
    assert state_of() is CourseState.REGISTRATION_CLOSED
    move_operations.move_course(viewer, "BUE27", CourseMove.REOPEN_REGISTRATION)
    assert state_of() is CourseState.PUBLISHED


def running() -> tuple[str, Viewer, str, str, str]:
    """A course on its last day, with one session, one who was there and one who was not."""
    viewer = organiser()
    course_id = factories.course(state=CourseState.RUNNING, starts_in=-3)
    teaching.teach(course_id, module := teaching.module())
    session = agenda.add_session(course_id, teaching.slot(course_id, module_id=module), viewer)
    there, away = teaching.participant(course_id), teaching.participant(course_id)
    return course_id, viewer, session, there, away


def test_completing_asks_for_attendance_and_closes_registrations(each_app: Flask) -> None:
    course_id, viewer, session, there, away = running()
    mark(session, there, Mark.LATE)
    with pytest.raises(ConditionsUnmet):
        move_operations.move_course(viewer, "BUE27", CourseMove.COMPLETE)
    assert states(course_id) == [State.CONFIRMED, State.CONFIRMED]
    mark(session, away, Mark.EXCUSED)

    move_operations.move_course(viewer, "BUE27", CourseMove.COMPLETE)

    assert state_of() is CourseState.COMPLETED
    assert states(course_id) == [State.ATTENDED, State.NO_SHOW]
    move_operations.move_course(viewer, "BUE27", CourseMove.REOPEN)
    assert state_of() is CourseState.RUNNING
    assert states(course_id) == [State.CONFIRMED, State.CONFIRMED]


def test_cancelling_ends_all_and_tells_everyone(each_app: Flask) -> None:
    viewer = organiser()
    course_id = factories.course()
    for state in (State.NOMINATED, State.OFFERED, State.CONFIRMED, State.WITHDRAWN):
        acting.standing(course_id, state)
    invited = teaching.trainer(viewer, mail="ruth@trainer.example")
    declined = teaching.trainer(viewer, mail="declined@trainer.example", name=("Eva", "Luz"))
    teaching.course_trainer(course_id, invited, viewer)
    asked = teaching.course_trainer(course_id, declined, viewer)
    teaching.answered(asked, accept=False)

    with pytest.raises(ConditionsUnmet):
        move_operations.move_course(viewer, "BUE27", CourseMove.CANCEL, "  ")
    move_operations.move_course(viewer, "BUE27", CourseMove.CANCEL, "The venue burned down.")

    assert state_of() is CourseState.CANCELLED
    assert states(course_id) == [State.CANCELLED] * 3 + [State.WITHDRAWN]
    assert [one.recipient for one in factories.mails("course_cancelled")] == [
        "ruth@trainer.example"
    ]
    with pytest.raises(MoveRefused):
        move_operations.move_course(viewer, "BUE27", CourseMove.CANCEL, "Again.")


def test_a_template_is_not_moved(app: Flask) -> None:
    factories.course(state=CourseState.DRAFT, template=True)
    with pytest.raises(PlannedInTemplate):
        move_operations.move_course(organiser(), "BUE27", CourseMove.PUBLISH)


def test_the_page_shows_the_checklist_and_a_button_when_all_is_well(client: FlaskClient) -> None:
    factories.course(state=CourseState.DRAFT)
    factories.course("PAST27", state=CourseState.DRAFT, starts_in=-9)
    factories.sign_in(client, organiser())

    ready = client.get("/courses/BUE27/moves/publish").get_data(as_text=True)
    assert "The seats add up to the capacity (60 of 60)." in ready
    assert "Open registration</button>" in ready
    late = client.get("/courses/PAST27/moves/publish").get_data(as_text=True)
    assert "Set the first and last day. The first day cannot be in the" in late
    assert "Open registration</button>" not in late

    answer = client.post("/courses/PAST27/moves/publish")
    assert answer.status_code == 200
    assert "The course cannot move on yet" in answer.get_data(as_text=True)
    assert state_of("PAST27") is CourseState.DRAFT
    assert client.post("/courses/BUE27/moves/publish").status_code == 303
    assert state_of() is CourseState.PUBLISHED


def test_cancelling_on_the_page_asks_for_a_reason(client: FlaskClient) -> None:
    factories.course()
    factories.sign_in(client, organiser())
    refused = client.post("/courses/BUE27/moves/cancel", data={"reason": " "})

    assert refused.status_code == 200
    assert "Give a reason." in refused.get_data(as_text=True)
    assert state_of() is CourseState.PUBLISHED
    assert client.post("/courses/BUE27/moves/cancel", data={"reason": "Flood"}).status_code == 303
    assert state_of() is CourseState.CANCELLED


@pytest.mark.parametrize(
    ("state", "starts_in", "words"),
    [
        (CourseState.PUBLISHED, 15, "The last day of registration has passed: you can close"),
        (CourseState.REGISTRATION_CLOSED, 0, "The first day has come: you can start the course."),
        (CourseState.RUNNING, -4, "The last day has come: you can complete the course."),
    ],
)
def test_the_desk_says_what_is_due(
    client: FlaskClient, state: CourseState, starts_in: int, words: str
) -> None:
    factories.course(state=state, starts_in=starts_in)
    factories.course("CALM27", state=state, starts_in=starts_in + 90)
    factories.sign_in(client, organiser())

    assert words in client.get("/courses/BUE27/desk").get_data(as_text=True)
    assert words not in client.get("/courses/CALM27/desk").get_data(as_text=True)


def test_a_second_click_moves_nothing_twice(client: FlaskClient) -> None:
    factories.course()
    factories.sign_in(client, organiser())
    for _ in range(2):
        client.post("/courses/BUE27/moves/cancel", data={"reason": "Flood", "form_token": "one"})

    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "course.cancel").order_by(AuditEntry.number)
    ).all()
    assert len(entries) == 1
    assert clock.now() - entries[0].at < timedelta(minutes=5)
