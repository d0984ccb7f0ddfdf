"""The mails of a course: what waits, what was sent, what came back; nothing of them is opened."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from trainings.core import paging
from trainings.core.access import requires, viewer
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.mail import queries as mails
from trainings.workspace import queries
from trainings.workspace.rules import mail_event

bp = Blueprint("workspace_mail", __name__)

P = Permission
SIZE, LAST_PAGE = 50, 1_000_000


@bp.get("/courses/<code>/mail")
@requires(P.MESSAGE_SEND)
def index(code: str) -> ResponseReturnValue:
    """The mails of a course, the newest first, and how many stand where."""
    course = courses.course_for(viewer(), P.MESSAGE_SEND, code)
    page = min(max(request.args.get("page", 1, int), 1), LAST_PAGE)
    rows = mails.of_course(course.id, page=page, size=SIZE)
    states = mails.states_of_course(course.id)
    return render_template(
        "workspace/mail.html",
        course=course,
        mails=rows,
        states=states,
        numbers=queries.numbers_of(course.id, {row.person_id for row in rows if row.person_id}),
        mail_event=mail_event,
        page=page,
        pages=paging.pages(sum(states.values()), SIZE),
    )
