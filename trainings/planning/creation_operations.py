"""Planning a course: step by step, from a template, or as a copy of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trainings.agencies.rules import agencies_of
from trainings.core import clock
from trainings.core.db import new_key, transaction
from trainings.core.errors import Refusal, refuse
from trainings.core.permissions import Permission, Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import DATES
from trainings.planning import plan_queries
from trainings.planning.models import CoursePlan
from trainings.planning.section_rules import (
    DEFAULTS,
    TYPED,
    Section,
    from_answers,
    is_filled,
    to_answers,
    typed_without,
)
from trainings.planning.setting_rules import (
    CodeOfCourseTaken,
    LeadNotYours,
    past_faults,
    section_faults,
)
from trainings.planning.writes import create

P = Permission
_WHOLE = ("modules", "signatories")


def begin_plan(by: Viewer, source_code: str = "", programme_code: str = "") -> str:
    """Start planning a course, maybe based on another course or template; returns the plan's id."""
    with transaction() as session:
        answers: dict[str, Any] = {}
        source: Course | None = None
        if source_code:
            source = courses.course_for(by, P.COURSE_CREATE, source_code, _WHOLE)
            answers = _taken_over(courses.values_of(source), by)
        if programme_code:
            answers["programme_id"] = programme_queries.programme(programme_code).id
        plan = CoursePlan(
            id=new_key(),
            account_id=by.account_id or "",
            changed_at=clock.now(),
            source_id=source.id if source else None,
            answers=to_answers(answers),
        )
        session.add(plan)
        return plan.id


def _taken_over(values: Mapping[str, Any], by: Viewer) -> dict[str, Any]:
    """The initial values of a copy: all but code and dates; the viewer's own agency leads."""
    kept = {name: value for name, value in values.items() if name not in ("code", *DATES)}
    own = agencies_of(by)
    if kept["lead_agency_id"] not in own and own:
        kept["lead_agency_id"] = own[0]
    return kept


def keep_step(
    by: Viewer, plan_id: str, section: Section, values: Mapping[str, Any], *, meant: bool = False
) -> None:
    """Save a step of a plan. Raises the refusals of ``setting_rules``; nothing is saved then.

    ``meant``: days in the past are.
    """
    with transaction():
        plan = plan_queries.plan_for_update(by, plan_id)
        refuse(step_faults(by, plan, section, values, meant=meant))
        plan.answers = to_answers({**from_answers(plan.answers), **values}) | {
            TYPED: typed_without(plan.answers, section)
        }
        plan.changed_at = clock.now()


def step_faults(
    by: Viewer, plan: CoursePlan, section: Section, values: Mapping[str, Any], *, meant: bool
) -> list[Refusal]:
    """All that is wrong with a step of a plan, as far as its values are there."""
    plan_queries.source_of(by, plan)
    before = from_answers(plan.answers)
    whole = {**DEFAULTS, **before, **values}
    faults = section_faults(section, whole)
    if not meant and whole.get("zone") and not any(one.field == "zone" for one in faults):
        faults += past_faults(section, before, whole, clock.today(whole["zone"]))
    if section is Section.BASICS:
        if whole.get("lead_agency_id") and whole["lead_agency_id"] not in agencies_of(by):
            faults.append(LeadNotYours())
        if courses.code_taken(whole.get("code") or ""):
            faults.append(CodeOfCourseTaken(code=whole["code"]))
    if section is Section.PLACE and is_filled(Section.REGISTRATION, before):
        faults += section_faults(Section.REGISTRATION, whole)
    return faults


def keep_typed(
    by: Viewer, plan_id: str, section: Section, typed: Mapping[str, Sequence[str]]
) -> None:
    """Keep what was typed on a step as it is, right or wrong, to be shown there again."""
    with transaction():
        plan = plan_queries.plan_for_update(by, plan_id)
        kept = {**typed_without(plan.answers, section), str(section): dict(typed)}
        plan.answers = {**plan.answers, TYPED: kept}
        plan.changed_at = clock.now()


def drop_plan(by: Viewer, plan_id: str) -> None:
    """Discard a plan."""
    with transaction() as session:
        session.delete(plan_queries.plan_for_update(by, plan_id))


def create_from_plan(by: Viewer, plan_id: str) -> str:
    """Create the planned course; returns its code. Raises ``SectionMissing`` and others."""
    with transaction() as session:
        plan = plan_queries.plan_for_update(by, plan_id)
        source = plan_queries.source_of(by, plan)
        course = create(session, from_answers(plan.answers), by=by, source=source)
        session.delete(plan)
        return course.code


def create_course(by: Viewer, values: Mapping[str, Any], source_code: str = "") -> str:
    """Create a course directly from values by name; returns its id."""
    with transaction() as session:
        source = courses.course_for(by, P.COURSE_CREATE, source_code) if source_code else None
        made = create(session, values, by=by, source=source)
        return made.id


def save_template(by: Viewer, code: str, template_code: str) -> str:
    """Save a course as a template for new courses; returns the template's code."""
    with transaction() as session:
        source = courses.course_for(by, P.COURSE_EDIT, code, _WHOLE)
        values = {**courses.values_of(source), "code": template_code}
        return create(session, values, by=by, source=source, template=True).code
