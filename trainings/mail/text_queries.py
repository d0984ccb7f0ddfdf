"""Looks up the texts that courses have in the place of standard ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from trainings.core.db import db
from trainings.mail.models import MailText
from trainings.mail.text_rules import OwnText

Place = tuple[str | None, str, str]  # course, event, language


def own_texts(asked: Iterable[tuple[str | None, str]]) -> Mapping[Place, OwnText]:
    """The own texts for pairs of course and event, in every language; one statement."""
    courses, events = set(), set()
    for course_id, event in asked:
        if course_id is not None:
            courses.add(course_id)
            events.add(event)
    if not courses:
        return {}
    rows = db.session.execute(
        select(
            MailText.course_id, MailText.event, MailText.language, MailText.subject, MailText.text
        ).where(MailText.course_id.in_(sorted(courses)), MailText.event.in_(sorted(events)))
    )
    return {(course, event, language): OwnText(*said) for course, event, language, *said in rows}


def own_text(course_id: str, event: str, language: str) -> OwnText | None:
    """The own text of a course for one email in one language."""
    return own_texts([(course_id, event)]).get((course_id, event, language))


def changed(course_id: str) -> frozenset[tuple[str, str]]:
    """The emails and languages for which a course has its own text."""
    rows = db.session.execute(
        select(MailText.event, MailText.language).where(MailText.course_id == course_id)
    )
    return frozenset((event, language) for event, language in rows)
