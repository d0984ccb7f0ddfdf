"""What organisers do with the secret link of a course's screen: make it, renew it, switch it off.

See docs/decisions/2026-11-28-screens.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.i18n import LANGUAGES
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.screens import queries
from trainings.screens.models import ScreenLink
from trainings.screens.rules import NoLanguage

EDIT = Permission.AGENDA_EDIT


def make_link(course_id: str, languages: Sequence[str], by: Viewer) -> str:
    """Make the link of a course's screen; one that was there stops working. Gives its secret, once.

    Raises ``NoLanguage``, ``NotFound``.
    """
    spoken = [code for code in LANGUAGES if code in languages]
    if not spoken:
        raise NoLanguage
    token = secrets.token_urlsafe(24)
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        link = queries.link_of(course.id)
        if link is None:
            link = ScreenLink(course_id=course.id)
            session.add(link)
        link.token_index = queries.token_index(token)
        link.languages, link.created_at = spoken, clock.now()
        session.flush()
        record(
            session,
            "screen.link",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            languages=spoken,
        )
    return token


def stop_link(course_id: str, by: Viewer) -> None:
    """Switch the link of a course's screen off; nothing happens where there is none."""
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        link = queries.link_of(course.id)
        if link is None:
            return
        session.delete(link)
        session.flush()
        record(session, "screen.stop", "course", course.id, by=by.account_id, course_id=course.id)
