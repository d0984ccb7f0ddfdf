"""Issues the certificates of a course.

See docs/decisions/2026-11-24-many-certificates.md.
"""

from __future__ import annotations

from trainings.certificates import standing_queries
from trainings.certificates import writes as issuing_writes
from trainings.certificates.rules import NoneEarned, check_completed, qualifies
from trainings.certificates.writes import enqueue_rendering
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.register import register_mac, writes
from trainings.register.rules import Kind


def issue_for_course(
    course_id: str, by: Viewer, kind: Kind = Kind.COMPLETION, again: str = ""
) -> int:
    """Issue a certificate of a kind to everyone who earned one and has none yet.

    All are added to the register at once and a job makes their files; returns how many. A second
    click issues nothing twice. People whose certificate was revoked get none, except the one given
    in ``again``. Raises ``CourseNotCompleted``, ``NoneEarned``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(
            by, Permission.CERTIFICATE_ISSUE, course_id, load=("modules", "signatories")
        )
        check_completed(course.state)
        found = standing_queries.earners(course, kind, scope="operation")
        earned = [one for one in found if qualifies(one.facts)]
        if not earned:
            raise NoneEarned
        fresh = [one for one in earned if (one.lost(again) if again else one.fresh)]
        if fresh:
            made = [
                (one.id, register_mac.issue_details(one))
                for one in issuing_writes.issue(session, course, kind, fresh, by.account_id)
            ]
            writes.record_issue(session, made, course.id, by.account_id)
            enqueue_rendering(session, course.id)
        return len(fresh)
