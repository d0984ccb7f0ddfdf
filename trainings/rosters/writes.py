"""Changes trainers and their invitations, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.models import Account
from trainings.accounts.writes import NewLink, add_account, end_grant, give_grant, make_links
from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.core.hooks import Hook
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.mail.writes import Letter, enqueue, enqueue_each
from trainings.people import queries as people
from trainings.people.models import Person
from trainings.people.queries import mail_index, name_index
from trainings.people.sealed_rules import Identity
from trainings.people.writes import add_person
from trainings.rosters import queries
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import AlreadyOnRoster, Invitation, TrainerData, check_answer
from trainings.web.responses import external_url

# Called in the open transaction when a trainer leaves a course, with the course trainer's id: the
# agenda releases their sessions.
trainer_left: Hook[[Session, str], None] = Hook("rosters.trainer_left")


def enrol(session: Session, data: TrainerData) -> Trainer:
    """Put someone on the roster; the caller has locked it. Raises ``AlreadyOnRoster``."""
    index = mail_index(data.mail) or ""
    named = name_index(data.given_name, data.family_name)
    if queries.on_roster(index, named):
        raise AlreadyOnRoster
    person, account = _whose(session, data, index, named)
    trainer = Trainer(
        id=new_key(),
        person_id=person.id,
        account_id=account.id,
        agency_id=data.agency_id,
        station_city=data.station_city,
        station_country=data.station_country,
        languages=list(data.languages),
        module_ids=list(data.module_ids),
        created_at=clock.now(),
    )
    keep_notes(trainer, data.notes)
    session.add(trainer)
    session.flush()
    return trainer


def _whose(session: Session, data: TrainerData, index: str, named: str) -> tuple[Person, Account]:
    """The person and account of a new trainer: a staff account's own, or new ones."""
    staff = accounts.staff_with_mail(index)
    if staff is not None:
        known = people.person(staff.person_id)
        if known is not None and known.name_index == named:
            return known, staff
    person = add_person(
        session,
        given_name=data.given_name,
        family_name=data.family_name,
        mail=data.mail,
        country=data.station_country,
        sex=data.sex,
        language=data.speaks,
    )
    session.flush()
    return person, add_account(session, person.id, data.mail, staff=data.staff)


def keep_notes(trainer: Trainer, notes: str) -> None:
    """Seal the organisers' notes about a trainer; empty text is stored as nothing."""
    trainer.notes = sealed.seal(notes, f"trainer|notes|{trainer.id}") if notes else None


def forget_trainer(trainer: Trainer) -> None:
    """Wipe the identity of a locked trainer; agency and country stay with the courses they gave."""
    trainer.notes = None
    trainer.station_city = ""
    trainer.languages, trainer.module_ids = [], []
    trainer.retired_at = trainer.retired_at or clock.now()


def put(
    session: Session, course_id: str, trainer_id: str, before: CourseTrainer | None
) -> CourseTrainer:
    """Make someone an invited trainer of a course, for the first time or again."""
    if before is not None:
        check_answer(before.state, Invitation.INVITED)
        before.state, before.invited_at = Invitation.INVITED, clock.now()
        before.answered_at = None
        return before
    made = CourseTrainer(
        id=new_key(),
        course_id=course_id,
        trainer_id=trainer_id,
        state=Invitation.INVITED,
        invited_at=clock.now(),
    )
    session.add(made)
    return made


def set_answer(session: Session, asked: CourseTrainer, after: Invitation) -> None:
    """Store the answer; a trainer who leaves is removed from the sessions still to come."""
    check_answer(asked.state, after)
    asked.state, asked.answered_at = after, clock.now()
    session.flush()
    if after in (Invitation.DECLINED, Invitation.WITHDRAWN):
        trainer_left(session, asked.id)


def open_course_to(
    session: Session, account_id: str, course_id: str, *, by: str | None, keep_session: str | None
) -> None:
    """Give a trainer who accepted their role in the course, once."""
    held = accounts.course_grants(course_id, Role.TRAINER)
    if all(grant.account_id != account_id for grant in held):
        give_grant(
            session, account_id, Role.TRAINER, by=by, course_id=course_id, keep_session=keep_session
        )


def close_course_to(
    session: Session, account_id: str, course_id: str, *, by: str | None, keep_session: str | None
) -> None:
    """Remove a trainer's role in the course, if they have it."""
    for grant in accounts.course_grants(course_id, Role.TRAINER):
        if grant.account_id == account_id:
            end_grant(session, grant, by=by, keep_session=keep_session)


def mail_invitations(
    session: Session,
    course: Course,
    asked: Sequence[tuple[Trainer, CourseTrainer]],
    persons: Mapping[str, Identity],
    languages: Mapping[str, str],
) -> None:
    """Email trainers their invitations, each with a one-time link that opens the invitation.

    ``persons`` and ``languages`` are those of all of them, by person.
    """
    wanted = [
        NewLink(trainer.account_id, f"/my/invitations/{one.id}", data={"course": course.id})
        for trainer, one in asked
    ]
    tokens = make_links(session, "trainer", wanted)
    letters = [
        Letter(
            "trainer_invited",
            to=persons[trainer.person_id].mail,
            language=languages[trainer.person_id],
            person_id=trainer.person_id,
            course_id=course.id,
            context={
                "course": course,
                "name": persons[trainer.person_id].name,
                "link": external_url("accounts.link", token=token),
            },
        )
        for (trainer, _), token in zip(asked, tokens, strict=True)
    ]
    enqueue_each(session, letters)


def mail_withdrawal(
    session: Session, course: Course, trainer: Trainer, who: Identity, *, language: str
) -> None:
    """Email a trainer that the invitation has been withdrawn."""
    enqueue(
        session,
        "trainer_withdrawn",
        to=who.mail,
        language=language,
        person_id=trainer.person_id,
        course_id=course.id,
        course=course,
        name=who.name,
    )
