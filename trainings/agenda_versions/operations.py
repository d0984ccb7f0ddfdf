"""Publishing an agenda: people see it from then on, and those whom it concerns are told.

See docs/decisions/2026-11-28-agenda-versions.md.
"""

from __future__ import annotations

from typing import NamedTuple

from trainings.agenda.act_writes import course_to_change
from trainings.agenda_versions import queries, writes
from trainings.agenda_versions.rules import ChangedMeanwhile, NothingToPublish
from trainings.audit.writes import record
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer


class Published(NamedTuple):
    """What publishing did: which version there is now, and how many people are told."""

    number: int
    told: int


def publish(course_id: str, looked_at: str, by: Viewer) -> Published:
    """Publish the agenda of a course as it was looked at, and tell those whom it concerns.

    ``looked_at``: what ``rules.seen`` says of it. Raises ``NothingToPublish``,
    ``ChangedMeanwhile``, ``AgendaClosed``, ``NotFound`` (a template has no people).
    """
    with transaction() as session:
        course = course_to_change(course_id, by)
        if course.template:
            raise NotFound
        now = queries.standing(course.id)
        if not now.changes:
            raise NothingToPublish
        if looked_at != now.seen:
            raise ChangedMeanwhile
        made = writes.add_version(session, course, now, by)
        made.told = writes.tell(session, course, made, now.changes)
        session.flush()
        record(
            session,
            "agenda.publish",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            version=made.number,
            changes=made.changes,
            told=made.told,
        )
    return Published(made.number, made.told)
