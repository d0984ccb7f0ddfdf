"""Looks up what trainers answered about their published sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from trainings.agenda.models import AgendaSession
from trainings.agenda_versions import queries as versions
from trainings.agenda_versions.rules import Planned
from trainings.core import sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.courses.rules import ENDED
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING
from trainings.session_replies.models import SessionReply
from trainings.session_replies.rules import Reply, holds

Key = tuple[str, str]  # session and course trainer


class Given(NamedTuple):
    """A published session that a trainer is to give, and what they answered."""

    course: Course
    course_trainer: str
    session: Planned
    reply: Reply
    proposed: datetime | None
    said: str
    needs: str
    person: str = ""  # of the trainer; only where a whole course is looked up

    @property
    def starts(self) -> datetime:
        """When it begins, in the course's local time."""
        if self.session.entry.start is None:
            raise ValueError("a published session has a time")
        return self.session.entry.start


def own(viewer: Viewer) -> list[Given]:
    """The viewer's published sessions in courses that are not over, in order of time."""
    asked = db.session.scalars(
        select(CourseTrainer)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .join(Course, Course.id == CourseTrainer.course_id)
        .where(
            Trainer.account_id == (viewer.account_id or ""),
            CourseTrainer.state.in_(sorted(TEACHING)),
            Course.state.not_in(sorted(ENDED)),
            Course.template.is_(False),
        )
        .options(joinedload(CourseTrainer.course, innerjoin=True))
    ).all()
    published = versions.latest_of([one.course_id for one in asked])
    replies = _replies([one.id for one in asked])
    parts = {}
    for one in asked:
        entries = versions.entries_of(published.get(one.course_id))
        parts[one.id] = {key: entry for key, entry in entries.items() if one.id in entry.trainers}
    every = [entry for part in parts.values() for entry in part.values()]
    referred = versions.referred(every, persons=False)
    found = [
        _given(one.course, one.id, session, replies)
        for one in asked
        for session in versions.planned(parts[one.id], referred)
    ]
    return sorted(found, key=lambda given: (given.starts, given.session.id))


def of_course(course: Course) -> list[Given]:
    """Each published session of a course with each of its trainers, and what they answered."""
    asked = {
        one.id
        for one in db.session.scalars(
            select(CourseTrainer).where(
                CourseTrainer.course_id == course.id, CourseTrainer.state.in_(sorted(TEACHING))
            )
        )
    }
    entries = versions.entries_of(versions.latest(course.id))
    referred = versions.referred(entries.values())
    replies = _replies(asked)
    return [
        _given(course, one, session, replies)._replace(person=referred.persons.get(one, ""))
        for session in versions.planned(entries, referred)
        for one in session.entry.trainers
        if one in asked
    ]


def _given(
    course: Course, course_trainer: str, session: Planned, replies: Mapping[Key, SessionReply]
) -> Given:
    row = replies.get((session.id, course_trainer))
    if row is None or session.entry.start is None:
        return Given(course, course_trainer, session, Reply.NONE, None, "", "")
    reply = holds(
        row.reply, (row.starts_local, row.minutes), session.entry.start, session.entry.minutes
    )
    stands = reply is not Reply.NONE
    return Given(
        course,
        course_trainer,
        session,
        reply,
        row.proposed_local if stands else None,
        unsealed(row, "said") if stands else "",
        unsealed(row, "needs"),
    )


def _replies(course_trainers: Iterable[str]) -> dict[Key, SessionReply]:
    rows = db.session.scalars(
        select(SessionReply).where(SessionReply.course_trainer_id.in_(list(course_trainers)))
    )
    return {(row.session_id, row.course_trainer_id): row for row in rows}


def own_asked(viewer: Viewer, session_id: str) -> CourseTrainer:
    """The viewer's invitation to the course of a session. Raises ``NotFound``."""
    found = db.session.scalar(
        select(CourseTrainer)
        .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
        .join(AgendaSession, AgendaSession.course_id == CourseTrainer.course_id)
        .where(AgendaSession.id == session_id, Trainer.account_id == (viewer.account_id or ""))
        .options(joinedload(CourseTrainer.course, innerjoin=True))
    )
    if found is None:
        raise NotFound
    return found


def against(course_id: str) -> dict[Key, Reply]:
    """Which sessions of a course its trainers declined, or would rather give at another time.

    By session and course trainer, for the time that the session has now.
    """
    rows = db.session.execute(
        select(SessionReply, AgendaSession)
        .join(AgendaSession, AgendaSession.id == SessionReply.session_id)
        .where(
            AgendaSession.course_id == course_id,
            SessionReply.reply.in_([Reply.DECLINED, Reply.OTHER_TIME]),
        )
    )
    found: dict[Key, Reply] = {}
    for row, session in rows:
        starts = datetime.combine(session.day, session.starts_at)
        stands = holds(row.reply, (row.starts_local, row.minutes), starts, session.minutes)
        if stands is not Reply.NONE:
            found[row.session_id, row.course_trainer_id] = stands
    return found


def label(row: SessionReply, what: str) -> str:
    """What a sealed text is bound to."""
    return f"session_reply|{what}|{row.session_id}|{row.course_trainer_id}"


def unsealed(row: SessionReply, what: str) -> str:
    """What a trainer said or needs, opened; empty for nothing."""
    kept: bytes | None = getattr(row, what)
    return sealed.unseal(kept, label(row, what)) if kept is not None else ""
