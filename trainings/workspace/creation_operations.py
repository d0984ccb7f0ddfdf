"""Planning a course: step by step, from a template, as a copy of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainings.core import clock
from trainings.core.db import new_key, transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.section_rules import (
    DATES,
    DEFAULTS,
    FIELDS,
    Section,
    from_answers,
    to_answers,
)
from trainings.courses.setting_rules import CodeOfCourseTaken, LeadNotYours, check_section
from trainings.workspace import plan_queries
from trainings.workspace.models import CoursePlan
from trainings.workspace.rules import agencies_of
from trainings.workspace.writes import create

P = Permission
_WHOLE = ("modules", "signatories")


def begin_plan(by: Viewer, source_code: str = "", programme_code: str = "") -> str:
    """Begin to plan a course, maybe like another one or a template; gives the plan's id."""
    with transaction() as session:
        answers: dict[str, Any] = {}
        source: Course | None = None
        if source_code:
            source = courses.course_for(by, P.COURSE_CREATE, source_code, _WHOLE)
            answers = _taken_over(courses.values_of(source), by)
        if programme_code:
            answers["programme_id"] = programme_queries.programme(programme_code).id
        plan = CoursePlan(
            id=new_key(), account_id=by.account_id or "", changed_at=clock.now(),
            source_id=source.id if source else None, answers=to_answers(answers),
        )  # fmt: skip
        session.add(plan)
        return plan.id


def _taken_over(values: Mapping[str, Any], by: Viewer) -> dict[str, Any]:
    """What a copy begins with: all but the code and the days; one's own agency leads."""
    kept = {name: value for name, value in values.items() if name not in ("code", *DATES)}
    own = agencies_of(by)
    if kept["lead_agency_id"] not in own and own:
        kept["lead_agency_id"] = own[0]
    return kept


def keep_step(by: Viewer, plan_id: str, section: Section, values: Mapping[str, Any]) -> None:
    """Keep a step of a plan. Raises the refusals of ``setting_rules``; nothing is kept then."""
    with transaction():
        plan = plan_queries.plan_for_update(by, plan_id)
        answers = {**from_answers(plan.answers), **values}
        whole = {**DEFAULTS, **answers}
        check_section(section, whole)
        if section is Section.BASICS:
            if whole["lead_agency_id"] not in agencies_of(by):
                raise LeadNotYours
            if courses.code_taken(whole["code"]):
                raise CodeOfCourseTaken(code=whole["code"])
        if section is Section.PLACE and any(answers.get(day) is not None for day in DATES[2:]):
            registration = {name: whole.get(name) for name in FIELDS[Section.REGISTRATION]}
            if None not in registration.values():
                check_section(Section.REGISTRATION, whole)
        plan.answers = to_answers(answers)
        plan.changed_at = clock.now()


def drop_plan(by: Viewer, plan_id: str) -> None:
    """Give up a plan."""
    with transaction() as session:
        session.delete(plan_queries.plan_for_update(by, plan_id))


def create_from_plan(by: Viewer, plan_id: str) -> str:
    """Make the course that was planned; gives its code. Raises ``SectionMissing`` and others."""
    with transaction() as session:
        plan = plan_queries.plan_for_update(by, plan_id)
        source = courses.by_id(plan.source_id) if plan.source_id else None
        course = create(session, from_answers(plan.answers), by=by, source=source)
        session.delete(plan)
        return course.code


def create_course(by: Viewer, values: Mapping[str, Any], source_code: str = "") -> str:
    """Make a course at once out of values by name; gives its id."""
    with transaction() as session:
        source = courses.course_for(by, P.COURSE_CREATE, source_code) if source_code else None
        made = create(session, values, by=by, source=source)
        return made.id


def save_template(by: Viewer, code: str, template_code: str) -> str:
    """Keep a course as a template that others are made from; gives the template's code."""
    with transaction() as session:
        source = courses.course_for(by, P.COURSE_EDIT, code, _WHOLE)
        values = {**courses.values_of(source), "code": template_code}
        return create(session, values, by=by, source=source, template=True).code
