"""Many certificates are issued some at a time: killed in between it goes on, nobody gets two."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from trainings.accounts.models import AccountGrant
from trainings.certificates import operations
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.jobs.models import Job
from trainings.register.models import Certificate
from trainings.register.rules import Kind

KIND = Kind.COMPLETION


@pytest.fixture
def lead(each_app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def course(lead: Viewer, monkeypatch: pytest.MonkeyPatch) -> str:
    """Six people who earned a certificate; two are looked at in one transaction."""
    monkeypatch.setattr(operations, "PORTION", 2)
    return graduates.course_of(graduates.NAMES)


def held(course: str) -> Counter[str]:
    db.session.close()
    return Counter(
        db.session.scalars(
            select(Certificate.registration_id)
            .where(Certificate.course_id == course)
            .execution_options(scope="operation")
        )
    )


def waiting() -> list[dict[str, str]]:
    db.session.close()
    jobs = select(Job).where(Job.task == "certificates.issue", Job.state == "waiting")
    return [dict(one.payload) for one in db.session.scalars(jobs)]


def done() -> dict[str, str]:
    """What waits is taken, as a worker takes it."""
    (payload,) = waiting()
    with transaction() as session:
        session.scalars(select(Job).where(Job.task == "certificates.issue")).one().state = "done"
    return payload


def test_a_job_issues_one_portion_after_another(course: str, lead: Viewer) -> None:
    assert operations.issue_for_course(course, lead) is None
    assert not held(course) and operations.is_issuing(course, KIND)
    numbers = []
    while payload := next(iter(waiting()), None):
        with transaction() as session:
            for one in session.scalars(select(Job).where(Job.task == "certificates.issue")):
                one.state = "done"
        operations.issue_on(**payload)
        numbers.append(len(held(course)))
    assert numbers[:3] == [2, 4, 6] and set(held(course).values()) == {1}
    assert not operations.is_issuing(course, KIND)
    assert operations.issue_for_course(course, lead) == 0, "everyone has one"


def test_killed_before_it_was_over_the_same_portion_gives_nobody_two(
    course: str, lead: Viewer
) -> None:
    operations.issue_for_course(course, lead)
    payload = done()
    operations.issue_on(**payload)
    operations.issue_on(**payload)  # its lease ran out, and another worker took it again
    assert set(held(course).values()) == {1} and len(held(course)) == 4


def test_it_ends_where_who_asked_may_no_longer_issue(course: str, lead: Viewer) -> None:
    operations.issue_for_course(course, lead)
    payload = done()
    with transaction() as session:
        grant = select(AccountGrant).where(AccountGrant.account_id == lead.account_id)
        session.scalars(grant).one().ended_at = clock.now()
    operations.issue_on(**payload)
    assert not held(course) and not waiting()


def test_a_usual_course_is_done_in_one(lead: Viewer) -> None:
    small = graduates.course_of(graduates.NAMES[:2])
    assert operations.issue_for_course(small, lead) == 2
    assert set(held(small).values()) == {1} and not waiting()
