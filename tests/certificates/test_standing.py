"""Who has earned a certificate: counted for the one button, and read one by one."""

from __future__ import annotations

from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from tests.certificates.paper import Paper
from tests.certificates.printing import registrations_of
from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import SessionKind
from trainings.attendance import result_operations
from trainings.attendance.result_rules import Result
from trainings.certificates import (
    listing_queries,
    operations,
    reissue_operations,
    revocation_operations,
    standing_queries,
    waiver_operations,
)
from trainings.certificates.rules import conditions
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.register.models import Certificate
from trainings.register.rules import EndReason, Kind
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
    revocation_operations.revoke(course_id, first.id, EndReason.MISTAKE, "", lead)
    assert _counted(course_id, Kind.COMPLETION) == 0, "a revoked one comes back only on purpose"
    reissue_operations.reissue(course_id, second.id, "Ana Nueva", EndReason.NAME, "", lead)
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


def _with_a_test() -> tuple[str, str]:
    """A course whose last session was a test that completion asks for; gives both ids."""
    course_id = graduates.course_of()
    exam = agenda.sessions_of(course_id)[-1].id
    with transaction() as session:
        session.get_one(Course, course_id).needs_test = True
        session.get_one(AgendaSession, exam).kind = SessionKind.TEST
    return course_id, exam


def test_where_the_test_counts_completion_is_for_who_passed(lead: Viewer, paper: Paper) -> None:
    course_id, exam = _with_a_test()
    assert _counted(course_id, Kind.COMPLETION) == 0
    assert _counted(course_id, Kind.ATTENDANCE) == 3, "who fails still attended"
    ana, other, _third = registrations_of(course_id).values()
    result_operations.enter(exam, {ana: Result.PASSED, other: Result.NOT_PASSED}, lead)
    assert _counted(course_id, Kind.COMPLETION) == 1
    assert operations.issue_for_course(course_id, lead) == 1
    assert [one.registration_id for one in _certificates(course_id)] == [ana]
    result_operations.enter(exam, {other: Result.PASSED}, lead)
    assert operations.issue_for_course(course_id, lead) == 1, "read after the course was over"


def test_who_took_part_sees_that_the_test_counts(lead: Viewer) -> None:
    course_id, exam = _with_a_test()
    key = registrations_of(course_id)["Ana"]
    own = graduates.holder(course_id, "Ana")
    assert "Pass the course's test." in _advice(own)
    result_operations.enter(exam, {key: Result.PASSED}, lead)
    assert "Pass the course's test." not in _advice(own)


def _advice(viewer: Viewer) -> list[str]:
    db.session.remove()
    ((_course, _mine, facts),) = standing_queries.own_standings(viewer)
    return [one.advice for one in conditions(facts)]
