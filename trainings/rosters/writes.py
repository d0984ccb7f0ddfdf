"""Changes trainers and their invitations, inside someone's transaction."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.writes import end_grant, give_grant, make_link
from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.core.permissions import Role
from trainings.core.web import external_url
from trainings.courses.models import Course
from trainings.mail.writes import enqueue
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation, check_answer

Release = Callable[[Session, str], None]
_releases: list[Release] = []


def when_leaving(release: Release) -> Release:
    """What else must happen when a trainer leaves a course: the agenda lets their sessions go.

    Called with the open transaction and the id of the course trainer; the agenda stands above
    the rosters and hands it in when it is loaded.
    """
    if release not in _releases:
        _releases.append(release)
    return release


def keep_notes(trainer: Trainer, notes: str) -> None:
    """Seal what organisers noted about a trainer; empty is kept as nothing."""
    trainer.notes = sealed.seal(notes, f"trainer|notes|{trainer.id}") if notes else None


def forget_trainer(trainer: Trainer) -> None:
    """Wipe what says who a locked trainer is; agency and country stay with what they gave."""
    trainer.notes = None
    trainer.station_city = ""
    trainer.languages, trainer.module_ids = [], []
    trainer.retired_at = trainer.retired_at or clock.now()


def put(
    session: Session, course_id: str, trainer_id: str, before: CourseTrainer | None
) -> CourseTrainer:
    """Make a trainer an invited one of a course, for the first time or again."""
    if before is not None:
        check_answer(before.state, Invitation.INVITED)
        before.state, before.invited_at = Invitation.INVITED, clock.now()
        before.answered_at = None
        return before
    made = CourseTrainer(
        id=new_key(), course_id=course_id, trainer_id=trainer_id, state=Invitation.INVITED,
        invited_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def set_answer(session: Session, asked: CourseTrainer, after: Invitation) -> None:
    """Keep the answer; who no longer teaches gives back the sessions that are still to come."""
    check_answer(asked.state, after)
    asked.state, asked.answered_at = after, clock.now()
    session.flush()
    if after in (Invitation.DECLINED, Invitation.WITHDRAWN):
        for release in _releases:
            release(session, asked.id)


def open_course_to(
    session: Session, account_id: str, course_id: str, *, by: str | None, keep_session: str | None
) -> None:
    """Give a trainer who accepted their role in the course (once)."""
    held = accounts.course_grants(course_id, Role.TRAINER)
    if all(grant.account_id != account_id for grant in held):
        give_grant(
            session, account_id, Role.TRAINER, by=by, course_id=course_id,
            keep_session=keep_session,
        )  # fmt: skip


def close_course_to(
    session: Session, account_id: str, course_id: str, *, by: str | None, keep_session: str | None
) -> None:
    """Take a trainer's role in the course away, where they have it."""
    for grant in accounts.course_grants(course_id, Role.TRAINER):
        if grant.account_id == account_id:
            end_grant(session, grant, by=by, keep_session=keep_session)


def mail_invitation(
    session: Session, course: Course, asked: CourseTrainer, trainer: Trainer, *,
    to: str, language: str,
) -> None:  # fmt: skip
    """Write to a trainer that they are invited, with a link that opens the invitation once."""
    token = make_link(
        session, "trainer", trainer.account_id, leads_to=f"/my/invitations/{asked.id}",
        course=course.id,
    )  # fmt: skip
    enqueue(
        session, "trainer_invited", to=to, language=language, person_id=trainer.person_id,
        course_id=course.id, course=course, link=external_url("accounts.link", token=token),
    )  # fmt: skip


def mail_withdrawal(
    session: Session, course: Course, trainer: Trainer, *, to: str, language: str
) -> None:
    """Write to a trainer that the invitation no longer stands."""
    enqueue(
        session, "trainer_withdrawn", to=to, language=language, person_id=trainer.person_id,
        course_id=course.id, course=course,
    )  # fmt: skip
