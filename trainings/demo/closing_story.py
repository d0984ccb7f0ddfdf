"""Runs the demo's past course: attendance, completion, certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.attendance import hours_queries as presence
from trainings.attendance import operations as attendance
from trainings.attendance.rules import Mark
from trainings.certificates import operations as certificates
from trainings.core import clock
from trainings.course_mails import message_operations
from trainings.course_mails.message_operations import Message
from trainings.course_mails.message_rules import MessageTo
from trainings.courses import queries as courses
from trainings.courses.rules import CourseMove, CourseState
from trainings.demo import queries
from trainings.demo.candidate_story import Call, People
from trainings.demo.rules import moment
from trainings.desk import move_operations
from trainings.evaluations import operations as evaluations
from trainings.evaluations.queries import given_by
from trainings.evaluations.rules import Answers, Question, Statement
from trainings.jobs import operations as jobs
from trainings.jobs.queries import work
from trainings.people.queries import mail_index
from trainings.register import signature
from trainings.tables import operations as tables
from trainings.tables import queries as seating
from trainings.tables.rules import usual_layout

_MARKS = {"absent": Mark.ABSENT, "late": Mark.LATE, "excused": Mark.EXCUSED}


def move_course(call: Call, move: CourseMove, days: int, hour: str = "08:00") -> None:
    """Move the course to its next state, unless that move was already made."""
    order = list(CourseState)
    reached = {
        CourseMove.PUBLISH: CourseState.PUBLISHED,
        CourseMove.CLOSE_REGISTRATION: CourseState.REGISTRATION_CLOSED,
        CourseMove.START: CourseState.RUNNING,
        CourseMove.COMPLETE: CourseState.COMPLETED,
    }[move]
    if order.index(courses.by_id(call.course_id).state) < order.index(reached):
        with next(call.moments(days, hour)):
            move_operations.move_course(call.organiser, call.code, move)


def take_attendance(call: Call, people: People) -> None:
    """Mark attendance at each session as its trainers."""
    if courses.by_id(call.course_id).state is not CourseState.RUNNING:
        return
    sessions = {(one.day, one.starts_at): one for one in agenda.sessions_of(call.course_id)}
    first = min(day for day, _ in sessions)
    there = queries.standings(call.course_id)
    for one in queries.data("courses")["agenda"]:
        if one["kind"] == "module":
            on = first + timedelta(days=one["day"] - 1)
            session = sessions[on, time.fromisoformat(one["start"])]
            marks = {
                there[mail_index(who["email"]) or ""].id: mark
                for who in people
                for kind, mark in _MARKS.items()
                if one["code"] in who.get(kind, ())
            }
            with clock.at(moment(on, one["end"], call.zone)):
                _mark(call, session, marks)


def _mark(call: Call, session: AgendaSession, marks: Mapping[str, Mark]) -> None:
    given = [one.course_trainer.trainer.account_id for one in session.assignments]
    who = queries.viewer(given[0]) if given else call.organiser
    if marks:
        attendance.mark_many(session.id, marks, who)
    attendance.mark_rest(session.id, who)


def evaluate(call: Call, people: People, days: int, hour: str) -> None:
    """Send evaluations from those who attended enough of the course."""
    course, there = courses.by_id(call.course_id), queries.standings(call.course_id)
    if course.state is not CourseState.RUNNING:
        return
    shares = presence.shares(course.id)
    done = given_by(list(shares))
    with next(call.moments(days, hour)):
        for number, who in enumerate(people):
            it = there[mail_index(who["email"]) or ""]
            long_enough = it.id in shares and shares[it.id].reaches(course.threshold)
            if long_enough and it.id not in done:
                evaluations.give(it.number, _answers(number), queries.participant(who["email"]))


def _answers(number: int) -> Answers:
    """The evaluation of one person; the data has comments for only some of them."""
    said = queries.data("evaluations")
    rated = said["ratings"][number % len(said["ratings"])]
    texts = {one: said[one][number] for one in Question if number < len(said[one])}
    return Answers(dict(zip(Statement, map(int, rated), strict=True)), texts)


def set_tables(call: Call, days: int, hour: str = "16:00") -> None:
    """Set up the tables and seat everybody, unless they already have places."""
    found = seating.numbers(call.course_id)
    if found.layout is None and found.people:
        with next(call.moments(days, hour)):
            tables.set_tables(call.course_id, usual_layout(found.people), call.organiser)


def catch_up(call: Call, days: int, hour: str) -> None:
    """Run the background work that was due by then: reminders, expiries, the release of seats."""
    with next(call.moments(days, hour)):
        while jobs.run_next(work().tasks):
            pass


def issue_certificates(call: Call, days: int, hour: str) -> None:
    """Issue the certificates of the course, ready to sign; a job then makes the files."""
    with next(call.moments(days, hour)):
        if not signature.keys():
            signature.create("Trainings (demo)")
        certificates.issue_for_course(call.course_id, call.organiser)


def write_to_confirmed(call: Call, words: Mapping[str, Any], days: int) -> None:
    """Email all confirmed participants how to find the venue."""
    if courses.by_id(call.course_id).state is CourseState.REGISTRATION_CLOSED:
        with next(call.moments(days, "16:00")):
            said = Message(MessageTo(), words["joining_subject"], words["joining"])
            message_operations.send(call.course_id, said, call.organiser)
