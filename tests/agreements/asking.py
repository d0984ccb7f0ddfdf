"""A course of IOM on which INTERPOL was asked, and who answers for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests import factories
from tests.planning import answers
from trainings.audit.models import AuditEntry
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course, Signatory
from trainings.planning import creation_operations, setting_operations
from trainings.planning.section_rules import FIELDS, Section

CODE, PARTNER = "LIM28", "INTERPOL"
TITLE = {"en": "Regional Bureau", "es": "Oficina Regional"}


def organiser(agency: str, mail: str | None = None) -> Viewer:
    return factories.account(Role.ORGANISER, agency=agency, mail=mail)


def planned(lead: Viewer, **more: Any) -> str:
    """IOM plans a course, ticks INTERPOL and proposes who signs for it; gives the course's id."""
    signing = [
        {"agency_id": factories.agency_id("IOM"), "titles": {"en": "Regional Director"}},
        {"agency_id": factories.agency_id(PARTNER), "titles": TITLE},
    ]
    values = answers.values(
        CODE, agency_ids=[factories.agency_id(PARTNER)], signatories=signing, **more
    )
    return creation_operations.create_course(lead, values)


def change(by: Viewer, section: Section, **wanted: Any) -> None:
    """Save a section of the settings with some values changed."""
    before = courses.values_of(course())
    kept = {name: before[name] for name in FIELDS[section]}
    setting_operations.change_section(by, CODE, section, {**kept, **wanted})


def course() -> Course:
    db.session.remove()
    return courses.by_code(CODE, ("modules", "signatories", "lead"))


def organising() -> list[str]:
    return [row.agency.code for row in course().organising]


def waiting() -> list[str]:
    return [row.agency.code for row in course().waiting]


def partners_signatory() -> Signatory:
    agency_id = factories.agency_id(PARTNER)
    return next(who for who in course().signatories if who.agency_id == agency_id)


def acts() -> list[str]:
    """What the trail says of agreements, in its order."""
    return list(
        db.session.scalars(
            select(AuditEntry.act)
            .where(AuditEntry.act.startswith("agreement."))
            .order_by(AuditEntry.number)
        )
    )
