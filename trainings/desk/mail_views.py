"""The emails of a course for its organisers: to whom, what, when, and the text of each."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from trainings.calendars.rules import WITH_FILE
from trainings.core import paging
from trainings.core.access import requires, viewer
from trainings.core.fields import whole
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.desk import mail_operations, queries
from trainings.desk.rules import mail_event
from trainings.mail import queries as mails
from trainings.people import reading

bp = Blueprint("desk_mail", __name__)

SEND = Permission.MESSAGE_SEND
ON_A_PAGE, LAST_PAGE = 50, 1_000_000


@bp.get("/courses/<code>/mail")
@requires(SEND)
def index(code: str) -> ResponseReturnValue:
    """The emails of a course, newest first, and how many are in each state."""
    course = courses.course_for(viewer(), SEND, code)
    page = min(max(request.args.get("page", 1, whole), 1), LAST_PAGE)
    rows = mails.of_course(course.id, page=page, size=ON_A_PAGE)
    states = mails.states_of_course(course.id)
    persons = {row.person_id for row in rows if row.person_id}
    return render_template(
        "desk/mail.html",
        course=course,
        mails=rows,
        states=states,
        numbers=queries.numbers_of(course.id, persons),
        people=reading.open(persons, by=viewer().account_id, purpose="course.mails"),
        mail_event=mail_event,
        page=page,
        pages=paging.pages(sum(states.values()), ON_A_PAGE),
    )


@bp.get("/courses/<code>/mail/<mail_id>")
@requires(SEND)
def show(code: str, mail_id: str) -> ResponseReturnValue:
    """One email of a course: to whom, when, and its text without the links in it."""
    course = courses.course_for(viewer(), SEND, code)
    mail = mails.in_course(course.id, mail_id)
    return render_template(
        "desk/mail_text.html",
        course=course,
        mail=mail,
        text=mail_operations.read(course, mail, viewer()),
        with_file=mail.event in WITH_FILE,
        mail_event=mail_event,
    )
