"""Creates a course from a plan, with what it copies from another course."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.agencies.rules import agencies_of
from trainings.agenda.writes import copy_agenda
from trainings.agreements.writes import ask
from trainings.audit.writes import record
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.courses import writes as course_writes
from trainings.courses.models import Course
from trainings.courses.rules import Placing, Visibility
from trainings.mail.text_writes import copy_texts
from trainings.planning.models import CoursePlan
from trainings.planning.section_rules import DEFAULTS
from trainings.planning.setting_rules import (
    CodeOfCourseTaken,
    LeadNotYours,
    agree_at_once,
    check_all,
)
from trainings.questions.writes import copy_questions
from trainings.seats.writes import copy_blocks

_RELATED = ("code", "lead_agency_id", "agency_ids", "module_ids", "signatories")


def create(
    session: Session,
    given: Mapping[str, Any],
    *,
    by: Viewer,
    source: Course | None = None,
    template: bool = False,
) -> Course:
    """Create a draft course from values by name, with seats, questions and agenda of a course.

    The setter's own agencies agree by this act, the others are asked.
    Raises the refusals of ``setting_rules``, ``CodeOfCourseTaken``, ``LeadNotYours``.
    """
    values = {**DEFAULTS, **given}
    check_all(values)
    if values["lead_agency_id"] not in agencies_of(by):
        raise LeadNotYours
    if courses.code_taken(values["code"]):
        raise CodeOfCourseTaken(code=values["code"])
    agreeing = agree_at_once(by, values, template=template)
    own = {name: value for name, value in values.items() if name not in _RELATED}
    own["visibility"] = Visibility(own["visibility"])
    own["placing"] = Placing(own["placing"])
    course = course_writes.add_course(
        session,
        code=values["code"],
        lead_agency_id=values["lead_agency_id"],
        agency_ids=values["agency_ids"],
        module_ids=values["module_ids"],
        signatories=[(one["agency_id"], one["titles"]) for one in values["signatories"]],
        agreeing=agreeing,
        template=template,
        **own,
    )
    session.flush()
    if source is not None:
        copy_blocks(session, source.id, course)
        copy_questions(session, source.id, course.id)
        copy_agenda(session, source.id, course.id, (course.starts_on - source.starts_on).days)
        course.own_texts = copy_texts(session, source.id, course.id)
    record(
        session,
        "course.create",
        "course",
        course.id,
        by=by.account_id,
        course_id=course.id,
        code=course.code,
        source=source.id if source else None,
        template=template,
    )
    chosen = (values["lead_agency_id"], *values["agency_ids"])
    ask(session, course.id, organise=[one for one in chosen if one not in agreeing], by=by)
    return course


def forget_plans(session: Session, account_id: str) -> None:
    """Delete the unfinished plans of an account."""
    session.execute(delete(CoursePlan).where(CoursePlan.account_id == account_id))
