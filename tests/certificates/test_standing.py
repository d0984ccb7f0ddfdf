"""Who has earned a certificate: counted for the one button, and read one by one."""

from __future__ import annotations

from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from tests.certificates.paper import Paper
from trainings.certificates import (
    ending_operations,
    listing_queries,
    operations,
    standing_queries,
    waiver_operations,
)
from trainings.certificates.models import Certificate
from trainings.certificates.rules import EndReason, Kind
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.rules import CourseState
from trainings.registrations.models import Registration


def _counted(course_id: str, kind: Kind) -> int:
    """How many the button says; the same as those whom it issues to."""
    db.session.remove()
    course = courses.by_id(course_id)
    found = listing_queries.fresh_of(course, kind, scope="operation")
    everyone = standing_queries.earners(course, kind, scope="operation")
    assert found == sum(one.fresh for one in everyone)
    return found


def _certificates(course_id: str) -> list[Certificate]:
    db.session.remove()
    return list(
        db.session.scalars(
            select(Certificate)
            .where(Certificate.course_id == course_id)
            .order_by(Certificate.serial)
            .execution_options(scope="operation")
        )
    )


def test_who_is_left_to_issue_to_is_counted_as_it_is_read(lead: Viewer, paper: Paper) -> None:
    course_id = graduates.course_of(graduates.NAMES)
    factories.course("OTHER27")
    assert _counted(course_id, Kind.COMPLETION) == len(graduates.NAMES)
    operations.issue_for_course(course_id, lead)
    assert _counted(course_id, Kind.COMPLETION) == 0
    assert _counted(course_id, Kind.ATTENDANCE) == len(graduates.NAMES), "another kind"
    first, second, *_rest = _certificates(course_id)
    ending_operations.revoke(course_id, first.id, EndReason.MISTAKE, "", lead)
    assert _counted(course_id, Kind.COMPLETION) == 0, "a revoked one comes back only on purpose"
    ending_operations.reissue(course_id, second.id, "Ana Nueva", EndReason.NAME, "", lead)
    assert _counted(course_id, Kind.COMPLETION) == 0, "a corrected one took its place"


def test_who_missed_hours_counts_with_an_exception_and_who_confirmed_no_name_does_not(
    lead: Viewer,
) -> None:
    course_id = graduates.course_of(graduates.NAMES[:3], attended=2)
    assert _counted(course_id, Kind.COMPLETION) == 0
    with transaction() as session:
        rows = session.scalars(
            select(Registration)
            .where(Registration.course_id == course_id)
            .order_by(Registration.number)
            .execution_options(scope="operation")
        ).all()
        numbers = [row.number for row in rows]
        rows[1].name_confirmed_at = None
    for number in numbers[:2]:
        waiver_operations.ask(course_id, number, "Was ill", lead)
    assert _counted(course_id, Kind.COMPLETION) == 0, "nobody approved it yet"
    other = factories.account(Role.ORGANISER, agency="IOM")
    for number in numbers[:2]:
        waiver_operations.approve(course_id, number, other)
    assert _counted(course_id, Kind.COMPLETION) == 1


def test_trainers_are_counted_by_the_sessions_they_gave(lead: Viewer) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1], state=CourseState.RUNNING)
    for sessions in (0, 1, 2):
        graduates.trainer_of(course_id, lead, sessions)
    assert _counted(course_id, Kind.TRAINER) == 2
