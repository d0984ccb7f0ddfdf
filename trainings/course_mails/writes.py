"""Emails people who are not candidates of a course: its trainers, focal points and staff."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.courses.models import Course
from trainings.mail.text_rules import OwnText
from trainings.mail.writes import Letter, enqueue_each
from trainings.people import reading


def tell(
    session: Session,
    course: Course,
    event: str,
    people: Mapping[str, str],
    *,
    own: Callable[[str], OwnText] | None = None,
    files: Sequence[str] = (),
    **context: Any,
) -> int:
    """Email people, given as person id and language; returns how many could be reached.

    ``own``: what an organiser wrote, in a language; ``files`` as in ``Letter``.
    """
    letters = [
        Letter(
            event,
            to=one.mail,
            language=people[one.id] or "en",
            person_id=one.id,
            course_id=course.id,
            context={"course": course, "name": one.name, **context},
            own=own(people[one.id] or "en") if own else None,
            files=files,
        )
        for one in reading.opened(people).values()
        if one.mail
    ]
    return len(enqueue_each(session, letters))


def tell_staff(
    session: Session, course: Course, event: str, account_ids: Collection[str], **context: Any
) -> int:
    """Email staff, each in the language of their account; returns how many could be reached."""
    return tell(session, course, event, accounts.languages_of(account_ids), **context)
