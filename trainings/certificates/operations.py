"""Issues the certificates of a course.

See docs/decisions/2026-11-24-many-certificates.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.certificates import standing_queries
from trainings.certificates import writes as issuing_writes
from trainings.certificates.rules import CourseNotCompleted, NoneEarned, check_completed, qualifies
from trainings.certificates.standing_queries import Earner
from trainings.certificates.writes import enqueue_rendering
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.jobs import queries as jobs
from trainings.jobs.writes import enqueue
from trainings.register import queries as register
from trainings.register import register_mac, writes
from trainings.register.rules import Kind

PORTION = 500  # people looked at in one transaction; a usual course is done in one


def issuing_of(course_id: str, kind: Kind) -> str:
    """The name in the queue of the job that goes on issuing a course's certificates."""
    return f"certificates.issue {course_id} {kind}"


def is_issuing(course_id: str, kind: Kind) -> bool:
    """Whether a job is still issuing."""
    return jobs.in_hand(issuing_of(course_id, kind), clock.now())


def issue_for_course(
    course_id: str, by: Viewer, kind: Kind = Kind.COMPLETION, again: str = ""
) -> int | None:
    """Issue a certificate of a kind to everyone who earned one and has none yet.

    All are added to the register at once and a job makes their files; returns how many. A second
    click issues nothing twice. Where there are more people than fit in one portion, a job
    issues: None. People whose certificate was revoked get none, except the one given
    in ``again``. Raises ``CourseNotCompleted``, ``NoneEarned``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(
            by, Permission.CERTIFICATE_ISSUE, course_id, load=("modules", "signatories")
        )
        check_completed(course.state)
        keys = standing_queries.next_without(course, kind, "", PORTION + 1, scope="operation")
        if len(keys) > PORTION and not again:
            _enqueue(session, course_id, kind, by.account_id, "")
            return None
        found = standing_queries.earners(course, kind, None if again else keys, scope="operation")
        earned = [one for one in found if qualifies(one.facts)]
        if not earned and not register.progress(course_id, kind)[2]:
            raise NoneEarned
        fresh = [one for one in earned if (one.lost(again) if again else one.fresh)]
        _issue(session, course, kind, fresh, by)
        return len(fresh)


def issue_on(course_id: str, kind: str, by: str, after: str) -> None:
    """Issue to the next portion of those who earned a certificate and have none (a job).

    Each portion is a transaction of its own, which queues the next: killed in between, it goes on
    where it was, and nobody gets two. It ends where whoever asked may no longer issue.
    """
    who, what = accounts.viewer_of(by), Kind(kind)
    with transaction() as session:
        try:
            if who is None:
                raise NotFound
            course = courses.course_locked(
                who, Permission.CERTIFICATE_ISSUE, course_id, load=("modules", "signatories")
            )
            check_completed(course.state)
        except (NotFound, CourseNotCompleted):
            return
        keys = standing_queries.next_without(course, what, after, PORTION, scope="operation")
        found = standing_queries.earners(course, what, keys, scope="operation")
        _issue(session, course, what, [one for one in found if one.fresh], who)
        if len(keys) == PORTION:
            _enqueue(session, course_id, what, by, keys[-1])


def _issue(
    session: Session, course: Course, kind: Kind, fresh: Sequence[Earner], by: Viewer
) -> None:
    if not fresh:
        return
    made = [
        (one.id, register_mac.issue_details(one))
        for one in issuing_writes.issue(session, course, kind, fresh, by.account_id)
    ]
    writes.record_issue(session, made, course.id, by.account_id)
    enqueue_rendering(session, course.id)


def _enqueue(session: Session, course_id: str, kind: Kind, by: str | None, after: str) -> None:
    enqueue(
        session,
        "certificates.issue",
        unique_key=issuing_of(course_id, kind),
        course_id=course_id,
        kind=str(kind),
        by=by,
        after=after,
    )
