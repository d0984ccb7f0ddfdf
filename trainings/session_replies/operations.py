"""What a trainer does about a session of theirs."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from trainings.agenda_versions import queries as versions
from trainings.audit.writes import record
from trainings.core import clock, sealed
from trainings.core.db import transaction
from trainings.core.permissions import Viewer
from trainings.core.text import clean
from trainings.rosters import queries as rosters
from trainings.rosters.rules import TEACHING
from trainings.session_replies import queries
from trainings.session_replies.models import SessionReply
from trainings.session_replies.rules import LONGEST, Answer, NotYours, SessionOver, check_answer


def answer(session_id: str, given: Answer, by: Viewer) -> None:
    """Answer about a published session of one's own, and say what one needs for it.

    Raises ``NotFound``, and a refusal of ``session_replies.rules``.
    """
    with transaction() as session:
        asked = queries.own_asked(by, session_id)
        course = asked.course
        locked = rosters.course_trainer_for_update(asked.id)
        entry = versions.entries_of(versions.latest(course.id)).get(session_id)
        mine = entry is not None and asked.id in entry.trainers and locked.state in TEACHING
        if entry is None or entry.start is None or not mine:
            raise NotYours
        if entry.start.replace(tzinfo=ZoneInfo(course.zone)) <= clock.now():
            raise SessionOver
        check_answer(given, course.starts_on, course.ends_on)
        row = session.get(SessionReply, (session_id, asked.id))
        if row is None:
            row = SessionReply(session_id=session_id, course_trainer_id=asked.id)
            session.add(row)
        row.reply, row.starts_local, row.minutes = given.reply, entry.start, entry.minutes
        row.proposed_local, row.at = given.proposed, clock.now()
        for what in ("said", "needs"):
            text = clean(getattr(given, what), LONGEST, lines=True)
            setattr(row, what, sealed.seal(text, queries.label(row, what)) if text else None)
        record(
            session,
            "session.reply",
            "session",
            session_id,
            by=by.account_id,
            course_id=course.id,
            reply=str(given.reply),
        )
