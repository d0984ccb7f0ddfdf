"""Issues a corrected certificate to replace one that was wrong."""

from __future__ import annotations

from trainings.certificates import standing_queries
from trainings.certificates import writes as issuing_writes
from trainings.certificates.rules import NoLongerEarned, qualifies
from trainings.certificates.standing_queries import Earner
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean, clean_name
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.register import document, queries, register_mac, writes
from trainings.register.models import Certificate
from trainings.register.rules import EndReason, Status
from trainings.register.trust_rules import SUPERSEDE

NOTE, NAME = 1000, 160  # characters


def reissue(
    course_id: str,
    certificate_id: str,
    printed_name: str,
    reason: EndReason,
    note: str,
    by: Viewer,
    *,
    afresh: bool = False,
) -> str:
    """Issue a corrected certificate that supersedes the old one; returns the new one's id.

    Everything else is kept as frozen, or with ``afresh`` taken from course, registration and look
    as they are now. The check pages of both show it at once; a job makes the new file. Raises
    ``NotFound``, ``StatusRefused``, ``NoLongerEarned``, ``ChangedByOthers``, ``EndingNotKept``, and
    the refusals of the name.
    """
    printed_name, note = clean_name(printed_name, NAME), clean(note, NOTE, lines=True)
    with transaction() as session:
        _course, old = queries.of_course_for_update(session, course_id, certificate_id, by)
        frozen = writes.content(old)
        if frozen is None or old.person_id is None:
            raise NotFound
        register_mac.check_untouched([old])  # changes made by others must not pass into a new one
        standing = _standing(old, by) if afresh else None
        writes.end(old, Status.SUPERSEDED, reason, note)
        session.flush()
        if standing is not None:
            course, one = standing
            (new,) = issuing_writes.issue(
                session,
                course,
                old.kind,
                [one],
                by.account_id,
                name=printed_name,
                replaces=old.serial,
            )
        else:
            paper = document.thaw(frozen, queries.kept)
            new = issuing_writes.issue_like(session, old, paper, by.account_id, name=printed_name)
        session.flush()
        old.successor_id = new.id
        issuing_writes.enqueue_rendering(session, course_id)
        made = [(new.id, register_mac.issue_details(new))]
        writes.record_issue(session, made, course_id, by.account_id)
        writes.record_ending(
            session,
            old,
            SUPERSEDE,
            by.account_id,
            serial=old.serial,
            successor=new.serial,
            reason=str(reason),
            afresh=afresh,
        )
        return new.id


def _standing(old: Certificate, by: Viewer) -> tuple[Course, Earner]:
    """The course and holder as they are now. Raises ``NotFound``, ``NoLongerEarned``."""
    course = courses.course_by_id(
        by, Permission.CERTIFICATE_ISSUE, old.course_id, load=("modules", "signatories")
    )
    key = old.registration_id or old.course_trainer_id or ""
    found = standing_queries.earners(course, old.kind, [key], scope="operation")
    if not found:
        raise NotFound
    if not qualifies(found[0].facts):
        raise NoLongerEarned
    return course, found[0]
